package io.sluice.sync.ring;

import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.Evidence;
import io.sluice.sync.kafka.Registration;

/**
 * This instance's part in ring changes. Safe for use by many threads. Invariant: from the return of {@link #join} on
 * the dispatcher works by the topology adopted last.
 */
public interface RingPart extends Evidence, Registration, AutoCloseable {
    /**
     * Registers, and returns once the dispatcher has adopted a topology read since; nothing is to be consumed before.
     *
     * @throws io.sluice.cluster.ClusterException when etcd does not answer in time, or another instance has the name
     */
    void join(Dispatcher dispatcher);

    /** Leaves the cluster. What is done after that is not counted on. */
    @Override
    void close();
}
