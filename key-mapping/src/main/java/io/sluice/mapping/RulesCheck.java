package io.sluice.mapping;

import io.sluice.config.ConfigDocument;
import io.sluice.config.ConfigException;
import io.sluice.config.ConfigFile;
import io.sluice.config.Place;
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

    /** What the path of a value in a rules file begins with; findings may be about a table of the database instead. */
    private static final Pattern PATH = Pattern.compile("(sources|groups)\\.|invalidate\\[");

    private RulesCheck() {}

    /**
     * What a check has to say of a file's text, and the compiled rules if it can be read.
     *
     * @param rules null when the file cannot be read
     * @param document where everything stands; null when the file cannot be read
     */
    public record Result(
            @Nullable Rules rules,
            List<Finding> findings,
            @Nullable ConfigDocument<?> document) {
        public Result {
            findings = List.copyOf(findings);
        }

        /** The findings with line and column, as far as they concern a place in this file. */
        public List<Finding> located(List<Finding> unplaced) {
            return unplaced.stream().map(this::located).toList();
        }

        private Finding located(Finding finding) {
            boolean inFile = PATH.matcher(finding.place()).lookingAt();
            Place place = document == null || !inFile ? null : document.place(finding.place());
            return place == null ? finding : finding.at(place);
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
            ConfigDocument<RulesFile> document = ConfigFile.parseDocument(name, yaml, RulesFile.class, complete);
            Rules rules = new RulesCompiler(document).compile();
            List<Finding> findings = new ArrayList<>();
            findings.addAll(DoubtCheck.check(rules));
            findings.addAll(RuleOrderCheck.check(rules));
            findings.addAll(FunctionCheck.check(rules));
            findings.addAll(CoverageCheck.check(rules));
            findings.addAll(FanOutCheck.check(rules));
            return new Result(rules, new Result(rules, List.of(), document).located(findings), document);
        } catch (ConfigException e) {
            Finding finding = Finding.error("syntax", name, String.valueOf(e.getMessage()), "");
            Place place = e.place();
            return new Result(null, List.of(place == null ? finding : finding.at(place)), null);
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
