package io.sluice.cli.operate;

import io.sluice.proto.v1.SyncStatusRequest;
import io.sluice.proto.v1.SyncStatusResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a running sync service does. */
@Command(
        name = "status",
        description = "Shows partitions, lag, what is in flight, and the way to each node.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is ready", "1:it is not ready; the answer says why", "2:no answer"})
final class SyncStatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Mixin
    private SyncTarget target = new SyncTarget();

    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        SyncStatusResponse status =
                target.ask(PATIENCE, sync -> sync.syncStatus(SyncStatusRequest.getDefaultInstance()));
        System.out.println(json ? SyncJson.of(status) : SyncText.of(status));
        return status.getNotReady().isEmpty() ? 0 : 1;
    }
}
