package io.sluice.sync.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.Invalidation;
import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.source.CanalFlatJson;
import io.sluice.sync.source.MalformedRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every form of Canal's messages removes. The messages were captured from the real Canal by CanalMessagesTest;
 * what they remove is in {@code removals.txt}, read by a person line by line. With {@code SLUICE_CAPTURE} in the
 * environment it is written anew, to be read again.
 */
class GoldenMessagesTest {
    private static final Path CANAL = Path.of("src", "test", "resources", "canal");
    private static final CanalFlatJson FORMAT = new CanalFlatJson(1 << 20);

    private static List<String> removals(Rules rules, String message) throws MalformedRecordException {
        List<String> lines = new ArrayList<>();
        for (RowChange change : FORMAT.decode(message.getBytes(UTF_8)).changes()) {
            List<Invalidation> all = rules.invalidations(change);
            all.forEach(one -> lines.add("  " + one.group() + " "
                    + one.scope().name().toLowerCase(Locale.ROOT) + " " + one.key() + " <- " + one.cause()));
            if (all.isEmpty()) {
                lines.add("  nothing of " + change.database() + "." + change.table());
            }
        }
        if (lines.isEmpty()) {
            lines.add("  no change");
        }
        return lines;
    }

    @Test
    void everyMessageRemovesWhatAPersonSaidItShould() throws IOException, MalformedRecordException {
        Rules rules = Rules.load(CANAL.resolve("rules.yaml"), Map.of());
        List<String> seen = new ArrayList<>();
        for (String line : Files.readAllLines(CANAL.resolve("messages.jsonl"), UTF_8)) {
            if (line.startsWith("#")) {
                seen.add(line);
            } else {
                seen.addAll(removals(rules, line));
            }
        }
        Path golden = CANAL.resolve("removals.txt");
        if (System.getenv("SLUICE_CAPTURE") != null) {
            Files.write(golden, seen, UTF_8);
        }
        assertThat(seen).containsExactlyElementsOf(Files.readAllLines(golden, UTF_8));
    }
}
