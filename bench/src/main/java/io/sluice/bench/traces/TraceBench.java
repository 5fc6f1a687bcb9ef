package io.sluice.bench.traces;

import static java.util.Objects.requireNonNull;

import io.sluice.store.policy.PolicyKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Replays all traces of a directory with a number of policies and all sizes, one replay after the other. */
public final class TraceBench {
    private final Path directory;
    private final List<Replay> replays;

    /** @param replays in the order of the results */
    public TraceBench(Path directory, List<Replay> replays) {
        this.directory = requireNonNull(directory, "directory is null");
        this.replays = List.copyOf(replays);
    }

    /**
     * Every policy there is: the store's, the best possible, and Caffeine's. With segments also whole stores, whose
     * segments lend each other room, where those of the bare policies cannot.
     */
    public static List<Replay> allReplays(int segments) {
        List<Replay> all = new ArrayList<>();
        for (PolicyKind kind : PolicyKind.values()) {
            all.add(new PolicyReplay(kind, segments));
        }
        if (segments > 1) {
            all.add(new StoreReplay(PolicyKind.LRU, segments));
            all.add(new StoreReplay(PolicyKind.DEFAULT, segments));
        }
        all.add(new CaffeineReplay());
        all.add(new OptReplay());
        return all;
    }

    /** The policy of this name; IllegalArgumentException with all names when there is none. */
    public static Replay replay(String policy, int segments) {
        List<Replay> all = allReplays(segments);
        return all.stream()
                .filter(replay -> replay.name().equals(policy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no policy is called '" + policy + "': use one of "
                        + all.stream().map(Replay::name).collect(Collectors.joining(", "))));
    }

    /** Hands each result out as soon as it is there, by trace, size and policy. */
    public void run(Consumer<TraceResult> results) {
        for (Path file : TraceFile.in(directory)) {
            Trace trace = TraceFile.read(file);
            for (int size : TraceSizes.of(trace)) {
                for (Replay replay : replays) {
                    long hits = replay.hits(trace, size);
                    results.accept(new TraceResult(trace.name(), replay.name(), size, trace.length(), hits));
                }
            }
        }
    }
}
