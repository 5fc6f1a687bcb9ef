/**
 * How evenly the ring spreads keys, and how many move when it changes.
 *
 * <p>Lives here: counting over many keys. Never lives here: a ring; that is the cluster's own.
 */
@NullMarked
package io.sluice.bench.ring;

import org.jspecify.annotations.NullMarked;
