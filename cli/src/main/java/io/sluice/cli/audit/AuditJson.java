package io.sluice.cli.audit;

import io.sluice.cli.audit.AuditReport.Findings;
import io.sluice.cluster.KeyHash;
import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.HistoryEvent;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Findings as one JSON object; docs/coherence.md says what is in it. Keys only when asked for, values never. */
final class AuditJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final boolean keys;

    /** @param keys whether keys are shown and not only their hashes */
    AuditJson(boolean keys) {
        this.keys = keys;
    }

    String of(Findings findings, double seconds, String fingerprint, SourceLoads loads) {
        ObjectNode out = JSON.createObjectNode()
                .put("seconds", seconds)
                .put("rules", fingerprint)
                .put("records", findings.records())
                .put("changes", findings.changes())
                .put("sampled", findings.sampled())
                .put("superseded", findings.superseded())
                .put("abandoned", findings.abandoned())
                .put("failures", findings.failures());
        if (!findings.lastFailure().isEmpty()) {
            out.put("lastFailure", findings.lastFailure());
        }
        ArrayNode groups = out.putArray("groups");
        loads.groups().forEach(groups::add);
        ObjectNode left = out.putObject("notAudited");
        loads.leftOut().forEach(left::put);
        ArrayNode within = out.putArray("within");
        findings.within()
                .forEach((after, so) -> within.add(JSON.createObjectNode()
                        .put("seconds", after.toMillis() / 1e3)
                        .put("changes", so.judged())
                        .put("stale", so.stale())
                        .put("undecided", so.undecided())
                        .put("invisibleRatio", so.invisibleRatio())
                        .put("nines", so.nines())));
        ArrayNode holders = out.putArray("holders");
        findings.holders()
                .forEach((name, so) -> holders.add(JSON.createObjectNode()
                        .put("name", name)
                        .put("asked", so.asked())
                        .put("held", so.held())
                        .put("failed", so.failed())
                        .put("differing", so.differing())));
        out.putObject("streamDelayMillis")
                .put("p50", findings.streamDelay().getValueAtPercentile(50))
                .put("p99", findings.streamDelay().getValueAtPercentile(99))
                .put("max", findings.streamDelay().getMaxValue());
        ArrayNode violations = out.putArray("violations");
        findings.violations().forEach(violation -> violations.add(of(violation)));
        out.put("moreViolations", findings.moreViolations());
        return JSON.writeValueAsString(out);
    }

    private ObjectNode of(Violation violation) {
        Held answer = violation.answer();
        SourcePosition change = SourcePosition.parse(violation.position());
        ObjectNode out = JSON.createObjectNode()
                .put("kind", kind(violation.kind()))
                .put("group", violation.group())
                .put("keyHash", hash(violation));
        if (keys) {
            out.put("key", violation.key());
        }
        out.put("holder", violation.holder())
                .put("servedBy", answer.servedBy())
                .put("withinSeconds", violation.withinSeconds())
                .put("staleMillis", violation.staleMillis())
                .put("sinceReadMillis", violation.sinceReadMillis())
                .put("sinceRecordMillis", violation.sinceRecordMillis())
                .put("found", answer.content().found())
                .put("sourceFound", violation.source().content().found())
                .put("ageMillis", answer.ageMillis());
        if (answer.boundMillis().isPresent()) {
            out.put("boundMillis", answer.boundMillis().getAsLong());
        }
        out.put("position", violation.position())
                .put("stamp", answer.stamp().toString())
                .put("stampCoversChange", !change.isUnknown() && answer.stamp().covers(change))
                .put("sourcePosition", violation.source().position().toString());
        ObjectNode history = out.putObject("history");
        for (Map.Entry<String, List<HistoryEvent>> node : violation.histories().entrySet()) {
            ArrayNode events = history.putArray(node.getKey());
            for (HistoryEvent event : node.getValue()) {
                ObjectNode one =
                        events.addObject().put("atMillis", event.getAtMillis()).put("event", event.getEvent());
                if (event.hasPosition()) {
                    one.put("position", event.getPosition().getGtidSet());
                }
                if (!event.getPeer().isEmpty()) {
                    one.put("peer", event.getPeer());
                }
            }
        }
        return out;
    }

    /** As the nodes' logs have it. */
    static String hash(Violation violation) {
        return Long.toHexString(KeyHash.of(violation.group(), violation.key()));
    }

    static String kind(Verdict.Kind kind) {
        return switch (kind) {
            case FALSE_STAMP -> "false-stamp";
            case FALSE_BOUND -> "false-bound";
            case TOO_OLD -> "too-old";
            case CURRENT, SILENT, MOVING, STALE -> throw new IllegalArgumentException(kind + " is no violation");
        };
    }
}
