package io.sluice.mapping.sql;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/** What a statement may have changed. Immutable. */
public sealed interface Touched {
    /** Rows of these tables, or the tables themselves. */
    record Tables(Set<SqlTable> tables) implements Touched {
        public Tables {
            tables = Set.copyOf(tables);
        }
    }

    /** Every table of a database. */
    record Database(String name) implements Touched {
        public Database {
            requireNonNull(name, "name is null");
        }
    }

    /** No row: accounts, routines, statistics. */
    record Nothing() implements Touched {}

    /** Anything: the text cannot be read. */
    record Unreadable() implements Touched {}
}
