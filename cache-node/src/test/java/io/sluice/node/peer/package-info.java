/** Tests of what travels between nodes. */
@NullMarked
package io.sluice.node.peer;

import org.jspecify.annotations.NullMarked;
