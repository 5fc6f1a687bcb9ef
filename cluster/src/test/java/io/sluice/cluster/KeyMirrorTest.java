package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirror on a fake etcd, asked at each of its calls what it knows. */
class KeyMirrorTest {
    private final FakeEtcd etcd = new FakeEtcd();
    private final Loop loop = new ThreadLoop("mirror");
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final KeyMirror mirror = new KeyMirror(etcd.connect(), loop, "", "the keys", this::changed);

    @BeforeEach
    void start() {
        etcd.put("a", "1");
        loop.execute(mirror::resync);
        await().until(() -> etcd.watches() == 1);
    }

    @AfterEach
    void close() {
        loop.execute(mirror::stop);
        loop.close();
    }

    @Test
    void tellsOfEachChange() {
        etcd.put("b", "2");

        await().until(() -> told.size() == 2);
        assertThat(told).containsExactly("in sight [a]", "in sight [a, b]");
    }

    @Test
    void tellsThatTheKeysAreInSightAgainThoughNoneHasChanged() {
        etcd.endWatches("broken");

        await().until(() -> told.size() == 2);
        assertThat(told).containsExactly("in sight [a]", "in sight [a]");
    }

    private void changed() {
        List<String> keys = mirror.keys().stream().map(EtcdStore.StoredKey::key).toList();
        told.add((mirror.connected() ? "in sight " : "out of sight ") + keys);
    }
}
