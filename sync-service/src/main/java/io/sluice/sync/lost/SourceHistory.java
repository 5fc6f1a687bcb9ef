package io.sluice.sync.lost;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.sync.heartbeat.PrimaryState;
import java.util.HashSet;
import java.util.Set;

/**
 * What the primary of one source says after each heartbeat, compared with what was seen before that heartbeat began.
 *
 * <p>Whatever anybody has seen of the source by then, the primary has executed after the commit of the heartbeat, since
 * commits become visible in the order of the binlog. What it lacks is of one of two kinds, and they must not be mixed
 * up:
 *
 * <ul>
 *   <li><b>Transactions of another server</b> were lost in a failover. The primary never will have them: they are
 *       phantoms, and nobody should wait for them. One beat may be wrong about that, if Canal follows another server
 *       than the primary and is a moment ahead of it; so it takes two.
 *   <li><b>Transactions of the primary's own</b> were lost in a reset or by a restore. These numbers it gives away
 *       <em>again</em>, to other transactions. So they are no phantoms:
 *       <ol>
 *         <li>the server U was reset after U:1-1000, and has executed U:1-12;
 *         <li>U:13-1000 are taken for phantoms;
 *         <li>a row changes in U:13, and its Remove at U:1-13 comes to a node that takes away the phantoms: what is
 *             left, U:1-12, is covered by the old entry, which stays.
 *       </ol>
 *       Instead, nodes take them once from what they remember, and drop all they hold.
 * </ul>
 *
 * <p>Safe for use by many threads.
 */
final class SourceHistory {
    /** No server has this UUID. */
    static final String SEVERAL = "several";

    private static final String ALL_NUMBERS = ":1-9223372036854775806";

    private final String source;
    private final LossListener listener;
    private final Set<Set<String>> serversSeen = new HashSet<>();
    /** Those on which the source was when offsets were committed that this goes on from. */
    private final Set<String> serversBefore = new HashSet<>();

    private String server = "";
    private volatile String lastServer = "";
    private long xaCommits = -1;
    private SourcePosition executed = SourcePosition.UNKNOWN;
    /** All that nodes may demand, as far as it was seen here; what is lost of it is told for as long as this lives. */
    private SourcePosition demanded = SourcePosition.UNKNOWN;

    private SourcePosition others = SourcePosition.UNKNOWN;
    private SourcePosition shrunkBy = SourcePosition.UNKNOWN;
    private long shrunkAtRevision;
    private boolean wentBack;
    private volatile SourcePosition phantoms = SourcePosition.UNKNOWN;
    private volatile boolean streamAhead;

    SourceHistory(String source, LossListener listener) {
        this.source = requireNonNull(source, "source is null");
        this.listener = requireNonNull(listener, "listener is null");
    }

    /** Told what is found. */
    @FunctionalInterface
    interface LossListener {
        /** Something was lost; nodes should demand {@code leftBehind} no more, if only this once. */
        void lost(String source, Loss loss, SourcePosition leftBehind);
    }

    /**
     * What was known before a heartbeat began, and no later: what nodes demand is known to exist, but the primary of
     * that moment need not have executed it when it was asked.
     *
     * @param streamed what the stream had told of
     * @param floors what the rings demanded
     * @param revision of the topology that has these rings
     * @param demanded what nodes demanded, or might have come to, as {@link #demanded} had it
     */
    record Known(SourcePosition streamed, SourcePosition floors, long revision, SourcePosition demanded) {}

    /** The primary has answered. */
    synchronized void beat(PrimaryState now, Known known) {
        SourcePosition own = SourcePosition.parse(now.serverUuid() + ALL_NUMBERS);
        lookAtServer(now, own, known.floors());
        lookAtXa(now.xaCommits());
        SourcePosition seen = known.streamed().union(executed).union(known.floors());
        demanded = demanded.union(seen);
        executed = now.executed();
        lookAtPhantoms(seen.union(known.demanded()).minus(executed).minus(own));
        streamAhead = lacks(known.streamed(), own);
        boolean demandedAgain =
                (wentBack && streamAhead) || (known.revision() != shrunkAtRevision && lacks(known.floors(), own));
        wentBack = false;
        lookAtOwn(seen.minus(executed).intersection(own), own, demandedAgain, known.revision());
    }

