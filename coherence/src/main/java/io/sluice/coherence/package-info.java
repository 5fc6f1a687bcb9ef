/**
 * What makes a cached value safe to keep: positions in a source's history and the fence of recent Removes.
 *
 * <p>Everything here is pure: no I/O, no threads, no look at a clock (times are arguments;
 * {@link io.sluice.coherence.Clocks} is what callers read them from). What will never be here: gRPC, SQL, Kafka,
 * values, and the question of who holds a key.
 */
@NullMarked
package io.sluice.coherence;

import org.jspecify.annotations.NullMarked;
