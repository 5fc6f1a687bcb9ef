/**
 * From the bytes of one record to the removals it asks for, and what a person should read. Never here: Kafka's client,
 * gRPC calls.
 */
@NullMarked
package io.sluice.sync.flow;

import org.jspecify.annotations.NullMarked;
