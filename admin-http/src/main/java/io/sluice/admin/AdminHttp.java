package io.sluice.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The admin HTTP server of one process.
 *
 * <p>{@code /metrics} answers in Prometheus format; {@code /healthz} is 200 while the process can answer at all;
 * {@code /readyz} is 200 when {@link Readiness} gives no reason against it, else 503 with the reason.
 *
 * <p>Thread-safe. Each request runs on a virtual thread of its own, never on those that serve the cache, so a scraper
 * that reads slowly, or not at all, keeps nobody else waiting.
 */
public final class AdminHttp implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService executor;

    private AdminHttp(HttpServer server, ExecutorService executor) {
        this.server = server;
        this.executor = executor;
    }

    /**
     * Listens on {@code host:port}; port 0 takes a free one. The registry gets the metrics of the JVM as well.
     *
     * @throws UncheckedIOException when the port cannot be had; the message says what to change
     */
    public static AdminHttp start(String host, int port, PrometheusRegistry registry, Readiness readiness) {
        return start(host, port, registry, readiness, Map.of());
    }

    /** The same with further pages: plain text for a path, made anew for each request. */
    public static AdminHttp start(
            String host,
            int port,
            PrometheusRegistry registry,
            Readiness readiness,
            Map<String, Supplier<String>> pages) {
        requireNonNull(readiness, "readiness is null");
        HttpServer server = bind(host, port);
        ExecutorService executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("admin-http-", 0).factory());
        JvmMetrics.builder().register(registry);
        server.createContext("/metrics", new MetricsHandler(registry));
        server.createContext("/healthz", exchange -> answer(exchange, 200, "ok"));
        server.createContext("/readyz", exchange -> {
            Optional<String> reason = readiness.reasonNotReady();
            answer(exchange, reason.isEmpty() ? 200 : 503, reason.orElse("ready"));
        });
        pages.forEach((path, page) -> server.createContext(path, exchange -> answer(exchange, 200, page.get())));
        server.setExecutor(executor);
        server.start();
        return new AdminHttp(server, executor);
    }

    private static HttpServer bind(String host, int port) {
        try {
            return HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
        } catch (BindException e) {
            throw new UncheckedIOException(
                    "Cannot listen on " + host + ":" + port
                            + " for metrics and health: stop what uses the port, or set another admin port (0 takes a free one)",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the admin server on " + host + ":" + port, e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = (text + "\n").getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Stops at once; open exchanges are cut off. */
    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
