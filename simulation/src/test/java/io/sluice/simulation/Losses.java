package io.sluice.simulation;

import io.sluice.sync.heartbeat.Heartbeat;
import java.util.HashMap;
import java.util.Map;

/**
 * What failovers lost, and since when nobody may have it any more: an instance has found another server than before by
 * the answer to a heartbeat, or has begun after that, and a later heartbeat of its own is committed by it, with no
 * group left to clear.
 */
final class Losses {
    private final Map<String, String> serverOf = new HashMap<>();
    /** The heartbeat by which an instance noticed the latest failover. */
    private final Map<String, Long> noticed = new HashMap<>();

    private long lostUpTo;
    private long forgotten;

    /** What is lost has no later sequence. */
    void failedOver(long sequence) {
        lostUpTo = sequence;
        noticed.clear();
    }

    /** An instance begins anew and knows no server. */
    void restarted(String instance) {
        serverOf.remove(instance);
        noticed.remove(instance);
    }

    /** An instance has the answer to a heartbeat. */
    void answered(String instance, long beat, String server) {
        String before = serverOf.put(instance, server);
        if (!server.equals(before)) {
            noticed.put(instance, beat);
        }
    }

    /** For good: nothing before it waits to be cleared. */
    void committed(Transaction transaction, String instance) {
        Heartbeat heartbeat = transaction.heartbeat;
        Long since = noticed.get(instance);
        if (heartbeat != null
                && !transaction.lost
                && since != null
                && heartbeat.instance().equals(instance)
                && heartbeat.beat() > since) {
            forgotten = lostUpTo;
        }
    }

    /** Nobody may answer with a lost change up to this sequence who is asked from now on. */
    long forgotten() {
        return forgotten;
    }
}
