package io.sluice.cli.demo;

/** What a step of the demo should have shown is not so. */
public final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepFailedException(String message) {
        super(message);
    }

    static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new StepFailedException(otherwise);
        }
    }
}
