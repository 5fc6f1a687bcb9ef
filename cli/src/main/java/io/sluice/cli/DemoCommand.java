package io.sluice.cli;

import io.sluice.cli.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the main job on the real servers. */
@Command(
        name = "demo",
        description = "Runs the whole pipeline on this machine and shows how the cache follows MySQL.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every step did what it says", "1:a step did not", "2:the demo could not start"})
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--once", description = "Exit after the last step instead of staying up")
    private boolean once;

    @Override
    public Integer call() {
        return Demo.run(System.out, !once) ? 0 : 1;
    }
}
