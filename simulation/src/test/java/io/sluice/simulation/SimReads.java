package io.sluice.simulation;

import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Read;
import io.sluice.node.read.ReadPath;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.ServedFrom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads of one simulated node: of clients, and forwarded by other nodes. */
final class SimReads {
    /** Of real time, for which the JDK remembers a thread that waits, and all of a run that has ended with it. */
    private static final int PATIENCE_SECONDS = 10;

    private final Simulation simulation;
    private final SimNode node;
    private final CacheGroup group;
    private final ReadPath path;
    private final SimLeases leases;
    private int underWay;

    SimReads(Simulation simulation, SimNode node, CacheGroup group, ReadPath path, SimLeases leases) {
        this.simulation = simulation;
        this.node = node;
        this.group = group;
        this.path = path;
        this.leases = leases;
    }

    int underWay() {
        return underWay;
    }

    /** A read by a client, or forwarded by another node; null when there is no answer. */
    void get(int key, SourcePosition minPosition, boolean forwarded, Consumer<@Nullable Answer> reply) {
        Read read = read(key, minPosition, forwarded);
        Answer kept = path.fromMemory(
                simulation.has(Protection.MIN_POSITION_ON_ENTRIES)
                        ? read
                        : read(key, SourcePosition.UNKNOWN, forwarded));
        if (kept == null && !forwarded) {
            kept = leases.answer(read);
        }
        if (kept != null) {
            reply.accept(kept);
            return;
        }
        if (underWay >= Simulation.MOST_READS) {
            reply.accept(null);
            return;
        }
        underWay++;
        node.thread(() -> {
            Answer answer = answer(read);
            underWay--;
            reply.accept(answer);
        });
    }

    private @Nullable Answer answer(Read read) {
        try {
            if (!simulation.has(Protection.MIN_POSITION_ON_FLIGHTS)) {
                Answer any = path.read(read(Integer.parseInt(read.key()), SourcePosition.UNKNOWN, read.forwarded()));
                if (any.getInfo().getServedFrom() == ServedFrom.SERVED_FROM_SOURCE) {
                    return any;
                }
            }
            return path.read(read);
        } catch (StatusRuntimeException e) {
            return null;
        }
    }

    private Read read(int key, SourcePosition minPosition, boolean forwarded) {
        String text = Integer.toString(key);
        return new Read(
                group,
                text,
                group.storeKey(text),
                minPosition,
                Deadline.after(PATIENCE_SECONDS, TimeUnit.SECONDS),
                forwarded);
    }
}
