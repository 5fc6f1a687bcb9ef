package io.sluice.client;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.sluice.cluster.Member;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.PutRequest;
import io.sluice.proto.v1.PutResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A group without a loader, whose values the application reads and puts itself.
 *
 * <pre>{@code
 * CacheAside sessions = client.cacheAside("session");
 * Optional<ByteString> session = sessions.get("42", key -> readFromDatabase(key));
 * }</pre>
 *
 * <p>What is put is kept only if nothing that would make it old has happened since the miss. So a value has to be read
 * after the miss that it answers, and is put by way of the {@link Lookup} that was the miss.
 *
 * <p>Thread-safe.
 */
public final class CacheAside {
    private final Router router;
    private final String group;
    private final Function<String, List<Member>> candidates;

    CacheAside(Router router, String group, Function<String, List<Member>> candidates) {
        this.router = router;
        this.group = requireNonNull(group, "group is null");
        this.candidates = candidates;
    }

    /** Looks a key up. */
    public Lookup get(String key) {
        return Waiting.on(getAsync(key));
    }

    /** Looks a key up; the future fails with a {@link SluiceException}. */
    public CompletableFuture<Lookup> getAsync(String key) {
        requireNonNull(key, "key is null");
        long askedNanos = System.nanoTime();
        return SluiceClient.failing(() -> router.ask(
                candidates.apply(key),
                ReadOptions.DEFAULT,
                node -> node.get(WireForms.get(group, key, ReadOptions.DEFAULT)),
                response -> new Lookup(key, WireForms.answer(response.getAnswer()), askedNanos)));
    }

    /**
     * The value of the key, or on a miss what {@code reader} reads, which is put; that it could not be put, or was not
     * kept, is no failure.
     *
     * @param reader called on a miss only; empty where there is no value, which is not put
     */
    public Optional<ByteString> get(String key, Function<String, Optional<ByteString>> reader) {
        Lookup lookup = get(key);
        if (lookup.answer().found()) {
            return Optional.of(lookup.answer().value());
        }
        Optional<ByteString> read = reader.apply(key);
        read.ifPresent(value -> {
            try {
                lookup.put(value);
            } catch (SluiceException e) {
                // The value is right all the same; the next caller misses again.
            }
        });
        return read;
    }

    /** What came of looking a key up; after a miss, the way to put its value. Thread-safe. */
    public final class Lookup {
        private final String key;
        private final Answer answer;
        private final long askedNanos;

        private Lookup(String key, Answer answer, long askedNanos) {
            this.key = key;
            this.answer = answer;
            this.askedNanos = askedNanos;
        }

        /** What the cache answered; not found is a miss. */
        public Answer answer() {
            return answer;
        }

        /**
         * Puts the value that was read after this miss.
         *
         * @return false when it is not kept, mostly because it changed meanwhile: it may be used once, since it was
         *     right when it was read
         */
        public boolean put(ByteString value) {
            return Waiting.on(putAsync(value));
        }

        /** Puts the value that was read after this miss; the future fails with a {@link SluiceException}. */
        public CompletableFuture<Boolean> putAsync(ByteString value) {
            requireNonNull(value, "value is null");
            if (answer.found()) {
                throw new SluiceException(
                        ErrorCode.INVALID_ARGUMENT,
                        "there was a value already, and a put answers a miss: look the key up again after it is removed",
                        null);
            }
            // Made anew for each attempt: the time since the miss grows.
            Supplier<PutRequest> request = () -> request(value, System.nanoTime() - askedNanos);
            return SluiceClient.failing(() -> router.ask(
                    candidates.apply(key),
                    ReadOptions.DEFAULT,
                    node -> node.put(request.get()),
                    PutResponse::getAdmitted));
        }

        private PutRequest request(ByteString value, long sinceAskedNanos) {
            PutRequest.Builder request = PutRequest.newBuilder()
                    .setGroup(group)
                    .setKey(key)
                    .setValue(value)
                    .setAskedMillisAgo(TimeUnit.NANOSECONDS.toMillis(sinceAskedNanos));
            if (!answer.stamp().isEmpty()) {
                request.setStamp(Position.newBuilder().setGtidSet(answer.stamp()));
            }
            return request.build();
        }
    }
}
