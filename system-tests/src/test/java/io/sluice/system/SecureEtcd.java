package io.sluice.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.sluice.devstack.process.FreePorts;
import io.sluice.devstack.process.SupervisedProcess;
import io.sluice.devstack.provision.Cache;
import io.sluice.devstack.provision.DebianPackages;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An etcd of its own that speaks TLS with a certificate made here, and knows the users {@code root} and {@code sluice};
 * the latter may touch only what begins with {@code /sluice/}.
 */
final class SecureEtcd implements AutoCloseable {
    static final String USER = "sluice";
    static final String PASSWORD = "let me in";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String STORE_PASSWORD = "changeit";

    private final Path directory;
    private final String endpoint;
    private final SupervisedProcess process;

    private SecureEtcd(Path directory, String endpoint, SupervisedProcess process) {
        this.directory = directory;
        this.endpoint = endpoint;
        this.process = process;
    }

    /** Starts it, with its data and certificate in a directory. */
    static SecureEtcd start(Path directory) throws Exception {
        makeCertificate(directory);
        FreePorts ports = new FreePorts();
        String endpoint = "https://127.0.0.1:" + ports.next();
        String peer = "http://127.0.0.1:" + ports.next();
        List<String> command = List.of(
                DebianPackages.in(Cache.of(System.getenv())).etcd().toString(),
                "--name=secure",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + endpoint,
                "--advertise-client-urls=" + endpoint,
                "--cert-file=" + directory.resolve("cert.pem"),
                "--key-file=" + directory.resolve("key.pem"),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=secure=" + peer);
        SecureEtcd etcd = new SecureEtcd(
                directory,
                endpoint,
                SupervisedProcess.start(command, Map.of(), directory, directory.resolve("etcd.log")));
        try {
            etcd.turnAuthenticationOn();
        } catch (Exception | AssertionError e) {
            etcd.close();
            throw e;
        }
        return etcd;
    }

    String endpoint() {
        return endpoint;
    }

    /** Its certificate, which is its own authority. */
    String ca() {
        return directory.resolve("cert.pem").toString();
    }

    @Override
    public void close() {
        process.stop(Duration.ofSeconds(5));
    }

    private void turnAuthenticationOn() throws Exception {
        try (Client client = Client.builder()
                .endpoints(endpoint)
                .sslContext(context -> context.trustManager(new File(ca())))
                .build()) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> client.getKVClient().get(bytes("x")).get(2, TimeUnit.SECONDS) != null);
            Auth auth = client.getAuthClient();
            auth.roleAdd(bytes("root")).get();
            auth.userAdd(bytes("root"), bytes("root")).get();
            auth.userGrantRole(bytes("root"), bytes("root")).get();
            auth.roleAdd(bytes(USER)).get();
            auth.roleGrantPermission(bytes(USER), bytes("/sluice/"), bytes("/sluice0"), Permission.Type.READWRITE)
                    .get();
            auth.userAdd(bytes(USER), bytes(PASSWORD)).get();
            auth.userGrantRole(bytes(USER), bytes(USER)).get();
            auth.authEnable().get();
        }
    }

    private static void makeCertificate(Path directory) throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "etcd",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-ext",
                        "bc:c",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + Files.readString(directory.resolve("keytool.log")));
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, STORE_PASSWORD.toCharArray());
        }
        Key key = keys.getKey("etcd", STORE_PASSWORD.toCharArray());
        writePem(directory.resolve("key.pem"), "PRIVATE KEY", key.getEncoded());
        writePem(
                directory.resolve("cert.pem"),
                "CERTIFICATE",
                keys.getCertificate("etcd").getEncoded());
    }

    private static void writePem(Path file, String what, byte[] der) throws Exception {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }
}
