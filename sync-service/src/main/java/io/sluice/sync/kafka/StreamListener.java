package io.sluice.sync.kafka;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.sync.heartbeat.Heartbeat;
import java.util.Map;
import java.util.Set;

/** Told of how the consumption of the change stream goes, on the poll thread: must not block. */
public interface StreamListener {
    /**
     * A heartbeat was read.
     *
     * @param position the GTID set up to it
     */
    void arrived(Heartbeat heartbeat, Partition partition, String position);

    /**
     * The same heartbeat, when every record before it in its partition is done.
     *
     * @param revision of the topology by which it is; who goes by a later ring must not take it for applied
     */
    void passed(Heartbeat heartbeat, Partition partition, String position, long revision);

    /**
     * Partitions were assigned or taken away.
     *
     * @param assigned those that this instance consumes now
     * @param counts for each topic of the stream the number of its partitions; empty when it is not known
     */
    void consumes(Set<Partition> assigned, Map<String, Integer> counts);
}
