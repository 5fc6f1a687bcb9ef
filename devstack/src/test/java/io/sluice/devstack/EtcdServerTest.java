package io.sluice.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.devstack.junit.DevstackExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DevstackExtension.class)
class EtcdServerTest {
    /** Base64 of "kept" and "value". */
    private static final String PUT = "{\"key\":\"a2VwdA==\",\"value\":\"dmFsdWU=\"}";

    private static final String GET = "{\"key\":\"a2VwdA==\"}";

    @Test
    void keepsItsDataWhenKilledAndRestarted(Devstack stack) throws IOException, InterruptedException {
        EtcdServer etcd = stack.etcd();
        call(etcd, "/v3/kv/put", PUT);

        etcd.kill();
        assertThat(etcd.isAlive()).isFalse();
        assertThatThrownBy(() -> call(etcd, "/v3/kv/range", GET)).isInstanceOf(IOException.class);
        etcd.restart();

        assertThat(call(etcd, "/v3/kv/range", GET)).contains("dmFsdWU=");
    }

    @Test
    void answersNothingWhilePausedAndGoesOnWhenResumed(Devstack stack) throws IOException, InterruptedException {
        EtcdServer etcd = stack.etcd();

        etcd.pause();
        try {
            assertThatThrownBy(() -> call(etcd, "/v3/kv/range", GET)).isInstanceOf(HttpTimeoutException.class);
        } finally {
            etcd.resume();
        }

        assertThat(call(etcd, "/v3/kv/put", PUT)).contains("revision");
    }

    @Test
    void isStoppedThoughPaused() {
        try (Devstack alone = Devstack.builder().only(Part.ETCD).start()) {
            alone.etcd().pause();
            alone.etcd().stop();
            assertThat(alone.etcd().isAlive()).isFalse();
        }
    }

    private static String call(EtcdServer etcd, String path, String body) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(etcd.endpoint() + path))
                    .timeout(Duration.ofMillis(500))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
