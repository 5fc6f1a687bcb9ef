package io.sluice.sync.fanout;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that groups are cleared since keys were not found: the first of each reason, then one line a reason and minute.
 * Safe for use by many threads.
 */
final class ClearLog {
    private static final Logger log = LoggerFactory.getLogger(ClearLog.class);
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private record Last(long atNanos, long since) {}

    private final LongSupplier nanoClock;
    private final Map<Found.Reason, Last> lasts = new EnumMap<>(Found.Reason.class);

    ClearLog(LongSupplier nanoClock) {
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    void cleared(String group, Found.Everything why) {
        long since;
        synchronized (lasts) {
            long now = nanoClock.getAsLong();
            Last last = lasts.get(why.reason());
            if (last != null && now - last.atNanos() < INTERVAL_NANOS) {
                lasts.put(why.reason(), new Last(last.atNanos(), last.since() + 1));
                return;
            }
            since = last == null ? 0 : last.since();
            lasts.put(why.reason(), new Last(now, 0));
        }
        log.warn(
                "A fan-out of group {} clears the whole group: {}{} ({} more for this reason since the last line)",
                group,
                why.reason().text(),
                why.detail().isEmpty() ? "" : ": " + why.detail(),
                since);
    }
}
