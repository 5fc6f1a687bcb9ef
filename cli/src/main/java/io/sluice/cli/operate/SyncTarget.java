package io.sluice.cli.operate;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.proto.v1.AdminGrpc;
import io.sluice.proto.v1.AdminGrpc.AdminBlockingStub;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Which running sync service is meant, and asking it. Used by one thread. */
final class SyncTarget {
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\s]+):(\\d{1,5})");

    @Option(
            names = "--sync",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:SLUICE_SYNC:-127.0.0.1:7401}",
            description =
                    "Where the instance listens, as in its configuration; default $SLUICE_SYNC or ${DEFAULT-VALUE}")
    private String address = "";

    /**
     * Asks one question.
     *
     * @throws IllegalStateException when there is no answer; the message says what to do
     */
    <T> T ask(Duration patience, Function<AdminBlockingStub, T> question) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + address + "' is no address: give --sync HOST:PORT, such as 127.0.0.1:7401");
        }
        ManagedChannel channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build();
        try {
            return question.apply(
                    AdminGrpc.newBlockingStub(channel).withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw new IllegalStateException(reason(e.getStatus(), patience), e);
        } finally {
            channel.shutdownNow();
        }
    }

    private String reason(Status status, Duration patience) {
        return switch (status.getCode()) {
            case FAILED_PRECONDITION, INVALID_ARGUMENT -> String.valueOf(status.getDescription());
            case UNAVAILABLE ->
                "no sync service answers at " + address
                        + ": check that it runs, and give listen of its configuration as --sync";
            case DEADLINE_EXCEEDED ->
                "the sync service at " + address + " did not answer within " + patience.toSeconds() + " s";
            default -> "what answers at " + address + " is no sync service: give listen of its configuration as --sync";
        };
    }
}
