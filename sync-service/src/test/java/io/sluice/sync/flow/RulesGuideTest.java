package io.sluice.sync.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.FanOut;
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
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs every example of docs/rules.md. */
class RulesGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "rules.md");
    private static final CanalFlatJson FORMAT = new CanalFlatJson(1 << 16);
    private static final Pattern EXAMPLE = Pattern.compile(
            "## ([^\\n]+)\\n(?:(?!\\n## ).)*?```yaml\\n(.*?)```\\n```json\\n(.*?)```\\n```\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern BEGINNING = Pattern.compile("```\\n(version: 1\\n.*?)```", Pattern.DOTALL);

    private record Example(String title, String rules, List<String> messages, String removes) {}

    private static List<Example> examples() throws IOException {
        String guide = Files.readString(GUIDE, UTF_8);
        Matcher beginning = BEGINNING.matcher(guide);
        assertThat(beginning.find()).isTrue();
        return EXAMPLE.matcher(guide)
                .results()
                .map(found -> new Example(
                        found.group(1),
                        beginning.group(1) + found.group(2),
                        found.group(3).lines().toList(),
                        found.group(4).strip()))
                .toList();
    }

    private static String removes(Example example) throws MalformedRecordException {
        Rules rules = Rules.parse("rules.yaml", example.rules(), Map.of());
        List<String> lines = new ArrayList<>();
        for (String message : example.messages()) {
            for (RowChange change : FORMAT.decode(message.getBytes(UTF_8)).changes()) {
                rules.invalidations(change).forEach(one -> lines.add(text(one)));
            }
        }
        return String.join("\n", lines);
    }

    private static String text(Invalidation one) {
        FanOut fanOut = one.fanOut();
        if (fanOut != null) {
            return "asks for group " + one.group() + ": "
                    + fanOut.query().query().sql() + " with " + String.join(", ", fanOut.parameters());
        }
        String what = switch (one.scope()) {
            case KEY -> "key " + one.key() + " of group ";
            case TAG -> "tag " + one.key() + " of group ";
            case GROUP, QUERY -> "the whole group ";
        };
        return "removes " + what + one.group()
                + (one.again().isZero()
                        ? ""
                        : ", and again after " + one.again().toMillis() + " ms");
    }

    @TestFactory
    Stream<DynamicTest> theGuideSaysWhatHappens() throws IOException {
        return examples().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.title(), () -> assertThat(removes(example)).isEqualTo(example.removes())));
    }

    @Test
    void everyExampleIsFound() throws IOException {
        long blocks =
                Files.readString(GUIDE, UTF_8).lines().filter("```yaml"::equals).count();
        assertThat(examples()).hasSize((int) blocks).hasSizeGreaterThan(9);
    }
}
