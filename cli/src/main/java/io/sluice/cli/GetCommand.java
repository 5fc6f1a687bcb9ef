package io.sluice.cli;

import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.client.SluiceClient;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--max-staleness",
            paramLabel = "MILLIS",
            description = "The answer may be that stale at most; without, what the group says")
    private @Nullable Long maxStalenessMillis;

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group, as declared in the rules file")
    private String group = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, as the group's key template renders it")
    private String key = "";

    @Override
    public Integer call() {
        ReadOptions options = maxStalenessMillis == null
                ? ReadOptions.DEFAULT
                : ReadOptions.DEFAULT.withMaxStaleness(Duration.ofMillis(maxStalenessMillis));
        try (SluiceClient client = cluster.open()) {
            Answer answer = node.isEmpty()
                    ? client.get(group, key, options)
                    : client.on(node).get(group, key, options);
            System.err.printf(
                    Locale.ROOT,
                    "%s by %s from %s, %,d ms old, %s%n",
                    answer.found() ? "found" : "no such row",
                    answer.servedBy(),
                    answer.servedFrom().name().toLowerCase(Locale.ROOT),
                    answer.age().toMillis(),
                    staleness(answer));
            answer.text().ifPresent(System.out::println);
            return answer.found() ? 0 : 1;
        }
    }

    private static String staleness(Answer answer) {
        String bound = answer.stalenessBoundMillis().isPresent()
                ? String.format(
                        Locale.ROOT,
                        "at most %,d ms stale",
                        answer.stalenessBoundMillis().getAsLong())
                : "how stale is not known";
        return answer.pastMaxStaleness() ? bound + ", past the group's max-staleness" : bound;
    }
}
