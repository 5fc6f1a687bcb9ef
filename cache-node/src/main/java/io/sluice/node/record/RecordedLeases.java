package io.sluice.node.record;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.lease.LeaseEvents;
import java.util.List;

/** Notes which copies are lent and revoked, and has the rest counted as before. Thread-safe; never blocks. */
public final class RecordedLeases implements LeaseEvents {
    private final LeaseEvents counted;
    private final FlightRecorder recorder;

    public RecordedLeases(LeaseEvents counted, FlightRecorder recorder) {
        this.counted = requireNonNull(counted, "counted is null");
        this.recorder = requireNonNull(recorder, "recorder is null");
    }

    @Override
    public void answered(String group, boolean lent) {
        counted.answered(group, lent);
    }

    @Override
    public void waited(long nanos, boolean confirmed) {
        counted.waited(nanos, confirmed);
    }

    @Override
    public void lent(long keyHash, SourcePosition stamp, String holder) {
        recorder.note(keyHash, KeyEvent.LEND, stamp, holder);
    }

    @Override
    public void revoked(String group, List<String> keys, SourcePosition position, String holder) {
        if (keys.isEmpty()) {
            recorder.note(FlightRecorder.hashOfGroup(group), KeyEvent.REVOKE, position, holder);
        }
        for (String key : keys) {
            recorder.note(KeyHash.of(group, key), KeyEvent.REVOKE, position, holder);
        }
    }
}
