package io.sluice.admin.rules;

import static java.util.Objects.requireNonNull;

import io.sluice.config.ConfigException;
import io.sluice.config.ConfigFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file, read again every second. Its content is compared, not its time or size, so it does not matter how it is
 * replaced: by an editor, by renaming another one over it, or by the switch of a symbolic link, as Kubernetes does with
 * config maps.
 *
 * <p>A change is told when two readings in a row have found it, so that a file is not taken half-written. A file that
 * cannot be read for a while is logged once, and the last text stands. Thread-safe; owns the thread
 * {@code sluice-rules-file}.
 */
final class FileFeed implements RulesFeed {
    private static final Logger log = LoggerFactory.getLogger(FileFeed.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int CLOSE_SECONDS = 5;

    private final Path file;
    private final Duration interval;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sluice-rules-file").daemon().factory());
    private volatile String told;
    // Of the thread alone.
    private @Nullable String seen;
    private boolean unreadable;

    /** @throws ConfigException when the file cannot be read */
    static FileFeed open(Path file) {
        return open(file, INTERVAL);
    }

    static FileFeed open(Path file, Duration interval) {
        return new FileFeed(file, interval, ConfigFile.text(file));
    }

    private FileFeed(Path file, Duration interval, String first) {
        this.file = requireNonNull(file, "file is null");
        this.interval = requireNonNull(interval, "interval is null");
        this.told = first;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public String text() {
        return told;
    }

    @Override
    public void follow(Consumer<String> each) {
        long nanos = interval.toNanos();
        var _ = thread.scheduleWithFixedDelay(() -> look(each), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private void look(Consumer<String> each) {
        try {
            String now = ConfigFile.text(file);
            boolean settled = now.equals(seen);
            seen = now;
            unreadable = false;
            if (settled && !now.equals(told)) {
                told = now;
                each.accept(now);
            }
        } catch (ConfigException e) {
            seen = null;
            if (!unreadable) {
                unreadable = true;
                log.warn("The rules stay as they are: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            // A task that throws would be the last of its kind, and nothing would say so.
            log.error("The rules stay as they are: looking at {} failed", file, e);
        }
    }

    /** Nothing is told any more when this has returned. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The thread that looks at {} did not end within {} s", file, CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
