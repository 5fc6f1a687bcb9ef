package io.sluice.devstack.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.devstack.DevstackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
    @TempDir
    Path directory;

    @Test
    void fillsAnEntryOnceThoughManyAskAtOnce() throws Exception {
        Cache cache = new Cache(directory);
        AtomicInteger fills = new AtomicInteger();
        List<Future<Path>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                asked.add(threads.submit(() -> cache.entry("thing", target -> {
                    fills.incrementAndGet();
                    Files.writeString(target.resolve("content"), "whole");
                })));
            }
        }
        for (Future<Path> entry : asked) {
            assertThat(entry.get().resolve("content")).hasContent("whole");
        }
        assertThat(fills).hasValue(1);
    }

    @Test
    void keepsNothingOfAFailedFillAndCanTryAgain() {
        Cache cache = new Cache(directory);
        assertThatThrownBy(() -> cache.entry("thing", target -> {
                    Files.writeString(target.resolve("half"), "");
                    throw new IOException("connection reset");
                }))
                .isInstanceOf(DevstackException.class)
                .hasMessageContaining("connection reset")
                .hasMessageContaining("run the same command again");
        assertThat(directory.resolve("thing")).doesNotExist();

        Path filled = cache.entry("thing", target -> Files.writeString(target.resolve("whole"), ""));

        assertThat(filled).isDirectoryContaining("glob:**/whole").isDirectoryNotContaining("glob:**/half");
    }

    @Test
    void liesWhereTheEnvironmentSays() {
        assertThat(Cache.of(Map.of("SLUICE_CACHE", "/a", "XDG_CACHE_HOME", "/b"))
                        .root())
                .isEqualTo(Path.of("/a"));
        assertThat(Cache.of(Map.of("XDG_CACHE_HOME", "/b")).root()).isEqualTo(Path.of("/b/sluice"));
        assertThat(Cache.of(Map.of()).root()).isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "sluice"));
    }

    @Test
    void aFailedFetchSaysWhatWhyAndWhatToDo() {
        Path log = directory.resolve("fetch.log");
        Fetch fetch = new Fetch("Fetching a thing", directory, log);
        assertThatThrownBy(() ->
                        fetch.run(Duration.ofMinutes(1), List.of("sh", "-c", "echo Connection refused >&2; exit 3")))
                .isInstanceOf(DevstackException.class)
                .hasMessageContaining("Fetching a thing failed: sh ended with status 3")
                .hasMessageContaining("run the same command again")
                .hasMessageContaining(log.toString())
                .hasMessageContaining("Connection refused");
    }

    @Test
    void aFetchWhoseCommandIsMissingSaysWhatToInstall() {
        Fetch fetch = new Fetch("Fetching a thing", directory, directory.resolve("fetch.log"));
        assertThatThrownBy(() -> fetch.run(Duration.ofMinutes(1), List.of("no-such-command")))
                .isInstanceOf(DevstackException.class)
                .hasMessageContaining("no-such-command is not on PATH: install it");
    }

    @Test
    void aFetchThatTakesTooLongIsEnded() {
        Fetch fetch = new Fetch("Fetching a thing", directory, directory.resolve("fetch.log"));
        assertThatThrownBy(() -> fetch.run(Duration.ofMillis(10), List.of("sleep", "600")))
                .isInstanceOf(DevstackException.class)
                .hasMessageContaining("not done after");
    }
}
