package io.sluice.cli.operate;

import io.sluice.cli.JsonLine;
import io.sluice.proto.v1.SyncPauseRequest;
import io.sluice.proto.v1.SyncPauseResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a sync service take nothing more. */
@Command(
        name = "pause",
        description = "Has the instance consume nothing more, until sync resume or the end of its process. What it has"
                + " read is finished. Meanwhile nothing is removed for its partitions, so answers grow older.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is paused", "2:no answer"})
final class SyncPauseCommand implements Callable<Integer> {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    @Mixin
    private SyncTarget target = new SyncTarget();

    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        SyncPauseResponse answer = target.ask(
                PATIENCE,
                sync -> sync.syncPause(
                        SyncPauseRequest.newBuilder().setPaused(true).build()));
        System.out.println(
                json
                        ? JsonLine.of("paused", true, "inFlightRecords", answer.getInFlightRecords())
                        : "paused; " + answer.getInFlightRecords() + " records that were read are being finished");
        return 0;
    }
}
