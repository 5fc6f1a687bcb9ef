package io.sluice.node.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.Clocks;
import io.sluice.coherence.PolledPosition;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PositionPollerTest {
    private static final String SET = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5";
    private static final Source SOURCE =
            requireNonNull(Rules.parse("rules.yaml", """
                    version: 1
                    sources:
                      app: { jdbc-url: "jdbc:mysql://127.0.0.1:1/app", username: u }
                    groups:
                      item: { source: app, key: "{id}", load: "SELECT id FROM items WHERE id = :id" }
                    """, Map.of()).sources().get("app"));

    private final FakeServer a = new FakeServer("a", SET);
    private final FakeServer b = new FakeServer("b", SET);
    private volatile FakeServer name = a;
    private volatile boolean down;
    private final PolledPosition polled = new PolledPosition();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private final PositionPoller poller = new PositionPoller(
            SOURCE,
            new LoadSettings(1, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, Duration.ofMillis(1)),
            () -> {
                if (down) {
                    throw new SQLException("away");
                }
                return name.connect();
            },
            new PositionParser(),
            polled,
            new PollListener() {
                @Override
                public SourcePosition applied() {
                    return SourcePosition.UNKNOWN;
                }

                @Override
                public void polled(SourcePoll poll, long knownNanos) {
                    told.add(poll.server());
                }

                @Override
                public void pollFailed() {
                    told.add("failed");
                }
            },
            new Clocks(System::nanoTime, () -> 0));

    @AfterEach
    void close() {
        poller.close();
        assertThat(a.open.get() + b.open.get()).isZero();
    }

    private void awaitTold(String what) throws InterruptedException {
        String one;
        do {
            one = told.poll(20, TimeUnit.SECONDS);
        } while (one != null && !one.equals(what));
        assertThat(one).isEqualTo(what);
    }

    /** Its connection goes on to answer, so nothing but its own doubt has it look where the name leads now. */
    @Test
    void aServerThatIsNotWritableAnyMoreIsLeftForWhereTheNameLeads() throws Exception {
        awaitTold("a");
        name = b;
        a.writable = false;
        awaitTold("b");
        assertThat(polled.primary()).isEqualTo("b");
        assertThat(a.open.get()).isZero();
    }

    @Test
    void aPollThatFailsIsToldAndTheServerFromBeforeRemembered() throws Exception {
        awaitTold("a");
        a.writable = false;
        down = true;
        awaitTold("failed");
        assertThat(polled.primary()).isEqualTo("a");
    }
}
