package io.sluice.loader;

import static java.util.Objects.requireNonNull;

/**
 * What a loader found. Immutable; the bytes are not copied and must not be changed afterwards.
 *
 * <p>Where a loader reads a MySQL server that has positions, it can tell the one that its value reflects: then the
 * value is ordered with Removes by that, exactly as a value that the node loads itself. Without one it is ordered by
 * time: it is kept if the load began long enough after the latest Remove.
 */
public final class LoadedValue {
    private static final byte[] NOTHING = {};

    private final boolean found;
    private final byte[] bytes;
    private final String gtidSet;
    private final boolean kept;

    private LoadedValue(boolean found, byte[] bytes, String gtidSet, boolean kept) {
        this.found = found;
        this.bytes = requireNonNull(bytes, "bytes is null");
        this.gtidSet = requireNonNull(gtidSet, "gtidSet is null");
        this.kept = kept;
    }

    /** A value. */
    public static LoadedValue found(byte[] bytes) {
        return new LoadedValue(true, bytes, "", true);
    }

    /** That there is none, which is remembered for the group's {@code negative-ttl}. */
    public static LoadedValue missing() {
        return new LoadedValue(false, NOTHING, "", true);
    }

    /**
     * The same, reflecting a position of the group's source.
     *
     * @param gtidSet the {@code @@global.gtid_executed} of the server that the value was read from, read in a statement
     *     of its own <em>before</em> the value was
     */
    public LoadedValue asOf(String gtidSet) {
        return new LoadedValue(found, bytes, gtidSet, kept);
    }

    /** The same, answered and not kept. */
    public LoadedValue notKept() {
        return new LoadedValue(found, bytes, gtidSet, false);
    }

    /** Whether there is a value. */
    public boolean isFound() {
        return found;
    }

    /** The value; empty when there is none. */
    public byte[] bytes() {
        return bytes;
    }

    /** The position; empty when not told. */
    public String gtidSet() {
        return gtidSet;
    }

    /** Whether it may be kept. */
    public boolean isKept() {
        return kept;
    }
}
