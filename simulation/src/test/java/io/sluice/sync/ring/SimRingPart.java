package io.sluice.sync.ring;

import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.Membership;
import io.sluice.cluster.SyncParticipant;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.function.Function;

/** Makes a production ring part that does not wait for its registration. */
public final class SimRingPart {
    private SimRingPart() {}

    public static RingPart of(
            EtcdSettings settings,
            String name,
            Membership membership,
            EtcdRingPart.Floors floors,
            Function<SyncParticipant.Callbacks, SyncParticipant> registrar,
            SyncMetrics metrics) {
        return new EtcdRingPart(
                told -> Participation.of(registrar.apply(told)),
                EtcdRingPart.departure(settings.leaseTtl()),
                name,
                membership,
                floors,
                metrics);
    }
}
