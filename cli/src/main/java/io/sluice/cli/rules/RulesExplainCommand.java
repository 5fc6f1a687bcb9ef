package io.sluice.cli.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.cli.JsonLine;
import io.sluice.config.ConfigException;
import io.sluice.mapping.Explanation;
import io.sluice.mapping.Invalidation;
import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.mapping.RulesCheck;
import io.sluice.sync.source.CanalFlatJson;
import io.sluice.sync.source.DecodedRecord;
import io.sluice.sync.source.MalformedRecordException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why a key was removed, or why not. */
@Command(
        name = "explain",
        description = "Says what Canal's messages make the cache forget, by which rule and why, and which rules ask for"
                + " nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every message was read", "1:some could not be read", "2:it could not run"})
final class RulesExplainCommand implements Callable<Integer> {
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    @Parameters(index = "0", paramLabel = "FILE", description = "The rules file")
    private Path file = Path.of("");

    @Option(
            names = "--message",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "Messages, one JSON object a line; - is standard input, the default")
    private String messages = "-";

    @Option(names = "--json", description = "Print one JSON object for each Remove")
    private boolean json;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException {
        RulesCheck.Result checked = RulesCheck.offline(file.toString(), Files.readString(file), System.getenv());
        Rules rules = checked.rules();
        if (rules == null) {
            throw new ConfigException(checked.findings().getFirst().message());
        }
        CanalFlatJson format = new CanalFlatJson(MAX_MESSAGE_BYTES);
        boolean all = true;
        try (BufferedReader lines = messages.equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, UTF_8))
                : Files.newBufferedReader(Path.of(messages), UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    all &= explain(rules, format, number, line);
                }
            }
        }
        return all ? 0 : 1;
    }

    private boolean explain(Rules rules, CanalFlatJson format, int line, String message) {
        try {
            DecodedRecord record = format.decode(message.getBytes(UTF_8));
            if (record.changes().isEmpty()) {
                say("message " + line + " changes nothing");
            }
            int row = 0;
            for (RowChange change : record.changes()) {
                say("message " + line + ", " + what(change, ++row));
                print(rules.explain(change));
            }
            return true;
        } catch (MalformedRecordException e) {
            System.err.println("message " + line + " cannot be read: " + e.getMessage());
            if (!e.table().isEmpty()) {
                print(rules.explain(new RowChange.Unmappable(e.database(), e.table(), String.valueOf(e.getMessage()))));
            }
            return false;
        }
    }

    private static String what(RowChange change, int row) {
        String table = change.database() + "." + change.table();
        return switch (change) {
            case RowChange.Row one -> "row " + row + ": " + one.kind() + " in " + table;
            case RowChange.Definition definition -> "definition: " + definition.sql();
            case RowChange.Statement statement -> "statement: " + statement.sql();
            case RowChange.Unmappable unmappable -> "row " + row + " of " + table + ": " + unmappable.reason();
        };
    }

    private void say(String text) {
        if (!json) {
            out.println(text);
        }
    }

    private void print(Explanation explanation) {
        explanation.invalidations().forEach(this::print);
        if (json) {
            return;
        }
        for (Explanation.Skipped skipped : explanation.skipped()) {
            out.println("  nothing"
                    + (skipped.rule().isEmpty() ? "" : " by " + skipped.rule() + " of group " + skipped.group()) + ": "
                    + skipped.reason());
        }
        if (explanation.invalidations().isEmpty() && explanation.skipped().isEmpty()) {
            out.println("  nothing: no group reads or names the table");
        }
    }

    private void print(Invalidation one) {
        // A query removes keys that are not known here: the template stands for them.
        boolean query = one.scope() == Invalidation.Scope.QUERY;
        String scope = query ? "key" : one.scope().name().toLowerCase(Locale.ROOT);
        String key = query ? FanOutText.keys(one) : one.key();
        String reason = switch (one.scope()) {
            case KEY, TAG, GROUP -> one.reason();
            case QUERY ->
                one.reason() + "; a fan-out, one key for each row that the sync service finds by " + FanOutText.of(one);
        };
        if (json) {
            out.println(JsonLine.of(
                    "group", one.group(), "key", key, "scope", scope, "rule", one.rule(), "reason", reason));
            return;
        }
        String what = switch (one.scope()) {
            case KEY -> "key " + one.key() + " of group " + one.group();
            case TAG -> "tag " + one.key() + " of group " + one.group();
            case GROUP -> "the whole group " + one.group();
            case QUERY -> "keys " + key + " of group " + one.group();
        };
        out.println("  removes " + what + ": " + reason + (one.rule().isEmpty() ? "" : ", by " + one.rule())
                + (one.again().isZero()
                        ? ""
                        : ", and once more after " + one.again().toMillis() + " ms"));
    }
}
