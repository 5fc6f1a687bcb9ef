/** Tests of a node as a whole and of its configuration, with nothing but loopback connections. */
@NullMarked
package io.sluice.node;

import org.jspecify.annotations.NullMarked;
