/**
 * Local processes that never outlive their starter, their ports and their directory. What the processes are (MySQL,
 * Kafka ...) is not known here.
 */
@NullMarked
package io.sluice.devstack.process;

import org.jspecify.annotations.NullMarked;
