package io.sluice.cli.rules;

import io.sluice.cli.JsonLine;
import io.sluice.mapping.Finding;
import io.sluice.mapping.Rules;
import io.sluice.mapping.RulesCheck;
import io.sluice.mapping.Schema;
import io.sluice.mapping.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds what is wrong with a rules file before it can hurt. */
@Command(
        name = "check",
        description = "Finds what is wrong with a rules file: alone, and against the database.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:nothing was found", "1:errors or warnings", "2:it could not be checked"})
final class RulesCheckCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The rules file")
    private Path file = Path.of("");

    @Option(
            names = "--jdbc",
            paramLabel = "[SOURCE=]URL",
            description = "Check against this database; name the source where the file has several. Repeat for each")
    private List<String> urls = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON object a line")
    private boolean json;

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private UserOptions users = new UserOptions();

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException {
        RulesCheck.Result offline = RulesCheck.offline(file.toString(), Files.readString(file), System.getenv());
        List<Finding> findings = new ArrayList<>(offline.findings());
        Rules rules = offline.rules();
        if (rules != null) {
            for (Map.Entry<Source, String> one : databases(rules).entrySet()) {
                Source source = one.getKey();
                try (Connection connection = database.open(one.getValue(), source.username())) {
                    Schema schema = SchemaReader.read(connection);
                    findings.addAll(offline.located(RulesCheck.online(rules, source, schema)));
                    findings.addAll(offline.located(
                            users.check(rules, source, schema, database.user(source.username()), connection)));
                    findings.addAll(offline.located(LoadPreparation.check(rules, source, connection)));
                } catch (SQLException e) {
                    throw new IllegalStateException(
                            "cannot check against source " + source.name() + ": " + e.getMessage(), e);
                }
            }
        }
        findings.forEach(this::print);
        boolean clean = findings.stream().allMatch(finding -> finding.severity() == Finding.Severity.NOTE);
        if (!json && clean) {
            out.println(file + ": nothing was found"
                    + (urls.isEmpty() ? "; add --jdbc URL to check against the database" : ""));
        }
        return clean ? 0 : 1;
    }

    private Map<Source, String> databases(Rules rules) {
        Map<Source, String> databases = new LinkedHashMap<>();
        for (String text : urls) {
            boolean named = !text.startsWith("jdbc:");
            int equals = text.indexOf('=');
            String name = named && equals > 0 ? text.substring(0, equals) : "";
            Source source = name.isEmpty() && rules.sources().size() == 1
                    ? rules.sources().values().iterator().next()
                    : rules.sources().get(name);
            if (source == null) {
                throw new IllegalArgumentException("--jdbc " + text + " names no source: write SOURCE=URL with one of "
                        + String.join(", ", rules.sources().keySet()));
            }
            databases.put(source, named ? text.substring(equals + 1) : text);
        }
        return databases;
    }

    private void print(Finding finding) {
        String severity = finding.severity().name().toLowerCase(Locale.ROOT);
        if (json) {
            out.println(JsonLine.of(
                    "severity", severity,
                    "code", finding.code(),
                    "place", finding.place(),
                    "line", finding.line(),
                    "column", finding.column(),
                    "message", finding.message(),
                    "fix", finding.fix()));
            return;
        }
        String where = finding.line() == 0 ? "" : file + ":" + finding.line() + ":" + finding.column() + ": ";
        String message = finding.message();
        if (!where.isEmpty() && message.startsWith(where)) {
            message = message.substring(where.length());
        } else if (!message.startsWith(finding.place())) {
            message = finding.place() + ": " + message;
        }
        out.println(where + severity + ": " + message);
        if (!finding.fix().isEmpty()) {
            out.println(finding.fix()
                    .lines()
                    .map(line -> "    " + line)
                    .reduce((a, b) -> a + "\n" + b)
                    .orElse(""));
        }
    }
}
