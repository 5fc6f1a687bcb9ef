package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.sluice.cluster.Member;
import io.sluice.node.load.BatchLoader;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Forwards;
import io.sluice.node.read.Holdings;
import io.sluice.node.read.Read;
import io.sluice.node.read.ReadPath;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.GetManyRequest;
import io.sluice.proto.v1.KeyResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers batch reads. Keys in memory cost no thread; the others are sorted by owner, one batch to each, and those that
 * this node answers itself are loaded together, or side by side where their group has no batch load. One key's failure
 * is its own.
 *
 * <p>Thread-safe.
 */
public final class BatchReads {
    private final String self;
    private final Holdings holdings;
    private final Requests requests;
    private final ReadPath path;
    private final Forwards forwards;
    private final PendingReads pending;

    public BatchReads(
            String self, Holdings holdings, Requests requests, ReadPath path, Forwards forwards, PendingReads pending) {
        this.self = requireNonNull(self, "self is null");
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.path = requireNonNull(path, "path is null");
        this.forwards = requireNonNull(forwards, "forwards is null");
        this.pending = requireNonNull(pending, "pending is null");
    }

    /** One key of a batch that memory did not answer. */
    private record Miss(int index, Read read) {}

    /** Misses that one member is asked for; null for this node itself. */
    private record Part(@Nullable Member owner, List<Miss> misses) {}

    <T> void answer(
            GetManyRequest request, boolean forwarded, StreamObserver<T> reply, Function<List<KeyResult>, T> form) {
        KeyResult[] results;
        List<Miss> misses = new ArrayList<>();
        try {
            requests.checkBatch(request.getKeysCount());
            results = new KeyResult[request.getKeysCount()];
            fromMemory(request, forwarded, results, misses);
        } catch (RuntimeException e) {
            reply.onError(PendingReads.failure(e));
            return;
        }
        if (misses.isEmpty()) {
            PendingReads.answer(reply, () -> form.apply(limited(results)));
        } else {
            pending.submit(reply, () -> {
                Parallel.forEach(parts(misses, forwarded), part -> answer(part, results));
                return form.apply(limited(results));
            });
        }
    }

    private void fromMemory(GetManyRequest request, boolean forwarded, KeyResult[] results, List<Miss> misses) {
        CacheGroup group = requests.groups().require(request.getGroup());
        Requests.Demands demands = requests.demands(group, request.getOptions());
        Deadline deadline = requests.deadline();
        for (int i = 0; i < results.length; i++) {
            try {
                Read read = requests.read(group, request.getKeys(i), demands, deadline, forwarded);
                Answer kept = path.fromMemory(read);
                if (kept == null) {
                    misses.add(new Miss(i, read));
                } else {
                    results[i] = KeyResults.of(kept);
                }
            } catch (RuntimeException e) {
                results[i] = KeyResults.of(PendingReads.status(e));
            }
        }
    }

    /**
     * One part for each other owner; of the keys that are answered here, one for each or for as many as load at once.
     */
    private List<Part> parts(List<Miss> misses, boolean forwarded) {
        List<Miss> own = new ArrayList<>();
        Map<Member, List<Miss>> byOwner = new LinkedHashMap<>();
        for (Miss miss : misses) {
            @Nullable Member owner = holdings.topology().owner(miss.read().hash());
            if (forwarded || owner == null || owner.name().equals(self)) {
                own.add(miss);
            } else {
                byOwner.computeIfAbsent(owner, member -> new ArrayList<>()).add(miss);
            }
        }
        List<Part> parts = new ArrayList<>();
        byOwner.forEach((owner, ofOwner) -> parts.add(new Part(owner, ofOwner)));
        BatchLoader together = batchLoader(misses.getFirst());
        int most = together == null ? 1 : together.mostKeys();
        for (int from = 0; from < own.size(); from += most) {
            parts.add(new Part(null, own.subList(from, Math.min(own.size(), from + most))));
        }
        return parts;
    }

    private static @Nullable BatchLoader batchLoader(Miss miss) {
        return miss.read().group().loader().batch();
    }

    private void answer(Part part, KeyResult[] results) {
        Member owner = part.owner();
        Set<Member> silent = Set.of();
        if (owner != null && part.misses().size() > 1) {
            List<Read> reads = part.misses().stream().map(Miss::read).toList();
            Optional<List<KeyResult>> answered;
            try {
                answered = forwards.readMany(owner, reads);
            } catch (RuntimeException e) {
                KeyResult error = KeyResults.of(PendingReads.status(e));
                part.misses().forEach(miss -> results[miss.index()] = error);
                return;
            }
            if (answered.isPresent()) {
                for (int i = 0; i < reads.size(); i++) {
                    results[part.misses().get(i).index()] = answered.get().get(i);
                }
                return;
            }
            silent = Set.of(owner);
        }
        // The read path asks the other holders where the owner cannot be reached.
        Set<Member> asked = silent;
        List<Miss> rest = owner == null ? loadedTogether(part.misses(), results) : part.misses();
        Parallel.forEach(rest, miss -> results[miss.index()] = answer(() -> path.read(miss.read(), asked)));
    }

    /** Answers what can be loaded at once; returns the rest. */
    private List<Miss> loadedTogether(List<Miss> misses, KeyResult[] results) {
        BatchLoader together = batchLoader(misses.getFirst());
        if (together == null || misses.size() == 1) {
            return misses;
        }
        List<Read> reads = misses.stream().map(Miss::read).toList();
        Map<Read, Supplier<Answer>> answers = path.readTogether(reads, together);
        List<Miss> rest = new ArrayList<>();
        for (Miss miss : misses) {
            Supplier<Answer> answer = answers.get(miss.read());
            if (answer == null) {
                rest.add(miss);
            } else {
                results[miss.index()] = answer(answer);
            }
        }
        return rest;
    }

    private static KeyResult answer(Supplier<Answer> answer) {
        try {
            return KeyResults.of(answer.get());
        } catch (RuntimeException e) {
            return KeyResults.of(PendingReads.status(e));
        }
    }

    /** A batch answer that no client could receive is of no use: what is too much is refused key by key. */
    private List<KeyResult> limited(KeyResult[] results) {
        long bytes = 0;
        for (int i = 0; i < results.length; i++) {
            bytes += results[i].getSerializedSize();
            if (bytes > requests.limits().responseBytes()) {
                bytes -= results[i].getSerializedSize();
                results[i] =
                        KeyResults.of(Status.RESOURCE_EXHAUSTED.withDescription("The answers of this batch are over "
                                + requests.limits().responseBytes()
                                + " bytes (limits.response): ask for fewer keys at a time"));
                bytes += results[i].getSerializedSize();
            }
        }
        return Arrays.asList(results);
    }
}
