package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.jspecify.annotations.Nullable;

/**
 * The topics of the change stream: by name, or all whose name matches a regular expression, also those that are made
 * later. Immutable.
 *
 * <p>The expression is matched by this client and not by the broker, so that both group protocols can do it.
 */
public final class Topics {
    private final List<String> names;
    private final @Nullable Pattern pattern;

    private Topics(List<String> names, @Nullable Pattern pattern) {
        this.names = List.copyOf(names);
        this.pattern = pattern;
    }

    /** One or more topics; IllegalArgumentException without any. */
    public static Topics named(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "kafka.topics is empty: name the topics that the changes are written to");
        }
        return new Topics(names, null);
    }

    /** Every topic whose whole name matches; IllegalArgumentException when it is no regular expression. */
    public static Topics matching(String regex) {
        requireNonNull(regex, "regex is null");
        try {
            return new Topics(List.of(), Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "kafka.topic-pattern '" + regex + "' is no regular expression: " + e.getDescription(), e);
        }
    }

    boolean includes(String topic) {
        return pattern == null ? names.contains(topic) : pattern.matcher(topic).matches();
    }

    void subscribe(Consumer<?, ?> consumer, ConsumerRebalanceListener listener) {
        if (pattern == null) {
            consumer.subscribe(names, listener);
        } else {
            consumer.subscribe(pattern, listener);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Topics topics && toString().equals(topics.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return pattern == null ? names.toString() : "/" + pattern + "/";
    }
}
