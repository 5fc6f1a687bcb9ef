/**
 * Measures the way from the bytes of a change message to keys, beside other ways to read JSON.
 *
 * <p>Lives here: the messages, the ways to read them, the measurement and its table. Never lives here: Kafka, and a
 * bound that a test could fail on; timings are read by people.
 */
@NullMarked
package io.sluice.bench.mapping;

import org.jspecify.annotations.NullMarked;
