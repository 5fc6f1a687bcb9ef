package io.sluice.devstack.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the end of a log, for a message that says what went wrong. Stateless. */
public final class LogFiles {
    private static final int MOST_BYTES = 8 * 1024;

    private LogFiles() {}

    /** The log's name and its last lines, ready to be put below a message. */
    public static String tail(Path log, int lines) {
        return "\nLog: " + log + lastLines(log, lines);
    }

    private static String lastLines(Path log, int lines) {
        if (!Files.exists(log)) {
            return " (not written)";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long length = file.length();
            byte[] end = new byte[(int) Math.min(length, MOST_BYTES)];
            file.seek(length - end.length);
            file.readFully(end);
            List<String> all = new String(end, StandardCharsets.UTF_8).lines().toList();
            StringBuilder text = new StringBuilder();
            all.subList(Math.max(0, all.size() - lines), all.size())
                    .forEach(line -> text.append("\n  | ").append(line));
            return text.isEmpty() ? " (empty)" : text.toString();
        } catch (IOException e) {
            return " (unreadable: " + e.getMessage() + ")";
        }
    }
}
