package io.sluice.node.hot;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.PastMaxStaleness;
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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of others this node forwards most and, where it is configured so, short-lived copies of their answers: a
 * key that the whole world asks for then costs its owner one read per node and life of a copy.
 *
 * <p>Until such copies are leased, no Remove is sent for them: one may be stale for as long as it lives. That is why
 * they are off by default, why they live for two seconds at most, and why a read with {@code min_position} gets one
 * only if its stamp covers it. A Remove that happens to come takes a copy along, and the fence keeps an answer out that
 * was under way:
 *
 * <pre>
 * 1: forwards, and the owner answers with the old value
 *    Remove comes here too, recorded by the fence; there is no copy yet
 * 1: keeps a copy of the old value
 * </pre>
 *
 * <p>Reads are counted with {@link SpaceSaving}, those that a copy answered included, else a hot key would cool down
 * whenever it has a copy. Counts are halved every second, so a key that comes r times a second has a count of r to 2r.
 *
 * <p>Thread-safe; the lock is held for one step of the sketch and never on the way of a read that a copy answers.
 */
public final class HotKeys implements HotCopies {
    /** Larger answers are not kept; with the number of keys it bounds the memory. */
    static final int MAX_VALUE_BYTES = 64 << 10;

    private static final int COUNTERS = 256;
    private static final long HALVING_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MAX_HALVINGS = 64;

    /** With the definition: an answer by another one that was under way is nobody's copy. */
    private record Key(String group, long definition, StoreKey key) {}

    private final HotKeySettings settings;
    private final HotKeyEvents events;
    private final LongSupplier nanoClock;
    private final PositionParser positions = new PositionParser();
    private final ConcurrentHashMap<Key, HotCopy> copies = new ConcurrentHashMap<>();
    private final SpaceSaving<Key> counts = new SpaceSaving<>(COUNTERS);
    private long halvedNanos;

    public HotKeys(HotKeySettings settings, HotKeyEvents events, LongSupplier nanoClock) {
        this.settings = requireNonNull(settings, "settings is null");
        this.events = requireNonNull(events, "events is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.halvedNanos = nanoClock.getAsLong();
    }

    @Override
    public @Nullable Answer find(Read read) {
        if (copies.isEmpty()) {
            return null;
        }
        Key key = key(read);
        HotCopy copy = copies.get(key);
        if (copy == null) {
            return null;
        }
        long now = nanoClock.getAsLong();
        if (copy.isExpired(now)) {
            if (copies.remove(key, copy)) {
                count(key, copy.served().sum());
            }
            return null;
        }
        if (!read.satisfiedBy(copy.stamp())) {
            return null;
        }
        Answer answer = answer(copy, now);
        if (!isFreshEnough(read, answer.getInfo())) {
            return null;
        }
        copy.served().increment();
        events.hotServed(read.group().name());
        return answer;
    }

    /** By what the other node said: what this node knows of the source itself says nothing of copies. */
    private static boolean isFreshEnough(Read read, AnswerInfo info) {
        long bound = info.hasStalenessBoundMillis()
                ? TimeUnit.MILLISECONDS.toNanos(info.getStalenessBoundMillis())
                : StalenessBound.UNKNOWN;
        Freshness freshness = read.group().freshness();
        return read.tolerates(bound) && (!freshness.isPast(bound) || freshness.past() == PastMaxStaleness.SERVE);
    }

    /** Age and staleness bound grow here; the rest is what the other node said. */
    private static Answer answer(HotCopy copy, long nowNanos) {
        AnswerInfo.Builder info = copy.answer().getInfo().toBuilder();
        long sinceMillis = TimeUnit.NANOSECONDS.toMillis(nowNanos - copy.askedNanos());
        info.setServedFrom(ServedFrom.SERVED_FROM_REPLICA).setAgeMillis(info.getAgeMillis() + sinceMillis);
        if (info.hasStalenessBoundMillis()) {
            info.setStalenessBoundMillis(info.getStalenessBoundMillis() + sinceMillis + 1);
        }
        return copy.answer().toBuilder().setInfo(info).build();
    }

    @Override
    public void forwarded(Read read, Answer answer, long askedNanos) {
        Key key = key(read);
        if (count(key, 1) < settings.rate()) {
            return;
        }
        events.hotForwarded(read.group().name());
        boolean missing = !answer.getFound() && read.group().takesPuts();
        if (settings.copies() && !missing && answer.getValue().size() <= MAX_VALUE_BYTES) {
            HotCopy copy = copy(read.group(), answer, askedNanos);
            if (copy != null && hasRoom(key)) {
                keep(read, key, copy);
            }
        }
    }

    private synchronized long count(Key key, long times) {
        long now = nanoClock.getAsLong();
        for (int i = 0; now - halvedNanos >= HALVING_NANOS && i < MAX_HALVINGS; i++) {
            counts.halve();
            halvedNanos += HALVING_NANOS;
        }
        if (now - halvedNanos >= HALVING_NANOS) {
            halvedNanos = now;
        }
        return counts.add(key, times);
    }

    private @Nullable HotCopy copy(CacheGroup group, Answer answer, long askedNanos) {
        SourcePosition stamp;
        try {
            stamp = positions.parse(answer.getInfo().getStamp().getGtidSet());
        } catch (PositionFormatException e) {
            return null;
        }
        long ageNanos = TimeUnit.MILLISECONDS.toNanos(answer.getInfo().getAgeMillis() + 1);
        long leftNanos = group.timeToLive().expiresAtNanos(answer.getFound(), -ageNanos);
        long lifeNanos = Math.min(settings.life().toNanos(), leftNanos);
        return new HotCopy(answer, stamp, askedNanos - ageNanos, askedNanos, askedNanos + lifeNanos, new LongAdder());
    }

    /** A few more than allowed can get in side by side; the copies of a moment. */
    private boolean hasRoom(Key key) {
        if (copies.size() < settings.keys() || copies.containsKey(key)) {
            return true;
        }
        long now = nanoClock.getAsLong();
        copies.values().removeIf(copy -> copy.isExpired(now));
        return copies.size() < settings.keys();
    }

    /** The fence is asked last: a Remove that it has not seen by then finds the copy. */
    private void keep(Read read, Key key, HotCopy copy) {
        copies.put(key, copy);
        if (!read.group().store().admits(read.storeKey(), copy.stamp(), copy.loadStartNanos())) {
            copies.remove(key, copy);
        }
    }

    /** Drops the copy of a key, after the fence has recorded the Remove. */
    public void forget(CacheGroup group, StoreKey key) {
        if (!copies.isEmpty()) {
            copies.remove(key(group, key));
        }
    }

    /** Drops the copies of a group, after the fence has recorded the Remove. */
    public void forget(CacheGroup group) {
        copies.keySet().removeIf(key -> key.group().equals(group.name()));
    }

    /** How many copies there are. */
    public int size() {
        return copies.size();
    }

    private static Key key(Read read) {
        return key(read.group(), read.storeKey());
    }

    private static Key key(CacheGroup group, StoreKey key) {
        return new Key(group.name(), group.definition(), key);
    }
}
