/**
 * Which entry goes when there is no room: the eviction policies, behind one sealed interface.
 *
 * <p>Lives here: rankings of entries by their hash and weight. Never lives here: keys, values, locks, clocks, and the
 * bound itself, which belongs to whoever holds the entries; so the store, in bytes, and the replay of a trace, in
 * entries, run the very same code.
 */
@NullMarked
package io.sluice.store.policy;

import org.jspecify.annotations.NullMarked;
