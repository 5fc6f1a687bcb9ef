package io.sluice.bench.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs a main class in a JVM of its own with this process' class path, and takes the numbers it prints last. */
final class ChildJvm {
    /** The collector that a server machine's JVM has by default, and headers as a node has them. */
    static final List<String> FLAGS = List.of(
            "-XX:+UseG1GC",
            "-XX:+UseCompactObjectHeaders",
            "-Xms1g",
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final Pattern SPACE = Pattern.compile(" ");
    private static final long LIMIT_SECONDS = 300;

    private ChildJvm() {}

    /** Runs it to its end, five minutes at most; IllegalStateException with its output when it fails. */
    static double[] numbers(Class<?> main, List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new IllegalStateException(main.getSimpleName() + " " + arguments + " failed:\n" + output);
                }
                return SPACE.splitAsStream(output.substring(output.lastIndexOf('\n') + 1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot start a JVM for " + main.getSimpleName() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }
}
