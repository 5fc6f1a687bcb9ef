/** Stand-ins for what surrounds a node: its source, its members, its peers. Nothing here is a test. */
@NullMarked
package io.sluice.node.fake;

import org.jspecify.annotations.NullMarked;
