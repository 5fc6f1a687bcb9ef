package io.sluice.sync.dispatch;

import io.sluice.cluster.Member;
import io.sluice.cluster.SimParts;
import io.sluice.cluster.SimProcess;
import io.sluice.cluster.SimWorld;
import io.sluice.cluster.Topology;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes a production dispatcher whose lanes go over a simulated network. A lane sends one call at a time and repeats it
 * until it is acknowledged; what it sends are the bytes of the production writer.
 */
public final class SimDispatch {
    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final long GATHER_NANOS = 1 * SimWorld.MILLIS;
    private static final long TIMEOUT_NANOS = 250 * SimWorld.MILLIS;
    private static final int MOST_AT_ONCE = 100;

    private final SimProcess process;
    private final Transport transport;
    private final Shortcuts shortcuts;
    private final List<SimLane> lanes = new ArrayList<>();
    private Supplier<Topology> topology = SimParts::none;

    /**
     * Missing protections.
     *
     * @param oneAcknowledgementWillDo whether the others are not waited for
     * @param activeRingWillDo whether only holders in the active ring are asked
     */
    public record Shortcuts(boolean oneAcknowledgementWillDo, boolean activeRingWillDo) {}

    /** The network to the nodes. */
    public interface Transport {
        /**
         * Delivers an encoded request; {@code acknowledged} is told the receiver's revision, if anything comes back.
         */
        void remove(Member to, byte[] request, LongConsumer acknowledged);

        /** Delivers a position, or not; {@code answered} is told what comes back. */
        void tell(Member to, ApplyPositionRequest request, Consumer<ApplyPositionResponse> answered);
    }

    private SimDispatch(SimProcess process, Transport transport, Shortcuts shortcuts) {
        this.process = process;
        this.transport = transport;
        this.shortcuts = shortcuts;
    }

    /** A dispatcher of a process. */
    public static Dispatcher dispatcher(
            SimProcess process, Evidence evidence, Transport transport, Shortcuts shortcuts, SyncMetrics metrics) {
        SimDispatch simulated = new SimDispatch(process, transport, shortcuts);
        Dispatcher dispatcher = new Dispatcher(
                process.name,
                evidence,
                DispatchSettings.DEFAULTS,
                PATIENCE,
                receiver -> (member, whenEnding) -> simulated.open(member, receiver, whenEnding),
                name -> process.timer(),
                process::nanoTime,
                metrics);
        simulated.topology = dispatcher::topology;
        return dispatcher;
    }

    private Lane open(Member member, NodeLane.Receiver receiver, Consumer<Lane> whenEnding) {
        SimLane lane = new SimLane(member, receiver, whenEnding);
        lanes.add(lane);
        return lane;
    }

    /** One lane. */
    private final class SimLane implements Lane {
        private final Member member;
        private final NodeLane.Receiver receiver;
        private final Consumer<Lane> whenEnding;
        private final List<Delivery> waiting = new ArrayList<>();
        private final List<Delivery> sent = new ArrayList<>();
        private boolean gathering;
        private boolean closed;

        SimLane(Member member, NodeLane.Receiver receiver, Consumer<Lane> whenEnding) {
            this.member = member;
            this.receiver = receiver;
            this.whenEnding = whenEnding;
        }

        @Override
        public Member member() {
            return member;
        }

        @Override
        public boolean offer(Delivery delivery) {
            if (closed) {
                return false;
            }
            if (shortcuts.activeRingWillDo && !isOfActiveRing(delivery)) {
                process.in(1_000, () -> receiver.acknowledged(member, List.of(delivery), 0));
                return true;
            }
            waiting.add(delivery);
            if (!gathering && sent.isEmpty()) {
                gathering = true;
                // Each lane at a time of its own, so that the order in which they were asked does not matter.
                process.in(GATHER_NANOS + 1_000L * (member.name().hashCode() & 0xff), this::send);
            }
            return true;
        }

        private boolean isOfActiveRing(Delivery delivery) {
            RemovalBundle bundle = delivery.bundle();
            for (int i = delivery.next(0); i >= 0; i = delivery.next(i + 1)) {
                if (!bundle.kind(i).isKey()
                        || topology.get().holders(bundle.hash(i)).contains(member)) {
                    return true;
                }
            }
            return false;
        }

        private void send() {
            gathering = false;
            if (closed || waiting.isEmpty()) {
                return;
            }
            int most = Math.min(waiting.size(), MOST_AT_ONCE);
            sent.addAll(waiting.subList(0, most));
            waiting.subList(0, most).clear();
            repeat(new RemoveBatch(sent));
        }

        private void repeat(RemoveBatch batch) {
            if (closed) {
                return;
            }
            byte[] request = RemoveRequestWriter.request(receiver.header(member), batch.body());
            boolean[] answered = new boolean[1];
            transport.remove(member, request, revision -> {
                if (!answered[0] && !closed) {
                    answered[0] = true;
                    acknowledged(batch.deliveries(), revision);
                }
            });
            process.in(TIMEOUT_NANOS, () -> {
                if (!answered[0]) {
                    answered[0] = true;
                    repeat(batch);
                }
            });
        }

        private void acknowledged(List<Delivery> deliveries, long revision) {
            sent.clear();
            receiver.acknowledged(member, deliveries, revision);
            if (shortcuts.oneAcknowledgementWillDo) {
                deliveries.forEach(delivery -> lanes.forEach(lane -> lane.letGo(delivery.parcel())));
            }
            send();
        }

        private void letGo(Parcel parcel) {
            List<Delivery> others = new ArrayList<>(waiting);
            others.addAll(sent);
            others.removeIf(delivery -> !delivery.parcel().equals(parcel));
            receiver.acknowledged(member, others, 0);
        }

        @Override
        public void tell(ApplyPositionRequest position, Consumer<ApplyPositionResponse> answered) {
            transport.tell(member, position, answered);
        }

        @Override
        public void collapse(UnaryOperator<Delivery> one) {
            waiting.replaceAll(one);
        }

        @Override
        public long waitingBytes() {
            return waiting.stream().mapToLong(Delivery::wireBytes).sum();
        }

        @Override
        public boolean isFailing() {
            return false;
        }

        @Override
        public LaneStatus status() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                lanes.remove(this);
                process.in(1_000, () -> {
                    whenEnding.accept(this);
                    List<Delivery> left = new ArrayList<>(sent);
                    left.addAll(waiting);
                    receiver.givenUp(member, left);
                });
            }
        }

        @Override
        public void awaitEnd() {}
    }
}
