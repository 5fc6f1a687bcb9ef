package io.sluice.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sluice.proto.v1.Copy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CopyQueueTest {
    private final AtomicLong nanos = new AtomicLong();
    private final CopyQueue queue = new CopyQueue(nanos::get);

    @Test
    void ageIncludesTheTimeACopyWaited() throws InterruptedException {
        queue.offer(copy("1", 10));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));

        Copy taken = queue.take(10, 1_000_000).getFirst();

        assertThat(taken.getAgeMillis()).isEqualTo(100 + 3_001);
        assertThat(taken.getTtlMillis()).isEqualTo(60_000 - 3_001);
    }

    @Test
    void oldestGoWhenThereAreTooMany() throws InterruptedException {
        for (int i = 0; i < CopyQueue.MAX_COPIES; i++) {
            assertThat(queue.offer(copy(Integer.toString(i), 1))).isZero();
        }

        assertThat(queue.offer(copy("newest", 1))).isEqualTo(1);

        assertThat(queue.take(1, 1_000_000).getFirst().getKey()).isEqualTo("1");
    }

    @Test
    void oldestGoWhenTheyAreTooLarge() throws InterruptedException {
        queue.offer(copy("old", (int) CopyQueue.MAX_BYTES / 2));

        assertThat(queue.offer(copy("new", (int) CopyQueue.MAX_BYTES / 2))).isEqualTo(1);

        assertThat(keys(queue.take(10, Long.MAX_VALUE))).containsExactly("new");
    }

    @Test
    void batchIsBoundedInNumberAndBytesButNeverEmpty() throws InterruptedException {
        for (String key : List.of("a", "b", "c", "d")) {
            queue.offer(copy(key, 1_000));
        }

        assertThat(keys(queue.take(2, 1_000_000))).containsExactly("a", "b");
        assertThat(keys(queue.take(10, 1))).containsExactly("c");
        assertThat(keys(queue.take(10, 1_000_000))).containsExactly("d");
    }

    private static List<String> keys(List<Copy> copies) {
        return copies.stream().map(Copy::getKey).toList();
    }

    private static Copy copy(String key, int bytes) {
        return Copy.newBuilder()
                .setGroup("student")
                .setKey(key)
                .setValue(ByteString.copyFrom(new byte[bytes]))
                .setAgeMillis(100)
                .setTtlMillis(60_000)
                .build();
    }
}
