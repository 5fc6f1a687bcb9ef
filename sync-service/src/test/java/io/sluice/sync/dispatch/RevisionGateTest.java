package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RevisionGateTest {
    private final List<Long> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch looked = new CountDownLatch(1);
    private volatile boolean confirmed = true;
    private final RevisionGate gate = new RevisionGate(
            Duration.ofMillis(1), this::isConfirmed, told::add, new ScheduledThreadPoolExecutor(1), System::nanoTime);

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void inANewHistoryOpenedAndHeardFallBack() {
        gate.heard(5_000);
        await().until(() -> gate.opened() == 5_000);

        gate.beginAnew();

        assertThat(gate.opened()).isLessThan(10);
        assertThat(gate.heardSince(10)).isFalse();
        gate.heard(11);
        await().until(() -> gate.opened() == 11);
    }

    /** 1: revision 5000 waits for etcd. 2: etcd has lost its data. 3: revision 11 is heard. 4: etcd answers. */
    @Test
    void aRevisionOfALostHistoryThatStillWaitsIsNeverOpened() throws Exception {
        confirmed = false;
        gate.heard(5_000);
        looked.await();

        gate.beginAnew();
        gate.heard(11);
        confirmed = true;

        await().until(() -> !told.isEmpty());
        assertThat(told).containsExactly(11L);
        assertThat(gate.opened()).isEqualTo(11);
    }

    private boolean isConfirmed(long sinceNanos) {
        looked.countDown();
        return confirmed;
    }
}
