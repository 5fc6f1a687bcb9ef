package io.sluice.cli.audit;

import io.sluice.client.Answer;
import io.sluice.client.SluiceClient;
import io.sluice.client.SluiceException;
import io.sluice.coherence.PositionParser;

/**
 * A client with a near cache, as applications have it: reads through the cache, so a key that nobody holds is loaded,
 * and keeps a copy under lease, which the next change of the row must take away. Thread-safe.
 *
 * <p>What it finds is judged like what a node holds. A value that was loaded for this very read can be proven to be old
 * by nothing, and is what the source had.
 */
final class ClientProbe implements Probe, AutoCloseable {
    private final SluiceClient client;
    private final PositionParser positions = new PositionParser();

    /** @param client closed with this */
    ClientProbe(SluiceClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "client";
    }

    @Override
    public Reply ask(String group, String key) {
        long asked = System.nanoTime();
        try {
            Answer answer = client.get(group, key);
            return new Reply.Found(new Held(
                    asked,
                    System.nanoTime(),
                    Content.of(answer.found(), answer.value().asReadOnlyByteBuffer()),
                    positions.parse(answer.stamp()),
                    answer.age().toMillis(),
                    // It may be a near copy, or one that a node keeps of a hot key.
                    false,
                    answer.stalenessBoundMillis(),
                    answer.servedBy()));
        } catch (SluiceException e) {
            return new Reply.Failed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
