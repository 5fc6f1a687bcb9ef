package io.sluice.node.peer;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.node.read.Copies;
import io.sluice.node.read.CopyMessages;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.Copy;
import io.sluice.store.CacheEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Replication: what the owner loads goes to the replicas as well, asynchronously and in batches. No read waits for it.
 *
 * <p>Only entries with a stamp are copied. Without one the receiving node could not tell a copy of an old value that
 * arrives after the Remove from a fresh one:
 *
 * <pre>
 * owner: loads the old row, stores it, sends a copy
 *        MySQL: the row changes
 * replica: gets the Remove, holds nothing
 * replica: gets the copy of the old value
 * </pre>
 *
 * <p>Nor are entries sent on whose age is not sure, since they came as copies themselves: what is reckoned for the time
 * that a copy travelled is reckoned once.
 *
 * <p>Thread-safe.
 */
public final class Replicator implements Copies, AutoCloseable {
    private final PeerChannels channels;
    private final PeerHeaders headers;
    private final PeerEvents events;
    private final LongSupplier nanoClock;
    private final ConcurrentHashMap<Member, CopySender> senders = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public Replicator(PeerChannels channels, PeerHeaders headers, PeerEvents events, LongSupplier nanoClock) {
        this.channels = requireNonNull(channels, "channels is null");
        this.headers = requireNonNull(headers, "headers is null");
        this.events = requireNonNull(events, "events is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    @Override
    public void offer(List<Member> replicas, Read read, CacheEntry entry) {
        if (entry.stamp().isUnknown() || !entry.ageIsSure() || closed) {
            return;
        }
        Copy copy = CopyMessages.of(read.group(), read.key(), entry, entry.stamp(), nanoClock.getAsLong());
        if (copy == null) {
            return;
        }
        for (Member replica : replicas) {
            senders.computeIfAbsent(replica, member -> new CopySender(member, channels, headers, events, nanoClock))
                    .offer(copy);
        }
        if (closed) {
            // A sender that was opened after close() had ended them all.
            replicas.forEach(this::end);
        }
    }

    /** Ends the senders to members that are gone, or that came back as another incarnation. */
    public void retain(Topology topology) {
        Set<Member> present = new HashSet<>(topology.members());
        senders.keySet().stream().filter(member -> !present.contains(member)).forEach(this::end);
    }

    private void end(Member member) {
        CopySender sender = senders.remove(member);
        if (sender != null) {
            sender.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        senders.keySet().forEach(this::end);
    }
}
