/**
 * Calls to other nodes: forwarded reads, removals and copies.
 *
 * <p>Lives here: one connection to each peer and what travels on it. Never lives here: who holds a key.
 */
@NullMarked
package io.sluice.node.peer;

import org.jspecify.annotations.NullMarked;
