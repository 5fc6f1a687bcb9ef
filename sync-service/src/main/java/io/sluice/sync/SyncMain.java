package io.sluice.sync;

import io.sluice.admin.rules.LiveRules;
import io.sluice.config.ConfigFile;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a sync service until it is told to stop by SIGTERM or SIGINT.
 *
 * <p>Exit status: 0 after a clean stop asked for from inside, 1 when consuming ended by an error, 2 when it could not
 * start; standard error then says what to do. After a signal the status is the JVM's own, 128 plus the signal.
 */
public final class SyncMain {
    private static final Logger log = LoggerFactory.getLogger(SyncMain.class);
    private static final int FAILED = 1;
    private static final int CANNOT_START = 2;

    private SyncMain() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 2 || !args[0].equals("--config")) {
            System.err.println("usage: sync --config FILE");
            System.exit(CANNOT_START);
        }
        SyncService service;
        try {
            Path file = Path.of(args[1]).toAbsolutePath();
            SyncConfig config = ConfigFile.read(file, SyncConfig.class, System.getenv());
            service =
                    SyncService.start(config, LiveRules.open(config.rules(), file, config.cluster(), System.getenv()));
        } catch (RuntimeException e) {
            log.debug("Start failed", e);
            System.err.println("sync: cannot start: " + e.getMessage());
            System.exit(CANNOT_START);
            return;
        }
        AtomicBoolean stopping = new AtomicBoolean();
        Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> {
            stopping.set(true);
            service.close();
            log.info("Stopped");
        });
        Runtime.getRuntime().addShutdownHook(stop);
        service.awaitEnd();
        if (!stopping.get()) {
            System.exit(FAILED);
        }
    }
}
