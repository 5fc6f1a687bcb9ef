package io.sluice.cli.coherence;

import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import java.util.List;

/** One way to ask the cluster. Thread-safe; does not wait. */
interface Reader {
    /** Asks for keys; the sink is told once for each of them, by a network thread or by the caller's. */
    void read(List<RowKey> keys, Sink sink);

    /** Who is told what became of a read. Thread-safe; does not block. Nobody hears of what it throws. */
    interface Sink {
        void answered(Reading reading);

        void failed(RowKey key, Throwable failure);
    }
}
