package io.sluice.cli;

import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.EtcdSettings;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a command finds the cluster in etcd. Used by one thread. */
public final class EtcdOptions {
    /** How long etcd may be silent before a command gives up. */
    static final Duration START_TIMEOUT = Duration.ofSeconds(5);

    @Option(
            names = "--etcd",
            split = ",",
            paramLabel = "URL",
            defaultValue = "${env:SLUICE_ETCD:-http://127.0.0.1:2379}",
            description = "Addresses of etcd, separated by commas; default $SLUICE_ETCD or ${DEFAULT-VALUE}")
    private List<String> etcd = List.of();

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = ClusterConfig.DEFAULT_NAME,
            description = "Name of the cluster in etcd; default ${DEFAULT-VALUE}")
    private String cluster = ClusterConfig.DEFAULT_NAME;

    List<String> etcd() {
        return etcd;
    }

    String cluster() {
        return cluster;
    }

    /** For commands that speak with etcd themselves. */
    public EtcdSettings settings() {
        return EtcdSettings.of(etcd, cluster).withStartTimeout(START_TIMEOUT);
    }
}
