package io.sluice.cli.faults;

import io.sluice.cli.demo.SluiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What the sync service says of itself in its metrics. Stateless. */
final class SyncCounters {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private SyncCounters() {}

    /** The sum of all series of one metric; 0 when there is none. */
    static double sum(SluiceProcess sync, String metric) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(sync.adminAddress() + "/metrics"))
                    .timeout(PATIENCE)
                    .build();
            return client.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /** Waits until the service has sent removals that some node has not acknowledged; returns how many. */
    static long awaitInFlight(SluiceProcess sync) {
        long[] inFlight = new long[1];
        Patience.await("removals in flight", () -> {
            inFlight[0] = (long) sum(sync, "sluice_sync_removals_in_flight");
            return inFlight[0] > 0;
        });
        return inFlight[0];
    }
}
