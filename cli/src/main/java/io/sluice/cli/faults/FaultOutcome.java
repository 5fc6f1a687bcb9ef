package io.sluice.cli.faults;

import java.util.List;

/**
 * What one scenario came to, in numbers. Immutable.
 *
 * @param scenario its name
 * @param seen what was seen of the fault
 * @param reads that were answered, while rows changed, over all nodes
 * @param failedReads that were not, which is legal while something is away
 * @param changes rows changed
 * @param readBack changes read back on some node at their own position
 * @param readBackWrong of those, answers without the change: must be 0
 * @param cached answers from the memory of a node that were compared with MySQL after settling
 * @param stale keys that some node answers otherwise than MySQL after settling: must be 0
 * @param recoverySeconds from the end of the fault until a change after it was removed on all nodes
 * @param hitRatioBefore share of reads from memory while rows changed, before the fault
 * @param hitRatioAfter the same after recovery
 * @param failure what did not come about, such as recovery; empty if all did
 * @param details a line for each of the first stale keys
 */
public record FaultOutcome(
        String scenario,
        String seen,
        long reads,
        long failedReads,
        long changes,
        long readBack,
        long readBackWrong,
        int cached,
        int stale,
        double recoverySeconds,
        double hitRatioBefore,
        double hitRatioAfter,
        String failure,
        List<String> details) {
    public FaultOutcome {
        details = List.copyOf(details);
    }

    /** Recovered, compared something, and nothing was wrong. */
    public boolean isGood() {
        return complaint().isEmpty();
    }

    /** What is not as it must be; empty when all is. */
    public String complaint() {
        if (!failure.isEmpty()) {
            return failure;
        }
        if (stale > 0 || readBackWrong > 0) {
            return stale + " answers differ from MySQL, " + readBackWrong
                    + " reads at the position of a change lack it";
        }
        return cached == 0 ? "nothing came from memory, so nothing was compared" : "";
    }
}
