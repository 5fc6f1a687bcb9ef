/**
 * The only thing Sluice writes to MySQL: heartbeat rows, in a table of its own, and the position a primary has after
 * one. Never here: Kafka, gRPC, rows of an application. Only {@link io.sluice.sync.fanout} speaks SQL as well, and only
 * reads.
 */
@NullMarked
package io.sluice.sync.heartbeat;

import org.jspecify.annotations.NullMarked;
