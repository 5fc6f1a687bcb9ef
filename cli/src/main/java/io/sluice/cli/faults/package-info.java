/**
 * {@code ./sluice bench faults}: what dies, stands still or is lost on the real servers while rows change, and whether
 * what nodes hold afterwards is what MySQL has.
 *
 * <p>Lives here: the rows, the load, the scenarios and the comparison. Never lives here: how fast anything is.
 */
@NullMarked
package io.sluice.cli.faults;

import org.jspecify.annotations.NullMarked;
