package io.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What deploy/ says of metrics and alarms is what there is: a wrong name there is an alarm that never comes. */
final class DeploymentTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern METRIC = Pattern.compile("\\bsluice_[a-z0-9_]+");
    private static final Pattern LITERAL = Pattern.compile("\"[a-z0-9_]+\"");

    @ParameterizedTest
    @ValueSource(strings = {"deploy/prometheus/alerts.yml", "deploy/grafana/dashboards/sluice.json"})
    void everyMetricIsOneThatTheSourceNames(String file) throws IOException {
        Set<String> literals = literals();

        assertThat(found(METRIC, Files.readString(ROOT.resolve(file))))
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(isNamed(metric, literals))
                        .as("%s in %s", metric, file)
                        .isTrue());
    }

    @Test
    void everyAlarmIsExplainedAndNoOther() throws IOException {
        Set<String> alarms = found(
                Pattern.compile("(?<=- alert: )\\w+"), Files.readString(ROOT.resolve("deploy/prometheus/alerts.yml")));
        Set<String> explained = found(
                Pattern.compile("(?m)(?<=^\\| `)[A-Z]\\w+(?=` \\|)"), Files.readString(ROOT.resolve("docs/deploy.md")));

        assertThat(explained).isNotEmpty().isEqualTo(alarms);
    }

    /** Wholly, or without the prefix and the unit that are put around the names of some. */
    private static boolean isNamed(String metric, Set<String> literals) {
        String series = metric.replaceAll("_(bucket|count|sum)$", "");
        return Stream.of(series, series.replaceAll("_(total|seconds)$", ""))
                .anyMatch(name -> literals.contains(name)
                        || Stream.of("sluice_store_", "sluice_sync_")
                                .anyMatch(prefix ->
                                        name.startsWith(prefix) && literals.contains(name.substring(prefix.length()))));
    }

    private static Set<String> literals() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("src/main/java"))
                    .flatMap(file -> found(LITERAL, read(file)).stream())
                    .map(literal -> literal.substring(1, literal.length() - 1))
                    .collect(Collectors.toSet());
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group()).collect(Collectors.toSet());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
