package io.sluice.node;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.admin.rules.LiveRules;
import io.sluice.admin.rules.RulesMetrics;
import io.sluice.cluster.Membership;
import io.sluice.coherence.Clocks;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.StalenessBounds;
import io.sluice.node.record.FlightRecorder;

/**
 * What a node is made of before it is in touch with the others: its clocks and metrics, the groups of its rules with
 * what is known of their sources, and who is a member. The first step of the composition.
 *
 * @param resources gets what is opened
 */
record NodeCore(
        NodeConfig config,
        Clocks clock,
        PrometheusRegistry registry,
        NodeMetrics metrics,
        AppliedPositions applied,
        FlightRecorder recorder,
        RulesGroups opened,
        Membership membership,
        Tenure tenure,
        Resources resources) {
    static NodeCore open(NodeConfig config, LiveRules rules, Resources resources) {
        Clocks clock = Clocks.system();
        PrometheusRegistry registry = new PrometheusRegistry();
        NodeMetrics metrics = new NodeMetrics(registry);
        RulesMetrics.observe(rules, registry);
        StalenessBounds bounds = new StalenessBounds();
        AppliedPositions applied = new AppliedPositions(clock::now, bounds);
        FlightRecorder recorder = new FlightRecorder(config.recorderEvents(), clock::wallMillis);
        RulesGroups opened = new RulesGroups(config, rules.current(), applied, recorder, resources, clock);
        SourceMetrics.observe(opened, bounds, clock, registry);

        Membership membership = resources.add(config.cluster().open());
        requireListed(config, membership);
        Tenure tenure = new Tenure(config.name(), membership.topology(), config.unleasedStalenessBound(), clock);
        return new NodeCore(config, clock, registry, metrics, applied, recorder, opened, membership, tenure, resources);
    }

    /** A fixed list never grows: a node that is not in it would wait for ever to see itself. */
    private static void requireListed(NodeConfig config, Membership membership) {
        String self = config.name();
        if (config.cluster().members() != null && membership.topology().member(self) == null) {
            throw new IllegalArgumentException("cluster.members does not list this node, " + self
                    + ": add it as name=host:port, the same list in every process, or correct the name");
        }
    }

    String self() {
        return config.name();
    }

    CacheGroups groups() {
        return opened.groups();
    }
}
