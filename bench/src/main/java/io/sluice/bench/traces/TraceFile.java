package io.sluice.bench.traces;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Trace files, compressed with gzip: {@code NAME.trace.gz} with one number a line, where empty lines and {@code *} mean
 * nothing, and any other {@code NAME.gz} in the format of the ARC authors, {@code startBlock numBlocks ignore
 * requestNumber} a line.
 */
public final class TraceFile {
    private static final String LIRS_SUFFIX = ".trace.gz";

    private TraceFile() {}

    /** The trace files of a directory in order of their names. */
    public static List<Path> in(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found =
                    files.filter(file -> nameOf(file).endsWith(".gz")).sorted().toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no trace in " + directory + ": give a directory with *.gz files");
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory + ": give a directory with trace files", e);
        }
    }

    /** Reads one file; a line that is not in its format is an error that names file and line. */
    public static Trace read(Path file) {
        boolean lirs = nameOf(file).endsWith(LIRS_SUFFIX);
        LongStream.Builder blocks = LongStream.builder();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank() && !(lirs && line.strip().equals("*"))) {
                    add(blocks, line.strip(), lirs, nameOf(file) + " line " + number);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
        return Trace.of(nameOf(file), blocks.build().toArray());
    }

    private static void add(LongStream.Builder blocks, String line, boolean lirs, String where) {
        try {
            if (lirs) {
                blocks.add(Long.parseLong(line));
                return;
            }
            String[] fields = line.split("\\s+", 3);
            long first = Long.parseLong(fields[0]);
            int count = Integer.parseInt(fields[1]);
            for (int i = 0; i < count; i++) {
                blocks.add(first + i);
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(where + " is not a request: " + e.getMessage(), e);
        }
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }
}
