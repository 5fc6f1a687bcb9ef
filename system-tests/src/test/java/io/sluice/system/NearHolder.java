package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.client.Answer;
import io.sluice.client.NearCacheSettings;
import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process with a near cache, which the test can have stand still. It reads the keys that it is given line by line.
 * For one thread.
 */
final class NearHolder implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer keys;

    /** What it was answered. */
    record Read(ServedFrom from, String value) {}

    NearHolder(String etcd, String cluster, String group) {
        try {
            process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            NearHolder.class.getName(),
                            etcd,
                            cluster,
                            group))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(UTF_8);
        keys = process.outputWriter(UTF_8);
    }

    /** Reads a key there. */
    Read read(String key) throws IOException {
        ask(key);
        return answer();
    }

    /** Has it read a key, perhaps when it goes on. */
    void ask(String key) throws IOException {
        keys.write(key + "\n");
        keys.flush();
    }

    Read answer() throws IOException {
        while (true) {
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("the process with the near cache has ended");
            }
            if (line.startsWith("answer ")) {
                String[] parts = line.split(" ", 3);
                return new Read(ServedFrom.valueOf(parts[1]), parts[2]);
            }
        }
    }

    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill " + signal + " ended with " + exit);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        var _ = process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** The process: reads the keys that come on standard input until that ends. */
    public static void main(String[] arguments) throws IOException {
        try (SluiceClient client = SluiceClient.builder()
                        .etcd(arguments[0])
                        .cluster(arguments[1])
                        .nearCache(NearCacheSettings.DEFAULTS)
                        .build();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            for (String key = in.readLine(); key != null; key = in.readLine()) {
                Answer answer = client.get(arguments[2], key);
                System.out.println(
                        "answer " + answer.servedFrom() + " " + answer.text().orElse(""));
            }
        }
    }
}
