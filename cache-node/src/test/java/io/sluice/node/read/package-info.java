/** Tests of flights and of the read path, with fakes for everything around them. */
@NullMarked
package io.sluice.node.read;

import org.jspecify.annotations.NullMarked;
