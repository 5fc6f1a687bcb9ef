package io.sluice.devstack.provision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A freshly initialised data directory with the stack's users in it: made once, kept in the cache, copied for every
 * run. Copies differ in nothing but the server's UUID, which MySQL makes at its first start. Stateless.
 */
public final class MysqlDataDirectory {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path pristine;

    private MysqlDataDirectory(Path pristine) {
        this.pristine = pristine;
    }

    /**
     * The directory a server of the stack begins with.
     *
     * @param statements SQL to run on the new server, one statement a line
     */
    public static MysqlDataDirectory in(Cache cache, MysqlDistribution mysql, String libraryPath, String statements) {
        String name =
                "mysql-data-" + MysqlDistribution.VERSION + "-" + HexFormat.of().toHexDigits(statements.hashCode());
        return new MysqlDataDirectory(
                cache.entry(name, directory -> initialise(directory, mysql, libraryPath, statements)));
    }

    /** Copies the directory to {@code target}, which must not exist. */
    public void copyTo(Path target, Path log) {
        new Fetch("Copying MySQL's data directory", pristine, log)
                .run(
                        PATIENCE,
                        List.of(
                                "cp",
                                "-a",
                                "--reflink=auto",
                                pristine.resolve("data").toString(),
                                target.toString()));
    }

    /** What every start of the server, also this first one, needs on its command line. */
    public static List<String> command(MysqlDistribution mysql, Path data) {
        List<String> command = new ArrayList<>(List.of(
                mysql.server().toString(),
                "--no-defaults",
                "--basedir=" + mysql.root(),
                "--datadir=" + data,
                // The default of 100 MB would be written at every start.
                "--innodb-redo-log-capacity=16M",
                "--mysqlx=OFF"));
        if (Platform.isRoot()) {
            command.add("--user=root");
        }
        return command;
    }

    private static void initialise(Path directory, MysqlDistribution mysql, String libraryPath, String statements)
            throws IOException {
        Path script = directory.resolve("init.sql");
        Files.writeString(script, statements, StandardCharsets.UTF_8);
        Path data = directory.resolve("data");
        List<String> command = new ArrayList<>(command(mysql, data));
        command.addAll(List.of("--initialize-insecure", "--skip-log-bin", "--init-file=" + script));
        new Fetch("Initialising MySQL's data directory", directory, directory.resolveSibling("mysql-initialise.log"))
                .run(PATIENCE, command, Map.of("LD_LIBRARY_PATH", libraryPath));
        Files.deleteIfExists(data.resolve("auto.cnf"));
    }
}
