/**
 * {@code ./sluice bench coherence}: the real servers, nodes and sync service under load and faults, and for every
 * answer how old it was; {@link io.sluice.cli.coherence.CoherenceBench} says what each number means.
 *
 * <p>Lives here: the rows, who writes and reads them, the faults, and the comparison at the end. Never lives here: how
 * old an answer is ({@code judge}), and how fast anything is.
 */
@NullMarked
package io.sluice.cli.coherence;

import org.jspecify.annotations.NullMarked;
