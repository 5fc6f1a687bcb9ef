package io.sluice.cli.demo;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.RingChanges;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link LocalCluster} is made of. Immutable.
 *
 * @param name of the cluster in etcd; several can share one stack
 * @param size how many nodes
 * @param rules the text of the rules file; the database password is in {@code ${SLUICE_DB_PASSWORD}}
 * @param warmUp for how long the previous ring drains after a change
 * @param leaseTtl how long a process that went silent is counted on
 * @param topic that the sync service consumes
 * @param jvmOptions of every process, beside those it always has; {@code %s} stands for the name of the process
 */
public record ClusterPlan(
        String name,
        int size,
        String rules,
        Duration warmUp,
        Duration leaseTtl,
        String topic,
        List<String> jvmOptions) {
    public ClusterPlan {
        requireNonNull(name, "name is null");
        requireNonNull(rules, "rules is null");
        requireNonNull(warmUp, "warmUp is null");
        requireNonNull(leaseTtl, "leaseTtl is null");
        requireNonNull(topic, "topic is null");
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** One that is quick to start and consumes Canal's topic. */
    public static ClusterPlan of(String name, int size, String rules, String topic) {
        return new ClusterPlan(
                name,
                size,
                rules,
                RingChanges.DEFAULT_WARM_UP,
                LocalCluster.LEASE_TTL,
                topic,
                SluiceProcess.QUICK_TO_START);
    }

    /** The same with another time for which the previous ring drains. */
    public ClusterPlan withWarmUp(Duration newWarmUp) {
        return new ClusterPlan(name, size, rules, newWarmUp, leaseTtl, topic, jvmOptions);
    }

    /** The same with leases of another length. */
    public ClusterPlan withLeaseTtl(Duration newLeaseTtl) {
        return new ClusterPlan(name, size, rules, warmUp, newLeaseTtl, topic, jvmOptions);
    }

    List<String> jvmOptions(String process) {
        return jvmOptions.stream().map(option -> option.replace("%s", process)).toList();
    }
}
