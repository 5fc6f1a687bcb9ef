package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.PutOption;
import io.sluice.cli.faults.CuttableProxy;
import io.sluice.cluster.ClusterException;
import io.sluice.cluster.EtcdMembership;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.EtcdTls;
import io.sluice.cluster.Member;
import io.sluice.cluster.NodeParticipant;
import io.sluice.cluster.RingChanges;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.SyncParticipant;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.EtcdServer;
import io.sluice.devstack.process.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Membership and registration against a real etcd. */
@SystemTest
@Order(8)
class RealEtcdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final String CLUSTER = "etcd-membership";
    private static final RingChanges CHANGES = RingChanges.DEFAULTS;
    private static final SourcePosition FLOOR = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57");

    private final EtcdServer etcd;
    private final EtcdSettings settings;
    private final Client client;
    private EtcdMembership membership;

    RealEtcdTest(Devstack stack) {
        etcd = stack.etcd();
        settings = EtcdSettings.of(List.of(etcd.endpoint()), CLUSTER).withLeaseTtl(TTL);
        client = Client.builder().endpoints(etcd.endpoint()).build();
        membership = EtcdMembership.open(settings, 2);
    }

    @BeforeEach
    void open() {
        membership.close();
        membership = EtcdMembership.open(settings, 2);
    }

    @AfterEach
    void leave() throws Exception {
        membership.close();
        // The next test begins without a ring: no document survives the members of the last one.
        client.getKVClient().delete(key("topology")).get();
    }

    @AfterAll
    void stop() {
        client.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("sluice-etcd") || name.startsWith("jetcd")));
    }

    @Test
    void membersJoinAndLeave() {
        try (SyncParticipant sync = sync("sync-1");
                NodeParticipant one = register("node-1")) {
            awaitNames("node-1");
            try (NodeParticipant two = register("node-2")) {
                awaitNames("node-1", "node-2");
                assertThat(members()).containsExactly(one.member(), two.member());
                assertThat(active().floors()).containsEntry("app", FLOOR);
                assertThat(two.leave(PATIENCE)).isTrue();
            }
            awaitNames("node-1");
            assertThat(sync.registered()).isTrue();
        }
    }

    @Test
    void killedMemberLeavesWhenItsLeaseEndsAndComesBackUnderItsName() throws Exception {
        leaveBehind("node-1");
        try (SyncParticipant sync = sync("sync-1");
                NodeParticipant two = register("node-2")) {
            awaitNames("node-1", "node-2");
            Member dead = members().getFirst();

            try (NodeParticipant reborn = register("node-1")) {
                assertThat(reborn.member().incarnation()).isGreaterThan(dead.incarnation());
                await().atMost(PATIENCE).until(() -> members().equals(List.of(reborn.member(), two.member())));
                await().atMost(PATIENCE).until(() -> sync.isGone(dead));
            }
        }
    }

    @Test
    void liveMemberKeepsItsName() {
        EtcdSettings impatient = settings.withStartTimeout(Duration.ofSeconds(1));
        try (NodeParticipant one = register("node-1")) {
            assertThatThrownBy(() -> NodeParticipant.register(
                            impatient, CHANGES, Member.of("node-1", "127.0.0.1", 2), membership, new Quiet()))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("the name node-1 in cluster " + CLUSTER + " is taken");
            assertThat(one.registered()).isTrue();
        }
    }

    @Test
    void restartOfEtcdChangesNothing() {
        try (SyncParticipant sync = sync("sync-1");
                NodeParticipant one = register("node-1")) {
            awaitNames("node-1");
            etcd.kill();
            try {
                await().atMost(PATIENCE).until(() -> one.sinceConfirmed().compareTo(TTL.multipliedBy(2)) > 0);
                assertThat(one.leased()).isFalse();
                assertThat(sync.leased()).isFalse();
                assertThat(names()).containsExactly("node-1");
            } finally {
                etcd.restart();
            }
            await().atMost(PATIENCE).until(() -> one.leased() && sync.leased());
            try (NodeParticipant two = register("node-2")) {
                awaitNames("node-1", "node-2");
                assertThat(two.registered()).isTrue();
            }
            awaitNames("node-1");
        }
    }

    @Test
    void memberWhoseLeaseIsRevokedReturnsAsANewIncarnation() throws Exception {
        try (SyncParticipant sync = sync("sync-1");
                NodeParticipant one = register("node-1");
                NodeParticipant two = register("node-2")) {
            awaitNames("node-1", "node-2");
            long first = one.member().incarnation();
            client.getLeaseClient().revoke(record("node-1").getLease()).get();

            await().atMost(PATIENCE)
                    .until(() -> one.registered() && one.member().incarnation() > first);
            await().atMost(PATIENCE).until(() -> members().equals(List.of(one.member(), two.member())));
            assertThat(sync.registered()).isTrue();
        }
    }

    @Test
    void historyCompactedWhileAWatcherIsCutOffIsListedAnew() throws Exception {
        try (CuttableProxy proxy = new CuttableProxy(etcd.port());
                EtcdMembership cutOff = EtcdMembership.open(
                        EtcdSettings.of(List.of(proxy.endpoint()), CLUSTER).withLeaseTtl(TTL), 2);
                SyncParticipant sync = sync("sync-1");
                NodeParticipant one = register("node-1")) {
            awaitNames("node-1");
            await().atMost(PATIENCE).until(() -> names(cutOff).equals(List.of("node-1")));
            proxy.cut();
            try (NodeParticipant two = register("node-2")) {
                awaitNames("node-1", "node-2");
                assertThat(names(cutOff)).containsExactly("node-1");
                compact();
                proxy.mend();

                await().atMost(PATIENCE).until(() -> names(cutOff).equals(List.of("node-1", "node-2")));
                assertThat(two.leave(PATIENCE)).isTrue();
            }
            await().atMost(PATIENCE).until(() -> names(cutOff).equals(List.of("node-1")));
            assertThat(one.registered()).isTrue();
            assertThat(sync.registered()).isTrue();
        }
    }

    @Test
    void endpointThatDoesNotAnswerIsPassedOver() {
        int closed = new FreePorts().next();
        EtcdSettings several = EtcdSettings.of(List.of("127.0.0.1:" + closed, etcd.endpoint()), CLUSTER)
                .withLeaseTtl(TTL);
        try (SyncParticipant sync = sync("sync-1");
                EtcdMembership seen = EtcdMembership.open(several, 2);
                NodeParticipant one = register(several, "node-1", seen)) {
            await().atMost(PATIENCE).until(() -> seen.topology().activeRing() != null);
            await().during(TTL.multipliedBy(2)).atMost(PATIENCE).until(one::leased);
            assertThat(sync.registered()).isTrue();
        }
    }

    @Test
    void etcdWithTlsAndUsersIsSpokenTo(@TempDir Path directory) throws Exception {
        try (SecureEtcd secure = SecureEtcd.start(directory)) {
            EtcdTls tls = new EtcdTls(secure.ca(), null, null);
            EtcdSettings known = secured(secure, SecureEtcd.PASSWORD, tls);
            try (EtcdMembership seen = EtcdMembership.open(known, 2);
                    NodeParticipant one = NodeParticipant.register(
                            known,
                            new RingChanges(false, Duration.ofMillis(100), Duration.ofSeconds(30)),
                            Member.of("node-1", "localhost", 7_400),
                            seen,
                            new Quiet())) {
                await().atMost(PATIENCE).until(() -> seen.topology().activeRing() != null);
                await().during(TTL.multipliedBy(2)).atMost(PATIENCE).until(one::leased);
            }
            assertThatThrownBy(() -> EtcdMembership.open(secured(secure, "wrong", tls), 2))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("UNAUTHENTICATED");
            assertThatThrownBy(() -> EtcdMembership.open(secured(secure, SecureEtcd.PASSWORD, null), 2))
                    .as("a certificate that Java does not trust")
                    .isInstanceOf(ClusterException.class);
        }
    }

    private static EtcdSettings secured(SecureEtcd secure, String password, @Nullable EtcdTls tls) {
        return new EtcdSettings(
                List.of(secure.endpoint()), CLUSTER, TTL, Duration.ofSeconds(3), SecureEtcd.USER, password, "", tls);
    }

    private NodeParticipant register(String name) {
        return register(settings, name, membership);
    }

    private static NodeParticipant register(EtcdSettings settings, String name, EtcdMembership membership) {
        return NodeParticipant.register(
                settings, CHANGES, Member.of(name, "localhost", 7_400), membership, new Quiet());
    }

    private SyncParticipant sync(String name) {
        return SyncParticipant.register(settings, name, membership, new SyncParticipant.Callbacks() {
            @Override
            public void registered(long incarnation) {}

            @Override
            public void lost(String reason) {}

            @Override
            public void adopt(Topology topology) {}

            @Override
            public Map<String, SourcePosition> readFloors(long ringId) {
                return Map.of("app", FLOOR);
            }
        });
    }

    private RingRecord active() {
        return Objects.requireNonNull(membership.topology().activeRing());
    }

    private List<Member> members() {
        return members(membership);
    }

    private static List<Member> members(EtcdMembership seen) {
        RingRecord active = seen.topology().activeRing();
        return active == null ? List.of() : active.members();
    }

    private static final class Quiet implements NodeParticipant.Callbacks {
        @Override
        public void registered(Member self) {}

        @Override
        public void lost(String reason) {}

        @Override
        public void adopt(Topology topology) {}
    }

    /** What a killed process leaves: its record under a lease that nobody renews. */
    private void leaveBehind(String name) throws Exception {
        ByteSequence value;
        try (NodeParticipant living = register(name)) {
            assertThat(living.registered()).isTrue();
            value = record(name).getValue();
        }
        long lease = client.getLeaseClient().grant(TTL.toSeconds()).get().getID();
        client.getKVClient()
                .put(
                        key("members/" + name),
                        value,
                        PutOption.builder().withLeaseId(lease).build())
                .get();
    }

    private KeyValue record(String name) throws Exception {
        return client.getKVClient().get(key("members/" + name)).get().getKvs().getFirst();
    }

    /** Forgets the history up to now. */
    private void compact() throws Exception {
        long revision = client.getKVClient()
                .put(bytes("/elsewhere"), bytes("x"))
                .get()
                .getHeader()
                .getRevision();
        client.getKVClient().compact(revision).get();
    }

    private static ByteSequence key(String name) {
        return bytes("/sluice/" + CLUSTER + "/" + name);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private void awaitNames(String... expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly(expected));
    }

    private List<String> names() {
        return names(membership);
    }

    private static List<String> names(EtcdMembership seen) {
        return members(seen).stream().map(Member::name).toList();
    }
}
