package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the topology document should say next: a function of what stands in etcd, since when, and the time. It reads no
 * clock and does no I/O, so a simulation can put it through anything.
 *
 * <p>The way of a ring: announced when the registered members have been quiet for a while; active when every registered
 * sync instance has confirmed it <em>and then</em> one of them has read the floors; draining when the next one is
 * active; closing after the warm-up; gone when all its members have confirmed, or have been missing longer than a lease
 * lasts.
 *
 * <ul>
 *   <li>A sync instance that the view does not show registered after the announcement, and reads the document after
 *       that: it knows the ring without being waited for. This needs a view that is never older than the document in
 *       it.
 *   <li>A sync instance whose key was deleted may go on committing for as long as it trusts its lease: until then no
 *       ring becomes active. The document lists those that count, so that the next coordinator knows of them too.
 *   <li>An announced ring is withdrawn when one of its members is gone: nobody holds anything under it yet.
 *   <li>Members that are missing never make an empty ring, and a ring never goes just because etcd was away.
 * </ul>
 *
 * <p>Thread-safe: no state.
 */
final class RingDecision {
    private static final long NEVER = Long.MAX_VALUE;
    /** How long one sync instance may take to read the floors before another is asked. */
    private static final Duration FLOOR_PATIENCE = Duration.ofSeconds(3);

    private final RingChanges changes;
    private final Duration departure;

    /** @param departure how long after its key went a member is sure not to answer from memory any more */
    RingDecision(RingChanges changes, Duration departure) {
        this.changes = requireNonNull(changes, "changes is null");
        this.departure = requireNonNull(departure, "departure is null");
    }

    /** The members that the next ring should have: those that are registered and stay. */
    static List<Member> desired(ClusterView view) {
        return view.members().values().stream()
                .filter(member -> !view.leaving().contains(member.name()))
                .sorted(Comparator.comparing(Member::name))
                .limit(RingRecord.MAX_MEMBERS)
                .toList();
    }

    /**
     * What to do now.
     *
     * @param seen updated with this view and this moment
     */
    Decision next(ClusterView view, Sightings seen, long nowNanos) {
        TopologyDocument document = view.document();
        if (document == null && view.documentRevision() > 0) {
            // Malformed: whoever wrote it knows rings that must not be forgotten. An operator decides.
            return new Decision(null, NEVER);
        }
        TopologyDocument before = document == null ? new TopologyDocument(0, List.of()) : document;
        Step step = new Step(view, seen, nowNanos, before);
        step.countSyncs();
        step.dropClosed();
        step.activate();
        step.close();
        step.announce();
        return step.decision();
    }

    /**
     * @param document what to write, or null for nothing
     * @param wakeNanos when to decide again though nothing has changed in etcd; Long.MAX_VALUE for never
     */
    record Decision(@Nullable TopologyDocument document, long wakeNanos) {}

    /** One decision in the making. */
    private final class Step {
        private final ClusterView view;
        private final Sightings seen;
        private final long now;
        private final List<Member> desired;
        private final TopologyDocument before;
        private final List<RingRecord> rings;
        private final List<String> syncs = new ArrayList<>();
        private long lastRingId;
        private long wake = NEVER;

        Step(ClusterView view, Sightings seen, long now, TopologyDocument before) {
            this.view = view;
            this.seen = seen;
            this.now = now;
            this.desired = desired(view);
            this.before = before;
            this.rings = new ArrayList<>(before.rings());
            this.lastRingId = before.lastRingId();
        }

        /** An instance whose key was deleted by hand goes on for a while: it is counted until it has noticed. */
        void countSyncs() {
            if (!changes.invalidated()) {
                return;
            }
            for (String sync : before.syncs()) {
                if (!view.isRegistered(sync) && !passed(seen.missingNanos(sync, now), departure)) {
                    syncs.add(sync);
                }
            }
            view.syncs().forEach((name, incarnation) -> syncs.add(participant(name, incarnation)));
            syncs.sort(null);
        }

        void dropClosed() {
            rings.removeIf(ring -> ring.state() == RingState.CLOSING && isClosed(ring));
        }

        private boolean isClosed(RingRecord ring) {
            boolean closed = true;
            for (Member member : ring.members()) {
                if (view.isPresent(member)) {
                    closed &= view.nodeConfirmed(member.name(), ring.id());
                } else {
                    closed &= passed(seen.missingNanos(member, now), departure);
                }
            }
            return closed;
        }

