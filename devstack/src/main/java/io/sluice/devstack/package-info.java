/**
 * The real MySQL, Canal, Kafka and etcd as local processes, for the demo and the tests:
 * {@link io.sluice.devstack.Devstack} and one class per server. Nothing of Sluice itself is known here, and nothing
 * here is meant for production.
 */
@NullMarked
package io.sluice.devstack;

import org.jspecify.annotations.NullMarked;
