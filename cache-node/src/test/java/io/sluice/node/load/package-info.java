/** Tests of how rows become values, with result sets made by hand. */
@NullMarked
package io.sluice.node.load;

import org.jspecify.annotations.NullMarked;
