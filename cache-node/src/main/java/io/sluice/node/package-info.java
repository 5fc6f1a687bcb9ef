/**
 * The server process: configuration, metrics and the composition root.
 *
 * <p>Lives here: how the parts of a node are put together, started and stopped. Never lives here: Kafka and Canal,
 * which only the sync service knows.
 */
@NullMarked
package io.sluice.node;

import org.jspecify.annotations.NullMarked;
