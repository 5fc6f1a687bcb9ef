package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a member takes removals: one log line when it stops, one when it goes on. Safe for use by many threads. */
final class LaneHealth {
    private static final Logger log = LoggerFactory.getLogger(LaneHealth.class);

    private final Member member;
    private final SyncMetrics metrics;
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile long lastAckNanos = System.nanoTime();
    private volatile boolean everAcknowledged;

    LaneHealth(Member member, SyncMetrics metrics) {
        this.member = requireNonNull(member, "member is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    boolean isFailing() {
        return failing.get();
    }

    boolean everAcknowledged() {
        return everAcknowledged;
    }

    long lastAckNanos() {
        return lastAckNanos;
    }

    void failed(String code, String reason) {
        metrics.batchFailed(member.name(), code);
        if (!failing.getAndSet(true)) {
            log.warn(
                    "Node {} at {}:{} does not take removals: {} {}. Repeating until it does or leaves the topology; offsets"
                            + " wait for it",
                    member.name(),
                    member.host(),
                    member.port(),
                    code,
                    reason);
        }
    }

    void succeeded() {
        lastAckNanos = System.nanoTime();
        everAcknowledged = true;
        if (failing.get() && failing.getAndSet(false)) {
            log.info("Node {} takes removals again", member.name());
        }
    }
}
