/**
 * What this node lends: copies of its entries under lease, to clients and to nodes that do not hold the key.
 *
 * <p>Lives here: when a lease may be granted and what has to wait for it. Never lives here: messages and streams.
 */
@NullMarked
package io.sluice.node.lease;

import org.jspecify.annotations.NullMarked;
