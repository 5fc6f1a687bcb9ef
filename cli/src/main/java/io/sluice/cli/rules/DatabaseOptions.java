package io.sluice.cli.rules;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import picocli.CommandLine.Option;

/** How a command reaches a database. Used by one thread. */
final class DatabaseOptions {
    private static final int TIMEOUT_MILLIS = 10_000;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "",
            description = "User of the database; by default the source's")
    private String user = "";

    @Option(
            names = "--password-env",
            paramLabel = "VARIABLE",
            defaultValue = "SLUICE_DB_PASSWORD",
            description = "Environment variable with the password; default ${DEFAULT-VALUE}")
    private String passwordVariable = "SLUICE_DB_PASSWORD";

    /** The user that was asked for, or the other one. */
    String user(String otherwise) {
        return user.isEmpty() ? otherwise : user;
    }

    /** A new connection, which only reads; the caller closes it. */
    Connection open(String url, String otherwise) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user(otherwise));
        properties.setProperty("password", System.getenv().getOrDefault(passwordVariable, ""));
        properties.setProperty("connectTimeout", Integer.toString(TIMEOUT_MILLIS));
        properties.setProperty("socketTimeout", Integer.toString(TIMEOUT_MILLIS));
        properties.setProperty("useServerPrepStmts", "true");
        Connection connection = DriverManager.getConnection(url, properties);
        connection.setReadOnly(true);
        return connection;
    }
}
