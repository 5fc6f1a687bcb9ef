package io.sluice.cli;

import io.sluice.client.Answer;
import io.sluice.client.SluiceClient;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads one key and prints its value. */
@Command(
        name = "get",
        description = "Reads one key: the value on standard output, where it came from on standard error.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:found", "1:the source has no such row", "2:no answer"})
final class GetCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--on", paramLabel = "NODE", defaultValue = "", description = "Ask this node and no other")
    private String node = "";

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group, as declared in the rules file")
    private String group = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, as the group's key template renders it")
    private String key = "";

    @Override
    public Integer call() {
        try (SluiceClient client = cluster.open()) {
            Answer answer =
                    node.isEmpty() ? client.get(group, key) : client.on(node).get(group, key);
            System.err.printf(
                    Locale.ROOT,
                    "%s by %s from %s, %,d ms old%n",
                    answer.found() ? "found" : "no such row",
                    answer.servedBy(),
                    answer.servedFrom().name().toLowerCase(Locale.ROOT),
                    answer.age().toMillis());
            answer.text().ifPresent(System.out::println);
            return answer.found() ? 0 : 1;
        }
    }
}
