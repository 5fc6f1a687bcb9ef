package io.sluice.cli.coherence;

import java.util.Locale;

/** What runs came to, for people. Stateless. */
public final class CoherenceText {
    private CoherenceText() {}

    /** Of a run with or without faults. */
    public static String of(CoherenceOutcome outcome) {
        return String.format(
                Locale.ROOT,
                """
                Answers judged                                    %,12d  %s
                                                                                  %s
                  out of date for over 1 s, 5 s, 60 s             %,12d, %,d, %,d
                  never true                                      %,12d  (goal: 0)
                  out of date beyond their bound of staleness     %,12d of %,d with a bound  (goal: 0)
                Reads without an answer                           %,12d
                Changes                                           %,12d, of which %,d were followed
                  invisible within 1 s                            %12.4f %%  (goal without faults: 99.99)
                  until the last read that saw an older version   %s
                Steady reads from memory                          %12.2f %%
                After settling: answers that differ from MySQL    %,12d of %,d, %,d from memory  (goal: 0)
                """,
                outcome.reads(),
                outcome.readsByPath(),
                outcome.readsBySource(),
                outcome.staleReadsOver1s(),
                outcome.staleReadsOver5s(),
                outcome.staleReadsOver60s(),
                outcome.neverWritten(),
                outcome.staleBeyondBound(),
                outcome.bounded(),
                outcome.failedReads(),
                outcome.changes(),
                outcome.followed(),
                100 * outcome.invisibleWithin1sRatio(),
                outcome.delayMillis(),
                100 * outcome.hitRatio(),
                outcome.staleAfterSettling(),
                outcome.compared(),
                outcome.comparedFromMemory());
    }

    /** Of a run with etcd away. */
    public static String of(EtcdAway.Outcome outcome) {
        return String.format(
                        Locale.ROOT,
                        """
                        Steady reads from memory before etcd went         %12.2f %%
                          while it was away                               %12.2f %%  (goal: the same)
                        Answers out of date for over 1 s meanwhile        %,12d  (goal: 0)
                        """,
                        100 * outcome.hitRatioBefore(),
                        100 * outcome.hitRatioDuring(),
                        outcome.staleReadsOver1sDuring())
                + of(outcome.all());
    }

    /** Of a run with a node cut off. */
    public static String of(CutOff.Outcome outcome) {
        return String.format(
                        Locale.ROOT,
                        """
                        Answers of the node's own memory before the cut   %,12d
                          after it                                        %,12d
                          the last of them was asked for after            %12.2f s
                          the oldest had been out of date for             %12.2f s
                        From memory again after the mending               %12.2f s
                        """,
                        outcome.answersBeforeCut(),
                        outcome.answersAfterCut(),
                        outcome.quietAfterSeconds(),
                        outcome.oldestAnswerSeconds(),
                        outcome.backAfterSeconds())
                + of(outcome.all());
    }
}
