package io.sluice.bench.traces;

import io.sluice.store.policy.PolicyKind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** Traces for tests: made up, and the published ones beside the project where they are. */
final class Traces {
    /** Beside the project's root, or where {@code -Dsluice.traces} says; tests run in a module's directory. */
    static final Path PUBLISHED = Path.of(System.getProperty("sluice.traces", "../../shared/traces"));

    static boolean arePublishedTracesHere() {
        return Files.isDirectory(PUBLISHED);
    }

    static Trace loop(int keys, int rounds) {
        long[] blocks = new long[keys * rounds];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = i % keys;
        }
        return Trace.of("loop", blocks);
    }

    static Trace skewed(int seed, int length) {
        Random random = new Random(seed);
        long[] blocks = new long[length];
        for (int i = 0; i < length; i++) {
            blocks[i] = (long) Math.pow(random.nextInt(30), 2 + random.nextInt(2));
        }
        return Trace.of("skewed", blocks);
    }

    /** Most requests go to keys of one of so many segments; first every key is asked for once, which numbers it. */
    static Trace crowded(int segments, int length) {
        int keys = 8_000;
        PolicyReplay split = new PolicyReplay(PolicyKind.LRU, segments);
        int[] crowd =
                IntStream.range(0, keys).filter(key -> split.segment(key) == 3).toArray();
        Random random = new Random(1);
        long[] blocks = new long[keys + length];
        for (int i = 0; i < blocks.length; i++) {
            int few = (int) (crowd.length * Math.pow(random.nextDouble(), 2));
            blocks[i] = i < keys ? i : random.nextInt(10) == 0 ? random.nextInt(keys) : crowd[few];
        }
        return Trace.of("crowded", blocks);
    }

    static Path write(Path file, String text) {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Traces() {}
}
