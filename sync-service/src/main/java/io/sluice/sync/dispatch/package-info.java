/**
 * Sending Removes to every holder of a key until all have acknowledged: lanes, batches, retries and the rule that says
 * when a removal is done. Never here: Kafka, the JSON of any change stream, rules.
 */
@NullMarked
package io.sluice.sync.dispatch;

import org.jspecify.annotations.NullMarked;
