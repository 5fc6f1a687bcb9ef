package io.sluice.devstack.provision;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.sluice.devstack.DevstackException;
import io.sluice.devstack.process.RunDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was fetched once and is used by every later run: {@code $SLUICE_CACHE}, else {@code $XDG_CACHE_HOME/sluice},
 * else {@code ~/.cache/sluice}.
 *
 * <p>An entry is complete or not there: it is filled in a temporary directory and then renamed, under a lock that other
 * threads and processes wait for. Safe for concurrent use.
 */
public final class Cache {
    private static final Map<Path, Lock> LOCKS = new ConcurrentHashMap<>();

    private final Path root;

    public Cache(Path root) {
        this.root = root.toAbsolutePath();
    }

    /** The cache the environment names. */
    public static Cache of(Map<String, String> environment) {
        String named = environment.getOrDefault("SLUICE_CACHE", "");
        if (!named.isEmpty()) {
            return new Cache(Path.of(named));
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return new Cache(base.resolve("sluice"));
    }

    public Path root() {
        return root;
    }

    /** Fills an empty directory. */
    public interface Filler {
        void fill(Path directory) throws IOException;
    }

    /** The entry's directory, filled first if it is not there yet. */
    public Path entry(String name, Filler filler) {
        Path target = root.resolve(name);
        if (Files.isDirectory(target)) {
            return target;
        }
        Lock lock = LOCKS.computeIfAbsent(target, path -> new ReentrantLock());
        lock.lock();
        try {
            Files.createDirectories(root);
            try (FileChannel channel = FileChannel.open(root.resolve(name + ".lock"), CREATE, WRITE)) {
                lockAcrossProcesses(channel, name);
                if (!Files.isDirectory(target)) {
                    fill(target, filler);
                }
            }
            return target;
        } catch (IOException e) {
            throw new DevstackException(
                    "Cannot fill the cache " + target + ": " + e + ". Nothing is half done: run the same command again"
                            + " (SLUICE_CACHE names another directory).",
                    e);
        } finally {
            lock.unlock();
        }
    }

    private static void fill(Path target, Filler filler) throws IOException {
        // What a run that died here left; nobody else is here, we hold the lock.
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        RunDirectory.deleteTree(partial);
        Files.createDirectories(partial);
        filler.fill(partial);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void lockAcrossProcesses(FileChannel channel, String name) throws IOException {
        FileLock taken = channel.tryLock();
        if (taken == null) {
            System.err.println("sluice: waiting for another run that is fetching " + name);
            channel.lock();
        }
    }
}
