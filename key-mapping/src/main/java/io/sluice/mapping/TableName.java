package io.sluice.mapping;

import java.util.Locale;

/**
 * A table in lower case: whether MySQL tells {@code Students} from {@code students} depends on the server's disk and
 * settings, and taking two tables for one costs a Remove too many where the opposite would lose one. Immutable.
 */
record TableName(String database, String table) {
    TableName {
        database = database.toLowerCase(Locale.ROOT);
        table = table.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return database + "." + table;
    }
}
