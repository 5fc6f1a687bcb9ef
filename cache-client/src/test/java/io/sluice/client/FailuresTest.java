package io.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.proto.Origin;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {
    /** Cancelled by a node that stops; ended with the connection, in grpc-java's own words. */
    static Stream<Status> cutOff() {
        return Stream.of(
                Status.CANCELLED,
                Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException()));
    }

    @ParameterizedTest
    @MethodSource("cutOff")
    void aCallThatIsCutOffMayGoToAnother(Status status) {
        assertThat(Failures.mayAskAnother(status.asRuntimeException())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("cutOff")
    void aCallThatIsCutOffWasNeitherCancelledByTheCallerNorAnErrorOfTheNode(Status status) {
        SluiceException failure = Failures.of("node-1", status.asRuntimeException());

        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("it stopped, or the connection ended");
    }

    @Test
    void anAnswerThatIsAnErrorIsNotTriedElsewhere() {
        assertThat(Failures.mayAskAnother(Status.NOT_FOUND.asRuntimeException()))
                .isFalse();
        assertThat(Failures.mayAskAnother(Status.DEADLINE_EXCEEDED.asRuntimeException()))
                .isFalse();
        assertThat(Failures.mayAskAnother(Status.UNKNOWN.asRuntimeException())).isFalse();
        assertThat(Failures.mayAskAnother(byNode(Status.UNAVAILABLE))).isFalse();
        assertThat(Failures.mayAskAnother(byNode(Status.CANCELLED))).isFalse();
    }

    private static StatusRuntimeException byNode(Status status) {
        Metadata trailers = new Metadata();
        trailers.put(Origin.KEY, Origin.NODE);
        return status.asRuntimeException(trailers);
    }
}
