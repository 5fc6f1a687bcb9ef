package io.sluice.cli.operate;

import io.sluice.cli.JsonLine;
import io.sluice.sync.kafka.DeadLetter;
import io.sluice.sync.kafka.DeadLetterLog;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters, without their content: keys and values belong on no screen. */
@Command(
        name = "list",
        description = "Lists the dead letters: offset, when, where from, kind, bytes, what is wrong.",
        mixinStandardHelpOptions = true)
final class DlqListCommand implements Callable<Integer> {
    @Mixin
    private DlqOptions options = new DlqOptions();

    @Option(names = "--json", description = "Print one JSON object a line")
    private boolean json;

    @Override
    public Integer call() {
        try (DeadLetterLog letters = options.open()) {
            letters.read(letter -> {
                if (options.selects(letter)) {
                    System.out.println(json ? json(letter) : text(letter));
                }
            });
        }
        return 0;
    }

    private static String text(DeadLetter letter) {
        return "%d  %s  %s  %s  %d bytes%s  %s"
                .formatted(
                        letter.offset(),
                        Instant.ofEpochMilli(letter.putAsideMillis()),
                        origin(letter),
                        letter.errorKind(),
                        letter.bytes(),
                        letter.isCut() ? " (cut)" : "",
                        letter.error());
    }

    private static String json(DeadLetter letter) {
        return JsonLine.of(
                "offset", Long.toString(letter.offset()),
                "putAside", Instant.ofEpochMilli(letter.putAsideMillis()).toString(),
                "origin", origin(letter),
                "kind", letter.errorKind(),
                "bytes", Integer.toString(letter.bytes()),
                "cut", Boolean.toString(letter.isCut()),
                "error", letter.error());
    }

    private static String origin(DeadLetter letter) {
        return letter.originalTopic() + "-" + letter.originalPartition() + "@" + letter.originalOffset();
    }
}
