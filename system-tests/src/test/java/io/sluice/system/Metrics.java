package io.sluice.system;

import io.sluice.cli.demo.SluiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Collection;

/** Reads the metrics of a process as Prometheus would. Stateless. */
final class Metrics {
    private Metrics() {}

    /** The sum of all series of a metric that have these labels, each written as {@code name="value"}. */
    static double sum(SluiceProcess process, String name, String... labels) {
        return scrape(process)
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The same of several processes. */
    static double sum(Collection<SluiceProcess> processes, String name, String... labels) {
        return processes.stream()
                .mapToDouble(process -> sum(process, name, labels))
                .sum();
    }

    /** The value of a label of a metric that has one series. */
    static String label(SluiceProcess process, String name, String label) {
        String start = name + "{" + label + "=\"";
        return scrape(process)
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length(), line.indexOf('"', start.length())))
                .findFirst()
                .orElse("no such metric");
    }

    private static String scrape(SluiceProcess process) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(process.adminAddress() + "/metrics"))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException("No metrics from " + process.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
