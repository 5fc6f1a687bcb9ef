package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.PutOption;
import io.sluice.cluster.ClusterException;
import io.sluice.cluster.EtcdMembership;
import io.sluice.cluster.EtcdRegistration;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.Member;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.EtcdServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Membership and registration against a real etcd. */
@SystemTest
@Order(8)
class RealEtcdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final String CLUSTER = "etcd-membership";

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
    void everyMemberLeaves() {
        awaitNames();
        membership.close();
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
        try (EtcdRegistration one = register("node-1")) {
            awaitNames("node-1");
            register("node-2").close();
            try (EtcdRegistration two = register("node-2")) {
                awaitNames("node-1", "node-2");
                assertThat(membership.topology().members()).containsExactly(one.member(), two.member());
            }
            awaitNames("node-1");
        }
    }

    @Test
    void killedMemberLeavesWhenItsLeaseEndsAndComesBackUnderItsName() throws Exception {
        leaveBehind("node-1");
        awaitNames("node-1");
        long deadIncarnation = membership.topology().members().getFirst().incarnation();

        try (EtcdRegistration reborn = register("node-1")) {
            assertThat(reborn.member().incarnation()).isGreaterThan(deadIncarnation);
            await().atMost(PATIENCE).until(() -> membership.topology().members().equals(List.of(reborn.member())));
        }
    }

    @Test
    void liveMemberKeepsItsName() {
        EtcdSettings impatient = settings.withStartTimeout(Duration.ofSeconds(1));
        try (EtcdRegistration one = register("node-1")) {
            assertThatThrownBy(() -> EtcdRegistration.register(impatient, Member.of("node-1", "127.0.0.1", 2)))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("the name node-1 in cluster " + CLUSTER + " is taken");
            assertThat(one.registered()).isTrue();
        }
    }

    @Test
    void restartOfEtcdChangesNothing() {
        try (EtcdRegistration one = register("node-1")) {
            awaitNames("node-1");
            etcd.kill();
            try {
                await().atMost(PATIENCE).until(() -> one.sinceConfirmed().compareTo(TTL.multipliedBy(2)) > 0);
                assertThat(names()).containsExactly("node-1");
            } finally {
                etcd.restart();
            }
            await().atMost(PATIENCE).until(() -> one.sinceConfirmed().compareTo(TTL) < 0);
            try (EtcdRegistration two = register("node-2")) {
                awaitNames("node-1", "node-2");
                assertThat(two.registered()).isTrue();
            }
            awaitNames("node-1");
        }
    }

    @Test
    void memberWhoseLeaseIsRevokedReturnsAsANewIncarnation() throws Exception {
        try (EtcdRegistration one = register("node-1")) {
            long first = one.member().incarnation();
            client.getLeaseClient().revoke(record("node-1").getLease()).get();

            await().atMost(PATIENCE)
                    .until(() -> one.registered() && one.member().incarnation() > first);
            await().atMost(PATIENCE).until(() -> membership.topology().members().equals(List.of(one.member())));
        }
    }

    @Test
    void historyCompactedWhileAwayIsListedAnew() throws Exception {
        try (EtcdRegistration one = register("node-1")) {
            awaitNames("node-1");
            etcd.kill();
            etcd.restart();
            compact();
            try (EtcdRegistration two = register("node-2")) {
                compact();
                awaitNames("node-1", "node-2");
                assertThat(two.registered()).isTrue();
            }
            assertThat(one.registered()).isTrue();
        }
    }

    private EtcdRegistration register(String name) {
        return EtcdRegistration.register(settings, Member.of(name, "127.0.0.1", 7_400));
    }

    /** What a killed process leaves: its record under a lease that nobody renews. */
    private void leaveBehind(String name) throws Exception {
        ByteSequence value;
        try (EtcdRegistration living = register(name)) {
            assertThat(living.registered()).isTrue();
            value = record(name).getValue();
        }
        awaitNames();
        long lease = client.getLeaseClient().grant(TTL.toSeconds()).get().getID();
        client.getKVClient()
                .put(key(name), value, PutOption.builder().withLeaseId(lease).build())
                .get();
    }

    private KeyValue record(String name) throws Exception {
        return client.getKVClient().get(key(name)).get().getKvs().getFirst();
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
        return bytes("/sluice/" + CLUSTER + "/members/" + name);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private void awaitNames(String... expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly(expected));
    }

    private List<String> names() {
        return membership.topology().members().stream().map(Member::name).toList();
    }
}
