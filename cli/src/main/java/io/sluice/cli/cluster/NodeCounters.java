package io.sluice.cli.cluster;

import io.sluice.cli.demo.SluiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Collectors;

/** What a node says of itself in its metrics. Stateless. */
final class NodeCounters {
    private NodeCounters() {}

    /** The lines of one metric, joined; empty when there is none. */
    static String lines(SluiceProcess node, String metric) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(node.adminAddress() + "/metrics"))
                    .build();
            return client.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                    .collect(Collectors.joining("; "));
        }
    }
}
