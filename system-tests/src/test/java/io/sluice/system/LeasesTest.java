package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.faults.CuttableProxy;
import io.sluice.client.Answer;
import io.sluice.client.NearCacheSettings;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceClient;
import io.sluice.client.SluiceException;
import io.sluice.cluster.Member;
import io.sluice.devstack.Devstack;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Clients with near caches on the real pipeline: a change is not done while one of them may use the old value. */
@SystemTest
@Order(11)
class LeasesTest {
    private static final String EXECUTED = "SELECT @@global.gtid_executed";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(20));

    private final Scene scene;

    LeasesTest(Devstack stack) {
        scene = Items.scene(stack, "leases", 3);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    private SluiceClient nearClient() {
        return SluiceClient.builder()
                .etcd(scene.stack().etcd().endpoint())
                .cluster(scene.name())
                .nearCache(NearCacheSettings.DEFAULTS)
                .build();
    }

    private static void awaitNear(SluiceClient client, String key) {
        await().atMost(PATIENCE)
                .until(() -> client.get(Items.GROUP, key, PATIENT).servedFrom() == ServedFrom.NEAR);
    }

    /** How often nodes had to wait for copies, and whether for the holders' word or for time. */
    private double waits(String end) {
        return Metrics.sum(scene.nodes(), "sluice_node_lease_wait_seconds_count", "end=\"" + end + "\"");
    }

    private double sync(String metric) {
        return Metrics.sum(scene.cluster().sync(), metric);
    }

    private void write(int id, long version) {
        scene.sql("UPDATE items SET version = " + version + " WHERE id = " + id);
    }

    @Test
    void aNearCacheFollowsEveryChange() throws SQLException {
        double before = waits("confirmed");
        try (SluiceClient near = nearClient();
                Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            for (int version = 1; version <= 30; version++) {
                for (int id = 1; id <= 5; id++) {
                    String key = Integer.toString(id);
                    near.get(Items.GROUP, key, PATIENT);
                    write(id, version);
                    assertThat(near.get(
                                            Items.GROUP,
                                            key,
                                            PATIENT.withMinPosition(PrimeProduct.text(statement, EXECUTED)))
                                    .text())
                            .contains(Items.json(id, version));
                }
            }
            for (int id = 1; id <= 5; id++) {
                String key = Integer.toString(id);
                Optional<String> latest = Optional.of(Items.json(id, 30));
                await().atMost(PATIENCE)
                        .until(() -> near.get(Items.GROUP, key, PATIENT).text().equals(latest));
                awaitNear(near, key);
                assertThat(near.get(Items.GROUP, key, PATIENT).text()).isEqualTo(latest);
            }
            assertThat(near.nearCacheStats().hits()).isPositive();
        }
        assertThat(waits("confirmed")).isGreaterThan(before);
    }

    /** The holder stands still: the Remove waits for the end of its lease, and for nothing else. */
    @Test
    void aHolderThatStandsStillIsWaitedForAndNeverAnswersTheOldValue() throws Exception {
        String key = "21";
        double waitsBefore = waits("time");
        try (NearHolder holder = new NearHolder(scene.stack().etcd().endpoint(), scene.name(), Items.GROUP)) {
            await().atMost(PATIENCE).until(() -> sync("sluice_sync_records_in_flight") == 0);
            double before = sync("sluice_sync_removals_acknowledged_total");
            await().atMost(PATIENCE).until(() -> holder.read(key).from() == ServedFrom.NEAR);
            holder.pause();
            write(21, 1);
            await().atMost(PATIENCE).until(() -> sync("sluice_sync_removals_acknowledged_total") > before);
            // By all holders of the key, the one that has lent it included.
            await().atMost(PATIENCE).until(() -> sync("sluice_sync_records_in_flight") == 0);
            // Done, although it stands still: what it answers when it goes on is judged by that.
            holder.ask(key);
            holder.resume();
            assertThat(holder.answer().value()).isEqualTo(Items.json(21, 1));
            assertThat(waits("time")).isGreaterThan(waitsBefore);
        }
    }

    /** The holder is cut off: it has no copies any more, since nobody could revoke them. */
    @Test
    void aHolderThatIsCutOffAnswersNothing() throws Exception {
        String key = "31";
        List<CuttableProxy> proxies = new ArrayList<>();
        List<String> members = new ArrayList<>();
        for (Member member : scene.client().topology().members()) {
            CuttableProxy proxy = new CuttableProxy(member.port());
            proxies.add(proxy);
            members.add(member.name() + "=" + proxy.endpoint().replace("http://", ""));
        }
        try (SluiceClient near = SluiceClient.builder()
                .members(members.toArray(String[]::new))
                .nearCache(NearCacheSettings.DEFAULTS)
                .build()) {
            awaitNear(near, key);
            proxies.forEach(CuttableProxy::cut);
            await().atMost(PATIENCE).until(() -> answer(near, key).isEmpty());
            write(31, 1);
            Answer elsewhere = scene.client().get(Items.GROUP, key, PATIENT);
            assertThat(elsewhere.found()).isTrue();
            assertThat(answer(near, key)).isEmpty();
            await().atMost(PATIENCE)
                    .until(() -> scene.client()
                            .get(Items.GROUP, key, PATIENT)
                            .text()
                            .equals(Optional.of(Items.json(31, 1))));
            proxies.forEach(CuttableProxy::mend);
            await().atMost(PATIENCE).until(() -> !answer(near, key).isEmpty());
            assertThat(answer(near, key)).isEqualTo(Items.json(31, 1));
        } finally {
            proxies.forEach(CuttableProxy::close);
        }
    }

    /** Empty when nobody answers. */
    private static String answer(SluiceClient client, String key) {
        try {
            return client.get(Items.GROUP, key).text().orElse("");
        } catch (SluiceException e) {
            return "";
        }
    }
}
