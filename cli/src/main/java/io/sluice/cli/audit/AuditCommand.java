package io.sluice.cli.audit;

import io.sluice.admin.rules.LiveRules;
import io.sluice.client.NearCacheSettings;
import io.sluice.client.SluiceClient;
import io.sluice.config.ConfigFile;
import io.sluice.config.DurationText;
import io.sluice.mapping.Rules;
import io.sluice.sync.SyncConfig;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.kafka.StreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds what the cache answers against MySQL, by samples of the changes, while everything runs. */
@Command(
        name = "audit",
        description = "Samples rows that change, asks every node and a client for their keys some time later, and"
                + " compares with MySQL. Reads until the time is over, or until Ctrl-C.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:no violation", "1:violations", "2:it could not audit"})
public final class AuditCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "Configuration of the sync service: where the stream, the rules and the nodes are")
    private Path config = Path.of("");

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Rules to map changes and load values by; default those of the configuration")
    private @Nullable Path rulesFile;

    @Option(
            names = "--consumer-group",
            paramLabel = "ID",
            defaultValue = "sluice-audit",
            description = "Consumer group of its own, which commits nothing; default ${DEFAULT-VALUE}")
    private String consumerGroup = "sluice-audit";

    @Option(
            names = "--after",
            split = ",",
            paramLabel = "TIME",
            defaultValue = "1s,5s,60s",
            description = "How long after a change its key is asked for; default ${DEFAULT-VALUE}")
    private List<String> after = List.of();

    @Option(
            names = "--allowed",
            paramLabel = "TIME",
            description = "From which age on an old answer is a violation whatever it claims; default 5/6 of the last"
                    + " --after")
    private @Nullable String allowed;

    @Option(
            names = "--longest-load",
            paramLabel = "TIME",
            defaultValue = Judge.LONGEST_LOAD_SECONDS + "s",
            description = "No load of a node takes longer; default ${DEFAULT-VALUE}, the sum of all that may take time"
                    + " with the usual loads.timeout and loads.connect-timeout")
    private String longestLoad = Judge.LONGEST_LOAD_SECONDS + "s";

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "5",
            description = "Most samples a second; default ${DEFAULT-VALUE}")
    private int rate = 5;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Most samples at a time; default ${DEFAULT-VALUE}")
    private int most = 1_000;

    @Option(names = "--group", split = ",", paramLabel = "GROUP", description = "Only these groups")
    private Set<String> groups = Set.of();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "For how long samples are taken, before the last ones are looked at; until Ctrl-C if not given")
    private long seconds;

    @Option(
            names = "--no-client",
            description = "Ask the memory of nodes only: loads nothing, and finds nothing that only a client sees")
    private boolean withoutClient;

    @Option(names = "--show-keys", description = "Name the keys of violations, not only their hashes")
    private boolean showKeys;

    @Option(names = "--json", description = "Print one JSON object at the end")
    private boolean json;

    @Override
    public Integer call() {
        List<Duration> probes = after.stream().map(DurationText::parse).toList();
        AuditSettings settings = new AuditSettings(
                probes,
                allowed == null ? AuditSettings.usuallyAllowed(probes) : DurationText.parse(allowed),
                rate,
                most,
                groups,
                seconds);
        Path file = config.toAbsolutePath();
        SyncConfig sync = ConfigFile.read(file, SyncConfig.class, System.getenv());
        String rulesOrigin =
                rulesFile == null ? sync.rules() : rulesFile.toAbsolutePath().toString();
        AuditText text = new AuditText(showKeys);
        AuditReport report = new AuditReport(probes, violation -> System.err.println(text.of(violation)));
        try (LiveRules rules = LiveRules.open(rulesOrigin, file, sync.cluster(), System.getenv());
                Nodes nodes = new Nodes(sync.cluster().open());
                Comparison comparison = new Comparison(
                        nodes, client(sync), new Judge(settings.allowed(), DurationText.parse(longestLoad)), report)) {
            Rules first = rules.current();
            Audit.Scope scope = comparison.under(first);
            requireGroups(scope.loads());
            RecordMapper mapper = new RecordMapper(
                    sync.kafka().source(sync.flowLimits()),
                    first,
                    sync.heartbeatSettings().table());
            StreamReader stream = new StreamReader(sync.kafka().settings(), consumerGroup, sync.name() + "-audit");
            Samples samples = new Samples(settings.perSecond(), settings.most(), System::nanoTime);
            long startNanos = System.nanoTime();
            Audit audit = new Audit(settings, stream, mapper, samples, report, scope);
            try (CtrlC signals = new CtrlC(audit::stop)) {
                try (audit) {
                    rules.follow((before, next) -> audit.use(comparison.under(next)));
                    audit.run(() -> System.err.println("changes are read; Ctrl-C ends the audit"));
                }
                AuditReport.Findings findings = report.findings();
                double elapsed = (System.nanoTime() - startNanos) / 1e9;
                Audit.Scope last = audit.scope();
                System.out.println(
                        json
                                ? new AuditJson(showKeys)
                                        .of(findings, elapsed, last.rules().fingerprint(), last.loads())
                                : text.of(findings, elapsed, last.loads()));
                return signals.finish(findings.isClean() ? findings.isWorthless() ? 2 : 0 : 1);
            }
        }
    }

    private @Nullable ClientProbe client(SyncConfig sync) {
        return withoutClient
                ? null
                : new ClientProbe(SluiceClient.builder()
                        .membership(sync.cluster().open())
                        .nearCache(NearCacheSettings.DEFAULTS)
                        .build());
    }

    private void requireGroups(SourceLoads loads) {
        List<String> missing = new ArrayList<>(groups);
        missing.removeIf(loads::has);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("--group names " + missing + ", which cannot be audited: use some of "
                    + loads.groups() + "; not audited are " + loads.leftOut());
        }
        if (!loads.groups().iterator().hasNext()) {
            throw new IllegalArgumentException(
                    "the rules have no group that can be audited; not audited are " + loads.leftOut());
        }
    }
}
