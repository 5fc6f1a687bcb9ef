package io.sluice.store.policy;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The eviction policies by the names they have in configuration. */
public enum PolicyKind {
    LRU("lru"),
    LFU("lfu"),
    FIFO("fifo"),
    ARC("arc"),
    S3_FIFO("s3-fifo"),
    W_TINYLFU("w-tinylfu");

    /** Where nothing is configured: the best on the traces (docs/decisions.md). */
    public static final PolicyKind DEFAULT = W_TINYLFU;

    private final String configuredName;

    PolicyKind(String configuredName) {
        this.configuredName = configuredName;
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
    public EvictionPolicy create(long capacity) {
        return switch (this) {
            case LRU -> new LruPolicy();
            case LFU -> new LfuPolicy();
            case FIFO -> new FifoPolicy();
            case ARC -> new ArcPolicy(capacity);
            case S3_FIFO -> new S3FifoPolicy(capacity);
            case W_TINYLFU -> new WTinyLfuPolicy(capacity);
        };
    }

    /** The name in configuration. */
    @Override
    public String toString() {
        return configuredName;
    }
}
