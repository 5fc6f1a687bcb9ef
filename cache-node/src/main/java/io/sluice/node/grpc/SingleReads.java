package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import io.sluice.node.read.Read;
import io.sluice.node.read.ReadPath;
import io.sluice.proto.v1.Answer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers reads of one key: from memory on the calling network thread, everything else on a thread that may block.
 * Thread-safe.
 */
public final class SingleReads {
    private final ReadPath path;
    private final PendingReads pending;

    public SingleReads(ReadPath path, PendingReads pending) {
        this.path = requireNonNull(path, "path is null");
        this.pending = requireNonNull(pending, "pending is null");
    }

    /**
     * @param checked makes the read of the request, or throws what the caller is told
     * @param form makes the reply of the answer
     */
    <T> void answer(Supplier<Read> checked, StreamObserver<T> reply, Function<Answer, T> form) {
        Read read;
        Answer kept;
        try {
            read = checked.get();
            kept = path.fromMemory(read);
        } catch (RuntimeException e) {
            reply.onError(PendingReads.failure(e));
            return;
        }
        if (kept == null) {
            pending.submit(reply, () -> form.apply(path.read(read)));
        } else {
            PendingReads.answer(reply, () -> form.apply(kept));
        }
    }
}
