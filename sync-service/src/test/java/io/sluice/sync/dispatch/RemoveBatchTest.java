package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.RemovalScope;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RemoveBatchTest {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "9a1c2b84-0c55-11ef-8d1a-0242ac120003";
    private static final Member MEMBER = Member.of("a", "127.0.0.1", 1);

    @Test
    void theBytesAreTheMessageThatTheContractHas() throws Exception {
        PeerHeader header = PeerHeader.newBuilder()
                .setSender("sync-1")
                .setTopologyRevision(7)
                .setReceiverIncarnation(3)
                .build();
        RemoveBatch batch = batch(
                delivery(Removal.ofKey("g", "schlüssel", A + ":1-5"), Removal.ofGroup("h", "")),
                delivery(Removal.ofKey("g", "k".repeat(300), B + ":1-5")));

        PeerRemoveRequest request = PeerRemoveRequest.parseFrom(RemoveRequestWriter.request(header, batch.body()));

        assertThat(request)
                .isEqualTo(PeerRemoveRequest.newBuilder()
                        .setHeader(header)
                        .addPositions(position(A + ":1-5"))
                        .addPositions(position(""))
                        .addPositions(position(B + ":1-5"))
                        .addRemovals(removal("g", RemovalScope.REMOVAL_SCOPE_KEY, "schlüssel", 0))
                        .addRemovals(removal("h", RemovalScope.REMOVAL_SCOPE_GROUP, "", 1))
                        .addRemovals(removal("g", RemovalScope.REMOVAL_SCOPE_KEY, "k".repeat(300), 2))
                        .build());
    }

    @Test
    void aKeyOfSeveralParcelsIsSentOnceAtTheLaterPosition() throws Exception {
        PeerRemoveRequest request = sent(
                delivery(Removal.ofKey("g", "k", A + ":1-5")),
                delivery(Removal.ofKey("g", "k", A + ":1-9")),
                delivery(Removal.ofKey("g", "k", A + ":1-7")));
        assertThat(request.getRemovalsCount()).isEqualTo(1);
        assertThat(request.getPositionsList()).containsExactly(position(A + ":1-9"));
    }

    @Test
    void positionsOfAKeyThatCannotBeComparedAreBothSent() throws Exception {
        PeerRemoveRequest request = sent(
                delivery(Removal.ofKey("g", "k", A + ":1-5")),
                delivery(Removal.ofKey("g", "k", B + ":1-9")),
                delivery(Removal.ofKey("g", "k", "")));
        assertThat(request.getRemovalsCount()).isEqualTo(3);
    }

    @Test
    void aGroupIsSentOnceAtTheUnion() throws Exception {
        PeerRemoveRequest request =
                sent(delivery(Removal.ofGroup("g", A + ":1-5")), delivery(Removal.ofGroup("g", B + ":1-9")));
        assertThat(request.getRemovalsCount()).isEqualTo(1);
        assertThat(request.getPositionsList()).containsExactly(position(A + ":1-5," + B + ":1-9"));
    }

    private static PeerRemoveRequest sent(Delivery... deliveries) throws Exception {
        return PeerRemoveRequest.parseFrom(batch(deliveries).body());
    }

    private static RemoveBatch batch(Delivery... deliveries) {
        return new RemoveBatch(List.of(deliveries));
    }

    private static Delivery delivery(Removal... removals) {
        BundleBuilder builder = new BundleBuilder();
        Stream.of(removals).forEach(builder::add);
        Recipients recipients = Recipients.of(Topology.of(1, List.of(MEMBER), 1));
        return new Parcel(1, builder.build(), () -> {})
                .advance(recipients, 0)
                .send()
                .getFirst();
    }

    private static io.sluice.proto.v1.Position position(String text) {
        return io.sluice.proto.v1.Position.newBuilder().setGtidSet(text).build();
    }

    private static io.sluice.proto.v1.Removal removal(String group, RemovalScope scope, String key, int position) {
        return io.sluice.proto.v1.Removal.newBuilder()
                .setGroup(group)
                .setScope(scope)
                .setKey(key)
                .setPositionIndex(position)
                .build();
    }
}
