package io.sluice.mapping;

import io.sluice.config.ConfigFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The compiled rules file: an immutable snapshot, for any number of threads.
 *
 * <p>Invariant: a change of a row that a key could be answered from is never mapped to nothing. What cannot be told
 * exactly is told coarsely.
 */
public final class Rules {
    private final Map<String, Source> sources;
    private final Map<String, Group> groups;
    private final TableIndex tables;
    private final StatementMapper statements;
    private final Map<String, Long> fingerprints;

    Rules(Map<String, Source> sources, Map<String, Group> groups, TableIndex tables, Map<String, Long> fingerprints) {
        this.sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
        this.groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        this.tables = tables;
        this.statements = new StatementMapper(tables, sources, groups);
        this.fingerprints = fingerprints;
    }

    /** Reads a rules file; throws {@link io.sluice.config.ConfigException}. */
    public static Rules load(Path file, Map<String, String> env) {
        return new RulesCompiler(ConfigFile.readDocument(file, RulesFile.class, env)).compile();
    }

    /** The same from text; {@code name} stands for the file in messages. */
    public static Rules parse(String name, String yaml, Map<String, String> env) {
        return new RulesCompiler(ConfigFile.parseDocument(name, yaml, RulesFile.class, env)).compile();
    }

    /** By name, in the order of the file. */
    public Map<String, Source> sources() {
        return sources;
    }

    /** By name, in the order of the file. */
    public Map<String, Group> groups() {
        return groups;
    }

    /** What is legal and probably not meant; for the log at start. */
    public List<String> warnings() {
        return DoubtCheck.check(this).stream().map(Finding::message).toList();
    }

    /** Names of the groups that any rule reaches. */
    public Set<String> reachedGroups() {
        Set<String> reached = new HashSet<>();
        tables.entries().forEach(entry -> entry.rules().forEach(rule -> reached.add(rule.group())));
        return reached;
    }

    /**
     * A number for each group's definition, the rules that reach it included; the same in every process that reads the
     * same definition.
     */
    public Map<String, Long> fingerprints() {
        return fingerprints;
    }

    /** One number for all of them, as text. */
    public String fingerprint() {
        return String.format("%016x", Fingerprints.total(fingerprints));
    }

    /** What a change makes stale, and which rules of its table ask for nothing, with the reason. */
    public Explanation explain(RowChange change) {
        List<Explanation.Skipped> skipped = change instanceof RowChange.Row row
                ? SkippedRules.of(row, tables.rules(row.database(), row.table()))
                : List.of();
        return new Explanation(invalidations(change), skipped);
    }

    /** The rules that find their keys by a query, in the order of the file. */
    public List<FanOutRule> fanOuts() {
        return tables.fanOuts();
    }

    /** The rules by table, for checks. */
    TableIndex tables() {
        return tables;
    }

    /** Everything that a change makes stale, without duplicates; empty when no rule reaches the table. */
    public List<Invalidation> invalidations(RowChange change) {
        Invalidations result = new Invalidations();
        switch (change) {
            case RowChange.Row row -> {
                TableRules table = tables.rules(row.database(), row.table());
                if (table.rules().isEmpty()) {
                    return List.of();
                }
                RowMapper.map(row, table, result);
            }
            case RowChange.Definition definition -> statements.map(definition, result);
            case RowChange.Statement statement -> statements.map(statement, result);
            case RowChange.Unmappable unmappable -> statements.map(unmappable, result);
        }
        return result.toList();
    }
}
