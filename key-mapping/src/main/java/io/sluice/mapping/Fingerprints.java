package io.sluice.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A number for the definition of each group: where its data is, how it is loaded and rendered, how long it lives, and
 * every rule that reaches it. Stateless.
 *
 * <p>It is made of what the file says, entry by entry, so that whatever is added to the file's format is in it without
 * anybody thinking of it. Not in it: what does not change what an entry means or when it goes (the eviction policy),
 * and the address and user of a source, which may differ from process to process: the name of a source stands for its
 * data. The order of rules means nothing, so it is not in it either. Equal numbers mean equal definitions but for one
 * chance in 2^64; different numbers may mean the same, which costs a clearing too many.
 */
final class Fingerprints {
    private Fingerprints() {}

    /**
     * By group, in the order of the file.
     *
     * @param compiled the compiled entries of {@code invalidate}, one for each of the file
     */
    static Map<String, Long> of(RulesFile file, Map<String, Source> sources, List<TableIndex.Entry> compiled) {
        List<RulesFile.Table> tables = file.invalidate() == null ? List.of() : file.invalidate();
        Map<String, Long> fingerprints = new LinkedHashMap<>();
        file.groups().forEach((name, group) -> {
            StringBuilder text = new StringBuilder(DefinitionText.of(name)).append(DefinitionText.of(group));
            Source source = sources.get(group.source());
            if (source != null) {
                text.append(DefinitionText.of(source.database()))
                        .append(source.coherence())
                        .append(source.canalTimeZone());
            }
            fingerprints.put(name, hash(text.toString()) + rules(name, tables, compiled));
        });
        return Collections.unmodifiableMap(fingerprints);
    }

    /** The rules that reach a group, in a sum, since their order means nothing. */
    private static long rules(String group, List<RulesFile.Table> tables, List<TableIndex.Entry> compiled) {
        long sum = 0;
        for (int i = 0; i < tables.size(); i++) {
            RulesFile.Table table = tables.get(i);
            if (compiled.get(i).rules().stream().anyMatch(rule -> rule.group().equals(group))) {
                sum += hash(DefinitionText.of(
                        table,
                        key -> !(key instanceof RulesFile.Key of) || of.group().equals(group)));
            }
        }
        return sum;
    }

    /** One number for a whole file. */
    static long total(Map<String, Long> fingerprints) {
        return fingerprints.values().stream()
                .mapToLong(one -> one * 0x9E37_79B9_7F4A_7C15L)
                .sum();
    }

    private static long hash(String text) {
        return Hashing.farmHashFingerprint64().hashString(text, UTF_8).asLong();
    }
}
