package io.sluice.cli.audit;

import io.sluice.mapping.Rules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked, and what the answers are held against under the rules of now. Thread-safe.
 *
 * <p>When the rules change, what was opened for the ones before stays open until the next change, for looks that run.
 */
final class Comparison implements AutoCloseable {
    private final Nodes nodes;
    private final @Nullable ClientProbe client;
    private final Judge judge;
    private final AuditReport report;
    private final List<SourceLoads> open = new ArrayList<>();

    /** @param client closed with this; null for none */
    Comparison(Nodes nodes, @Nullable ClientProbe client, Judge judge, AuditReport report) {
        this.nodes = nodes;
        this.client = client;
        this.judge = judge;
        this.report = report;
    }

    synchronized Audit.Scope under(Rules rules) {
        SourceLoads loads = new SourceLoads(rules);
        open.add(loads);
        if (open.size() > 2) {
            open.removeFirst().close();
        }
        return new Audit.Scope(
                rules, new Watch(loads, this::probes, nodes::histories, judge, report, Thread::sleep), loads);
    }

    private List<Probe> probes() {
        List<Probe> probes = new ArrayList<>(nodes.probes());
        if (client != null) {
            probes.add(client);
        }
        return probes;
    }

    @Override
    public synchronized void close() {
        open.forEach(SourceLoads::close);
        if (client != null) {
            client.close();
        }
    }
}
