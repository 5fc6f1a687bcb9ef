package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.sluice.devstack.EtcdServer;

/** What an operator can do to the keys of a cluster in etcd by hand. Thread-safe. */
final class EtcdKeys implements AutoCloseable {
    private final String cluster;
    private final Client client;

    EtcdKeys(EtcdServer etcd, String cluster) {
        this.cluster = cluster;
        this.client = Client.builder().endpoints(etcd.endpoint()).build();
    }

    /** Ends the lease of a member, so that its key goes. */
    void revokeLeaseOf(String member) throws Exception {
        KeyValue record = client.getKVClient()
                .get(bytes("/sluice/" + cluster + "/members/" + member))
                .get()
                .getKvs()
                .getFirst();
        client.getLeaseClient().revoke(record.getLease()).get();
    }

    /** Forgets the history up to now. */
    void compact() throws Exception {
        long revision = client.getKVClient()
                .put(bytes("/elsewhere"), bytes("x"))
                .get()
                .getHeader()
                .getRevision();
        client.getKVClient().compact(revision).get();
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
