package io.sluice.cli.demo;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * One thing that the demo shows. Immutable.
 *
 * @param title what it shows, in a few words
 * @param action does it and checks it
 */
public record DemoStep(String title, Action action) {
    public DemoStep {
        requireNonNull(title, "title is null");
        requireNonNull(action, "action is null");
    }

    /** Does the step; throws {@link StepFailedException} when what it shows is not so. */
    @FunctionalInterface
    public interface Action {
        Outcome run() throws Exception;
    }

    /**
     * What a step saw.
     *
     * @param detail what happened, in a few words
     * @param time how long the thing that it shows took
     */
    public record Outcome(String detail, Duration time) {
        public Outcome {
            requireNonNull(detail, "detail is null");
            requireNonNull(time, "time is null");
        }

        static Outcome since(long startNanos, String detail) {
            return new Outcome(detail, Duration.ofNanos(System.nanoTime() - startNanos));
        }
    }
}
