package io.sluice.cli;

import io.sluice.client.SluiceClient;
import io.sluice.client.SluiceClientBuilder;
import io.sluice.cluster.EtcdSettings;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a command finds the cluster: options that several commands share. Used by one thread. */
final class ClusterOptions {
    @Mixin
    private EtcdOptions etcd = new EtcdOptions();

    @Option(
            names = "--members",
            split = ",",
            paramLabel = "NAME=HOST:PORT",
            description = "A fixed list of nodes instead of etcd; the names must be the nodes' own")
    private List<String> members = List.of();

    /** A client of the cluster; the caller closes it. */
    SluiceClient open() {
        SluiceClientBuilder builder =
                SluiceClient.builder().cluster(etcd.cluster()).startTimeout(EtcdOptions.START_TIMEOUT);
        return members.isEmpty()
                ? builder.etcd(etcd.etcd().toArray(String[]::new)).build()
                : builder.members(members.toArray(String[]::new)).build();
    }

    /** Where etcd is, for commands that read it themselves. */
    EtcdSettings etcdSettings() {
        if (!members.isEmpty()) {
            throw new IllegalArgumentException("a fixed list of members never changes its ring: leave out --members");
        }
        return etcd.settings();
    }
}
