package io.sluice.cli;

import io.sluice.devstack.DevstackMain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs the real servers alone, for work on Sluice itself. */
@Command(
        name = "devstack",
        description = "Runs MySQL, Canal, Kafka and etcd on free ports of 127.0.0.1 until it is stopped.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class)
final class DevstackCommand implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
        DevstackMain.main(new String[0]);
        return 0;
    }
}
