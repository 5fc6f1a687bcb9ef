package io.sluice.cli.sync;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A sync service, a process of its own, whose only node is a {@link RemoveReceiver}. Stateless. */
final class BenchSyncService {
    private BenchSyncService() {}

    /** Starts it and waits until it is ready. */
    static SluiceProcess start(Devstack stack, String name, String topic, String rules, int receiverPort)
            throws IOException {
        Path directory = Files.createDirectories(stack.directory().resolve(name));
        Files.writeString(directory.resolve("rules.yaml"), rules);
        int adminPort = new FreePorts().next();
        Path config = Files.writeString(directory.resolve("sync.yaml"), """
                name: %1$s
                rules: rules.yaml
                listen: { port: 0 }
                admin: { host: 127.0.0.1, port: %2$d }
                kafka: { bootstrap-servers: ["%3$s"], topics: ["%4$s"], group-id: %1$s, dead-letter-topic: %1$s-letters }
                cluster: { members: ["receiver=127.0.0.1:%5$d"] }
                """.formatted(
                        name, adminPort, stack.kafka().bootstrapServers(), topic, receiverPort));
        SluiceProcess process =
                new SluiceProcess(name, "sync", config, 0, adminPort, LocalCluster.ENVIRONMENT, List.of("-Xmx256m"));
        process.launch();
        process.awaitReady();
        return process;
    }
}
