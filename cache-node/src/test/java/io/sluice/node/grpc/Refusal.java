package io.sluice.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.proto.Origin;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls that a node refuses. Stateless. */
final class Refusal {
    private Refusal() {}

    /** The call fails with this status by the node's own decision, and the message holds all of these. */
    static void assertRefused(Status.Code code, ThrowingCallable call, String... message) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).as("the failure").isNotNull();
        assertRefused(code, failure, message);
    }

    static void assertRefused(Status.Code code, StatusRuntimeException failure, String... message) {
        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(code);
        for (String part : message) {
            assertThat(failure).hasMessageContaining(part);
        }
        assertThat(Origin.isNode(failure)).as("trailer of " + failure).isTrue();
    }
}
