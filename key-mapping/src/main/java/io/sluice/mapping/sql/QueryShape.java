package io.sluice.mapping.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.util.TablesNamesFinder;
import org.jspecify.annotations.Nullable;

/**
 * Which tables a query reads, joins and subqueries included, and which of their columns must equal its parameters: in
 * {@code WHERE s.class_id = :id} and {@code JOIN c ON c.id = s.class_id} both {@code s.class_id} and {@code c.id} equal
 * {@code id}. Immutable.
 */
public final class QueryShape {
    private final Set<SqlTable> tables;
    /** Sets of terms that are equal; a term is {@code :parameter} or {@code table.column} in lower case. */
    private final List<Set<String>> equal;

    private final boolean limited;

    private QueryShape(Set<SqlTable> tables, List<Set<String>> equal, boolean limited) {
        this.tables = Set.copyOf(tables);
        this.limited = limited;
        this.equal = List.copyOf(equal);
    }

    /** Reads a query that runs in the database {@code here}; empty when it cannot be read. */
    public static Optional<QueryShape> read(String sql, String here) {
        Statement statement = SqlParsing.parse(sql).orElse(null);
        if (!(statement instanceof Select select)) {
            return Optional.empty();
        }
        return StatementReader.names(statement, here).map(tables -> {
            Finder finder = new Finder(here);
            finder.getTables(statement);
            return new QueryShape(tables, finder.equal(), select.getLimit() != null || select.getFetch() != null);
        });
    }

    /** The tables that it reads. */
    public Set<SqlTable> tables() {
        return tables;
    }

    /** Whether it may return fewer rows than there are. */
    public boolean isLimited() {
        return limited;
    }

    /** The column of a table that must equal a parameter; empty when the query does not say so. */
    public Optional<String> columnOf(SqlTable table, String parameter) {
        String prefix = table.toString().toLowerCase(Locale.ROOT) + "\0";
        for (Set<String> terms : equal) {
            if (terms.contains(":" + parameter.toLowerCase(Locale.ROOT))) {
                return terms.stream()
                        .filter(term -> term.startsWith(prefix))
                        .map(term -> term.substring(prefix.length()))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    /** Collects aliases and equalities on its way through the query. */
    private static final class Finder extends TablesNamesFinder<Void> {
        private final String here;
        private final Map<String, SqlTable> aliases = new LinkedHashMap<>();
        private final List<EqualsTo> comparisons = new ArrayList<>();

        Finder(String here) {
            this.here = here;
        }

        @Override
        public <S> Void visit(Table table, S context) {
            SqlTable named = SqlTable.of(table, here);
            String alias = table.getAlias() == null
                    ? named.table()
                    : SqlTable.unquoted(table.getAlias().getName());
            aliases.putIfAbsent(alias.toLowerCase(Locale.ROOT), named);
            return super.visit(table, context);
        }

        @Override
        public <S> Void visit(EqualsTo comparison, S context) {
            comparisons.add(comparison);
            return super.visit(comparison, context);
        }

        List<Set<String>> equal() {
            List<Set<String>> sets = new ArrayList<>();
            for (EqualsTo comparison : comparisons) {
                String left = term(comparison.getLeftExpression());
                String right = term(comparison.getRightExpression());
                if (left != null && right != null) {
                    join(sets, left, right);
                }
            }
            return sets;
        }

        private static void join(List<Set<String>> sets, String left, String right) {
            Set<String> merged = new LinkedHashSet<>(List.of(left, right));
            Set<Set<String>> gone = new HashSet<>();
            for (Set<String> set : sets) {
                if (set.contains(left) || set.contains(right)) {
                    merged.addAll(set);
                    gone.add(set);
                }
            }
            sets.removeAll(gone);
            sets.add(merged);
        }

        private @Nullable String term(Expression expression) {
            if (expression instanceof JdbcNamedParameter parameter) {
                return ":" + parameter.getName().toLowerCase(Locale.ROOT);
            }
            if (!(expression instanceof Column column)) {
                return null;
            }
            SqlTable table = table(column);
            return table == null
                    ? null
                    : (table + "\0" + SqlTable.unquoted(column.getColumnName())).toLowerCase(Locale.ROOT);
        }

        private @Nullable SqlTable table(Column column) {
            if (column.getTable() == null || column.getTable().getName() == null) {
                return aliases.size() == 1 ? aliases.values().iterator().next() : null;
            }
            return aliases.get(SqlTable.unquoted(column.getTable().getName()).toLowerCase(Locale.ROOT));
        }
    }
}
