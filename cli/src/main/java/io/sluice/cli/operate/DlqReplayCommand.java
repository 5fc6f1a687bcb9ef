package io.sluice.cli.operate;

import io.sluice.sync.kafka.DeadLetter;
import io.sluice.sync.kafka.DeadLetterLog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends dead letters back to the topics that they came from. */
@Command(
        name = "replay",
        description = "Sends dead letters back to the topics they came from, as after an upgrade that understands them."
                + " They stay in the topic of dead letters; what is still not understood comes there again.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:all that were meant were sent", "1:some cannot be sent, or none is meant", "2:no answer"})
final class DlqReplayCommand implements Callable<Integer> {
    @Mixin
    private DlqOptions options = new DlqOptions();

    @Option(names = "--all", description = "All of them; needed when neither --kind nor --offset is given")
    private boolean all;

    private int sent;
    private int refused;

    @Override
    public Integer call() {
        if (options.selectsAll() != all) {
            throw new IllegalArgumentException("say which letters: --kind, --offset, or --all");
        }
        try (DeadLetterLog letters = options.open()) {
            // Only what is there now is read, so what comes back is not sent a second time.
            letters.read(letter -> {
                if (options.selects(letter)) {
                    replay(letters, letter);
                }
            });
        }
        System.out.println(sent + " sent, " + refused + " cannot be");
        return sent > 0 && refused == 0 ? 0 : 1;
    }

    private void replay(DeadLetterLog letters, DeadLetter letter) {
        try {
            letters.replay(letter);
            sent++;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            refused++;
        }
    }
}
