/**
 * Who holds a key: the hash of a key, the ring, topology snapshots, and membership by etcd or by a static list.
 *
 * <p>Callers ask a {@link io.sluice.cluster.Topology}, which is immutable, and listen to a
 * {@link io.sluice.cluster.Membership} for the next one. Never here: values, SQL, Kafka, or the services that members
 * offer.
 */
@NullMarked
package io.sluice.cluster;

import org.jspecify.annotations.NullMarked;
