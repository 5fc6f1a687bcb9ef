package io.sluice.cli.rules;

import io.sluice.mapping.RulesProposal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proposes a rules file. */
@Command(
        name = "init",
        description = "Proposes a rules file for a database, from its primary, unique and foreign keys.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:the file is on standard output", "2:the database could not be read"})
final class RulesInitCommand implements Callable<Integer> {
    @Option(
            names = "--jdbc",
            required = true,
            paramLabel = "URL",
            description = "The database: jdbc:mysql://host:port/database")
    private String url = "";

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Override
    public Integer call() throws SQLException {
        try (Connection connection = database.open(url, "sluice")) {
            String name = connection.getCatalog();
            if (name == null || name.isEmpty()) {
                throw new IllegalArgumentException("--jdbc names no database: write jdbc:mysql://host:port/database");
            }
            System.out.print(RulesProposal.of(url, database.user("sluice"), name, SchemaReader.read(connection)));
            return 0;
        }
    }
}
