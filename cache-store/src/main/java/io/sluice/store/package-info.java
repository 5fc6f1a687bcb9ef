/**
 * The bounded in-memory store of one group: segments, eviction, expiry, and admission past the fence.
 *
 * <p>Pure code over an injected clock: no I/O and no threads of its own. What will never be here: the network, SQL, and
 * the question of who holds a key.
 */
@NullMarked
package io.sluice.store;

import org.jspecify.annotations.NullMarked;
