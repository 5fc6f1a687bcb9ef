/**
 * Tests of whole processes: the demo, nodes and sync services as users start them, on the real MySQL, Canal, Kafka and
 * etcd of one devstack per run. What can be tested within one JVM never belongs here.
 */
@NullMarked
package io.sluice.system;

import org.jspecify.annotations.NullMarked;
