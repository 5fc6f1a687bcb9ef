package io.sluice.node.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Group;
import io.sluice.mapping.Rules;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Loaders that ServiceLoader finds: {@link EchoProvider}, which is on the class path of the tests. */
@Timeout(30)
final class ProvidedLoaderTest {
    private static final String SERVICE = "META-INF/services/io.sluice.loader.ValueLoaderProvider";
    private static final LoadSettings SETTINGS =
            new LoadSettings(1, Duration.ofSeconds(1), Duration.ofMillis(500), 100, 10, Duration.ofMillis(20));

    private final List<LoadStamp> stamps = new ArrayList<>();

    @Test
    void loadsWithTheColumnsOfTheKeyAndTheSettingsOfTheGroup() {
        try (ProvidedLoader loader = loader("echo", Coherence.NONE)) {
            Loaded loaded = loader.load("oslo:7", stamps::add);

            assertThat(new String(loaded.value(), UTF_8)).isEqualTo("hello oslo 7");
            assertThat(loaded.found()).isTrue();
            assertThat(loaded.keepable()).isTrue();
            assertThat(loaded.stamp()).isEqualTo(SourcePosition.UNKNOWN);
            assertThat(loader.load("missing:7", stamps::add).found()).isFalse();
            assertThat(loader.load("loose:7", stamps::add).keepable()).isFalse();
            assertThat(loader.accepts("oslo")).isFalse();
        }
        assertThat(EchoProvider.CLOSED.get()).isPositive();
    }

    /** Else who asks after a Remove would join a flight that has read the old value already. */
    @Test
    void aFlightIsToldAtItsStartThatItHasNoPosition() {
        try (ProvidedLoader loader = loader("echo", Coherence.GTID)) {
            Loaded loaded = loader.load("positioned:7", stamps::add);

            assertThat(stamps).containsExactly(LoadStamp.NONE);
            assertThat(loaded.stamp()).isEqualTo(SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-7"));
            assertRefused(() -> loader.load("misplaced:7", stamps::add), "tells a position that is no GTID set");
        }
    }

    @Test
    void callsAreBoundedInTimeSizeAndNumber() {
        try (ProvidedLoader loader = loader("echo", Coherence.NONE)) {
            assertRefused(() -> loader.load("large:7", stamps::add), "over the limit of 100 bytes");
            assertRefused(() -> loader.load("slow:7", stamps::add), "did not answer within 500 ms", "loads.timeout");
            assertRefused(
                    () -> loader.load("fails:7", stamps::add),
                    "failed with java.io.IOException",
                    "check what the loader reads from");
            assertRefused(() -> loader.load("null:7", stamps::add), "answered null", "LoadedValue.missing()");
            assertThat(loader.load("oslo:7", stamps::add).found())
                    .as("the interrupted call has given its place back")
                    .isTrue();
        }
    }

    @Test
    void aLoaderThatIsMissingOrRefusesIsAnErrorAtStart() {
        assertThatThrownBy(() -> loader("ecko", Coherence.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("groups.weather.loader names ecko, and there is none; did you mean echo?");
        assertThatThrownBy(() -> loader("echo", "greeting: \"\"", Coherence.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("groups.weather: loader echo does not open: settings.greeting is empty: say something");
    }

    @Test
    void twoOfOneNameAreAnError(@TempDir Path directory) throws IOException {
        jar(directory.resolve("twin.jar"), TwinProvider.class.getName());
        assertThatThrownBy(() -> LoaderProviders.find(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("There are two loaders named echo")
                .hasMessageContaining("remove one of their jars");
    }

    @Test
    void aJarThatNamesWhatItDoesNotHaveIsAnError(@TempDir Path directory) throws IOException {
        jar(directory.resolve("broken.jar"), "com.example.Nowhere");
        assertThatThrownBy(() -> LoaderProviders.find(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("com.example.Nowhere")
                .hasMessageContaining("correct META-INF/services");
        assertThatThrownBy(() -> LoaderProviders.find(directory.resolve("nowhere")))
                .hasMessageContaining("loads.jars")
                .hasMessageContaining("correct the path");
    }

    /** With a class that the class path does not have: another one, renamed. */
    @Test
    void classesOfTheJarsAreLoaded(@TempDir Path directory) throws IOException {
        byte[] code;
        try (InputStream in = requireNonNull(JarredProvider.class.getResourceAsStream("JarredProvider.class"))) {
            code = new String(in.readAllBytes(), ISO_8859_1)
                    .replace("JarredProvider", "JarOnlyLoading")
                    .getBytes(ISO_8859_1);
        }
        try (OutputStream file = Files.newOutputStream(directory.resolve("jarred.jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            entry(jar, SERVICE, "io.sluice.node.load.JarOnlyLoading".getBytes(UTF_8));
            entry(jar, "io/sluice/node/load/JarOnlyLoading.class", code);
        }
        try (LoaderProviders providers = LoaderProviders.find(directory);
                ProvidedLoader loader = loader("jarred", "x: y", Coherence.NONE, providers)) {
            assertThat(new String(loader.load("a:1", stamps::add).value(), UTF_8))
                    .isEqualTo("io.sluice.node.load.JarOnlyLoading");
        }
    }

    /** A second one named echo. */
    public static final class TwinProvider extends EchoProvider {}

    private static void jar(Path file, String provider) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            entry(jar, SERVICE, provider.getBytes(UTF_8));
        }
    }

    private static void entry(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    private static void assertRefused(ThrowingCallable call, String... messages) {
        assertThatThrownBy(call)
                .isInstanceOf(io.grpc.StatusRuntimeException.class)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(messages));
    }

    private static ProvidedLoader loader(String name, Coherence coherence) {
        return loader(name, "greeting: hello", coherence);
    }

    private static ProvidedLoader loader(String name, String settings, Coherence coherence) {
        try (LoaderProviders providers = LoaderProviders.find(null)) {
            return loader(name, settings, coherence, providers);
        }
    }

    private static ProvidedLoader loader(String name, String settings, Coherence coherence, LoaderProviders providers) {
        Group group = requireNonNull(Rules.parse("rules.yaml", """
                        version: 1
                        sources: { app: { jdbc-url: "jdbc:mysql://mysql/app", username: u } }
                        groups: { weather: { source: app, key: "{city}:{day}", loader: %s, settings: { %s } } }
                        """.formatted(name, settings), Map.of())
                .groups()
                .get("weather"));
        return new ProvidedLoader(
                group, requireNonNull(group.loader()), coherence, providers, SETTINGS, System::nanoTime);
    }
}
