package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.resync.Resync;
import io.sluice.sync.resync.Resync.Clearing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts new rules in force between two records, and sees to it that groups whose definition has changed are cleared:
 * what was mapped by the earlier rules may have left entries that the new ones would have removed.
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
 * <p>Confined to the poll thread, but for {@link #offer} and {@link #outstanding}. Invariant: {@link #metadata} names a
 * group only when its last clearing began after the last reason for one, and is done.
 */
final class GroupClears {
    private static final Logger log = LoggerFactory.getLogger(GroupClears.class);

    private final Consumer<Rules> takers;
    private final Resync resync;
    private final Dispatcher dispatcher;
    private final AtomicReference<@Nullable Rules> offered = new AtomicReference<>();
    private final Set<String> needed = new HashSet<>();
    private Rules rules;
    private String metadata;
    private @Nullable Run running;
    private volatile int outstanding;
    /** What {@link #metadata} was made of. */
    private Set<String> settledWithout = Set.of();

    private Rules settledBy;

    /** One clearing under way. */
    private static final class Run {
        private final Set<String> groups;
        private final CompletableFuture<Clearing> clearing;
        private boolean submitted;
        private volatile boolean done;

        Run(Set<String> groups, CompletableFuture<Clearing> clearing) {
            this.groups = groups;
            this.clearing = clearing;
        }
    }

    /** @param takers told of new rules on the poll thread, between two records */
    GroupClears(Rules first, Consumer<Rules> takers, Resync resync, Dispatcher dispatcher) {
        this.rules = requireNonNull(first, "first is null");
        this.settledBy = first;
        this.takers = requireNonNull(takers, "takers is null");
        this.resync = requireNonNull(resync, "resync is null");
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.metadata = OffsetMetadata.of(first, needed);
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
        if (running == null && !needed.isEmpty()) {
            log.info("Groups {} are to be cleared, since what removes from them has changed", needed);
            running = new Run(new HashSet<>(needed), resync.begin(rules, needed));
            needed.clear();
        }
        settle();
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
            log.info("Groups {} are cleared", run.groups);
        }
    }

    /** A partition goes on at an offset that says this. */
    void resumed(@Nullable String offsetMetadata) {
        needed.addAll(OffsetMetadata.missing(offsetMetadata, rules));
        settle();
    }

    @SuppressWarnings("ReferenceEquality") // The very same snapshot.
    private void settle() {
        Set<String> notYet = new HashSet<>(needed);
        Run run = running;
        if (run != null) {
            notYet.addAll(run.groups);
        }
        if (!notYet.equals(settledWithout) || settledBy != rules) {
            settledWithout = notYet;
            settledBy = rules;
            outstanding = notYet.size();
            metadata = OffsetMetadata.of(rules, notYet);
        }
    }
}
