package io.sluice.mapping.sql;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.alter.Alter;
import net.sf.jsqlparser.statement.alter.AlterExpression;
import net.sf.jsqlparser.statement.alter.RenameTableStatement;
import net.sf.jsqlparser.statement.create.index.CreateIndex;
import net.sf.jsqlparser.statement.create.table.CreateTable;
import net.sf.jsqlparser.statement.create.view.AlterView;
import net.sf.jsqlparser.statement.create.view.CreateView;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.drop.Drop;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.truncate.Truncate;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.upsert.Upsert;
import net.sf.jsqlparser.util.TablesNamesFinder;
import org.jspecify.annotations.Nullable;

/**
 * Reads which tables a definition (DDL) or a change logged as a statement touches. Stateless.
 *
 * <p>Only statements whose every table is found here count as read; all others are {@link Touched.Unreadable}. Both
 * names of a RENAME count, so a cut-over of gh-ost or pt-online-schema-change touches the table it replaces.
 */
public final class StatementReader {
    /** What changes no row and that the parser need not know. */
    private static final Pattern HARMLESS = Pattern.compile(
            "(grant|revoke|flush|analyze|optimize|set|create\\s+(database|schema)|"
                    + "(create|alter|drop)\\s+(or\\s+replace\\s+)?(definer\\s*=\\s*\\S+\\s+)?(aggregate\\s+)?"
                    + "(user|role|trigger|procedure|function|event|server|tablespace|logfile|resource))\\b",
            Pattern.CASE_INSENSITIVE);

    private StatementReader() {}

    /** What a statement touches that ran in the database {@code here}. */
    public static Touched read(String sql, String here) {
        if (HARMLESS.matcher(sql).region(begin(sql), sql.length()).lookingAt()) {
            return new Touched.Nothing();
        }
        Optional<Statement> statement = SqlParsing.parse(sql);
        return statement.isEmpty() ? new Touched.Unreadable() : read(statement.get(), here);
    }

    /** Past white space and comments, but not past a comment that MySQL runs. */
    private static int begin(String sql) {
        int at = 0;
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else if (sql.startsWith("/*", at) && !sql.startsWith("/*!", at) && sql.indexOf("*/", at + 2) > 0) {
                at = sql.indexOf("*/", at + 2) + 2;
            } else {
                break;
            }
        }
        return at;
    }

    private static Touched read(Statement statement, String here) {
        return switch (statement) {
            case CreateTable create -> only(create.getTable(), here);
            case CreateView create -> only(create.getView(), here);
            case AlterView alter -> only(alter.getView(), here);
            case CreateIndex create -> only(create.getTable(), here);
            case Drop drop -> drop(drop, here);
            case RenameTableStatement rename -> rename(rename, here);
            case Alter alter -> alter(alter, here);
            case Truncate truncate -> found(truncate, here);
            case Insert insert -> found(insert, here);
            case Update update -> found(update, here);
            case Delete delete -> found(delete, here);
            case Upsert upsert -> found(upsert, here);
            default -> new Touched.Unreadable();
        };
    }

    private static Touched only(Table table, String here) {
        return new Touched.Tables(Set.of(SqlTable.of(table, here)));
    }

    private static Touched drop(Drop drop, String here) {
        return switch (String.valueOf(drop.getType()).toUpperCase(Locale.ROOT)) {
            case "TABLE", "VIEW" -> found(drop, here);
            case "DATABASE", "SCHEMA" ->
                new Touched.Database(SqlTable.unquoted(drop.getName().getName()));
            // The table of an index is the one that the message names.
            case "INDEX" -> new Touched.Tables(Set.of());
            default -> new Touched.Unreadable();
        };
    }

    private static Touched rename(RenameTableStatement rename, String here) {
        Set<SqlTable> tables = new LinkedHashSet<>();
        rename.getTableNames().forEach(pair -> {
            tables.add(SqlTable.of(pair.getKey(), here));
            tables.add(SqlTable.of(pair.getValue(), here));
        });
        return new Touched.Tables(tables);
    }

    private static Touched alter(Alter alter, String here) {
        Set<SqlTable> tables = new LinkedHashSet<>();
        tables.add(SqlTable.of(alter.getTable(), here));
        for (AlterExpression change : alter.getAlterExpressions()) {
            add(tables, change.getNewTableName(), here);
            add(tables, change.getExchangePartitionTableName(), here);
        }
        return merge(tables, found(alter, here));
    }

    private static void add(Set<SqlTable> tables, @Nullable String name, String here) {
        if (name != null) {
            tables.add(SqlTable.of(name, here));
        }
    }

    private static Touched merge(Set<SqlTable> tables, Touched found) {
        if (!(found instanceof Touched.Tables(Set<SqlTable> more))) {
            return found;
        }
        tables.addAll(more);
        return new Touched.Tables(tables);
    }

    private static Touched found(Statement statement, String here) {
        return names(statement, here).<Touched>map(Touched.Tables::new).orElseGet(Touched.Unreadable::new);
    }

    /** All tables that a statement names anywhere; empty when the finder does not know the statement. */
    static Optional<Set<SqlTable>> names(Statement statement, String here) {
        try {
            Set<SqlTable> tables = new LinkedHashSet<>();
            new TablesNamesFinder<Void>().getTables(statement).forEach(name -> tables.add(SqlTable.of(name, here)));
            return Optional.of(tables);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
