package io.sluice.admin.rules;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.ClusterConfig;
import io.sluice.config.ConfigException;
import io.sluice.mapping.Rules;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules that a process goes by: a snapshot, replaced whole when the feed has another text that is valid and that
 * the process can take over. A text that is not is refused with its errors, and the rules stay as they are.
 *
 * <p>Thread-safe; changes are taken over one at a time, on the feed's thread. Variables of the environment are those of
 * the start. Invariant: {@link #current} is what was taken over last; the process may be a moment behind.
 */
public final class LiveRules implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LiveRules.class);

    private final RulesFeed feed;
    private final Map<String, String> environment;
    private String offered;
    private volatile Status status;

    /** Takes new rules over, or refuses them by throwing an exception whose message says why. */
    @FunctionalInterface
    public interface Taker {
        void take(Rules before, Rules next);
    }

    /**
     * What an operator sees. Immutable.
     *
     * @param rules what the process goes by
     * @param sinceNanos since when, by {@link System#nanoTime}
     * @param reloads how often other rules were taken over
     * @param refusals how often a text was refused
     * @param refused why the latest text was refused; null when it was not
     */
    record Status(
            Rules rules,
            long sinceNanos,
            long reloads,
            long refusals,
            @Nullable String refused) {
        Status taken(Rules next) {
            return new Status(next, System.nanoTime(), reloads + 1, refusals, null);
        }

        Status refused(String why) {
            return new Status(rules, sinceNanos, reloads, refusals + 1, why);
        }
    }

    /**
     * Reads the first rules; the feed is closed with this.
     *
     * @throws ConfigException when they are not valid
     */
    public LiveRules(RulesFeed feed, Map<String, String> environment) {
        this.feed = requireNonNull(feed, "feed is null");
        this.environment = Map.copyOf(environment);
        this.offered = feed.text();
        Rules first = parse(offered);
        warn(first);
        this.status = new Status(first, System.nanoTime(), 0, 0, null);
    }

    /** The rules that the configuration names, as {@link RulesFeed#open}; the errors are its and those of the rules. */
    public static LiveRules open(
            String rules, Path configFile, ClusterConfig cluster, Map<String, String> environment) {
        RulesFeed feed = RulesFeed.open(rules, configFile, cluster);
        try {
            return new LiveRules(feed, environment);
        } catch (RuntimeException e) {
            feed.close();
            throw e;
        }
    }

    /** Rules that never change. */
    public static LiveRules fixed(String name, String text, Map<String, String> environment) {
        return new LiveRules(RulesFeed.fixed(name, text), environment);
    }

    /** The rules taken over last. */
    public Rules current() {
        return status.rules();
    }

    /** Has changes taken over from now on. Called once. */
    public void follow(Taker taker) {
        Consumer<String> offer = text -> offer(text, taker);
        // Between the start and now the text may have changed.
        offer.accept(feed.text());
        feed.follow(offer);
    }

    private synchronized void offer(String text, Taker taker) {
        if (text.equals(offered)) {
            return;
        }
        offered = text;
        Rules before = current();
        try {
            Rules next = parse(text);
            warn(next);
            taker.take(before, next);
            status = status.taken(next);
            log.info(
                    "New rules from {} are in force: fingerprint {}, {} groups",
                    feed.name(),
                    next.fingerprint(),
                    next.groups().size());
        } catch (RuntimeException e) {
            status = status.refused(String.valueOf(e.getMessage()));
            if (e instanceof ConfigException || e instanceof IllegalArgumentException) {
                log.error("New rules are refused and the old ones stay: {}", e.getMessage());
            } else {
                log.error("New rules from {} could not be taken over and the old ones stay", feed.name(), e);
            }
        }
    }

    private Rules parse(String text) {
        return Rules.parse(feed.name(), text, environment);
    }

    private static void warn(Rules rules) {
        rules.warnings().forEach(warning -> log.warn("Rules: {}", warning));
    }

    Status status() {
        return status;
    }

    /** The state in words, for the admin page. */
    public String report() {
        Status now = status;
        long seconds = (System.nanoTime() - now.sinceNanos()) / 1_000_000_000;
        StringBuilder report = new StringBuilder("rules " + now.rules().fingerprint() + " from " + feed.name()
                + ", in force for " + seconds + " s, taken over " + now.reloads() + " times since the start\n");
        now.rules()
                .fingerprints()
                .forEach((group, fingerprint) -> report.append("group %s %016x%n".formatted(group, fingerprint)));
        String refused = now.refused();
        report.append(refused == null ? "the latest text is in force" : "REFUSED, the old rules stay: " + refused);
        return report.toString();
    }

    @Override
    public void close() {
        feed.close();
    }
}
