package io.sluice.node.hot;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Clocks;
import io.sluice.coherence.LeasedCopies;
import io.sluice.node.read.Answers;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Freshness;
import io.sluice.node.read.HotCopies;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.store.StoreKey;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of others this node forwards most and, where it is configured so, copies of their answers under lease: a
 * key that the whole world asks for then costs its owner one read per node and lease.
 *
 * <p>A forwarded read of a hot key has the owner asked once more, on the lease stream and without anybody waiting; what
 * comes is kept until the owner revokes it, the lease ends or the stream breaks ({@link LeasedCopies}). A copy keeps
 * the stamp and the bound that its owner gave, whatever this node knows of the source.
 *
 * <p>Reads are counted with {@link SpaceSaving}, those that a copy answered included, else a hot key would cool down
 * whenever it has a copy. Counts are halved every second, so a key that comes r times a second has a count of r to 2r.
 *
 * <p>Thread-safe; the lock is held for one step of the sketch and never on the way of a read that a copy answers.
 */
public final class HotKeys implements HotCopies {
    /** Larger answers are not kept; with the number of keys it bounds the memory. */
    public static final int MAX_VALUE_BYTES = 64 << 10;

    private static final int COUNTERS = 256;
    private static final long HALVING_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MAX_HALVINGS = 64;

    /** With the definition: keys of another one are counted anew. */
    private record Key(String group, long definition, StoreKey key) {}

    private final HotKeySettings settings;
    private final LeasedCopies<HotCopy> copies;
    private final Lender lender;
    private final HotKeyEvents events;
    private final Clocks clock;
    private final SpaceSaving<Key> counts = new SpaceSaving<>(COUNTERS);
    /** Uses of the latest copy of a key, for when the next is asked for. Its keys are being asked for, or were. */
    private final ConcurrentHashMap<Key, LongAdder> served = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<Key, Boolean> asking = new ConcurrentHashMap<>();
    private long halvedNanos;

    /** @param copies to which the lender's answers come */
    public HotKeys(
            HotKeySettings settings, LeasedCopies<HotCopy> copies, Lender lender, HotKeyEvents events, Clocks clock) {
        this.settings = requireNonNull(settings, "settings is null");
        this.copies = requireNonNull(copies, "copies is null");
        this.lender = requireNonNull(lender, "lender is null");
        this.events = requireNonNull(events, "events is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.halvedNanos = clock.nanos();
    }

    @Override
    public @Nullable Answer find(Read read) {
        return find(read, true);
    }

    @Override
    public @Nullable Answer look(Read read) {
        return find(read, false);
    }

    private @Nullable Answer find(Read read, boolean counted) {
        if (copies.size() == 0) {
            return null;
        }
        long now = clock.nanos();
        long wallMillis = clock.wallMillis();
        LeasedCopies.Copy<HotCopy> copy = copy(read, now, wallMillis);
        if (copy == null || !read.satisfiedBy(copy.stamp())) {
            return null;
        }
        Answer answer = answer(read, copy.value().answer(), copy.sinceAskedNanos(now, wallMillis));
        if (answer != null && counted) {
            copy.value().served().increment();
            events.hotServed(read.group().name());
        }
        return answer;
    }

    private LeasedCopies.@Nullable Copy<HotCopy> copy(Read read, long nowNanos, long nowWallMillis) {
        LeasedCopies.Copy<HotCopy> copy = copies.find(read.group().name(), read.key(), nowNanos, nowWallMillis);
        return copy == null || !read.group().isDefinedAs(copy.value().definition()) ? null : copy;
    }

    /**
     * Age and bound grow here; the rest is what the other node said. Whether that is fresh enough goes by it alone:
     * what this node knows of the source itself says nothing of copies. Null where it is not.
     */
    private static @Nullable Answer answer(Read read, Answer kept, long sinceNanos) {
        AnswerInfo.Builder info = kept.getInfo().toBuilder();
        Answers.age(info, sinceNanos);
        long boundNanos = Answers.boundNanos(info);
        Freshness freshness = read.group().freshness();
        if (!read.tolerates(boundNanos) || !freshness.gives(boundNanos)) {
            return null;
        }
        info.setServedFrom(ServedFrom.SERVED_FROM_REPLICA)
                .setAgeMillis(info.getAgeMillis() + TimeUnit.NANOSECONDS.toMillis(sinceNanos))
                .setPastMaxStaleness(freshness.isPast(boundNanos));
        return kept.toBuilder().setInfo(info).build();
    }

    @Override
    public void forwarded(Read read, Answer answer) {
        Key key = key(read);
        LongAdder uses = served.remove(key);
        if (count(key, 1 + (uses == null ? 0 : uses.sum())) < settings.rate()) {
            return;
        }
        events.hotForwarded(read.group().name());
        boolean missing = !answer.getFound() && read.group().takesPuts();
        if (settings.copies() && !missing && answer.getValue().size() <= MAX_VALUE_BYTES) {
            ask(read, key);
        }
    }

    private void ask(Read read, Key key) {
        long now = clock.nanos();
        long wallMillis = clock.wallMillis();
        // A few more than there is room for can be asked for side by side.
        if (copy(read, now, wallMillis) == null
                && copies.hasRoom(now, wallMillis)
                && asking.putIfAbsent(key, true) == null) {
            lender.ask(read, settings.life().toMillis(), () -> asked(read, key));
        }
    }

    private void asked(Read read, Key key) {
        LeasedCopies.Copy<HotCopy> copy = copy(read, clock.nanos(), clock.wallMillis());
        if (copy != null) {
            if (served.size() > 2 * settings.keys()) {
                served.clear();
            }
            served.put(key, copy.value().served());
        }
        asking.remove(key);
    }

    private synchronized long count(Key key, long times) {
        long now = clock.nanos();
        for (int i = 0; now - halvedNanos >= HALVING_NANOS && i < MAX_HALVINGS; i++) {
            counts.halve();
            halvedNanos += HALVING_NANOS;
        }
        if (now - halvedNanos >= HALVING_NANOS) {
            halvedNanos = now;
        }
        return counts.add(key, times);
    }

    /** Drops the copy of a key ahead of its revocation. */
    public void forget(CacheGroup group, String key) {
        if (copies.size() > 0) {
            copies.forget(group.name(), key);
        }
    }

    /** Drops the copies of a group ahead of their revocation. */
    public void forget(CacheGroup group) {
        if (copies.size() > 0) {
            copies.forget(group.name());
        }
    }

    /** How many copies there are. */
    public int size() {
        return copies.size();
    }

    private static Key key(Read read) {
        return new Key(read.group().name(), read.group().definition(), read.storeKey());
    }
}
