package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdminHttpTest {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.of("no topology yet"));
    private final AdminHttp admin = AdminHttp.start("127.0.0.1", 0, registry, reason::get);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        client.close();
        admin.close();
    }

    @Test
    void metricsOfTheProcessAndOfTheJvmAreServed() throws Exception {
        Counter.builder()
                .name("sluice_test_events_total")
                .help("test")
                .register(registry)
                .inc(3);

        String body = get("/metrics").body();

        assertThat(body).contains("sluice_test_events_total 3.0").contains("jvm_memory_used_bytes");
    }

    @Test
    void readinessFollowsTheProcessAndSaysWhyNot() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("no topology yet\n");

        reason.set(Optional.empty());

        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void healthDoesNotDependOnReadiness() throws Exception {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void aTakenPortIsNamedWithWhatToDo() {
        assertThatThrownBy(() -> AdminHttp.start("127.0.0.1", admin.port(), new PrometheusRegistry(), reason::get))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("127.0.0.1:" + admin.port())
                .hasMessageContaining("set another admin port");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + admin.port() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
