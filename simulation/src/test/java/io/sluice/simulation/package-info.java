/**
 * The whole system in one thread: one seed drives clock, network, database, change stream and faults; what decides is
 * production code. Invariants are checked at every answer and every commit.
 *
 * <p>Lives here: the simulated world, the invariants, the protections that are taken out in turn. The classes
 * {@code Sim…} in production packages are doors to what is package-private there. Never lives here: a copy of a rule.
 */
@NullMarked
package io.sluice.simulation;

import org.jspecify.annotations.NullMarked;
