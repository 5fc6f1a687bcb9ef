/**
 * The contract between reads and invalidation: the rules file, its compiled form, and the way from a changed row to the
 * cache keys that it makes stale.
 *
 * <p>What never will live here: I/O (other than reading the rules file it is given), Kafka, Canal's JSON, gRPC, JDBC
 * connections.
 */
@NullMarked
package io.sluice.mapping;

import org.jspecify.annotations.NullMarked;
