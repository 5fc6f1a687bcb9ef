package io.sluice.node.lease;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.coherence.Leasable;
import io.sluice.coherence.LeaseDemand;
import io.sluice.coherence.LeaseHolder;
import io.sluice.coherence.LeaseTable;
import io.sluice.coherence.LeaseWait;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Held;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has lent ({@link LeaseTable}), with a clock.
 *
 * <p>It lends only what it has in memory as a holder of the key, by the group's present definition, and only while its
 * etcd lease is sure to stand: others who find this node gone wait for the lease and a margin before they stop counting
 * on it, and by then everything that it has lent is over.
 *
 * <p>Thread-safe; nothing blocks but {@link #retainOnly}. Owns the thread {@code sluice-leases}, which notices what
 * ends by time.
 */
public final class Leases implements AutoCloseable {
    private static final long SWEEP_MILLIS = 1_000;
    /** A wait that no clock explains is a defect: the change of the ring is tried again rather than never made. */
    private static final long GRACE_MILLIS = 5_000;

    private final LeaseTable table;
    private final boolean lends;
    private final long longestMillis;
    private final BooleanSupplier leased;
    private final LeaseEvents events;
    private final LongSupplier nanoClock;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * @param bound the longest lease that the membership allows
     * @param leased whether this node's own lease is sure to stand
     */
    public Leases(
            LeaseSettings settings,
            Duration bound,
            BooleanSupplier leased,
            LeaseEvents events,
            LongSupplier nanoClock) {
        this.table = new LeaseTable(settings.limits(bound));
        this.lends = settings.most() > 0;
        this.longestMillis = settings.limits(bound).longest().toMillis();
        this.leased = requireNonNull(leased, "leased is null");
        this.events = requireNonNull(events, "events is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("sluice-leases").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        var _ = timer.scheduleWithFixedDelay(this::expire, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Lends what memory has, in one step with the look at it.
     *
     * @param look at this node's memory; does not block
     * @param granted queues the answer with a lease of so many milliseconds
     */
    public boolean lend(
            LeaseHolder holder,
            CacheGroup group,
            String key,
            long wantedMillis,
            Supplier<@Nullable Held> look,
            LongConsumer granted) {
        return lends
                && table.grant(
                        holder,
                        group.name(),
                        key,
                        wantedMillis,
                        nanoClock.getAsLong(),
                        () -> leasable(group, look.get()),
                        granted);
    }

    /** Asked after the entry was found: then it is of this definition ({@link io.sluice.node.read.CacheGroups}). */
    private @Nullable Leasable leasable(CacheGroup group, @Nullable Held held) {
        return held != null && leased.getAsBoolean() && group.isCurrent()
                ? new Leasable(held.stamp(), held.usableMillis())
                : null;
    }

    /** An answer went out to a holder. */
    public void answered(String group, boolean lent) {
        events.answered(group, lent);
    }

    /** A copy of a key went out to a holder, told under the table's lock. */
    public void lent(long keyHash, SourcePosition stamp, String holder) {
        events.lent(keyHash, stamp, holder);
    }

    /** A holder was told to drop copies, under the table's lock. */
    public void revoked(String group, List<String> keys, SourcePosition position, String holder) {
        events.revoked(group, keys, position, holder);
    }

    /** The holder has dropped what this revocation names. */
    public void confirm(LeaseHolder holder, long revocation) {
        table.confirm(holder, revocation);
    }

    /** The holder has dropped everything, by its own word. */
    public void release(LeaseHolder holder) {
        table.release(holder);
    }

    /** Whether nothing is lent; to be asked after the stores have let go. */
    public boolean isEmpty() {
        return table.isEmpty();
    }

    public int size() {
        return table.size();
    }

    /** Revokes copies of what the stores have let go of, and says what to wait for. */
    public LeaseWait revoke(List<LeaseDemand> demands) {
        return awaited(table.revoke(demands, nanoClock.getAsLong()));
    }

    /**
     * The node does not go by this definition of a group any more. Nobody waits: the sync service has the group removed
     * for the change, and that does.
     */
    public void ended(CacheGroup group) {
        var _ = revoke(List.of(LeaseDemand.ofGroup(group.name(), SourcePosition.UNKNOWN)));
    }

    /**
     * Ends the leases of keys that this node does not hold any more, and returns when they are over: within the longest
     * lease. To be called when nothing can be lent under the topology of before.
     */
    public void retainOnly(LongPredicate keyHash) {
        LeaseWait wait =
                awaited(table.retainIf((group, key) -> keyHash.test(KeyHash.of(group, key)), nanoClock.getAsLong()));
        await(wait, longestMillis + GRACE_MILLIS);
    }

    /**
     * Waits on this thread.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE when it was not over in time, or the node is stopping
     */
    public void await(LeaseWait wait, long atMostMillis) {
        try {
            wait.over().get(atMostMillis, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw Failures.unavailable("copies under lease are not confirmed gone yet: try again, the longest lease is "
                    + longestMillis + " ms (leases.longest)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.stopping();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wait for leases cannot fail", e);
        }
    }

    private LeaseWait awaited(LeaseWait wait) {
        if (!wait.isOver()) {
            long startNanos = nanoClock.getAsLong();
            long endNanos = wait.endNanos();
            var _ = timer.schedule(this::expire, Math.max(0, endNanos - startNanos), TimeUnit.NANOSECONDS);
            var _ = wait.over().thenRun(() -> {
                long now = nanoClock.getAsLong();
                events.waited(now - startNanos, now - endNanos < 0);
            });
        }
        return wait;
    }

    private void expire() {
        table.expire(nanoClock.getAsLong());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