        void activate() {
            for (int i = 0; i < rings.size(); i++) {
                RingRecord ring = rings.get(i);
                if (ring.state() != RingState.ANNOUNCED) {
                    continue;
                }
                if (!desired.containsAll(ring.members())) {
                    rings.remove(i);
                    return;
                }
                if (!changes.invalidated()) {
                    makeActive(i, Map.of());
                } else if (syncsConfirmed(ring)) {
                    askOrActivate(i, ring);
                }
            }
        }

        /** Not without any: who does not know of the ring would never tell its holders what to forget. */
        private boolean syncsConfirmed(RingRecord ring) {
            return !view.syncs().isEmpty()
                    && syncs.stream().allMatch(view::isRegistered)
                    && view.syncs().keySet().stream().allMatch(sync -> view.syncConfirmed(sync, ring.id()));
        }

        /** The floors count only when they were read after the last confirmation, hence when asked for after it. */
        private void askOrActivate(int at, RingRecord ring) {
            String reader = ring.floorReader();
            RingFloors read = view.floors().get(nameOf(reader));
            if (view.isRegistered(reader)
                    && read != null
                    && read.ring() == ring.id()
                    && reader.equals(participant(nameOf(reader), read.incarnation()))) {
                makeActive(at, read.floors());
            } else if (!view.isRegistered(reader) || passed(seen.ringNanos(ring, now), FLOOR_PATIENCE)) {
                rings.set(at, ring.withFloorReader(readerAfter(nameOf(reader))));
            }
        }

        private String readerAfter(String last) {
            TreeMap<String, Long> syncs = new TreeMap<>(view.syncs());
            String next = syncs.higherKey(last);
            String chosen = next == null ? syncs.firstKey() : next;
            return participant(chosen, requireNonNull(syncs.get(chosen), "a sync instance has no incarnation"));
        }

        private void makeActive(int at, Map<String, SourcePosition> floors) {
            rings.replaceAll(ring -> ring.state() == RingState.ACTIVE ? ring.withState(RingState.DRAINING) : ring);
            rings.set(at, rings.get(at).activated(floors));
        }

        void close() {
            // One early at a time: while it waits for confirmations the others, the newest above all, are still peeked.
            boolean crowded = rings.size() >= TopologyDocument.MAX_RINGS - 1
                    && rings.stream().noneMatch(ring -> ring.state() == RingState.CLOSING);
            for (int i = 0; i < rings.size(); i++) {
                RingRecord ring = rings.get(i);
                if (ring.state() == RingState.DRAINING
                        && (crowded || passed(seen.ringNanos(ring, now), changes.warmUp()))) {
                    rings.set(i, ring.withState(RingState.CLOSING));
                    crowded = false;
                }
            }
        }

        void announce() {
            boolean busy = rings.size() >= TopologyDocument.MAX_RINGS
                    || rings.stream().anyMatch(ring -> ring.state() == RingState.ANNOUNCED);
            boolean fits = rings.stream()
                    .anyMatch(ring ->
                            ring.state() == RingState.ACTIVE && ring.members().equals(desired));
            if (desired.isEmpty() || busy || fits || !passed(seen.quietNanos(now), changes.debounce())) {
                return;
            }
            // Greater than every revision at which an earlier ring was made, so also greater than ids that a lost
            // document had given out.
            lastRingId = Math.max(lastRingId + 1, view.revision());
            rings.add(RingRecord.announced(lastRingId, desired));
        }

        Decision decision() {
            boolean same = rings.equals(before.rings()) && syncs.equals(before.syncs());
            return new Decision(same ? null : new TopologyDocument(lastRingId, rings, syncs), wake);
        }

        /** Whether a wait is over; if not, its end is a reason to look again. */
        private boolean passed(long nanos, Duration wait) {
            long missing = wait.toNanos() - nanos;
            if (missing <= 0) {
                return true;
            }
            wake = Math.min(wake, now + missing);
            return false;
        }
    }

    /** A participant in one life, as the document and the coordinator's key write it. */
    static String participant(String name, long incarnation) {
        return name + "@" + incarnation;
    }

    private static String nameOf(String participant) {
        int at = participant.lastIndexOf('@');
        return at < 0 ? "" : participant.substring(0, at);
    }
}
