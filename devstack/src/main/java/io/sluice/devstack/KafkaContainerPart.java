package io.sluice.devstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;
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
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new DevstackException("SLUICE_KAFKA=container, but no Docker engine answers: start one, or unset"
                    + " SLUICE_KAFKA to run Kafka as a process");
        }
        container.start();
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public Part part() {
        return Part.KAFKA;
    }

    @Override
    public long pid() {
        Long pid = container.getCurrentContainerInfo().getState().getPidLong();
        return pid == null ? -1 : pid;
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
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void pause() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void resume() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
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
}
