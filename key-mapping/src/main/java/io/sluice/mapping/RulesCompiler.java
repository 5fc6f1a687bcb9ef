package io.sluice.mapping;

import io.sluice.config.ConfigDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks the parts of a rules file against each other and compiles them. Used once. Single-threaded. */
final class RulesCompiler {
    private static final int VERSION = 1;

    private final ConfigDocument<RulesFile> document;
    private final GroupCompiler entries;
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();

    RulesCompiler(ConfigDocument<RulesFile> document) {
        this.document = document;
        this.entries = new GroupCompiler(document);
    }

    Rules compile() {
        RulesFile file = document.value();
        if (file.version() != VERSION) {
            throw document.error("version", file.version() + " is not known: this Sluice reads version " + VERSION);
        }
        if (file.groups().isEmpty()) {
            throw document.error("groups", "there is no group: add one");
        }
        file.sources().forEach((name, entry) -> sources.put(name, entries.source(name, entry)));
        file.groups().forEach((name, entry) -> groups.put(name, entries.group(name, entry, sources.keySet())));
        List<RulesFile.Table> invalidate = file.invalidate() == null ? List.of() : file.invalidate();
        List<TableIndex.Entry> tables = new TableCompiler(document, entries, sources, groups, invalidate).compile();
        return new Rules(sources, groups, new TableIndex(tables), Fingerprints.of(file, sources, tables));
    }
}
