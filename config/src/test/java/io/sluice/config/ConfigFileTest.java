package io.sluice.config;

import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    enum Mode {
        FAST,
        SAFE
    }

    record Listen(String host, int port) {
        Listen {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port must be 1 to 65535");
            }
        }
    }

    record Server(
            String name,
            Listen listen,
            @Nullable Duration requestTimeout,
            @Nullable DataSize maxMemory,
            @Nullable Secret password,
            @Nullable Mode mode,
            @Nullable Boolean verbose,
            @Nullable List<String> peers,
            @Nullable Map<String, Listen> extra) {
        Server {
            requestTimeout = requestTimeout == null ? Duration.ofSeconds(2) : requestTimeout;
        }

        /** Never null, which the component cannot say. */
        @Override
        public Duration requestTimeout() {
            return requireNonNullElse(requestTimeout, Duration.ZERO);
        }
    }

    private static final String SMALL = "name: a\nlisten: { host: h, port: 1 }\n";

    private static Server parse(String yaml) {
        return ConfigFile.parse("node.yaml", yaml, Server.class, Map.of("PORT", "9001", "PASS", "p$1\\${x}"));
    }

    private static void assertError(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void optionalComponentsTakeTheirDefaults() {
        Server server = parse(SMALL);
        assertThat(server.requestTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(server.maxMemory()).isNull();
        assertThat(server.peers()).isNull();
    }

    @Test
    void everyKindOfValueIsRead() {
        Server server = parse("""
                name: 17
                listen:
                  host: "::1"
                  port: "${PORT}"
                request-timeout: 250ms
                max-memory: 64MiB
                password: ${PASS}
                mode: safe
                verbose: true
                peers: [a, "b-${PORT}-$${PORT}-$5"]
                extra:
                  my.odd name: { host: x, port: 2 }
                """);
        assertThat(server)
                .isEqualTo(new Server(
                        "17",
                        new Listen("::1", 9001),
                        Duration.ofMillis(250),
                        new DataSize(64 << 20),
                        new Secret("p$1\\${x}"),
                        Mode.SAFE,
                        true,
                        List.of("a", "b-9001-${PORT}-$5"),
                        Map.of("my.odd name", new Listen("x", 2))));
    }

    @Test
    void secretsAreNotPrinted() {
        Server server = parse(SMALL + "password: hunter2\n");
        assertThat(server.toString()).doesNotContain("hunter2").contains("******");
        assertThat(server.password()).isEqualTo(new Secret("hunter2"));
    }

    @Test
    void unknownKeysNameTheNearest() {
        assertError(
                SMALL + "request-timeuot: 5s\n",
                "node.yaml:3:1: request-timeuot: unknown key; did you mean 'request-timeout'?");
        assertError(
                "name: a\nlisten:\n  host: h\n  prot: 1\n",
                "node.yaml:2:1: listen.port: is missing: add it, or is it what 'prot' in line 4 was meant to be?");
        assertError(
                "name: a\nlisten: { host: h, port: 1, wholly-other: 1 }\n",
                "node.yaml:2:29: listen.wholly-other: unknown key; known here: host, port");
    }

    @Test
    void missingKeysAreNamed() {
        assertError("name: a\n", "node.yaml:1:1: listen: is missing: add it");
        assertError("name: a\nlisten:\n  host: h\n", "node.yaml:2:1: listen.port: is missing: add it");
        assertError("name:\nlisten: {}\n", "node.yaml:1:6: name: has no value: write one, or remove the key");
    }

    @Test
    void valuesOfTheWrongKindSayWhatIsExpected() {
        assertError(
                "name: a\nlisten: { host: h, port: many }\n",
                "node.yaml:2:26: listen.port: 'many' is not a whole number of that size");
        assertError(
                SMALL + "request-timeout: 5\n",
                "node.yaml:3:18: request-timeout: '5' is not a duration: write a whole number and a unit,"
                        + " such as 250ms, 5s, 10m or 1h");
        assertError(
                SMALL + "max-memory: 5MB\n",
                "node.yaml:3:13: max-memory: '5MB' is not a size: write a whole number and a unit,"
                        + " such as 8KiB or 64MiB");
        assertError(SMALL + "mode: sfae\n", "node.yaml:3:7: mode: 'sfae' is not one of fast, safe");
        assertError(SMALL + "verbose: maybe\n", "node.yaml:3:10: verbose: 'maybe' is not true or false");
        assertError(SMALL + "peers: a\n", "node.yaml:3:8: peers: must be a list");
        assertError("name: a\nlisten: here\n", "node.yaml:2:9: listen: must be a mapping, 'key: value' lines");
        assertError(SMALL + "password: [a]\n", "node.yaml:3:1: password: must be a single value");
        assertError(
                SMALL + "peers: [a, [b]]\n", "node.yaml:3:13: peers[1][0]: is not the kind of value that belongs here");
    }

    @Test
    void whatTheRecordRefusesIsToldWithItsPlace() {
        assertError("name: a\nlisten: { host: h, port: 0 }\n", "node.yaml:2:1: listen: port must be 1 to 65535");
        assertError(
                SMALL + "extra:\n  b: { host: h, port: 99999 }\n", "node.yaml:4:3: extra.b: port must be 1 to 65535");
    }

    @Test
    void variablesThatAreNotSetAreErrors() {
        assertError(
                "name: ${PROT}\nlisten: { host: h, port: 1 }\n",
                "node.yaml:1:7: name: the environment variable PROT is not set: set it, or did you mean ${PORT}?");
        assertError(
                SMALL + "peers:\n- a\n- \"${WHOLLY_OTHER}\"\n",
                "node.yaml:5:3: peers[1]: the environment variable WHOLLY_OTHER is not set: set it");
        assertError(
                "name: ${a b}\n",
                "node.yaml:1:7: name: '${' begins a variable that does not end: write ${NAME}, or $${ for the two"
                        + " characters");
    }

    @Test
    void duplicateKeysAliasesAndSecondDocumentsAreRefused() {
        assertError(SMALL + "name: b\n", "node.yaml:3:1: name: the key stands twice in the same place: remove one");
        assertError(
                "name: &n a\nlisten: { host: *n, port: 1 }\n",
                "node.yaml:2:17: listen.host: anchors and aliases are not supported: write the value out");
        assertThatThrownBy(() -> parse(SMALL + "---\n" + SMALL))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("node.yaml:");
    }

    @Test
    void brokenYamlNamesThePlaceAndQuotesNothing() {
        assertThatThrownBy(() -> parse("name: a\npassword: \"hunter2\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("node.yaml:")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
        assertThatThrownBy(() -> parse("name: a\n  b: c: hunter2\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("node.yaml:2:")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void emptyDeepAndLargeFilesAreRefused() {
        assertError("", "node.yaml: the file is empty");
        assertError("# nothing\n", "node.yaml: the file is empty");
        assertThatThrownBy(() -> parse("peers: " + "[".repeat(2_000) + "]".repeat(2_000)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("node.yaml");
        assertError("#".repeat(1_048_577), "node.yaml: the file is larger than 1MiB; that is not a configuration file");
    }

    @Test
    void filesAreReadAndUnreadableOnesNamed(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("a.yaml");
        assertThatThrownBy(() -> ConfigFile.read(file, Server.class, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": there is no such file");
        Files.writeString(file, SMALL);
        assertThat(ConfigFile.read(file, Server.class, Map.of()).name()).isEqualTo("a");
        Files.write(file, "name: ä".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ConfigFile.read(file, Server.class, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": the file is not UTF-8 text");
    }

    @Test
    void documentsPlaceLaterErrors() {
        var document = ConfigFile.parseDocument("node.yaml", SMALL, Server.class, Map.of());
        assertThat(document.error("listen.port", "is taken")).hasMessage("node.yaml:2:26: listen.port: is taken");
        assertThat(document.error("listen.port[3].x", "?")).hasMessage("node.yaml:2:26: listen.port[3].x: ?");
    }
}
