package io.sluice.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AskedNodesTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AskedNodes asked = new AskedNodes(nanos::get);

    private static Member member(String name, int port, long incarnation) {
        return new Member(name, "127.0.0.1", port, incarnation, 1, "");
    }

    private List<String> names(Member... members) {
        nanos.incrementAndGet();
        return asked.now(List.of(members)).stream().map(AskedNodes.Node::name).toList();
    }

    /** Its lease has ended and it runs on. */
    @Test
    void aNodeThatWasForgottenIsAskedForAWhileLonger() {
        Member one = member("node-1", 1, 1);
        Member two = member("node-2", 2, 1);
        assertThat(names(one, two)).containsExactly("node-1", "node-2");

        assertThat(asked.now(List.of(one)))
                .containsExactly(
                        new AskedNodes.Node("node-1", "node-1", "127.0.0.1:1", false),
                        new AskedNodes.Node("node-2", "node-2", "127.0.0.1:2", true));
        nanos.addAndGet(AskedNodes.AFTERWARDS.toNanos());
        assertThat(names(one)).containsExactly("node-1");
    }

    @Test
    void ofANameWithTwoLivesTheLaterOneIsAskedAndTheEarlierOneIfItIsElsewhere() {
        assertThat(names(member("node-1", 1, 1))).containsExactly("node-1");
        assertThat(names(member("node-1", 1, 2))).containsExactly("node-1");
        assertThat(names(member("node-1", 3, 3), member("node-1", 1, 2)))
                .containsExactly("node-1", "node-1@127.0.0.1:1");
    }

    @Test
    void aBoundedNumberOfThoseThatHaveLeftIsRemembered() {
        List<Member> many = new ArrayList<>();
        for (int i = 1; i <= 2 * AskedNodes.MOST_DEPARTED; i++) {
            many.add(member("node-" + i, i, 1));
        }
        asked.now(many);
        nanos.incrementAndGet();
        assertThat(names()).hasSize(AskedNodes.MOST_DEPARTED);
    }
}
