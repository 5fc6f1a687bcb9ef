package io.sluice.client;

/** What came of one key of a batch. */
public sealed interface KeyOutcome {
    /** The key's answer. */
    record Answered(Answer answer) implements KeyOutcome {}

    /** Why there is none. The other keys of the batch are not affected. */
    record Failed(SluiceException failure) implements KeyOutcome {}

    /** The answer, or the failure thrown. */
    default Answer orThrow() {
        if (this instanceof Answered answered) {
            return answered.answer();
        }
        throw ((Failed) this).failure();
    }
}
