/**
 * Noticing that changes of a source may have been passed over: by the positions in the change stream and by what its
 * primary says after each heartbeat. And when something is done about it. Never here: Kafka's client, SQL, what is
 * done.
 */
@NullMarked
package io.sluice.sync.lost;

import org.jspecify.annotations.NullMarked;
