/**
 * Starts Canal in a process of its own: its instance, its Kafka producer and the file-based memory of both. Nothing of
 * Sluice is known here but the configuration file, and nothing but the launched process uses it.
 */
@NullMarked
package io.sluice.devstack.canal;

import org.jspecify.annotations.NullMarked;
