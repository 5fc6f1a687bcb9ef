package io.sluice.cli;

import io.sluice.client.SluiceClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has every holder forget keys, and every node what carries tags. */
@Command(
        name = "remove",
        description =
                "Makes every holder forget keys, or what carries tags. Rarely needed: what changes in MySQL is forgotten without it. May take 12 s where a client that keeps them stands still.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class)
final class RemoveCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group, as declared in the rules file")
    private String group = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY", description = "The keys to forget")
    private List<String> keys = List.of();

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Forget every key that carries the tag, such as city:Rome; may be given several times")
    private List<String> tags = List.of();

    @Override
    public Integer call() {
        try (SluiceClient client = cluster.open()) {
            int acknowledgements = tags.isEmpty() || !keys.isEmpty() ? client.remove(group, keys) : 0;
            acknowledgements += tags.isEmpty() ? 0 : client.removeTags(group, tags);
            System.out.println(acknowledgements + " acknowledgements");
            return 0;
        }
    }
}
