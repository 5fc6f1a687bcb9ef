package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks now and then who of those that are waited for is gone for good, or has lingered for long enough: that is a
 * matter of time, so nobody says when. Its timer is its own, and it says so on its thread. Invariant: it names only
 * those it was given.
 */
final class DepartureWatch implements AutoCloseable {
    private final Supplier<Recipients> awaited;
    private final Evidence evidence;
    private final Consumer<Set<Member>> whenGone;
    private final LongConsumer whenLingered;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoClock;

    /** {@code whenLingered} is told a moment: whoever lingers since before it has for long enough. */
    DepartureWatch(
            Supplier<Recipients> awaited,
            Evidence evidence,
            Consumer<Set<Member>> whenGone,
            LongConsumer whenLingered,
            ScheduledExecutorService timer,
            LongSupplier nanoClock) {
        this.awaited = requireNonNull(awaited, "awaited is null");
        this.evidence = requireNonNull(evidence, "evidence is null");
        this.whenGone = requireNonNull(whenGone, "whenGone is null");
        this.whenLingered = requireNonNull(whenLingered, "whenLingered is null");
        this.timer = requireNonNull(timer, "timer is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    void start(Duration interval) {
        var _ = timer.scheduleWithFixedDelay(this::look, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look() {
        Recipients now = awaited.get();
        Set<Member> gone = now.members().stream().filter(evidence::isGone).collect(Collectors.toSet());
        if (!gone.isEmpty()) {
            whenGone.accept(gone);
        }
        long vanishedBefore = nanoClock.getAsLong() - evidence.departure().toNanos();
        if (now.anyLingersSince(vanishedBefore)) {
            whenLingered.accept(vanishedBefore);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
