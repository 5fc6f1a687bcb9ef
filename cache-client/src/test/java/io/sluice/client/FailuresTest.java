package io.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void aCallThatAStoppingNodeCancelsMayGoToAnother() {
        assertThat(Failures.mayAskAnother(cutOff())).isTrue();
    }

    @Test
    void aCallThatAStoppingNodeCancelsWasNotCancelledByTheCaller() {
        SluiceException failure = Failures.of("node-1", cutOff());

        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("it stopped, or the connection ended");
    }

    @Test
    void anAnswerThatIsAnErrorIsNotTriedElsewhere() {
        assertThat(Failures.mayAskAnother(Status.NOT_FOUND.asRuntimeException()))
                .isFalse();
        assertThat(Failures.mayAskAnother(Status.DEADLINE_EXCEEDED.asRuntimeException()))
                .isFalse();
    }

    private static StatusRuntimeException cutOff() {
        return Status.CANCELLED.asRuntimeException();
    }
}
