package io.sluice.cli;

import io.sluice.client.SluiceClient;
import io.sluice.client.SluiceClientBuilder;
import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.EtcdSettings;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a command finds the cluster: options that several commands share. Used by one thread. */
final class ClusterOptions {
    @Option(
            names = "--etcd",
            split = ",",
            paramLabel = "URL",
            defaultValue = "${env:SLUICE_ETCD:-http://127.0.0.1:2379}",
            description = "Addresses of etcd, separated by commas; default $SLUICE_ETCD or ${DEFAULT-VALUE}")
    private List<String> etcd = List.of();

    @Option(
            names = "--members",
            split = ",",
            paramLabel = "NAME=HOST:PORT",
            description = "A fixed list of nodes instead of etcd; the names must be the nodes' own")
    private List<String> members = List.of();

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = ClusterConfig.DEFAULT_NAME,
            description = "Name of the cluster in etcd; default ${DEFAULT-VALUE}")
    private String cluster = ClusterConfig.DEFAULT_NAME;

    /** A client of the cluster; the caller closes it. */
    SluiceClient open() {
        SluiceClientBuilder builder = SluiceClient.builder().cluster(cluster).startTimeout(Duration.ofSeconds(5));
        return members.isEmpty()
                ? builder.etcd(etcd.toArray(String[]::new)).build()
                : builder.members(members.toArray(String[]::new)).build();
    }

    /** Where etcd is, for commands that read it themselves. */
    EtcdSettings etcdSettings() {
        if (!members.isEmpty()) {
            throw new IllegalArgumentException("a fixed list of members never changes its ring: leave out --members");
        }
        return EtcdSettings.of(etcd, cluster).withStartTimeout(Duration.ofSeconds(5));
    }
}
