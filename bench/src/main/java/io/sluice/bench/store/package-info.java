/**
 * Measures the store beside other in-process caches: throughput, latency under load, heap per entry.
 *
 * <p>Lives here: the contestants, each behind the same few calls, the measurements, the tables of results. Never lives
 * here: a measurement over the network, and a bound that a test could fail on; timings are read by people.
 */
@NullMarked
package io.sluice.bench.store;

import org.jspecify.annotations.NullMarked;
