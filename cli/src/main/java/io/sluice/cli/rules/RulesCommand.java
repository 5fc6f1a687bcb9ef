package io.sluice.cli.rules;

import picocli.CommandLine.Command;

/** Everything around the rules file. */
@Command(
        name = "rules",
        description = "Checks, explains, proposes and publishes rules files.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RulesCheckCommand.class,
            RulesExplainCommand.class,
            RulesInitCommand.class,
            RulesPublishCommand.class,
            RulesSchemaCommand.class
        })
public final class RulesCommand {}
