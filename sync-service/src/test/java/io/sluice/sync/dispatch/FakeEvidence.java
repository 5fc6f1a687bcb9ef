package io.sluice.sync.dispatch;

import io.sluice.cluster.Member;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the test says that etcd has shown. */
public final class FakeEvidence implements Evidence {
    /** Lives that are gone for good. */
    public final Set<Member> gone = ConcurrentHashMap.newKeySet();
    /** Lives whose key is not there. */
    public final Set<Member> missing = ConcurrentHashMap.newKeySet();
    /** How long who vanished is waited for. */
    public volatile Duration departure = Duration.ofDays(1);
    /** Whether etcd, so to speak, answers. */
    public volatile boolean confirmed = true;

    @Override
    public boolean isPresent(Member member) {
        return !gone.contains(member) && !missing.contains(member);
    }

    @Override
    public boolean isGone(Member member) {
        return gone.contains(member);
    }

    @Override
    public Duration departure() {
        return departure;
    }

    @Override
    public boolean adoptedAllSince(long nanoTime) {
        return confirmed;
    }
}
