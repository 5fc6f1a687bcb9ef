package io.sluice.bench.store;

import io.sluice.store.policy.PolicyKind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Who takes part in the measurements of speed. Sluice runs with its default policy. */
public enum ContestantKind {
    SLUICE("sluice"),
    CAFFEINE("caffeine"),
    CAFFEINE_FULL("caffeine-ttl-stats"),
    SYNCHRONIZED_LRU("synchronized-lru");

    /** Everybody, in the order of the tables. */
    public static final List<ContestantKind> ALL = List.of(values());

    private final String shownName;

    ContestantKind(String shownName) {
        this.shownName = shownName;
    }

    /** The kind of the name; IllegalArgumentException with the names there are when it is none of them. */
    public static ContestantKind named(String name) {
        return ALL.stream()
                .filter(kind -> kind.shownName.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contestant is called '" + name + "': use one of "
                        + Arrays.stream(values()).map(ContestantKind::toString).collect(Collectors.joining(", "))));
    }

    /** An empty cache for about so many entries of the payload. */
    Contestant create(Payload payload, int maxEntries) {
        return switch (this) {
            case SLUICE -> new SluiceContestant(payload, PolicyKind.DEFAULT, maxEntries);
            case CAFFEINE -> CaffeineContestant.plain(payload, maxEntries);
            case CAFFEINE_FULL -> CaffeineContestant.withExpiryAndStatistics(payload, maxEntries);
            case SYNCHRONIZED_LRU -> new SynchronizedLru(payload, maxEntries);
        };
    }

    /** The name in tables and options. */
    @Override
    public String toString() {
        return shownName;
    }
}
