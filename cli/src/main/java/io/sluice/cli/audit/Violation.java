package io.sluice.cli.audit;

import io.sluice.proto.v1.HistoryEvent;
import java.util.List;
import java.util.Map;

/**
 * An answer that breaks a promise, with what is known about it. Immutable.
 *
 * @param kind which promise
 * @param holder who answered
 * @param withinSeconds the probe that found it
 * @param position of the change that was sampled
 * @param source what the source has
 * @param staleMillis for how long at least the source had had another value
 * @param sinceReadMillis since the change was read from the stream
 * @param sinceRecordMillis since the time that the change's record has in Kafka
 * @param histories by node, as of when the suspicion arose and of when it was sure
 */
record Violation(
        Verdict.Kind kind,
        String group,
        String key,
        String holder,
        double withinSeconds,
        String position,
        Held answer,
        SourceRead source,
        long staleMillis,
        long sinceReadMillis,
        long sinceRecordMillis,
        Map<String, List<HistoryEvent>> histories) {}
