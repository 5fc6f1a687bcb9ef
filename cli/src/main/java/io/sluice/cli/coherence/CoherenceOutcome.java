package io.sluice.cli.coherence;

import io.sluice.cli.sync.Percentiles;
import java.util.List;
import java.util.Map;

/**
 * What a run came to, in numbers; {@link CoherenceBench} says what each means. Immutable.
 *
 * @param reads answers judged
 * @param changes rows changed
 * @param staleAfterSettling answers that differ from MySQL after settling: must be 0
 * @param staleReadsOver1s answers that were out of date for over a second when they were asked for
 * @param staleReadsOver5s the same for five seconds
 * @param staleReadsOver60s the same for a minute
 * @param invisibleWithin1sRatio share of changes of which no read that began over a second later saw an older version
 * @param hitRatio share of steady reads that the memory of a node answered
 * @param delayMillis from the commit of a change to the begin of the last read that saw an older version
 * @param neverWritten answers that the row never was: must be 0
 * @param bounded answers that said how old they could be
 * @param staleBeyondBound of them, those that were older than they said: must be 0
 * @param failedReads reads without an answer, which is legal while something is away
 * @param readsByPath the judged answers by how they came
 * @param readsBySource the same by where the answer was from
 * @param followed changes that were looked at right after their commit
 * @param compared answers compared after settling
 * @param comparedFromMemory of them, those from memory
 * @param faults what went wrong, in order
 * @param failure what did not come about, such as recovery; empty if all did
 */
public record CoherenceOutcome(
        long reads,
        long changes,
        int staleAfterSettling,
        long staleReadsOver1s,
        long staleReadsOver5s,
        long staleReadsOver60s,
        double invisibleWithin1sRatio,
        double hitRatio,
        Percentiles delayMillis,
        long neverWritten,
        long bounded,
        long staleBeyondBound,
        long failedReads,
        Map<String, Long> readsByPath,
        Map<String, Long> readsBySource,
        long followed,
        int compared,
        int comparedFromMemory,
        List<String> faults,
        String failure) {
    public CoherenceOutcome {
        readsByPath = Map.copyOf(readsByPath);
        readsBySource = Map.copyOf(readsBySource);
        faults = List.copyOf(faults);
    }

    /** What is not as it must be; empty when all is. */
    public String complaint() {
        if (!failure.isEmpty()) {
            return failure;
        }
        if (staleAfterSettling > 0 || neverWritten > 0 || staleBeyondBound > 0) {
            return staleAfterSettling + " answers differ from MySQL after settling, " + neverWritten
                    + " were never true, " + staleBeyondBound + " were older than they said";
        }
        return comparedFromMemory == 0 ? "nothing came from memory, so nothing was compared" : "";
    }
}
