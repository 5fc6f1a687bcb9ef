package io.sluice.cli.audit;

import io.sluice.cli.audit.AuditReport.Findings;
import io.sluice.proto.v1.HistoryEvent;
import java.time.Instant;
import java.util.Formatter;
import java.util.Locale;

/** Findings in words. Keys only when asked for, values never. */
final class AuditText {
    private final boolean keys;

    AuditText(boolean keys) {
        this.keys = keys;
    }

    String of(Findings findings, double seconds, SourceLoads loads) {
        Formatter out = new Formatter(Locale.ROOT);
        out.format(
                "%.0f s: %,d records, %,d changes of keys, %,d sampled, %,d of them changed again meanwhile, %,d given up%n",
                seconds,
                findings.records(),
                findings.changes(),
                findings.sampled(),
                findings.superseded(),
                findings.abandoned());
        loads.leftOut().forEach((group, why) -> out.format("group %s is not audited: %s%n", group, why));
        findings.within()
                .forEach((after, so) -> out.format(
                        "within %s s: %,d of %,d changes invisible, %d nines%s; %,d undecided%n",
                        plain(after.toMillis() / 1e3),
                        so.current(),
                        so.judged(),
                        so.nines(),
                        so.stale() == 0 ? " or more" : "",
                        so.undecided()));
        findings.holders()
                .forEach((name, so) -> out.format(
                        "%s: asked %,d times, had the key %,d times, did not answer %,d times%n",
                        name, so.asked(), so.held(), so.failed()));
        out.format(
                "changes were read %,d ms (p50), %,d ms (p99), %,d ms (most) after their record in Kafka%n",
                findings.streamDelay().getValueAtPercentile(50),
                findings.streamDelay().getValueAtPercentile(99),
                findings.streamDelay().getMaxValue());
        if (findings.failures() > 0) {
            out.format("%,d failures, the last: %s%n", findings.failures(), findings.lastFailure());
        }
        long all = findings.violations().size() + findings.moreViolations();
        if (findings.isWorthless()) {
            out.format(
                    "nothing could be judged: %s%n",
                    findings.lastFailure().isEmpty()
                            ? "no key that changed was looked at in time, or each changed again before"
                            : findings.lastFailure());
        } else {
            out.format("%s%n", all == 0 ? "no violation" : all + " violations");
        }
        return out.toString().stripTrailing();
    }

    String of(Violation violation) {
        Formatter out = new Formatter(Locale.ROOT);
        Held answer = violation.answer();
        out.format(
                "VIOLATION %s: %s, group %s, %s, %s s after the change was read%n",
                AuditJson.kind(violation.kind()),
                violation.holder(),
                violation.group(),
                keys ? "key " + violation.key() : "key#" + AuditJson.hash(violation),
                plain(violation.withinSeconds()));
        out.format("  the source had another value for %,d ms at least%n", violation.staleMillis());
        out.format(
                "  answered %s, loaded %,d ms ago, with stamp %s%s%n",
                answer.content().found() ? "a value" : "no such row",
                answer.ageMillis(),
                answer.stamp(),
                answer.boundMillis().isPresent()
                        ? " and a bound of " + answer.boundMillis().getAsLong() + " ms"
                        : "");
        out.format("  the change was at %s%n", violation.position().isEmpty() ? "no position" : violation.position());
        violation.histories().forEach((node, events) -> {
            out.format("  what %s knows of the key%s%n", node, events.isEmpty() ? ": nothing" : "");
            for (HistoryEvent event : events) {
                out.format(
                        "    %s %-9s %s %s%n",
                        Instant.ofEpochMilli(event.getAtMillis()),
                        event.getEvent(),
                        event.getPosition().getGtidSet(),
                        event.getPeer());
            }
        });
        return out.toString().stripTrailing();
    }

    private static String plain(double seconds) {
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }
}
