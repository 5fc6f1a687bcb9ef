package io.sluice.devstack.process;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one run below the system's temporary directory: {@code data/} is deleted when the run ends,
 * {@code logs/} is kept for a day. The starter holds a file lock for as long as it lives, so whoever gets the lock of
 * another run knows that it is dead and cleans up after it. Safe for concurrent use.
 */
public final class RunDirectory implements AutoCloseable {
    private static final Duration LOGS_KEPT = Duration.ofDays(1);
    /** Not to be tried: closing a second channel to a locked file would give up this process's lock on it. */
    private static final Set<Path> OWN_RUNS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private RunDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes a directory for a new run, and removes what dead runs of this user left. */
    public static RunDirectory create() {
        Path all = Path.of(System.getProperty("java.io.tmpdir"), "sluice-devstack-" + System.getProperty("user.name"));
        try {
            Files.createDirectories(all);
            cleanUpAfterDeadRuns(all);
            Path path = Files.createTempDirectory(all, "run-");
            OWN_RUNS.add(path);
            FileChannel lock = FileChannel.open(path.resolve("lock"), CREATE, WRITE);
            // Waits only if another run looks at the new directory at this very moment.
            lock.lock();
            Files.createDirectories(path.resolve("data"));
            Files.createDirectories(path.resolve("logs"));
            return new RunDirectory(path, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a directory for this run below " + all, e);
        }
    }

    public Path path() {
        return path;
    }

    public Path data(String name) {
        return path.resolve("data").resolve(name);
    }

    public Path log(String name) {
        return path.resolve("logs").resolve(name + ".log");
    }

    /** Deletes the data, keeps the logs. */
    @Override
    public void close() {
        try (lock) {
            deleteTree(path.resolve("data"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path.resolve("data"), e);
        }
    }

    private static void cleanUpAfterDeadRuns(Path all) throws IOException {
        List<Path> runs = new ArrayList<>();
        try (var stream = Files.newDirectoryStream(all, "run-*")) {
            stream.forEach(runs::add);
        }
        for (Path run : runs) {
            if (!OWN_RUNS.contains(run)) {
                cleanUpIfDead(run);
            }
        }
    }

    private static void cleanUpIfDead(Path run) {
        try (FileChannel lock = FileChannel.open(run.resolve("lock"), WRITE)) {
            if (lock.tryLock() != null) {
                boolean old = isOld(run);
                deleteTree(run.resolve("data"));
                if (old) {
                    deleteTree(run);
                }
            }
        } catch (IOException e) {
            // Being made, or removed by another run, or its servers are ending just now: the next start sees to it.
            return;
        }
    }

    private static boolean isOld(Path run) throws IOException {
        Instant changed = Files.getLastModifiedTime(run).toInstant();
        return changed.isBefore(Instant.now().minus(LOGS_KEPT));
    }

    /** Deletes a directory with all that is in it; a directory that is not there is fine. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
