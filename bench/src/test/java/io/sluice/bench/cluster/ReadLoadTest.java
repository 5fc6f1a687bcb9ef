package io.sluice.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

final class ReadLoadTest {
    private final CountDownLatch enough = new CountDownLatch(90);

    @Test
    void readsGoEveryWayInTurnAndEndInTheLog() throws InterruptedException {
        ReadLoad load = ReadLoad.start(
                10_000,
                new ZipfKeys(10, 1),
                List.of(
                        counted(CompletableFuture.completedFuture(true)),
                        counted(CompletableFuture.completedFuture(false)),
                        counted(CompletableFuture.failedFuture(new IllegalStateException("no answer")))));
        try (load) {
            enough.await();
        }
        RequestLog log = load.log();
        int all = log.requests(0, Long.MAX_VALUE);
        assertThat(all).isGreaterThanOrEqualTo(90);
        assertThat(log.failed(0, Long.MAX_VALUE)).isBetween(all / 3 - 1, all / 3 + 1);
        assertThat(log.hitRatio(0, Long.MAX_VALUE)).isBetween(0.3, 0.36);
        assertThat(load.failures()).hasSize(20).allMatch(failure -> failure.endsWith("no answer"));
    }

    private IntFunction<CompletableFuture<Boolean>> counted(CompletableFuture<Boolean> answer) {
        return _ -> {
            enough.countDown();
            return answer;
        };
    }
}
