package io.sluice.node;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node leaves: it says so, waits until nobody routes to it, and stays for a moment longer. In that moment it
 * answers what was on its way, and its peers peek the entries that they do not have; what is asked for most moves
 * first. Then its connections are closed, each when its calls have ended.
 *
 * <p>Thread-safe. Blocks for at most {@code timeout} and {@code linger} together.
 *
 * @param timeout longest wait for the others to take over; without them it leaves all the same
 * @param linger how long to stay when they have
 */
record Leaving(Duration timeout, Duration linger) {
    private static final Logger log = LoggerFactory.getLogger(Leaving.class);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** 5 s and 2 s. */
    static final Leaving DEFAULTS = new Leaving(Duration.ofSeconds(5), Duration.ofSeconds(2));

    Leaving {
        check("leave.timeout", requireNonNull(timeout, "timeout is null"));
        check("leave.linger", requireNonNull(linger, "linger is null"));
    }

    private static void check(String what, Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " is " + time.toMillis() + " ms: give 0s to 10m");
        }
    }

    /**
     * Returns when it is time to close.
     *
     * @param takeOver says that this node leaves and waits, at most so long, for the others to take over; whether they
     *     have
     * @param hurry released when there is no more time to linger
     */
    void leave(Predicate<Duration> takeOver, CountDownLatch hurry) {
        log.info("Leaving: waiting for the others to take over");
        if (!takeOver.test(timeout)) {
            log.warn("The others have not taken over within {} ms; leaving all the same", timeout.toMillis());
            return;
        }
        log.info("The others have taken over; staying for {} ms for peers to peek", linger.toMillis());
        try {
            if (hurry.await(linger.toMillis(), TimeUnit.MILLISECONDS)) {
                log.info("Closed while it was leaving");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
