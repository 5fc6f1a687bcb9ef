package io.sluice.cli.rules;

import picocli.CommandLine.Command;

/** Everything around the rules file. */
@Command(
        name = "rules",
        description = "Checks, explains and proposes rules files.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RulesCheckCommand.class,
            RulesExplainCommand.class,
            RulesInitCommand.class,
            RulesSchemaCommand.class
        })
public final class RulesCommand {}
