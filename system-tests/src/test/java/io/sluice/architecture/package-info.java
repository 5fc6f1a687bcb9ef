/** Tests of the shape of the whole: which module may use which. */
@NullMarked
package io.sluice.architecture;

import org.jspecify.annotations.NullMarked;
