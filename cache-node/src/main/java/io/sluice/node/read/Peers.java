package io.sluice.node.read;

import io.sluice.cluster.Member;
import io.sluice.proto.v1.Answer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads that other nodes answer. Thread-safe. */
public interface Peers {
    /**
     * Asks a member for the answer; it is told not to forward any further. Blocks for at most the given time.
     *
     * @return empty when the member cannot be reached or did not answer in time, so that another may be asked
     * @throws io.grpc.StatusRuntimeException what the member itself decided: no other would decide differently
     */
    Optional<Answer> read(Member member, Read read, long timeout, TimeUnit unit);
}
