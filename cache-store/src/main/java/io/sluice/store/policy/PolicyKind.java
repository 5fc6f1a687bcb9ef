package io.sluice.store.policy;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The eviction policies by the names they have in configuration. */
public enum PolicyKind {
    LRU("lru", 0),
    LFU("lfu", 0),
    FIFO("fifo", 0),
    ARC("arc", 36),
    S3_FIFO("s3-fifo", 36),
    W_TINYLFU("w-tinylfu", 6);

    /** Where nothing is configured: the best on the traces (docs/decisions.md). */
    public static final PolicyKind DEFAULT = W_TINYLFU;

    private final String configuredName;
    private final int bytesPerEntry;

    PolicyKind(String configuredName, int bytesPerEntry) {
        this.configuredName = configuredName;
        this.bytesPerEntry = bytesPerEntry;
    }

    /** What it remembers beside the entries' links, in bytes of heap for each entry held: its sketch, or its ghosts. */
    public int bytesPerEntry() {
        return bytesPerEntry;
    }

    /** The kind of the name; IllegalArgumentException with the names there are when it is none of them. */
    public static PolicyKind named(String name) {
        requireNonNull(name, "name is null");
        for (PolicyKind kind : values()) {
            if (kind.configuredName.equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no eviction policy is called '" + name + "': use one of " + names());
    }

    /** All names, separated by commas. */
    public static String names() {
        return Arrays.stream(values()).map(PolicyKind::toString).collect(Collectors.joining(", "));
    }

    /** A policy of this kind that ranks nothing yet. */
    public EvictionPolicy create(Ranks ranks, long capacity) {
        return switch (this) {
            case LRU -> new LruPolicy(ranks);
            case LFU -> new LfuPolicy(ranks);
            case FIFO -> new FifoPolicy(ranks);
            case ARC -> new ArcPolicy(ranks, capacity);
            case S3_FIFO -> new S3FifoPolicy(ranks, capacity);
            case W_TINYLFU -> new WTinyLfuPolicy(ranks, capacity);
        };
    }

    /** The name in configuration. */
    @Override
    public String toString() {
        return configuredName;
    }
}
