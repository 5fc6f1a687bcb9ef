package io.sluice.mapping;

import io.sluice.config.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a rules file what would go wrong before it can hurt. Stateless; needs no database, and uses one if there is.
 */
public final class RulesCheck {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final String TAGS = "removes by tag";

    private RulesCheck() {}

    /**
     * What a check has to say of a file's text, and the compiled rules if it can be read.
     *
     * @param rules null when the file cannot be read
     */
    public record Result(@Nullable Rules rules, List<Finding> findings) {
        public Result {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Checks the text without a database. Variables that are not set are taken for empty: a check needs no password.
     *
     * @param name stands for the file in messages
     */
    public static Result offline(String name, String yaml, Map<String, String> env) {
        Map<String, String> complete = new HashMap<>();
        Matcher variables = VARIABLE.matcher(yaml);
        while (variables.find()) {
            complete.put(variables.group(1), "");
        }
        complete.putAll(env);
        try {
            Rules rules = Rules.parse(name, yaml, complete);
            List<Finding> findings = new ArrayList<>();
            for (String warning : rules.warnings()) {
                findings.add(
                        warning.contains(TAGS)
                                ? new Finding(Finding.Severity.NOTE, "tags", name, warning, "")
                                : Finding.warning("doubtful", name, warning));
            }
            findings.addAll(RuleOrderCheck.check(rules));
            findings.addAll(CoverageCheck.check(rules));
            findings.addAll(FanOutCheck.check(rules));
            return new Result(rules, findings);
        } catch (ConfigException e) {
            return new Result(null, List.of(Finding.error("syntax", name, String.valueOf(e.getMessage()), "")));
        }
    }

    /** Checks rules against the server of one of their sources. */
    public static List<Finding> online(Rules rules, Source source, Schema schema) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(SettingsCheck.check(source, schema));
        findings.addAll(ColumnCheck.check(rules, source, schema));
        findings.addAll(CascadeCheck.check(rules, schema));
        return findings;
    }
}
