package io.sluice.mapping.sql;

import java.util.Optional;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.statement.Statement;

/**
 * The parser within bounds: what is too long or nested too deep is not parsed at all, since the parser's time and stack
 * grow with both. Stateless.
 */
final class SqlParsing {
    private static final int MAX_LENGTH = 64 << 10;
    private static final int MAX_NESTING = 20;

    private SqlParsing() {}

    /** The statement; empty when it cannot be read. */
    static Optional<Statement> parse(String sql) {
        if (sql.isBlank() || sql.length() > MAX_LENGTH || nesting(sql) > MAX_NESTING) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(CCJSqlParserUtil.newParser(sql)
                    .withSquareBracketQuotation(false)
                    .withAllowComplexParsing(true)
                    .Statement());
        } catch (ParseException | TokenMgrException e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            // It reports some errors of the text as an error of its own.
            return Optional.empty();
        }
    }

    private static int nesting(String sql) {
        int depth = 0;
        int most = 0;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '(') {
                most = Math.max(most, ++depth);
            } else if (c == ')') {
                depth--;
            }
        }
        return most;
    }
}
