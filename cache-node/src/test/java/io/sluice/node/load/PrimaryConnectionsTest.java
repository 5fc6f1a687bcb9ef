package io.sluice.node.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.Moment;
import io.sluice.coherence.PolledPosition;
import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.SourcePosition;
import java.sql.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A name that leads to server a, then to b, and a pool that has connections from before. */
final class PrimaryConnectionsTest {
    private static final SourcePosition KNOWN = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-7");

    private final FakeServer a = new FakeServer("a", "");
    private final FakeServer b = new FakeServer("b", "");
    private final Map<Connection, FakeServer> ends = new HashMap<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final List<FakeServer> evicted = new ArrayList<>();
    private final List<FakeServer> asked = new ArrayList<>();
    private final PolledPosition polled = new PolledPosition();
    private final AtomicLong nanos = new AtomicLong(1_000);
    private FakeServer name = a;

    private final PrimaryConnections connections = new PrimaryConnections(
            new PrimaryConnections.Pool() {
                @Override
                public Connection take() {
                    Connection connection = idle.poll();
                    return connection == null ? opened(name) : connection;
                }

                @Override
                public String askServer(Connection connection) {
                    FakeServer end = end(connection);
                    asked.add(end);
                    return end.uuid();
                }

                @Override
                public void evict(Connection connection) {
                    evicted.add(end(connection));
                }

                @Override
                public void evictAll() {
                    idle.clear();
                }
            },
            polled,
            nanos::get);

    private Connection opened(FakeServer server) {
        Connection connection = server.connect();
        ends.put(connection, server);
        return connection;
    }

    private FakeServer end(Connection connection) {
        return requireNonNull(ends.get(connection));
    }

    private void poll(FakeServer server) {
        poll(server, true);
    }

    private void poll(FakeServer server, boolean writable) {
        polled.polled(
                new SourcePoll(new Moment(nanos.get(), 0), SourcePosition.UNKNOWN, server.uuid(), KNOWN, writable));
    }

    @Test
    void aConnectionThatLeadsToTheServerFromBeforeIsEvictedWithAllThatAreIdle() throws Exception {
        poll(a);
        for (int i = 0; i < 10; i++) {
            idle.add(opened(a));
        }
        assertThat(end(connections.take())).isSameAs(a);
        assertThat(evicted).isEmpty();

        name = b;
        poll(b);
        Connection taken = connections.take();
        assertThat(end(taken)).isSameAs(b);
        assertThat(connections.leadsToPrimary(taken)).isTrue();
        assertThat(evicted).containsExactly(a);
        assertThat(idle).isEmpty();
    }

    @Test
    void whileTheNameLeadsElsewhereEvictionEndsAndTheConnectionIsKnownForAstray() throws Exception {
        poll(b);
        Connection taken = connections.take();
        assertThat(end(taken)).isSameAs(a);
        assertThat(connections.leadsToPrimary(taken)).isFalse();
        assertThat(evicted).hasSize(PrimaryConnections.MOST_EVICTED);

        connections.take();
        assertThat(evicted).as("not again at once").hasSize(PrimaryConnections.MOST_EVICTED);
        nanos.addAndGet(PrimaryConnections.PAUSE.toNanos());
        name = b;
        idle.add(opened(a));
        assertThat(end(connections.take())).isSameAs(b);
    }

    /** Also while polls fail: what is known of the past is all that is known. */
    @Test
    void theServerThatWasThePrimaryLastIsGoneByWhilePollsFail() throws Exception {
        poll(b);
        polled.forget();
        idle.add(opened(a));
        name = b;
        assertThat(end(connections.take())).isSameAs(b);
    }

    @Test
    void aServerThatIsDoubtfulTakesNoConnectionAway() throws Exception {
        poll(a);
        poll(b, false);
        Connection taken = connections.take();
        assertThat(end(taken)).isSameAs(a);
        assertThat(connections.leadsToPrimary(taken)).isTrue();
        assertThat(evicted).isEmpty();
    }

    @Test
    void aConnectionIsAskedOnceForItsServer() throws Exception {
        poll(a);
        Connection taken = connections.take();
        idle.add(taken);
        assertThat(connections.take()).isSameAs(taken);
        assertThat(asked).containsExactly(a);
    }
}
