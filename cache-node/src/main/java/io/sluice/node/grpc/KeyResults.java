package io.sluice.node.grpc;

import io.grpc.Status;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.KeyError;
import io.sluice.proto.v1.KeyResult;

/** What became of one key of several. No state. */
final class KeyResults {
    private KeyResults() {}

    static KeyResult of(Answer answer) {
        return KeyResult.newBuilder().setAnswer(answer).build();
    }

    static KeyResult of(Status status) {
        return KeyResult.newBuilder()
                .setError(KeyError.newBuilder()
                        .setCode(status.getCode().value())
                        .setMessage(String.valueOf(status.getDescription())))
                .build();
    }
}
