/**
 * Having groups forgotten up to the present position of their sources: the one procedure for positions that are lost
 * and for rules that have changed. Never here: Kafka, who needs it and when.
 */
@NullMarked
package io.sluice.sync.resync;

import org.jspecify.annotations.NullMarked;
