/**
 * Hot keys: which keys of others a node forwards most, and copies of their answers under lease.
 *
 * <p>Lives here: the sketch that counts, and what is done with the copies. Never lives here: how a lease is kept.
 */
@NullMarked
package io.sluice.node.hot;

import org.jspecify.annotations.NullMarked;
