package io.sluice.cli.coherence.judge;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The versions of one row, and when each was committed. An insert, an update and a delete are a version each, one
 * higher than the one before; one writer at a time makes them.
 *
 * <p>The age of an answer is the time from the commit of the version after it until the read began: so long had the
 * answer been out of date. A version counts as committed when its COMMIT has returned. A read that finds no row has
 * seen the newest version without a row that was begun before the answer came: no other answer says less of what it
 * saw, and it is right, since the row was away then.
 *
 * <p>Of each version it is noted when the last read began that saw an older one; from the commit until then readers
 * could still meet what it replaced. That is told when the version is forgotten. Versions are forgotten when they are
 * older than {@link #KEPT_NANOS}, so an answer older than that is known to be older than any limit that is asked about,
 * and not by how much. At most as many versions are kept as writers make in that time.
 *
 * <p>Thread-safe. Times are {@link System#nanoTime}.
 */
public final class RowHistory {
    /** The row is not there. */
    public static final long ABSENT = -1;

    /** In the place of an age: the row never had this version. */
    public static final long NEVER_WRITTEN = -1;

    /** Longer than the longest age that is asked about, and than any read takes. */
    public static final long KEPT_NANOS = 90_000_000_000L;

    private final ArrayDeque<Version> versions = new ArrayDeque<>();
    private final Told told;
    private long newestAbsent = Long.MIN_VALUE;
    private boolean forgotSome;
    private long lastForgottenNanos;

    /** Is told of each version but the first. */
    @FunctionalInterface
    public interface Told {
        /**
         * The version is forgotten.
         *
         * @param committedNanos when its COMMIT had returned
         * @param delayNanos for how long after that reads still began that saw an older one; 0 when none did
         */
        void told(long committedNanos, long delayNanos);
    }

    private static final class Version {
        private final long number;
        private final boolean present;
        private boolean committed;
        private long committedNanos;
        private long delayNanos;

        Version(long number, boolean present) {
            this.number = number;
            this.present = present;
        }
    }

    /** A row that is there, as version 0. */
    public RowHistory(Told told) {
        this.told = told;
        begin(true);
        committed(System.nanoTime());
    }

    /** A version is about to be written; returns its number. The one before must be committed. */
    public synchronized long begin(boolean present) {
        Version version = new Version(versions.isEmpty() ? 0 : versions.getLast().number + 1, present);
        versions.add(version);
        if (!present) {
            newestAbsent = version.number;
        }
        return version.number;
    }

    /** The COMMIT of the version that was begun has returned. */
    public synchronized void committed(long nanos) {
        Version newest = versions.getLast();
        newest.committed = true;
        newest.committedNanos = nanos;
        while (versions.size() > 1 && nanos - versions.getFirst().committedNanos > KEPT_NANOS) {
            forgetOldest();
        }
    }

    /** The version that was begun was not committed, and never will be. */
    public synchronized void undone() {
        Version undone = versions.removeLast();
        if (!undone.present) {
            // One that is forgotten was replaced when the oldest that is kept was committed, or before that.
            newestAbsent = versions.stream()
                    .filter(version -> !version.present)
                    .mapToLong(version -> version.number)
                    .max()
                    .orElse(versions.getFirst().number - 1);
        }
    }

    /** The newest version, begun or committed. */
    public synchronized long newest() {
        return versions.getLast().number;
    }

    /** Whether the newest version has a row. */
    public synchronized boolean present() {
        return versions.getLast().present;
    }

    /**
     * For how long this version had been replaced when the read began: 0 when it had not, {@link #NEVER_WRITTEN} when
     * there is no such version.
     *
     * @param version what the read saw, or {@link #ABSENT}
     */
    public synchronized long ageNanos(long version, long beganNanos) {
        long seen = version == ABSENT ? newestAbsent : version;
        if (seen < 0 || seen > versions.getLast().number) {
            return NEVER_WRITTEN;
        }
        long age = 0;
        Iterator<Version> newestFirst = versions.descendingIterator();
        while (newestFirst.hasNext()) {
            Version newer = newestFirst.next();
            if (newer.number <= seen) {
                return age;
            }
            long since = beganNanos - newer.committedNanos;
            if (newer.committed && since > 0) {
                age = since;
                newer.delayNanos = Math.max(newer.delayNanos, since);
            }
        }
        return forgotSome && seen < versions.getFirst().number - 1 ? beganNanos - lastForgottenNanos : age;
    }

    /** Tells of all versions that have not been told of. No call may follow. */
    public synchronized void end() {
        while (!versions.isEmpty() && versions.getFirst().committed) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        Version oldest = versions.removeFirst();
        forgotSome = true;
        lastForgottenNanos = oldest.committedNanos;
        if (oldest.number > 0) {
            told.told(oldest.committedNanos, oldest.delayNanos);
        }
    }
}
