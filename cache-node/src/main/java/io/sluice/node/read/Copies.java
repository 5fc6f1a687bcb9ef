package io.sluice.node.read;

import io.sluice.cluster.Member;
import io.sluice.store.CacheEntry;
import java.util.List;

/** Takes fresh entries on their way to the replicas. Thread-safe. */
@FunctionalInterface
public interface Copies {
    /** Never blocks and never fails: a copy that finds no room is dropped, and the replica loads when it needs to. */
    void offer(List<Member> replicas, Read read, CacheEntry entry);
}
