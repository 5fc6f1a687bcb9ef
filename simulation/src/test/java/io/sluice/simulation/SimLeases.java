package io.sluice.simulation;

import com.google.protobuf.ByteString;
import io.sluice.cluster.Member;
import io.sluice.cluster.SimWorld;
import io.sluice.coherence.Leasable;
import io.sluice.coherence.LeaseDemand;
import io.sluice.coherence.LeaseHolder;
import io.sluice.coherence.LeaseLimits;
import io.sluice.coherence.LeaseTable;
import io.sluice.coherence.LeaseWait;
import io.sluice.coherence.LeasedCopies;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.Holdings;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.store.CacheEntry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies under lease of one simulated node: those that it has lent, and those that it has of others. Both are
 * production state machines; the streams between them are simulated: in order, until they break.
 */
final class SimLeases {
    /** Twice the margin of the lease in etcd. */
    static final long LONGEST_MILLIS = 2 * Simulation.SETTINGS.leaseTtl().toMillis() / 5;

    private final Simulation simulation;
    private final SimNode node;
    private final Holdings holdings;
    private final LeaseTable table = new LeaseTable(new LeaseLimits(Duration.ofMillis(LONGEST_MILLIS), 100, 50));
    private final LeasedCopies<CacheEntry> copies = new LeasedCopies<>(50, 10_000);
    private final Map<SimNode, Line> lines = new HashMap<>();

    SimLeases(Simulation simulation, SimNode node, Holdings holdings) {
        this.simulation = simulation;
        this.node = node;
        this.holdings = holdings;
    }

    /** The answer of a copy that another node has lent; sometimes one is asked for. */
    @Nullable Answer answer(Read read) {
        Member owner = holdings.topology().owner(read.hash());
        SimNode lender = owner == null || owner.name().equals(node.name) ? null : simulation.node(owner.name());
        if (lender == null) {
            return null;
        }
        LeasedCopies.Copy<CacheEntry> copy =
                copies.find(Simulation.GROUP, read.key(), node.nanoTime(), node.wallMillis());
        if (copy == null) {
            if (node.world.chance(0.3)) {
                ask(lender, Integer.parseInt(read.key()));
            }
            return null;
        }
        // Without a lease in etcd a node does not look at copies at all.
        SourcePosition stamp = simulation.has(Protection.COPIES_NOT_LIFTED) || !holdings.isLeased()
                ? copy.stamp()
                : copy.stamp().union(read.group().applied().now().position());
        if (!read.satisfiedBy(stamp)) {
            return null;
        }
        CacheEntry entry = copy.value();
        return Answer.newBuilder()
                .setFound(entry.found())
                .setValue(ByteString.copyFrom(entry.value()))
                .setInfo(AnswerInfo.newBuilder()
                        .setServedBy(node.name)
                        .setServedFrom(ServedFrom.SERVED_FROM_REPLICA)
                        .setStamp(Position.newBuilder().setGtidSet(stamp.toString())))
                .build();
    }

    /** Asks an owner for a copy of a key. */
    private void ask(SimNode owner, int key) {
        Line line = lines.computeIfAbsent(owner, added -> new Line(owner));
        if (!line.stream.stands()) {
            line = new Line(owner);
            lines.put(owner, line);
        }
        Line asked = line;
        LeasedCopies.Asked moment = new LeasedCopies.Asked(line.stream, new Moment(node.nanoTime(), node.wallMillis()));
        node.send(owner, () -> owner.leases().lend(asked, key, moment));
    }

    private void lend(Line line, int key, LeasedCopies.Asked asked) {
        if (!node.isSureHolder(key)) {
            return;
        }
        String text = Integer.toString(key);
        CacheEntry[] found = new CacheEntry[1];
        SourcePosition[] stamp = new SourcePosition[1];
        table.grant(
                line,
                Simulation.GROUP,
                text,
                LONGEST_MILLIS,
                node.nanoTime(),
                () -> {
                    SourcePosition lifted = node.liftedStamp(key);
                    CacheEntry entry = node.entry(key);
                    if (entry == null || lifted == null) {
                        return null;
                    }
                    found[0] = entry;
                    stamp[0] = lifted;
                    return new Leasable(lifted, LONGEST_MILLIS);
                },
                millis -> line.offer(asked, text, found[0], stamp[0], millis));
        line.flush();
    }

    /** After the store has let go; {@code acknowledge} runs when nobody has an older copy any more. */
    void revoke(List<LeaseDemand> demands, Runnable acknowledge) {
        LeaseWait wait = table.revoke(demands, node.nanoTime());
        expireAtTheEndOf(wait);
        var _ = wait.over().thenRun(acknowledge);
    }

    /** When this returns, no copy is out of a key that this node does not retain. */
    void retainIf(IntPredicate keys) {
        LeaseWait wait = table.retainIf((group, key) -> keys.test(Integer.parseInt(key)), node.nanoTime());
        expireAtTheEndOf(wait);
        wait.over().join();
    }

    private void expireAtTheEndOf(LeaseWait wait) {
        if (!wait.isOver()) {
            node.in(Math.max(0, wait.endNanos() - node.nanoTime()) + SimWorld.MILLIS, () -> {
                table.expire(node.nanoTime());
                expireAtTheEndOf(wait);
            });
        }
    }

    /** The stream from an owner to this node, the holder. */
    private final class Line implements LeaseHolder {
        private final SimNode owner;
        private final LeasedCopies.Stream stream = copies.begin();
        private long lastNanos;
        private boolean broken;

        Line(SimNode owner) {
            this.owner = owner;
        }

        /** What the holder does with what the owner has sent. */
        private void queue(Runnable message) {
            SimWorld world = node.world;
            lastNanos = Math.max(lastNanos + 1, world.now() + world.between(0, world.chance(0.06) ? 300 : 3));
            world.at(lastNanos, () -> {
                if (broken || !owner.reachesPeers() || !node.reachesPeers() || (!world.calm && world.chance(0.01))) {
                    breakOff();
                } else {
                    node.run(message);
                }
            });
        }

        void offer(LeasedCopies.Asked asked, String key, CacheEntry entry, SourcePosition stamp, long millis) {
            queue(() -> copies.offer(
                    asked, Simulation.GROUP, key, entry, stamp, 100, millis, node.nanoTime(), node.wallMillis()));
        }

        private void breakOff() {
            if (!broken) {
                broken = true;
                node.in(node.world.between(0, 300), () -> copies.end(stream));
            }
        }

        @Override
        public void revoke(long revocation, String group, List<String> keys, SourcePosition position) {
            queue(() -> {
                copies.revoke(group, keys, position, node.nanoTime());
                node.send(owner, () -> owner.leases().table.confirm(this, revocation));
            });
        }

        @Override
        public void flush() {}

        @Override
        public void overdue() {
            breakOff();
        }
    }
}
