/**
 * This instance's part in ring changes: it registers, adopts topologies, reads floors, and knows whether it counts.
 * Never here: Kafka, SQL, when a removal is done.
 */
@NullMarked
package io.sluice.sync.ring;

import org.jspecify.annotations.NullMarked;
