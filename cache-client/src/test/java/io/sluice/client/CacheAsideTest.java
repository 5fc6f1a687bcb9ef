package io.sluice.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.sluice.proto.v1.PutRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CacheAsideTest {
    private final FakeNode node = new FakeNode("a");
    private final FakeMembership membership = new FakeMembership();
    private final SluiceClient client = SluiceClient.builder()
            .membership(membership)
            .deadline(Duration.ofSeconds(8))
            .build();
    private final CacheAside sessions = client.cacheAside("session");

    @BeforeEach
    void form() {
        membership.become(node.member());
        node.missing = true;
    }

    @AfterEach
    void close() {
        client.close();
        node.close();
    }

    @Test
    void putBringsTheStampOfItsMissAndTheTimeSince() {
        CacheAside.Lookup miss = sessions.get("k");
        assertThat(miss.answer().found()).isFalse();

        assertThat(miss.put(ByteString.copyFromUtf8("one"))).isTrue();

        PutRequest put = requireNonNull(node.puts.poll());
        assertThat(put.getGroup()).isEqualTo("session");
        assertThat(put.getKey()).isEqualTo("k");
        assertThat(put.getValue().toStringUtf8()).isEqualTo("one");
        assertThat(put.getStamp().getGtidSet()).isEqualTo("x:1-5");
        assertThat(put.hasAskedMillisAgo()).isTrue();
        assertThat(put.getAskedMillisAgo()).isNotNegative();
    }

    @Test
    void whatIsNotKeptIsToldAndNoFailure() {
        assertThat(sessions.get("k").put(ByteString.copyFromUtf8("1"))).isFalse();
    }

    @Test
    void readerIsAskedOnAMissOnly() {
        assertThat(sessions.get("k", key -> Optional.of(ByteString.copyFromUtf8("read " + key))))
                .contains(ByteString.copyFromUtf8("read k"));
        assertThat(requireNonNull(node.puts.poll()).getValue().toStringUtf8()).isEqualTo("read k");

        assertThat(sessions.get("k", key -> Optional.empty())).isEmpty();
        node.missing = false;
        assertThat(sessions.get("k", key -> {
                    throw new AssertionError("there is a value");
                }))
                .isPresent();
        assertThat(node.puts).isEmpty();
    }

    @Test
    void aValueThatCouldNotBePutIsStillTheCallers() {
        assertThat(sessions.get("k", key -> {
                    node.failure = Status.INTERNAL;
                    return Optional.of(ByteString.copyFromUtf8("one"));
                }))
                .contains(ByteString.copyFromUtf8("one"));
        assertThat(node.puts).hasSize(1);
    }

    @Test
    void aHitTakesNoPut() {
        node.missing = false;
        assertThatThrownBy(() -> sessions.get("k").put(ByteString.EMPTY))
                .isInstanceOf(SluiceException.class)
                .hasMessageContaining("there was a value already");
    }
}
