/**
 * Change formats: what one record of a change stream says, as row changes. Only this package knows the formats of
 * Canal, Debezium and Maxwell. Never here: Kafka's client, rules, gRPC.
 */
@NullMarked
package io.sluice.sync.source;

import org.jspecify.annotations.NullMarked;
