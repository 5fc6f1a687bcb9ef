package io.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.cluster.Member;
import io.sluice.coherence.Clocks;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client keeps near, against a node that does what the test says. */
@Timeout(30)
final class NearCacheTest {
    private static final String SET = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-";

    private final FakeNode node = new FakeNode("a");
    private final FakeMembership membership = new FakeMembership();
    private final SluiceClient client = SluiceClient.builder()
            .membership(membership)
            .deadline(Duration.ofSeconds(8))
            .nearCache(NearCacheSettings.DEFAULTS)
            .build();

    @BeforeEach
    void begin() {
        membership.become(node.member());
        node.leaseMillis = 60_000;
        node.stamp = SET + "5";
    }

    @AfterEach
    void end() {
        client.close();
        node.close();
    }

    private Answer get(String key) {
        return client.get("g", key);
    }

    @Test
    void anAnswerUnderLeaseIsKept() {
        assertThat(get("k").servedFrom()).isEqualTo(ServedFrom.MEMORY);
        Answer near = get("k");
        assertThat(near.servedFrom()).isEqualTo(ServedFrom.NEAR);
        assertThat(near.text()).contains("{}");
        assertThat(near.servedBy()).isEqualTo("a");
        assertThat(near.stamp()).isEqualTo(SET + "5");
        assertThat(near.age()).isGreaterThanOrEqualTo(Duration.ofMillis(7));
        assertThat(node.asked).containsExactly("lease k");
        assertThat(client.nearCacheStats()).isEqualTo(new NearCacheStats(1, 1, 1));
    }

    @Test
    void anAnswerWithoutLeaseIsNotKept() {
        node.leaseMillis = 0;
        get("k");
        assertThat(get("k").servedFrom()).isEqualTo(ServedFrom.MEMORY);
        assertThat(node.asked).containsExactly("lease k", "lease k");
    }

    @Test
    void aRevokedCopyIsGoneWhenThatIsConfirmed() {
        get("k");
        node.value = "new";
        node.stamp = SET + "6";
        node.revoke(7, "g", "k");
        await().until(() -> node.confirmed.contains(7L));
        assertThat(get("k").text()).contains("new");
        assertThat(get("k").servedFrom()).isEqualTo(ServedFrom.NEAR);
    }

    @Test
    void copiesGoWithTheStreamAndReadsGoOnWithoutIt() {
        get("k");
        node.leaseMillis = -1;
        node.breakStreams();
        await().until(() -> get("k").servedFrom() == ServedFrom.MEMORY);
        assertThat(client.nearCacheStats().copies()).isZero();
        node.leaseMillis = 60_000;
        await().until(() -> get("k").servedFrom() == ServedFrom.NEAR);
    }

    @Test
    void aNodeWithoutLeasesIsReadLikeBefore() {
        node.leaseMillis = -1;
        assertThat(get("k").text()).contains("{}");
        assertThat(get("k").servedFrom()).isEqualTo(ServedFrom.MEMORY);
        assertThat(node.asked).containsExactly("k", "k");
    }

    @Test
    void aStreamThatBreaksDuringARequestCostsTheCallerNothing() throws Exception {
        node.silent = true;
        var answer = client.getAsync("g", "k");
        await().until(() -> node.asked.contains("lease k"));
        node.breakStreams();
        assertThat(answer.get().text()).contains("{}");
        assertThat(node.asked).containsExactly("lease k", "k");
    }

