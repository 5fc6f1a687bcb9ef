package io.sluice.cli;

import io.sluice.cli.audit.AuditCommand;
import io.sluice.cli.operate.SyncCommand;
import io.sluice.cli.rules.RulesCommand;
import io.sluice.node.NodeMain;
import io.sluice.sync.SyncMain;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The one entry of the command line.
 *
 * <p>Exit status: 0 when the command did what it says, 1 when it found something that is not so, 2 when it could not
 * run.
 */
@Command(
        name = "sluice",
        description = "A distributed read-through cache that stays coherent with MySQL by itself.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            GetCommand.class,
            RemoveCommand.class,
            RulesCommand.class,
            DevstackCommand.class,
            BenchCommand.class,
            RingCommand.class,
            AuditCommand.class,
            SyncCommand.class
        },
        footer = {
            "",
            "Servers:",
            "  node --config FILE   Runs a cache node until it is stopped",
            "  sync --config FILE   Runs a sync service until it is stopped"
        })
public final class SluiceMain {
    /** Servers log what they do; commands only what goes wrong. */
    private static final String LOG_LEVEL = "SLUICE_LOG_LEVEL";

    private SluiceMain() {}

    public static void main(String[] args) throws InterruptedException {
        // By its own name: the servers that the devstack launches bring a logback.xml each.
        System.setProperty("logback.configurationFile", "sluice-logback.xml");
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (args.length == 0 ? "" : args[0]) {
            case "node" -> NodeMain.main(rest);
            case "sync" -> sync(args, rest);
            default -> System.exit(runCommand(args));
        }
    }

    /** The service itself, or a command for those who run it. */
    private static void sync(String[] args, String[] rest) throws InterruptedException {
        if (rest.length == 0 || rest[0].equals("--config")) {
            SyncMain.main(rest);
        } else {
            System.exit(runCommand(args));
        }
    }

    private static int runCommand(String[] args) {
        if (System.getenv(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "ERROR");
        }
        CommandLine line = new CommandLine(new SluiceMain());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("sluice: " + failure.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        if (args.length == 0) {
            line.usage(line.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(args);
    }
}
