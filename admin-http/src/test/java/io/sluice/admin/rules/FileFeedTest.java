package io.sluice.admin.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileFeedTest {
    private final List<String> told = new CopyOnWriteArrayList<>();

    @TempDir
    private Path directory = Path.of("");

    private FileFeed follow(Path file) {
        FileFeed feed = FileFeed.open(file, Duration.ofMillis(5));
        feed.follow(told::add);
        return feed;
    }

    @Test
    void tellsWhatIsWrittenAndWhatIsMovedOverTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("rules.yaml"), "one");
        try (FileFeed feed = follow(file)) {
            assertThat(feed.text()).isEqualTo("one");

            Files.writeString(file, "two");
            await().until(() -> told.equals(List.of("two")));
            Files.move(Files.writeString(directory.resolve("new"), "three"), file, StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> told.equals(List.of("two", "three")));
            assertThat(feed.text()).isEqualTo("three");
        }
    }

    /** As Kubernetes does it: the file is a link to a link, which is switched. */
    @Test
    void tellsWhatASwitchedLinkLeadsTo() throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        Files.writeString(first.resolve("rules.yaml"), "one");
        Files.writeString(second.resolve("rules.yaml"), "two");
        Path data = Files.createSymbolicLink(directory.resolve("data"), first);
        Path file = Files.createSymbolicLink(directory.resolve("rules.yaml"), data.resolve("rules.yaml"));
        try (FileFeed feed = follow(file)) {
            Path other = Files.createSymbolicLink(directory.resolve("other"), second);
            Files.move(other, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);

            await().until(() -> told.equals(List.of("two")));
            assertThat(feed.text()).isEqualTo("two");
        }
    }

    @Test
    void aFileThatIsAwayForAWhileChangesNothingAndIsSeenAgain() throws IOException {
        Path file = Files.writeString(directory.resolve("rules.yaml"), "one");
        try (FileFeed feed = follow(file)) {
            Files.delete(file);
            await().during(Duration.ofMillis(50)).until(told::isEmpty);
            Files.writeString(file, "two");

            await().until(() -> told.equals(List.of("two")));
            assertThat(feed.name()).isEqualTo(file.toString());
        }
    }

    @Test
    void withoutAFileThereIsNoStart() {
        assertThatThrownBy(() -> FileFeed.open(directory.resolve("none.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no such file");
    }
}
