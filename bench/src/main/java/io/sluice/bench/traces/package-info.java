/**
 * Replays recorded traces of requests and counts hits, with the store's own policies, the best there could be, and
 * Caffeine's.
 *
 * <p>Lives here: trace files, replays, the table of results. Never lives here: a policy; those are the store's.
 */
@NullMarked
package io.sluice.bench.traces;

import org.jspecify.annotations.NullMarked;
