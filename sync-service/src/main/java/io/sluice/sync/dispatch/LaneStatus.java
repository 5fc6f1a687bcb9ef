package io.sluice.sync.dispatch;

import io.sluice.cluster.Member;

/**
 * What goes on on the way to one member, at one moment. Immutable.
 *
 * @param waiting removals that are not sent yet
 * @param unacknowledged removals that are sent and not acknowledged
 * @param callsRunning calls that are not answered yet, those that are being repeated included
 * @param failing whether the last call failed
 * @param everAcknowledged whether any call was acknowledged
 * @param silentSinceNanos since when calls have been under way and none was acknowledged, by {@link System#nanoTime};
 *     has no meaning when none is under way
 * @param lastAckNanos when a call was last acknowledged, by {@link System#nanoTime}; when the lane was opened, before
 *     the first
 */
public record LaneStatus(
        Member member,
        int waiting,
        int unacknowledged,
        int callsRunning,
        boolean failing,
        boolean everAcknowledged,
        long silentSinceNanos,
        long lastAckNanos) {}
