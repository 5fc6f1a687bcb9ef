/** Tests of the shape of the whole: which module may use which, and whether what is shipped fits the source. */
@NullMarked
package io.sluice.architecture;

import org.jspecify.annotations.NullMarked;
