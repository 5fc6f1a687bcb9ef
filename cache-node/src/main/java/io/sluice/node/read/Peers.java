package io.sluice.node.read;

import io.sluice.cluster.Member;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.KeyResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What other nodes answer. Every call blocks for at most the given time, which is greater than 0. Thread-safe. */
public interface Peers {
    /**
     * Asks a member for the answer; it is told not to forward any further.
     *
     * @return empty when the member cannot be reached or did not answer in time, so that another may be asked
     * @throws io.grpc.StatusRuntimeException what the member itself decided: no other would decide differently
     */
    Optional<Answer> read(Member member, Read read, Duration timeout);

    /**
     * The same for several keys at once.
     *
     * @param reads at least one, all of the same group and options
     * @return one result for each read, in order; empty as for {@link #read}
     */
    Optional<List<KeyResult>> readMany(Member member, List<Read> reads, Duration timeout);

    /**
     * Asks a member for what it has in memory of a key: it neither loads nor forwards. Never throws, since nothing
     * depends on it.
     */
    Peek peek(Member member, Read read, Duration timeout);

    /** What came of a peek. */
    sealed interface Peek {
        /** The member has it. */
        record Found(Copy copy) implements Peek {}

        /** The member does not have it, or may not hand it out. */
        record Nothing() implements Peek {}

        /** No answer in time. */
        record Unanswered() implements Peek {}
    }
}
