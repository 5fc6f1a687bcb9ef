package io.sluice.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.node.fake.SettableMembership;
import io.sluice.proto.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PeerChannelsTest {
    private final Server peer = listen();
    private final Member self = Member.of("self", "127.0.0.1", 1);
    private final Member there = Member.of("there", "127.0.0.1", peer.getPort());
    private final SettableMembership membership = new SettableMembership(topology(1, self, there));
    private final PeerChannels channels = new PeerChannels("self", membership);

    @AfterEach
    void end() {
        channels.close();
        peer.shutdownNow();
    }

    @Test
    void peersAreConnectedToBeforeAnyCall() {
        assertThat(channels.isSettled()).isFalse();

        channels.retain();

        await().until(channels::isSettled);
        assertThat(channels.to(there).getState(false)).isEqualTo(ConnectivityState.READY);
        assertThat(channels.size()).as("none to itself").isEqualTo(1);
    }

    @Test
    void peerThatIsNotThereIsSettledWhenItWasTriedOnce() {
        peer.shutdownNow();
        channels.retain();

        await().until(channels::isSettled);
    }

    @Test
    void everyCallGoesOverOneConnection() {
        assertThat(channels.to(there)).isSameAs(channels.to(there));
    }

    @Test
    void connectionIsClosedWhenTheMemberIsGone() {
        ManagedChannel channel = channels.to(there);
        membership.set(topology(2, self));

        channels.retain();

        assertThat(channel.isShutdown()).isTrue();
        assertThat(channels.size()).isZero();
    }

    /** 1: has read the topology. The member is gone, its connection closed. 1: calls it. */
    @Test
    void callerWithAnOlderTopologyDoesNotOpenAnotherOne() {
        channels.to(there);
        membership.set(topology(2, self));
        channels.retain();

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> channels.to(there))
                .satisfies(failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(Origin.isNode(failure))
                            .as("another may be asked")
                            .isFalse();
                });
        assertThat(channels.size()).isZero();
    }

    @Test
    void anotherLifeOfAMemberHasAConnectionOfItsOwn() {
        ManagedChannel earlier = channels.to(there);
        Member back = there.withIncarnation(9);
        membership.set(topology(2, self, back));
        channels.retain();

        assertThat(earlier.isShutdown()).isTrue();
        assertThat(channels.to(back)).isNotSameAs(earlier);
    }

    private static Topology topology(long revision, Member... members) {
        return Topology.of(revision, List.of(members), 1);
    }

    private static Server listen() {
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
