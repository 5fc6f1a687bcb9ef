package io.sluice.cli.operate;

import picocli.CommandLine.Command;

/** The records that were put aside for a person. */
@Command(
        name = "dlq",
        description = "Shows records that the sync service could not make sense of, and has them read again.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DlqListCommand.class, DlqReplayCommand.class})
final class DlqCommand {}
