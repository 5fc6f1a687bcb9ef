package io.sluice.mapping.sql;

import static java.util.Objects.requireNonNull;

import net.sf.jsqlparser.schema.Table;
import org.jspecify.annotations.Nullable;

/** A table that a text names, without quotes. Immutable. */
public record SqlTable(String database, String table) {
    public SqlTable {
        requireNonNull(database, "database is null");
        requireNonNull(table, "table is null");
    }

    /** In the database {@code here} where the text does not say. */
    static SqlTable of(Table table, String here) {
        String database = unquoted(table.getSchemaName());
        return new SqlTable(database.isEmpty() ? here : database, unquoted(table.getName()));
    }

    /** From {@code name} or {@code database.name}, each perhaps in backquotes. */
    static SqlTable of(String name, String here) {
        int dot = name.startsWith("`") ? name.indexOf("`.") + 1 : name.indexOf('.');
        return dot <= 0
                ? new SqlTable(here, unquoted(name))
                : new SqlTable(unquoted(name.substring(0, dot)), unquoted(name.substring(dot + 1)));
    }

    static String unquoted(@Nullable String name) {
        if (name == null) {
            return "";
        }
        boolean quoted = name.length() > 1
                && (name.startsWith("`") || name.startsWith("\""))
                && name.endsWith(name.substring(0, 1));
        return quoted ? name.substring(1, name.length() - 1).replace("``", "`") : name;
    }

    @Override
    public String toString() {
        return database + "." + table;
    }
}
