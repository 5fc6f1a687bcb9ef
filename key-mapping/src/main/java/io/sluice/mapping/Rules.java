package io.sluice.mapping;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The compiled rules file: an immutable snapshot, for any number of threads. */
public final class Rules {
    private final Map<String, Source> sources;
    private final Map<String, Group> groups;
    private final List<String> warnings;

    Rules(Map<String, Source> sources, Map<String, Group> groups, List<String> warnings) {
        this.sources = sources;
        this.groups = groups;
        this.warnings = warnings;
    }

    /** Reads a rules file; throws {@link io.sluice.config.ConfigException}. */
    public static Rules load(Path file, Map<String, String> env) {
        return pending("loading " + file);
    }

    /** The same from text; {@code name} stands for the file in messages. */
    public static Rules parse(String name, String yaml, Map<String, String> env) {
        return pending("parsing " + name);
    }

    private static Rules pending(String what) {
        throw new UnsupportedOperationException(what + " comes next");
    }

    public Map<String, Source> sources() {
        return sources;
    }

    public Map<String, Group> groups() {
        return groups;
    }

    /** What is legal and probably not meant; for the log at start. */
    public List<String> warnings() {
        return warnings;
    }

    /** Everything that a change makes stale, without duplicates; empty when no rule reaches the table. */
    public List<Invalidation> invalidations(RowChange change) {
        return List.of();
    }
}
