package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of {@code ./sluice} as a process of its own, with what it printed. */
record SluiceCommand(int status, String out, String errors) {
    /** Runs it to its end, a minute at most; it finds its output files in the directory. */
    static SluiceCommand run(Path directory, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.sluice.cli.SluiceMain"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "out", "");
        Path errors = Files.createTempFile(directory, "errors", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new SluiceCommand(
                    process.exitValue(), Files.readString(out, UTF_8), Files.readString(errors, UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
