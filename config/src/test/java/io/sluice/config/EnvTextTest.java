package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvTextTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"s3cret", "s3cret\n", "s3cret\r\n"})
    void variableThatIsNotSetIsReadFromTheFileThatIsNamedForIt(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), text);

        assertThat(new EnvText(Map.of("PASS_FILE", file.toString())).replace("<${PASS}>"))
                .isEqualTo("<s3cret>");
    }

    @Test
    void onlyTheLineEndAtTheVeryEndIsTakenAway() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), " a\n b \n\n");

        assertThat(new EnvText(Map.of("PASS_FILE", file.toString())).replace("${PASS}"))
                .isEqualTo(" a\n b \n");
    }

    @Test
    void variableThatIsSetWinsOverTheFile() {
        assertThat(new EnvText(Map.of("PASS", "set", "PASS_FILE", "/nowhere")).replace("${PASS}"))
                .isEqualTo("set");
    }

    @Test
    void fileThatCannotBeReadIsNamed() {
        EnvText text = new EnvText(Map.of("PASS_FILE", directory.resolve("none").toString()));

        assertThatThrownBy(() -> text.replace("${PASS}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none, which PASS_FILE names, cannot be read");
    }

    @Test
    void fileThatIsNoPasswordIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("large"), new byte[(64 << 10) + 1]);
        EnvText text = new EnvText(Map.of("PASS_FILE", file.toString()));

        assertThatThrownBy(() -> text.replace("${PASS}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("larger than");
    }
}
