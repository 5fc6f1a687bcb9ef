package io.sluice.node;

import io.grpc.StatusRuntimeException;
import io.sluice.admin.rules.LiveRules;
import io.sluice.config.ConfigFile;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a node until it is told to stop, by SIGTERM or SIGINT: then it leaves in an orderly way. A second signal ends it
 * at once.
 *
 * <p>Exit status: 0 after a clean stop, 2 when it could not start; standard error then says what to do. 128 and the
 * number of the signal when it was ended at once.
 */
public final class NodeMain {
    private static final Logger log = LoggerFactory.getLogger(NodeMain.class);
    private static final int CANNOT_START = 2;

    private NodeMain() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 2 || !args[0].equals("--config")) {
            System.err.println("usage: node --config FILE");
            System.exit(CANNOT_START);
        }
        NodeServer node;
        try {
            Path file = Path.of(args[1]).toAbsolutePath();
            NodeConfig config =
                    ConfigFile.read(file, NodeConfig.class, System.getenv()).resolvedFrom(file);
            node = NodeServer.start(config, LiveRules.open(config.rules(), file, config.cluster(), System.getenv()));
        } catch (StatusRuntimeException e) {
            System.err.println("node: cannot start: " + e.getStatus().getDescription());
            System.exit(CANNOT_START);
            return;
        } catch (RuntimeException e) {
            log.debug("Start failed", e);
            System.err.println("node: cannot start: " + e.getMessage());
            System.exit(CANNOT_START);
            return;
        }
        CountDownLatch stop = new CountDownLatch(1);
        new StopSignals(stop::countDown, Runtime.getRuntime()::halt).install();
        stop.await();
        node.leave();
        node.close();
        log.info("Stopped");
        System.exit(0);
    }
}
