package io.sluice.cli.operate;

import io.sluice.cli.JsonLine;
import io.sluice.proto.v1.SyncPauseRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a pause. */
@Command(
        name = "resume",
        description = "Ends a pause; the instance goes on where it was.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is not paused", "2:no answer"})
final class SyncResumeCommand implements Callable<Integer> {
    @Mixin
    private SyncTarget target = new SyncTarget();

    @Option(names = "--json", description = "Print one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        target.ask(
                SyncPauseCommand.PATIENCE,
                sync -> sync.syncPause(
                        SyncPauseRequest.newBuilder().setPaused(false).build()));
        System.out.println(json ? JsonLine.of("paused", false) : "not paused");
        return 0;
    }
}
