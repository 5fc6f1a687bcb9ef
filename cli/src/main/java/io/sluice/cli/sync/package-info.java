/**
 * What the way from the change stream to the nodes costs: the parts of {@code bench sync}. Knows Kafka, Canal's
 * messages and the Peer service, as a bench has to; nothing else may use it.
 */
@NullMarked
package io.sluice.cli.sync;

import org.jspecify.annotations.NullMarked;