    @Test
    void aNodeThatDoesNotAnswerOnTheStreamMeetsTheDeadline() {
        node.silent = true;
        ReadOptions hurried = ReadOptions.DEFAULT.withDeadline(Duration.ofMillis(100));
        assertThatThrownBy(() -> client.get("g", "k", hurried))
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    @Test
    void whatTheNodeRefusesIsRefused() {
        assertThatThrownBy(() -> get("bad"))
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("the source is down");
        assertThat(node.asked).containsExactly("lease bad");
    }

    @Test
    void aCopyMustCoverMinPosition() {
        get("k");
        assertThat(client.get("g", "k", ReadOptions.DEFAULT.withMinPosition(SET + "5"))
                        .servedFrom())
                .isEqualTo(ServedFrom.NEAR);
        assertThat(client.get("g", "k", ReadOptions.DEFAULT.withMinPosition(SET + "6"))
                        .servedFrom())
                .isEqualTo(ServedFrom.MEMORY);
        assertThat(client.get("g", "k", ReadOptions.DEFAULT.withMinPosition("no set"))
                        .servedFrom())
                .isEqualTo(ServedFrom.MEMORY);
    }

    @Test
    void theBoundOfACopyGrowsAndIsHeldAgainstMaxStaleness() {
        ReadOptions tight = ReadOptions.DEFAULT.withMaxStaleness(Duration.ofSeconds(20));
        get("k");
        assertThat(get("k").stalenessBoundMillis()).isEqualTo(OptionalLong.empty());
        assertThat(client.get("g", "k", tight).servedFrom())
                .as("no bound is known")
                .isEqualTo(ServedFrom.MEMORY);
        node.boundMillis = 50;
        get("other");
        assertThat(get("other").stalenessBoundMillis().orElseThrow()).isGreaterThan(50);
        assertThat(client.get("g", "other", tight).servedFrom()).isEqualTo(ServedFrom.NEAR);
        assertThat(client.get("g", "other", ReadOptions.DEFAULT.withMaxStaleness(Duration.ofMillis(50)))
                        .servedFrom())
                .isEqualTo(ServedFrom.MEMORY);
    }

    @Test
    void batchesUseCopies() {
        get("k");
        List<KeyOutcome> outcomes = client.getMany("g", List.of("x", "k", "y"));
        assertThat(outcomes)
                .extracting(outcome -> outcome.orThrow().servedFrom())
                .containsExactly(ServedFrom.MEMORY, ServedFrom.NEAR, ServedFrom.MEMORY);
        assertThat(node.asked).containsExactly("lease k", "x", "y");
        assertThat(client.getMany("g", List.of("k"))).hasSize(1);
    }

    @Test
    void closingReleasesWhatIsLent() {
        get("k");
        client.close();
        await().until(() -> node.releases.get() == 1);
    }

    @Test
    void copiesOfAMemberThatIsGoneAreDropped() {
        get("k");
        try (FakeNode other = new FakeNode("b")) {
            membership.become(other.member());
            await().until(() -> node.releases.get() == 1);
            assertThat(get("k").servedBy()).isEqualTo("b");
        }
    }

    /** With clocks that the test sets: a lease is over by either of them. */
    @Test
    void leasesEndByBothClocks() throws Exception {
        long[] now = {0, 1_700_000_000_000L};
        Clocks clock = new Clocks(() -> now[0], () -> now[1]);
        NodeChannels channels = new NodeChannels(membership::topology, 1 << 20);
        Member member = node.member();
        try (NearCache near = new NearCache(channels, NearCacheSettings.DEFAULTS, clock)) {
            java.util.Objects.requireNonNull(near.ask(member, "g", "k", ReadOptions.DEFAULT))
                    .get();
            assertThat(near.find("g", "k", ReadOptions.DEFAULT)).isNotNull();
            now[1] += 60_000;
            assertThat(near.find("g", "k", ReadOptions.DEFAULT)).isNull();
            now[1] -= 60_000;
            now[0] += 59_999_000_000L;
            assertThat(near.find("g", "k", ReadOptions.DEFAULT)).isNotNull();
            now[0] += 1_000_000;
            assertThat(near.find("g", "k", ReadOptions.DEFAULT)).isNull();
        } finally {
            channels.close();
        }
    }

    @Test
    void settingsHaveLimits() {
        assertThatIllegalArgumentException().isThrownBy(() -> NearCacheSettings.DEFAULTS.withCopies(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NearCacheSettings.DEFAULTS.withLease(Duration.ofSeconds(11)));
    }
}
