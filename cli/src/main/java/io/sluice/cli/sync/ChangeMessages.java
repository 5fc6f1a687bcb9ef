package io.sluice.cli.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Canal's flat messages for updates of rows, after one that was recorded from a real Canal: the same fields, another
 * key in each row, and the GTID set of a source that has seen a failover and grows by one transaction a message.
 * Immutable.
 */
final class ChangeMessages {
    static final String GROUP = "student";

    /** What a transaction changes as a rule is one row; one in so many changes several. */
    private static final int MULTI_ROW_EVERY = 50;

    private static final int MULTI_ROWS = 5;
    private static final String HISTORY =
            "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-731204:731206-1893377,9a1c2b84-0c55-11ef-8d1a-0242ac120003:1-";
    private static final long FIRST_TRANSACTION = 5_000_000;
    /** Odd, so that multiplying by it meets every number once before it repeats. */
    private static final int SCATTER = 0x9E37_79B1;

    private final String template;

    ChangeMessages() {
        try (InputStream in = requireNonNull(ChangeMessages.class.getResourceAsStream("update.json"), "update.json")) {
            template = new String(in.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many rows the n-th message changes, from 0. */
    static int rows(long number) {
        return number % MULTI_ROW_EVERY == MULTI_ROW_EVERY - 1 ? MULTI_ROWS : 1;
    }

    /** The key of a row of the n-th message; no two messages share one until there are four thousand million. */
    static String key(long number, int row) {
        return Integer.toUnsignedString((int) (number * MULTI_ROWS + row) * SCATTER);
    }

    /** The n-th message. */
    byte[] message(long number) {
        StringBuilder rows = new StringBuilder();
        StringBuilder old = new StringBuilder();
        for (int row = 0; row < rows(number); row++) {
            rows.append(row == 0 ? "" : ",")
                    .append("{\"id\":\"")
                    .append(key(number, row))
                    .append("\",\"name\":\"Student ")
                    .append(number)
                    .append("\",\"class_id\":\"3\",\"score\":\"1.0\",\"note\":null}");
            old.append(row == 0 ? "" : ",").append("{\"name\":\"Student\"}");
        }
        return template.replace("@ROWS@", rows)
                .replace("@OLD@", old)
                .replace("@GTID@", HISTORY + (FIRST_TRANSACTION + number))
                .replace("@NUMBER@", Long.toString(number))
                .getBytes(UTF_8);
    }

    /** The rules that go with the messages. */
    static String rules(String jdbcUrl, String username) {
        return """
                version: 1
                sources:
                  golden: { jdbc-url: "%s", username: %s, password: "${SLUICE_DB_PASSWORD}", coherence: gtid }
                groups:
                  %s: { source: golden, key: "{id}", load: "SELECT id, name FROM students WHERE id = :id" }
                invalidate:
                  - table: golden.students
                    keys:
                      - { group: %s, key: "{id}" }
                """.formatted(jdbcUrl, username, GROUP, GROUP);
    }
}
