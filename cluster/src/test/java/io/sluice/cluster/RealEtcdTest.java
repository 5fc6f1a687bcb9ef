package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Membership and registration against a real etcd, where the system property names its executable. */
@EnabledIfSystemProperty(named = "sluice.test.etcd", matches = ".+", disabledReason = "no etcd executable is named")
@SuppressWarnings("NullAway.Init") // JUnit sets what a test uses before it runs.
class RealEtcdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration TTL = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private LocalEtcd etcd;
    private EtcdSettings settings;
    private EtcdMembership membership;

    @BeforeEach
    void start() throws Exception {
        etcd = new LocalEtcd(
                Path.of(Objects.requireNonNull(System.getProperty("sluice.test.etcd"))), directory.resolve("data"));
        settings = EtcdSettings.of(List.of(etcd.endpoint()), "school").withLeaseTtl(TTL);
        membership = EtcdMembership.open(settings, 2);
    }

    @AfterEach
    void stop() throws Exception {
        membership.close();
        etcd.kill();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("sluice-") || name.startsWith("jetcd")));
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
        awaitNames();
    }

    @Test
    void killedMemberLeavesWhenItsLeaseEndsAndComesBackUnderItsName() throws Exception {
        // What a killed process leaves: a key under a lease that nobody renews.
        try (JetcdStore dead = new JetcdStore(settings)) {
            long lease = dead.grantLease(TTL);
            dead.createIfAbsent("node-1", MemberRecord.encode(Member.of("node-1", "127.0.0.1", 1)), lease);
            awaitNames("node-1");
            long deadIncarnation = membership.topology().members().get(0).incarnation();

            try (EtcdRegistration reborn = register("node-1")) {
                assertThat(reborn.member().incarnation()).isGreaterThan(deadIncarnation);
                await().atMost(PATIENCE)
                        .until(() -> membership.topology().members().equals(List.of(reborn.member())));
            }
        }
    }

    @Test
    void liveMemberKeepsItsName() {
        EtcdSettings impatient = settings.withStartTimeout(Duration.ofSeconds(1));
        try (EtcdRegistration one = register("node-1")) {
            assertThatThrownBy(() -> EtcdRegistration.register(impatient, Member.of("node-1", "127.0.0.1", 2)))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("the name node-1 in cluster school is taken");
            assertThat(one.registered()).isTrue();
        }
    }

    @Test
    void restartOfEtcdChangesNothing() throws Exception {
        try (EtcdRegistration one = register("node-1")) {
            awaitNames("node-1");
            etcd.kill();
            await().atMost(PATIENCE).until(() -> one.sinceConfirmed().compareTo(TTL.multipliedBy(2)) > 0);
            assertThat(names()).containsExactly("node-1");
            etcd.start();
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
            etcd.revokeLeaseOf("/sluice/school/members/node-1");

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
            etcd.start();
            etcd.compact();
            try (EtcdRegistration two = register("node-2")) {
                etcd.compact();
                awaitNames("node-1", "node-2");
                assertThat(two.registered()).isTrue();
            }
            assertThat(one.registered()).isTrue();
        }
    }

    @Test
    void watchFromACompactedRevisionSaysSo() throws Exception {
        register("node-1").close();
        etcd.compact();
        try (JetcdStore store = new JetcdStore(settings)) {
            List<String> ended = new CopyOnWriteArrayList<>();
            try (EtcdStore.Watch watch = store.watch(1, new EtcdStore.WatchSink() {
                @Override
                public void changed(List<EtcdStore.Change> changes) {}

                @Override
                public void ended(String reason) {
                    ended.add(reason);
                }
            })) {
                assertThat(watch).isNotNull();
                await().atMost(PATIENCE).until(() -> !ended.isEmpty());
            }
            assertThat(ended.get(0)).contains("compacted");
        }
    }

    private EtcdRegistration register(String name) {
        return EtcdRegistration.register(settings, Member.of(name, "127.0.0.1", 7_400));
    }

    private void awaitNames(String... expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(names()).containsExactly(expected));
    }

    private List<String> names() {
        return membership.topology().members().stream().map(Member::name).toList();
    }
}
