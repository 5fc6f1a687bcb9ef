package io.sluice.sync.dispatch;

import io.sluice.cluster.Member;
import java.time.Duration;

/**
 * What this process has seen in etcd, apart from the topologies that it was told to adopt. Safe for use by many
 * threads, and never blocks.
 */
public interface Evidence {
    /**
     * Whether etcd shows this life of a member, or did when it was last seen. Once false, always false: a new key is a
     * new life.
     */
    boolean isPresent(Member member);

    /** Whether this life of a member is gone for good: it can hold nothing that anybody is told. Never false again. */
    boolean isGone(Member member);

    /** How long after its ring vanished from the topology a member may still answer from memory by it, at most. */
    Duration departure();

    /**
     * Whether etcd was asked after that moment, by {@link System#nanoTime}, and the newest topology of its answer is
     * adopted. False while etcd is away.
     */
    boolean adoptedAllSince(long nanoTime);
}
