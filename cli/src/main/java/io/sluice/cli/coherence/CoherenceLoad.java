package io.sluice.cli.coherence;

import io.sluice.cli.coherence.judge.Judge;
import io.sluice.cli.coherence.judge.Ledger;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.client.ReadOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Who writes and who reads, from the start until closed. Used by one thread; owns those of its parts. */
final class CoherenceLoad implements AutoCloseable {
    private static final int CHANGERS = 2;
    private static final ReadOptions OPTIONS = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(3));

    private final Ledger ledger = new Ledger(VersionedRows.COUNT);
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final List<Thread> changers = new ArrayList<>();
    private final Judge judge;
    private final SteadyReads reads;
    private final Follows follows;

    private CoherenceLoad(CoherenceScene scene, Consumer<String> complaints) {
        judge = new Judge(ledger, complaints);
        Readers readers = new Readers(scene, OPTIONS);
        follows = Follows.start(readers, judge);
        reads = SteadyReads.start(readers, judge);
    }

    static CoherenceLoad start(CoherenceScene scene, Consumer<String> complaints) {
        CoherenceLoad load = new CoherenceLoad(scene, complaints);
        for (int i = 0; i < CHANGERS; i++) {
            Changer changer = new Changer(scene.rows(), load.ledger, i, CHANGERS, load::changed);
            load.changers.add(
                    Thread.ofPlatform().name("coherence-changer-" + i).start(() -> changer.run(load.writing::get)));
        }
        return load;
    }

    private void changed(int id) {
        boolean item = ThreadLocalRandom.current().nextBoolean();
        follows.follow(new RowKey(item ? VersionedRows.ITEM : VersionedRows.LIFE, id));
    }

    Judge judge() {
        return judge;
    }

    /** Complete once it is closed. */
    Ledger ledger() {
        return ledger;
    }

    SteadyReads.Counts counts() {
        return reads.counts();
    }

    long followed() {
        return follows.followed();
    }

    /** Ends the writers; who reads goes on. */
    void stopWriting() {
        writing.set(false);
        try {
            for (Thread changer : changers) {
                changer.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopWriting();
        reads.close();
        follows.close();
        ledger.end();
    }
}