    private boolean lacks(SourcePosition seen, SourcePosition own) {
        return !seen.minus(executed).intersection(own).isUnknown();
    }

    private void lookAtServer(PrimaryState now, SourcePosition own, SourcePosition floors) {
        boolean changed = server.isEmpty() ? changedBefore(now, own, floors) : !server.equals(now.serverUuid());
        server = now.serverUuid();
        if (changed) {
            listener.lost(source, Loss.SERVER_CHANGED, SourcePosition.UNKNOWN);
        }
        // Last: who commits offsets that name the server has to see what was lost with the one before.
        lastServer = server;
    }

    /**
     * At the first beat the committed offsets say whether the source was on another server before. Where they do not,
     * the rings say whether the last heartbeat of anybody was.
     */
    private boolean changedBefore(PrimaryState now, SourcePosition own, SourcePosition floors) {
        return serversBefore.isEmpty()
                ? !floors.isUnknown() && floors.intersection(own).isUnknown()
                : !serversBefore.equals(Set.of(now.serverUuid()));
    }

    /** An offset that this goes on from was committed when the source was on that server. */
    synchronized void resumed(String serverThen) {
        if (server.isEmpty()) {
            serversBefore.add(serverThen);
            lastServer = serversBefore.size() == 1 ? serverThen : SEVERAL;
        }
    }

    /** The server that was seen last, here or before; {@link #SEVERAL} if that is not sure, empty if nobody knows. */
    String lastServer() {
        return lastServer;
    }

    private void lookAtXa(long now) {
        if (now != xaCommits && (xaCommits >= 0 || now > 0)) {
            listener.lost(source, xaCommits < 0 ? Loss.XA_UNSEEN : Loss.XA_COMMIT, SourcePosition.UNKNOWN);
        }
        xaCommits = now;
    }

    private void lookAtPhantoms(SourcePosition lost) {
        SourcePosition before = phantoms;
        SourcePosition twice = lost.intersection(others);
        others = lost;
        phantoms = twice;
        if (!before.minus(twice).intersection(executed).isUnknown()) {
            listener.lost(source, Loss.PHANTOMS_CAME, SourcePosition.UNKNOWN);
        }
    }

    /**
     * What is lacking of the primary's own.
     *
     * @param demandedAgain whether nodes may demand what they had been told to demand no more: by Removes of the
     *     earlier history that were still in the topic, or by the floor of a ring that a new member has read
     */
    private void lookAtOwn(SourcePosition lost, SourcePosition own, boolean demandedAgain, long revision) {
        if (lost.isUnknown()) {
            shrunkBy = SourcePosition.UNKNOWN;
        } else if (demandedAgain || !shrunkBy.covers(lost)) {
            shrunkBy = lost;
            shrunkAtRevision = revision;
            listener.lost(source, Loss.SHRUNK, own.minus(executed));
        }
    }

    /**
     * Nodes demand this, or are about to be told to. No event may ever name it and no ring keep it:
     *
     * <ol>
     *   <li>a resync reads H and removes the groups at H;
     *   <li>the primary is lost, and with it the last of H, which neither Canal nor the next primary had got.
     * </ol>
     */
    synchronized void demands(SourcePosition position) {
        demanded = demanded.union(position);
    }

    /** All that nodes may demand, as far as it was seen here. */
    synchronized SourcePosition demanded() {
        return demanded;
    }

    /** A partition is at a position that it has been beyond. */
    synchronized void wentBack() {
        wentBack = true;
    }

    /** A partition names another server than before; counts once for each. */
    synchronized void namesAnotherServer(Set<String> servers) {
        if (serversSeen.add(servers)) {
            listener.lost(source, Loss.SERVER_CHANGED, SourcePosition.UNKNOWN);
        }
    }

    /** What the source never will have; UNKNOWN when all is there. */
    SourcePosition phantoms() {
        return phantoms;
    }

    /** Whether the stream names transactions of the primary's own that it does not have. */
    boolean isStreamAhead() {
        return streamAhead;
    }
}
