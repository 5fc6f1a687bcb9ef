/** Starts one Kafka broker in a process of its own. Nothing of Sluice is known here. */
@NullMarked
package io.sluice.devstack.kafka;

import org.jspecify.annotations.NullMarked;
