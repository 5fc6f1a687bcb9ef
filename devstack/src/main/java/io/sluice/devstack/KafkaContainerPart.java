package io.sluice.devstack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker as a container, by Testcontainers, whose own watcher removes it after the starter. It cannot be restarted
 * on the same address: a test that needs that uses the process. Thread-safety: {@link StackPart}.
 */
final class KafkaContainerPart implements KafkaServer {
    private static final String IMAGE = "apache/kafka:4.4.0";

    private final KafkaContainer container;
    private final Path log;

    KafkaContainerPart(Path log) {
        this.container = new KafkaContainer(IMAGE);
        this.log = log;
    }

    void start() {
        try {
            container.start();
        } catch (RuntimeException e) {
            throw new DevstackException(
                    "SLUICE_KAFKA=container, but the image " + IMAGE + " cannot be started: " + e.getMessage()
                            + ". Start a Docker engine that has it, or unset SLUICE_KAFKA to run Kafka as a process.",
                    e);
        }
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public String saslBootstrapServers() {
        throw new UnsupportedOperationException("Kafka in a container knows no users: unset SLUICE_KAFKA");
    }

    @Override
    public Part part() {
        return Part.KAFKA;
    }

    @Override
    public long pid() {
        return Long.parseLong(docker("inspect", "--format", "{{.State.Pid}}"));
    }

    @Override
    public boolean isAlive() {
        return container.isRunning();
    }

    @Override
    public void stop() {
        container.stop();
    }

    @Override
    public void kill() {
        docker("kill");
    }

    @Override
    public void pause() {
        docker("pause");
    }

    @Override
    public void resume() {
        docker("unpause");
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException(
                "Kafka in a container cannot be restarted on the same address: unset SLUICE_KAFKA");
    }

    @Override
    public Path logFile() {
        try {
            return Files.writeString(log, container.getLogs());
        } catch (IOException e) {
            throw new DevstackException("Cannot write " + log, e);
        }
    }

    private String docker(String... words) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        command.add(container.getContainerId());
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new DevstackException(String.join(" ", command) + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new DevstackException("Cannot run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DevstackException("Interrupted during " + String.join(" ", command), e);
        }
    }
}
