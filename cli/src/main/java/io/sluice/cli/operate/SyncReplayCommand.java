package io.sluice.cli.operate;

import io.sluice.proto.v1.SyncReplayRequest;
import io.sluice.proto.v1.SyncReplayResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a sync service consume again. */
@Command(
        name = "replay",
        description =
                "Has the instance consume its partitions again from a time on. Entries that are newer than what is"
                        + " replayed stay. With several instances, ask each.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:partitions went back", "1:nothing was read since that time", "2:refused, or no answer"})
final class SyncReplayCommand implements Callable<Integer> {
    /** More than the service takes until it gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    @Mixin
    private SyncTarget target = new SyncTarget();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description =
                    "A time such as 2026-03-01T12:00:00Z or 2026-03-01T13:00:00+01:00, or how long ago: 90s, 30m, 2h")
    private String from = "";

    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        Instant time = TimeText.parse(from, Instant.now());
        SyncReplayResponse answer = target.ask(
                PATIENCE,
                sync -> sync.syncReplay(SyncReplayRequest.newBuilder()
                        .setFromMillis(time.toEpochMilli())
                        .build()));
        System.out.println(json ? SyncJson.of(time, answer) : SyncText.of(time, answer));
        return answer.getPartitionsCount() > 0 ? 0 : 1;
    }
}
