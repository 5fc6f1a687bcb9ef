package io.sluice.cli.operate;

import picocli.CommandLine.Command;

/** Everything around a running sync service. */
@Command(
        name = "sync",
        description = "With --config FILE alone: runs a sync service until it is stopped. Otherwise a command for those"
                + " who run one.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SyncStatusCommand.class,
            SyncPauseCommand.class,
            SyncResumeCommand.class,
            SyncReplayCommand.class,
            DlqCommand.class
        })
public final class SyncCommand {}
