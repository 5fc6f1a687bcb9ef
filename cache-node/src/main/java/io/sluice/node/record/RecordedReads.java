package io.sluice.node.record;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Read;
import io.sluice.node.read.ReadEvents;

/** Notes what the read path brings for single keys, and has the rest counted as before. Thread-safe; never blocks. */
public final class RecordedReads implements ReadEvents {
    private final ReadEvents counted;
    private final FlightRecorder recorder;

    public RecordedReads(ReadEvents counted, FlightRecorder recorder) {
        this.counted = requireNonNull(counted, "counted is null");
        this.recorder = requireNonNull(recorder, "recorder is null");
    }

    @Override
    public void keyLoaded(Read read, SourcePosition stamp) {
        recorder.note(read.hash(), KeyEvent.LOAD, stamp, "");
    }

    @Override
    public void keyPeeked(Read read, String from, SourcePosition stamp) {
        recorder.note(read.hash(), KeyEvent.PEEK, stamp, from);
    }

    @Override
    public void forwarded(CacheGroup group, int reads, boolean answered) {
        counted.forwarded(group, reads, answered);
    }

    @Override
    public void loaded(CacheGroup group, long nanos, boolean succeeded) {
        counted.loaded(group, nanos, succeeded);
    }

    @Override
    public void loadedMany(CacheGroup group, int keys, long nanos, boolean succeeded) {
        counted.loadedMany(group, keys, nanos, succeeded);
    }

    @Override
    public void peeked(CacheGroup group, PeekOutcome outcome) {
        counted.peeked(group, outcome);
    }

    @Override
    public void pastMaxStaleness(CacheGroup group, PastOutcome outcome) {
        counted.pastMaxStaleness(group, outcome);
    }
}
