package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks now and then who of those that are waited for is gone for good: that is a matter of time, so nobody says when.
 * Owns the thread {@code sluice-sync-departures}, on which it says so. Invariant: it names only those it was given.
 */
final class DepartureWatch implements AutoCloseable {
    private final Supplier<Recipients> awaited;
    private final Evidence evidence;
    private final Consumer<Set<Member>> whenGone;
    private final ScheduledThreadPoolExecutor timer;

    DepartureWatch(Supplier<Recipients> awaited, Evidence evidence, Consumer<Set<Member>> whenGone) {
        this.awaited = requireNonNull(awaited, "awaited is null");
        this.evidence = requireNonNull(evidence, "evidence is null");
        this.whenGone = requireNonNull(whenGone, "whenGone is null");
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("sluice-sync-departures").daemon().factory());
    }

    void start(Duration interval) {
        var _ = timer.scheduleWithFixedDelay(this::look, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look() {
        Recipients now = awaited.get();
        long vanishedBefore = System.nanoTime() - evidence.departure().toNanos();
        Set<Member> gone = now.members().stream()
                .filter(member -> evidence.isGone(member) || now.lingersSince(member, vanishedBefore))
                .collect(Collectors.toSet());
        if (!gone.isEmpty()) {
            whenGone.accept(gone);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
