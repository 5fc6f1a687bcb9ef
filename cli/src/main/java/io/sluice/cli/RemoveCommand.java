package io.sluice.cli;

import io.sluice.client.SluiceClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has every holder forget keys. */
@Command(
        name = "remove",
        description = "Makes every holder forget keys. Rarely needed: what changes in MySQL is forgotten without it.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class)
final class RemoveCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group, as declared in the rules file")
    private String group = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY", description = "The keys to forget")
    private List<String> keys = List.of();

    @Override
    public Integer call() {
        try (SluiceClient client = cluster.open()) {
            System.out.println(client.remove(group, keys) + " acknowledgements");
            return 0;
        }
    }
}
