/**
 * How far the change stream is applied, from the heartbeats that come back in it, and telling the nodes. Never here:
 * Kafka's client, SQL.
 */
@NullMarked
package io.sluice.sync.position;

import org.jspecify.annotations.NullMarked;
