package io.sluice.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to speak TLS with etcd; the {@code tls} section of the configuration.
 *
 * <p>Immutable. The files are PEM and are read at each connect, so renewed certificates are taken up.
 *
 * @param ca certificates that etcd's own is checked against; null for those that Java trusts
 * @param certificate this client's certificate chain, for an etcd that asks for one
 * @param key its private key, PKCS#8, not encrypted
 */
public record EtcdTls(
        @Nullable String ca,
        @Nullable String certificate,
        @Nullable String key) {
    public EtcdTls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    "tls has a certificate without a key or the other way round: give both or" + " none");
        }
        requireFile("ca", ca);
        requireFile("certificate", certificate);
        requireFile("key", key);
    }

    private static void requireFile(String what, @Nullable String path) {
        if (path != null && !Files.isReadable(Path.of(path))) {
            throw new IllegalArgumentException(
                    "tls." + what + " names " + path + ", which cannot be read: give the path of a PEM file");
        }
    }
}
