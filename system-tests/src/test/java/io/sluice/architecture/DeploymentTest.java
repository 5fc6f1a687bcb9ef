package io.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private static final Set<String> LITERALS = literals();

    @ParameterizedTest
    @ValueSource(strings = {"deploy/prometheus/alerts.yml", "deploy/grafana/dashboards/sluice.json"})
    void everyMetricIsOneThatTheSourceNames(String file) throws IOException {
        assertThat(found(METRIC, Files.readString(ROOT.resolve(file))))
                .isNotEmpty()
                .allSatisfy(metric ->
                        assertThat(isNamed(metric)).as("%s in %s", metric, file).isTrue());
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
    private static boolean isNamed(String metric) {
        String series = metric.replaceAll("_(bucket|count|sum)$", "");
        return Stream.of(series, series.replaceAll("_(total|seconds)$", ""))
                .anyMatch(name -> LITERALS.contains(name)
                        || Stream.of("sluice_store_", "sluice_sync_")
                                .anyMatch(prefix ->
                                        name.startsWith(prefix) && LITERALS.contains(name.substring(prefix.length()))));
    }

    /** Of all modules; those within a module name no metrics. */
    private static Set<String> literals() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(source -> javaFiles(source).stream())
                    .flatMap(file -> found(LITERAL, read(file)).stream())
                    .map(literal -> literal.substring(1, literal.length() - 1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> javaFiles(Path source) {
        try (Stream<Path> files = Files.walk(source)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
