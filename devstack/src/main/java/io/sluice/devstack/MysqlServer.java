package io.sluice.devstack;

import io.sluice.devstack.process.RunDirectory;
import io.sluice.devstack.provision.DebianPackages;
import io.sluice.devstack.provision.MysqlDataDirectory;
import io.sluice.devstack.provision.MysqlDistribution;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * MySQL 8.0 with GTIDs and full row images in the binlog. It has an empty database {@code app}, the user
 * {@link #USERNAME} for applications, {@link #CANAL_USERNAME} for Canal, and {@link #SYNC_USERNAME} for who writes only
 * to a database of its own; its time zone is UTC. Thread-safety: {@link StackPart}.
 */
public final class MysqlServer extends ServerPart {
    /** May read and write every database. */
    public static final String USERNAME = "sluice";

    public static final String PASSWORD = "sluice";

    /** May do everything. */
    public static final String ROOT_USERNAME = "root";

    public static final String ROOT_PASSWORD = "root";

    /** May read the binlog and every table. */
    public static final String CANAL_USERNAME = "canal";

    public static final String CANAL_PASSWORD = "canal";

    /** May write to the database {@link #SYNC_DATABASE} and create tables in it; sees no other. */
    public static final String SYNC_USERNAME = "sluice_sync";

    public static final String SYNC_PASSWORD = "sluice_sync";

    /** Empty at first. */
    public static final String SYNC_DATABASE = "sluice";

    /** What {@link #jdbcUrl()} points to: empty at first. */
    public static final String DATABASE = "app";

    // mysql_native_password: what is left of Canal's own driver's way with the other one can crash it.
    private static final String INITIAL_STATEMENTS = """
            ALTER USER 'root'@'localhost' IDENTIFIED BY 'root';
            CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY 'root';
            GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
            CREATE USER 'sluice'@'%' IDENTIFIED BY 'sluice';
            GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON *.* TO 'sluice'@'%';
            CREATE USER 'canal'@'%' IDENTIFIED WITH mysql_native_password BY 'canal';
            GRANT SELECT, SHOW VIEW, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'canal'@'%';
            CREATE USER 'sluice_sync'@'%' IDENTIFIED BY 'sluice_sync';
            GRANT SELECT, INSERT, UPDATE, CREATE ON sluice.* TO 'sluice_sync'@'%';
            CREATE DATABASE sluice;
            CREATE DATABASE app;
            CREATE DATABASE sluice_devstack;
            CREATE TABLE sluice_devstack.marker (id INT PRIMARY KEY, token VARCHAR(64) NOT NULL);
            """;

    private static final String IMPATIENT = "&connectTimeout=2000&socketTimeout=20000";

    private final MysqlDistribution mysql;
    private final DebianPackages packages;
    private final RunDirectory run;
    private final int port;
    private final List<String> options;

    private MysqlServer(
            MysqlDistribution mysql, DebianPackages packages, RunDirectory run, int port, List<String> options) {
        super(Part.MYSQL, run.path(), run.log("mysql"));
        this.mysql = mysql;
        this.packages = packages;
        this.run = run;
        this.port = port;
        this.options = List.copyOf(options);
    }

    /** Makes the server's data directory; the caller starts the server. */
    static MysqlServer create(Provisions provisions, RunDirectory run, int port, List<String> options) {
        MysqlDistribution mysql = MysqlDistribution.in(provisions.cache());
        DebianPackages packages = DebianPackages.in(provisions.cache());
        MysqlServer server = new MysqlServer(mysql, packages, run, port, options);
        MysqlDataDirectory.in(provisions.cache(), mysql, packages.libraryPath(), INITIAL_STATEMENTS)
                .copyTo(run.data("mysql"), run.log("mysql"));
        return server;
    }

    public int port() {
        return port;
    }

    /** The database {@value #DATABASE}, for {@value #USERNAME} and {@value #PASSWORD}. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** Any database; "" for none. */
    public String jdbcUrl(String database) {
        return "jdbc:mysql://127.0.0.1:" + port + "/" + database + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
    }

    /** The Unix socket. */
    public Path socket() {
        return run.data("mysql.sock");
    }

    /** The command line client of this server in one of its databases, as a person would type it. */
    public String commandLine(String database) {
        return "LD_LIBRARY_PATH=" + packages.libraryPath() + " " + mysql.client() + " -h 127.0.0.1 -P " + port + " -u "
                + USERNAME + " -p" + PASSWORD + " " + database;
    }

    /** A new connection of the administrator, to no database; the caller closes it. */
    public Connection rootConnection() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(""), ROOT_USERNAME, ROOT_PASSWORD);
    }

    /** The same to a database, and one that does not wait for ever when the server stands still. */
    public Connection impatientConnection(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database) + IMPATIENT, ROOT_USERNAME, ROOT_PASSWORD);
    }

    /** A new connection of the application's user to the database {@value #DATABASE}; the caller closes it. */
    public Connection connection() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), USERNAME, PASSWORD);
    }

    /** The set of all transactions the server has executed. */
    public String executedGtids() throws SQLException {
        try (Connection connection = rootConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT @@global.gtid_executed")) {
            result.next();
            return result.getString(1).replace("\n", "");
        }
    }

    @Override
    List<Integer> ports() {
        return List.of(port);
    }

    @Override
    List<String> command() {
        List<String> command = new ArrayList<>(MysqlDataDirectory.command(mysql, run.data("mysql")));
        command.addAll(List.of(
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + socket(),
                "--pid-file=" + run.data("mysql.pid"),
                "--skip-name-resolve",
                "--default-time-zone=+00:00",
                "--server-id=1",
                "--log-bin=binlog",
                "--gtid-mode=ON",
                "--enforce-gtid-consistency=ON",
                "--binlog-format=ROW",
                "--binlog-row-image=FULL",
                "--max-connections=300"));
        // The last word counts.
        command.addAll(options);
        return command;
    }

    @Override
    Map<String, String> environment() {
        return Map.of("LD_LIBRARY_PATH", packages.libraryPath());
    }

    @Override
    void check() throws SQLException {
        executedGtids();
    }

    /**
     * Ends the connections that read the binlog: mysqld waits for them until their next heartbeat, which Canal asks for
     * every 15 s. Canal itself connects again 10 to 20 s after it has lost its connection.
     */
    @Override
    void beforeStop() {
        String impatient = jdbcUrl("") + "&connectTimeout=1000&socketTimeout=2000";
        try (Connection connection = DriverManager.getConnection(impatient, ROOT_USERNAME, ROOT_PASSWORD);
                Statement statement = connection.createStatement()) {
            List<Long> readers = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(
                    "SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'")) {
                while (result.next()) {
                    readers.add(result.getLong(1));
                }
            }
            for (long reader : readers) {
                statement.execute("KILL " + reader);
            }
        } catch (SQLException e) {
            // It does not answer; then stopping it takes longer, or SIGKILL.
            return;
        }
    }
}
