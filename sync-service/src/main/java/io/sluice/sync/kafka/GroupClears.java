package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.lost.Histories;
import io.sluice.sync.lost.LostSources;
import io.sluice.sync.resync.Resync;
import io.sluice.sync.resync.Resync.Clearing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts new rules in force between two records, and sees to it that groups whose definition has changed are cleared:
 * what was mapped by the earlier rules may have left entries that the new ones would have removed. The groups of
 * sources of which changes were lost ({@link LostSources}) are cleared in the same way.
 *
 * <p>It has to hold across a crash, and for a file that was edited while nothing ran. So each committed offset says for
 * which definitions everything before it is dealt with ({@link OffsetMetadata}), and whoever gets the partition
 * compares:
 *
 * <ol>
 *   <li>the new rules are in force; from here on offsets are committed without the changed groups;
 *   <li>H is read, the groups are removed at H ({@link Resync}), and every node has acknowledged;
 *   <li>offsets are committed with the changed groups.
 * </ol>
 *
 * A process that ends before step 3 leaves offsets that miss the changed groups, so the next one begins at step 2.
 *
 * <p>They say as well on which server each source was then. Else nobody would know of a failover during which all who
 * had seen the old server are replaced.
 *
 * <p>Several instances change at different moments, each by itself, and each clears:
 *
 * <pre>
 * A: the new rules are in force; the group is cleared
 *    1: a load reads the old row and is stored
 *    B: the row changes; by the old rules that removes nothing
 * B: the new rules are in force; the group is cleared, and with it what 1 has stored
 * </pre>
 *
 * The last one to change clears last. One that never gets that far leaves offsets that say so to whoever comes after
 * it.
 *
 * <p>Where a source's history has begun anew, two steps come before: nodes forget what they demand of the earlier
 * history, and have acknowledged that, before H is read. A removal of the new history that a node has forgotten with it
 * was handed out before H, which therefore holds it.
 *
 * <p>Confined to the poll thread, but for {@link #offer} and {@link #outstanding}. Invariant: {@link #metadata} names a
 * group only when its last clearing began after the last reason for one, and is done.
 */
final class GroupClears {
    private static final Logger log = LoggerFactory.getLogger(GroupClears.class);

    private final Consumer<Rules> takers;
    private final Resync resync;
    private final Dispatcher dispatcher;
    private final LostSources lost;
    private final Histories histories;
    private final LongSupplier nanoClock;
    private final AtomicReference<@Nullable Rules> offered = new AtomicReference<>();
    private final Set<String> needed = new HashSet<>();
    private Rules rules;
    private String metadata;
    private @Nullable Run running;
    private volatile int outstanding;
    /** What {@link #metadata} was made of. */
    private Set<String> settledWithout = Set.of();

    private Map<String, String> settledOn = Map.of();
    private Rules settledBy;

    /** One clearing under way. */
    private static final class Run {
        private final Set<String> groups;
        private final Set<String> sources;
        private final CompletableFuture<Clearing> clearing;
        private boolean submitted;
        private volatile boolean done;

        Run(Set<String> groups, Set<String> sources, CompletableFuture<Clearing> clearing) {
            this.groups = groups;
            this.sources = sources;
            this.clearing = clearing;
        }
    }

    /** @param takers told of new rules on the poll thread, between two records */
    GroupClears(
            Rules first,
            Consumer<Rules> takers,
            Resync resync,
            Dispatcher dispatcher,
            LostSources lost,
            Histories histories,
            LongSupplier nanoClock) {
        this.rules = requireNonNull(first, "first is null");
        this.settledBy = first;
        this.takers = requireNonNull(takers, "takers is null");
        this.resync = requireNonNull(resync, "resync is null");
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.lost = requireNonNull(lost, "lost is null");
        this.histories = requireNonNull(histories, "histories is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.metadata = OffsetMetadata.of(first, needed, settledOn);
    }

    /** These are to be in force soon; of several the last one counts. Any thread. */
    void offer(Rules next) {
        offered.set(next);
    }

    /** How many groups are not cleared yet. Any thread. */
    int outstanding() {
        return outstanding;
    }

    /** What is in force. */
    Rules rules() {
        return rules;
    }

    /** What offsets that are committed now say; another text than before when a clearing was needed or is done. */
    String metadata() {
        // Something may have been lost since the last poll.
        settle();
        return metadata;
    }

    /** Puts offered rules in force, and moves clearings on; between two polls. */
    void goOn() {
        Rules next = offered.getAndSet(null);
        if (next != null) {
            change(next);
        }
        Run run = running;
        if (run != null) {
            advance(run);
        }
        if (running == null) {
            begin(lost.takeDue(nanoClock.getAsLong()));
        }
        settle();
    }

    private void begin(Map<String, SourcePosition> lostNow) {
        if (needed.isEmpty() && lostNow.isEmpty()) {
            return;
        }
        if (!needed.isEmpty()) {
            log.info("Groups {} are to be cleared, since what removes from them has changed", needed);
        }
        Set<String> groups = new HashSet<>(needed);
        groups.addAll(groupsOf(lostNow.keySet()));
        needed.clear();
        Rules now = rules;
        running = new Run(groups, lostNow.keySet(), leave(lostNow).thenCompose(left -> resync.begin(now, groups)));
    }

    /** Has nodes demand no more what sources have left behind; done when all have acknowledged. */
    private CompletableFuture<Void> leave(Map<String, SourcePosition> lostNow) {
        List<Removal> removals = new ArrayList<>();
        lostNow.forEach((source, leftBehind) -> {
            if (!leftBehind.isUnknown()) {
                groupsOf(Set.of(source))
                        .forEach(group -> removals.add(Removal.ofHistory(group, leftBehind.toString())));
            }
        });
        CompletableFuture<Void> left = new CompletableFuture<>();
        new Clearing(removals, false).submit(dispatcher, () -> left.complete(null));
        return left;
    }

    private Set<String> groupsOf(Set<String> sources) {
        Set<String> groups = new HashSet<>();
        if (!sources.isEmpty()) {
            rules.groups().forEach((name, group) -> {
                if (sources.contains(group.source())) {
                    groups.add(name);
                }
            });
        }
        return groups;
    }

    private void change(Rules next) {
        Map<String, Long> before = new HashMap<>(rules.fingerprints());
        rules = next;
        takers.accept(next);
        needed.retainAll(next.groups().keySet());
        next.fingerprints().forEach((group, fingerprint) -> {
            if (!fingerprint.equals(before.get(group))) {
                needed.add(group);
            }
        });
        log.info("Changes are mapped by the rules of fingerprint {} from now on", next.fingerprint());
    }

    private void advance(Run run) {
        Clearing clearing = run.clearing.getNow(null);
        if (clearing == null) {
            return;
        }
        if (!run.submitted) {
            run.submitted = true;
            clearing.submit(dispatcher, () -> run.done = true);
        }
        if (run.done) {
            running = null;
            lost.cleared(run.sources);
            log.info("Groups {} are cleared", run.groups);
        }
    }

    /** A partition goes on at an offset that says this. */
    void resumed(@Nullable String offsetMetadata) {
        needed.addAll(OffsetMetadata.missing(offsetMetadata, rules));
        histories.resumed(OffsetMetadata.serversIn(offsetMetadata));
        settle();
    }

    @SuppressWarnings("ReferenceEquality") // The very same snapshot.
    private void settle() {
        // First: a source that is on another server than before has been lost by the time that it is named.
        Map<String, String> servers = histories.servers();
        Set<String> notYet = groupsOf(lost.open());
        notYet.addAll(needed);
        Run run = running;
        if (run != null) {
            notYet.addAll(run.groups);
        }
        if (!notYet.equals(settledWithout) || !servers.equals(settledOn) || settledBy != rules) {
            settledWithout = notYet;
            settledOn = servers;
            settledBy = rules;
            outstanding = notYet.size();
            metadata = OffsetMetadata.of(rules, notYet, servers);
        }
    }
}
