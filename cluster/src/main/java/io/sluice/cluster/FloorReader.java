package io.sluice.cluster;

import io.sluice.coherence.SourcePosition;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the floors of an announced ring when the document asks this sync instance for them, and publishes them under
 * its lease.
 *
 * <p>Belongs to its loop; the reading itself runs on the worker.
 */
final class FloorReader {
    private static final Logger log = LoggerFactory.getLogger(FloorReader.class);
    private static final long RETRY_MILLIS = 500;

    private final Loop loop;
    private final Executor worker;
    private final String name;
    private final LeasedKey key;
    private final Source source;
    private final LatestValue published;
    private Topology latest = Topology.none(1);
    /** The ring and the incarnation that are being read for, or were last. */
    private long ring;

    private long incarnation;

    /** Where floors come from. */
    interface Source {
        Map<String, SourcePosition> read(long ring) throws Exception;
    }

    FloorReader(EtcdStore store, Loop loop, Executor worker, String name, LeasedKey key, Source source) {
        this.loop = loop;
        this.worker = worker;
        this.name = name;
        this.key = key;
        this.source = source;
        this.published = new LatestValue(store, loop, key, ClusterKeys.floors(name));
    }

    /** The topology or the key may be another one. */
    void look(Topology topology) {
        latest = topology;
        LeasedKey.Held held = key.held();
        if (held == null) {
            return;
        }
        for (RingRecord asked : topology.rings()) {
            boolean isNew = asked.id() != ring || held.incarnation() != incarnation;
            if (isNew && asked.floorReader().equals(RingDecision.participant(name, held.incarnation()))) {
                ring = asked.id();
                incarnation = held.incarnation();
                read(held);
            }
        }
    }

    private void read(LeasedKey.Held held) {
        long asked = ring;
        worker.execute(() -> {
            try {
                String value = new RingFloors(held.incarnation(), asked, source.read(asked)).encode();
                loop.execute(() -> published.write(held, value));
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                log.warn("The floors of ring {} could not be read ({}); trying again", asked, e.getMessage());
                loop.execute(this::retry);
            }
        });
    }

    private void retry() {
        loop.schedule(RETRY_MILLIS, () -> {
            ring = 0;
            look(latest);
        });
    }
}
