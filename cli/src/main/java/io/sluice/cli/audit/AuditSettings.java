package io.sluice.cli.audit;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What an audit may cost and what it looks for. Immutable; checked on construction (IllegalArgumentException).
 *
 * @param probes how long after a change was read its key is asked for, ascending
 * @param allowed how old an answer may be
 * @param perSecond most samples a second
 * @param most most samples at a time
 * @param groups only these; all when empty
 * @param seconds for how long samples are taken; 0 for ever
 */
record AuditSettings(
        List<Duration> probes, Duration allowed, int perSecond, int most, Set<String> groups, long seconds) {
    private static final int MOST_PROBES = 8;

    AuditSettings {
        probes = List.copyOf(probes);
        groups = Set.copyOf(groups);
        if (probes.isEmpty() || probes.size() > MOST_PROBES) {
            throw new IllegalArgumentException("--after names " + probes.size() + " times: give 1 to " + MOST_PROBES);
        }
        for (int i = 0; i < probes.size(); i++) {
            boolean ascends = i == 0 || probes.get(i).compareTo(probes.get(i - 1)) > 0;
            if (!ascends || probes.get(i).toMillis() < 100 || probes.get(i).compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("--after must ascend, from 100ms to 1h");
            }
        }
        within("--rate", perSecond, 1, 1_000);
        within("--most", most, 1, 100_000);
        if (allowed.isNegative() || allowed.isZero() || seconds < 0) {
            throw new IllegalArgumentException("--allowed must be more than nothing, --seconds not negative");
        }
    }

    private static void within(String what, int value, int least, int greatest) {
        if (value < least || value > greatest) {
            throw new IllegalArgumentException(what + " is " + value + ": give " + least + " to " + greatest);
        }
    }

    /** What is allowed where nobody says: less than the last probe, since both have to be seen before it counts. */
    static Duration usuallyAllowed(List<Duration> probes) {
        return probes.getLast().multipliedBy(5).dividedBy(6);
    }
}
