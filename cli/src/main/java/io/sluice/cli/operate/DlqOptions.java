package io.sluice.cli.operate;

import io.sluice.config.ConfigFile;
import io.sluice.sync.SyncConfig;
import io.sluice.sync.kafka.DeadLetter;
import io.sluice.sync.kafka.DeadLetterLog;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Option;

/** Where the dead letters are and which of them are meant. Used by one thread. */
final class DlqOptions {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "Configuration of the sync service that put them aside")
    private Path config = Path.of("");

    @Option(
            names = "--kind",
            split = ",",
            paramLabel = "KIND",
            description = "Only those with this kind of problem, such as unparsable")
    private Set<String> kinds = Set.of();

    @Option(
            names = "--offset",
            split = ",",
            paramLabel = "N",
            description = "Only those with this offset in the topic of dead letters")
    private Set<Long> offsets = Set.of();

    /** The caller closes it. */
    DeadLetterLog open() {
        SyncConfig read = ConfigFile.read(config.toAbsolutePath(), SyncConfig.class, System.getenv());
        return new DeadLetterLog(read.kafka().settings(), read.name() + "-dlq");
    }

    boolean selects(DeadLetter letter) {
        return (kinds.isEmpty() || kinds.contains(letter.errorKind()))
                && (offsets.isEmpty() || offsets.contains(letter.offset()));
    }

    boolean selectsAll() {
        return kinds.isEmpty() && offsets.isEmpty();
    }
}
