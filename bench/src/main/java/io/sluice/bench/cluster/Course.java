package io.sluice.bench.cluster;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What happened under the load: everything that the picture shows. Immutable but for the logs, which must have come to
 * their end. Moments are milliseconds since the load began.
 *
 * @param title what was run, in a line
 * @param endMillis when it was over
 * @param phases what was tried, in order
 * @param events single moments, in order
 */
public record Course(
        String title, RequestLog requests, LoadLog loads, long endMillis, List<Phase> phases, List<Event> events) {
    public Course {
        requireNonNull(title, "title is null");
        requireNonNull(requests, "requests is null");
        requireNonNull(loads, "loads is null");
        phases = List.copyOf(phases);
        events = List.copyOf(events);
    }

    /**
     * A stretch of time with a purpose.
     *
     * @param results what was measured in it, a few words a line
     */
    public record Phase(String title, long fromMillis, long toMillis, List<String> results) {
        public Phase {
            requireNonNull(title, "title is null");
            results = List.copyOf(results);
        }
    }

    /** Something that was done, or seen, at a moment. */
    public record Event(String title, long atMillis) {
        public Event {
            requireNonNull(title, "title is null");
        }
    }
}
