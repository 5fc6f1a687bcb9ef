package io.sluice.client;

import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.GetManyRequest;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.KeyResult;
import io.sluice.proto.v1.Position;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Between the client's types and the messages on the wire. No state. */
final class WireForms {
    private WireForms() {}

    static GetRequest get(String group, String key, ReadOptions options) {
        GetRequest.Builder request = GetRequest.newBuilder().setGroup(group).setKey(key);
        if (asksFreshness(options)) {
            request.setOptions(options(options));
        }
        return request.build();
    }

    static GetManyRequest getMany(String group, List<String> keys, ReadOptions options) {
        GetManyRequest.Builder request =
                GetManyRequest.newBuilder().setGroup(group).addAllKeys(keys);
        if (asksFreshness(options)) {
            request.setOptions(options(options));
        }
        return request.build();
    }

    static Answer answer(io.sluice.proto.v1.Answer answer) {
        AnswerInfo info = answer.getInfo();
        return new Answer(
                answer.getFound(),
                answer.getValue(),
                info.getServedBy(),
                servedFrom(info),
                Duration.ofMillis(info.getAgeMillis()),
                info.getStamp().getGtidSet(),
                info.hasStalenessBoundMillis() ? OptionalLong.of(info.getStalenessBoundMillis()) : OptionalLong.empty(),
                info.getPastMaxStaleness(),
                info.getTopologyRevision());
    }

    static KeyOutcome outcome(KeyResult result) {
        return switch (result.getOutcomeCase()) {
            case ANSWER -> new KeyOutcome.Answered(answer(result.getAnswer()));
            case ERROR ->
                new KeyOutcome.Failed(Failures.of(
                        "the node",
                        result.getError().getCode(),
                        result.getError().getMessage()));
            case OUTCOME_NOT_SET ->
                new KeyOutcome.Failed(new SluiceException(
                        ErrorCode.INTERNAL, "the node sent neither an answer nor an error: see its log", null));
        };
    }

    private static boolean asksFreshness(ReadOptions options) {
        return !options.minPosition().isEmpty() || options.maxStaleness() != null;
    }

    private static io.sluice.proto.v1.ReadOptions options(ReadOptions options) {
        io.sluice.proto.v1.ReadOptions.Builder wire = io.sluice.proto.v1.ReadOptions.newBuilder();
        if (!options.minPosition().isEmpty()) {
            wire.setMinPosition(Position.newBuilder().setGtidSet(options.minPosition()));
        }
        if (options.maxStaleness() != null) {
            wire.setMaxStalenessMillis(options.maxStaleness().toMillis());
        }
        return wire.build();
    }

    private static ServedFrom servedFrom(AnswerInfo info) {
        return switch (info.getServedFrom()) {
            case SERVED_FROM_MEMORY -> ServedFrom.MEMORY;
            case SERVED_FROM_PEER -> ServedFrom.PEER;
            case SERVED_FROM_REPLICA -> ServedFrom.REPLICA;
            case SERVED_FROM_SOURCE -> ServedFrom.SOURCE;
            case SERVED_FROM_UNSPECIFIED, UNRECOGNIZED -> ServedFrom.UNKNOWN;
        };
    }
}
