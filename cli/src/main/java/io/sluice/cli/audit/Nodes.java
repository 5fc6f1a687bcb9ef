package io.sluice.cli.audit;

import static java.util.Objects.requireNonNullElse;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.sluice.cluster.Membership;
import io.sluice.coherence.PositionParser;
import io.sluice.proto.v1.AdminGrpc;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.HistoryEvent;
import io.sluice.proto.v1.HistoryRequest;
import io.sluice.proto.v1.LookupRequest;
import io.sluice.proto.v1.LookupResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The memory of each node, by a call to that node itself: {@code Admin/Lookup} answers what the node would answer from
 * memory, loads nothing, forwards nothing and counts nothing. Every node is asked, not only those that should have the
 * key, and for a while those that have left ({@link AskedNodes}): one that should not have it is a failure to be found.
 * Thread-safe.
 */
final class Nodes implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final long DEADLINE_SECONDS = 2;

    private final Membership membership;
    private final PositionParser positions = new PositionParser();
    private final AskedNodes asked = new AskedNodes(System::nanoTime);
    private final Map<String, ManagedChannel> channels = new HashMap<>();

    /** @param membership closed with this */
    Nodes(Membership membership) {
        this.membership = membership;
    }

    /** One for each node that is asked now. */
    List<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        nodes().forEach(node -> probes.add(new OfNode(node)));
        return probes;
    }

    /** Those to ask now; connections to others end. */
    private synchronized List<AskedNodes.Node> nodes() {
        List<AskedNodes.Node> nodes = asked.now(membership.topology().members());
        Set<String> current = nodes.stream().map(AskedNodes.Node::address).collect(Collectors.toSet());
        channels.entrySet().removeIf(entry -> {
            boolean gone = !current.contains(entry.getKey());
            if (gone) {
                entry.getValue().shutdown();
            }
            return gone;
        });
        return nodes;
    }

    /** What each node that answers knows of the key, by its name. */
    Map<String, List<HistoryEvent>> histories(String group, String key) {
        Map<String, List<HistoryEvent>> histories = new TreeMap<>();
        HistoryRequest request =
                HistoryRequest.newBuilder().setGroup(group).setKey(key).build();
        for (AskedNodes.Node node : nodes()) {
            try {
                histories.put(node.name(), stub(node.address()).history(request).getEventsList());
            } catch (StatusRuntimeException e) {
                // It may be what the violation is about; what the others know is worth having.
                histories.put(node.name(), List.of());
            }
        }
        return histories;
    }

    private AdminGrpc.AdminBlockingStub stub(String address) {
        return AdminGrpc.newBlockingStub(channel(address)).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized ManagedChannel channel(String address) {
        return channels.computeIfAbsent(
                address,
                to -> Grpc.newChannelBuilder(to, InsecureChannelCredentials.create())
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .build());
    }

    private final class OfNode implements Probe {
        private final AskedNodes.Node node;

        OfNode(AskedNodes.Node node) {
            this.node = node;
        }

        @Override
        public String name() {
            return node.name();
        }

        @Override
        public boolean mustAnswer() {
            return !node.departed();
        }

        @Override
        public Reply ask(String group, String key) {
            LookupRequest request =
                    LookupRequest.newBuilder().setGroup(group).setKey(key).build();
            long asked = System.nanoTime();
            try {
                LookupResponse response = stub(node.address()).lookup(request);
                long replied = System.nanoTime();
                return response.getHeld()
                        ? new Reply.Found(held(response.getAnswer(), asked, replied))
                        : new Reply.Nothing();
            } catch (StatusRuntimeException e) {
                return new Reply.Failed(e.getStatus().getCode() + " "
                        + requireNonNullElse(e.getStatus().getDescription(), ""));
            }
        }

        private Held held(Answer answer, long asked, long replied) {
            return new Held(
                    asked,
                    replied,
                    Content.of(answer.getFound(), answer.getValue().asReadOnlyByteBuffer()),
                    positions.parse(answer.getInfo().getStamp().getGtidSet()),
                    answer.getInfo().getAgeMillis(),
                    // Of its own memory; a copy of a hot key names whom it is from.
                    answer.getInfo().getServedBy().equals(node.member()),
                    answer.getInfo().hasStalenessBoundMillis()
                            ? OptionalLong.of(answer.getInfo().getStalenessBoundMillis())
                            : OptionalLong.empty(),
                    answer.getInfo().getServedBy());
        }
    }

    @Override
    public synchronized void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        channels.clear();
        membership.close();
    }
}
