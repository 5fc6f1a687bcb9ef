package io.sluice.cluster;

import java.util.List;

/** Reads once what stands in etcd about a cluster, for an operator. No state. */
public final class ClusterStatus {
    private ClusterStatus() {}

    /**
     * The cluster as it stands in etcd now.
     *
     * @throws ClusterException when etcd does not answer in the start timeout
     */
    public static ClusterView read(EtcdSettings settings) {
        try (EtcdStore store = new JetcdStore(settings)) {
            EtcdStore.Listing listing =
                    EtcdStart.await(settings, store.list(ClusterKeys.ALL), settings.startTimeout(), () -> null);
            return new ViewReader().read(listing.revision(), List.copyOf(listing.keys()));
        }
    }
}
