package io.sluice.node.read;

import io.sluice.cluster.Member;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.KeyResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Peers that answer as the test says; the others cannot be reached. Thread-safe. */
final class FakePeers implements Peers {
    private final Map<String, Function<Read, Answer>> answers = new ConcurrentHashMap<>();
    private final Map<String, Function<Read, @Nullable Copy>> memories = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> peeked = new CopyOnWriteArrayList<>();
    private final List<Duration> timeouts = new CopyOnWriteArrayList<>();

    void answer(String member, Function<Read, Answer> answer) {
        answers.put(member, answer);
    }

    /** What a peek of a member finds; null for nothing. */
    void memory(String member, Function<Read, @Nullable Copy> memory) {
        memories.put(member, memory);
    }

    /** Who was asked, in order, whether it answered or not. */
    List<String> asked() {
        return asked;
    }

    /** Who was peeked, in order, whether it answered or not. */
    List<String> peeked() {
        return peeked;
    }

    /** What each of those who were asked or peeked was given, in order. */
    List<Duration> timeouts() {
        return timeouts;
    }

    @Override
    public Optional<Answer> read(Member member, Read read, Duration timeout) {
        checked(timeout);
        asked.add(member.name());
        Function<Read, Answer> answer = answers.get(member.name());
        return answer == null ? Optional.empty() : Optional.of(answer.apply(read));
    }

    @Override
    public Optional<List<KeyResult>> readMany(Member member, List<Read> reads, Duration timeout) {
        checked(timeout);
        asked.add(member.name());
        Function<Read, Answer> answer = answers.get(member.name());
        return answer == null
                ? Optional.empty()
                : Optional.of(reads.stream()
                        .map(read -> KeyResult.newBuilder()
                                .setAnswer(answer.apply(read))
                                .build())
                        .toList());
    }

    @Override
    public Peek peek(Member member, Read read, Duration timeout) {
        checked(timeout);
        peeked.add(member.name());
        Function<Read, @Nullable Copy> memory = memories.get(member.name());
        if (memory == null) {
            return new Peek.Unanswered();
        }
        Copy copy = memory.apply(read);
        return copy == null ? new Peek.Nothing() : new Peek.Found(copy);
    }

    private void checked(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout);
        }
        timeouts.add(timeout);
    }
}
