/**
 * {@code ./sluice bench cluster}: a whole cluster on the real servers, under load, with nodes that come and go.
 *
 * <p>Lives here: the data, the scenarios and what is done to the processes. Never lives here: how the load is made and
 * counted, and the picture; that is {@code bench}.
 */
@NullMarked
package io.sluice.cli.cluster;

import org.jspecify.annotations.NullMarked;
