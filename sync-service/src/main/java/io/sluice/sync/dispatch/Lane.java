package io.sluice.sync.dispatch;

import io.sluice.cluster.Member;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The way to one life of a member, as the dispatcher knows it: {@link NodeLane}, or a simulation's.
 *
 * <p>Safe for use by many threads; nothing blocks but {@link #awaitEnd}. Invariant: every delivery that was accepted is
 * acknowledged or given up in the end, and none is refused before the lane has said that it ends.
 */
interface Lane extends AutoCloseable {
    Member member();

    /** Takes what is to be delivered; false when the lane has ended. */
    boolean offer(Delivery delivery);

    /**
     * Tells a position, without waiting.
     *
     * @param answered told the answer, if one comes, on whatever thread; must not block
     */
    void tell(ApplyPositionRequest position, Consumer<ApplyPositionResponse> answered);

    /** Makes deliveries of groups of those that wait. */
    void collapse(UnaryOperator<Delivery> one);

    /** About how many bytes of requests wait. */
    long waitingBytes();

    /** True from the first failed call until the next one that succeeds. */
    boolean isFailing();

    /** What it does at this moment. */
    LaneStatus status();

    /** Stops delivering; what was not acknowledged is given up soon. */
    @Override
    void close();

    /** Waits until its threads have ended, which they do soon after {@link #close}. */
    void awaitEnd();

    /** Opens lanes. */
    @FunctionalInterface
    interface Opener {
        /** A lane that delivers; {@code whenEnding} is told once, before it refuses anything. */
        Lane open(Member member, Consumer<Lane> whenEnding);
    }
}
