package io.sluice.node.read;

import io.sluice.cluster.Member;
import io.sluice.proto.v1.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Peers that answer as the test says; the others cannot be reached. Thread-safe. */
final class FakePeers implements Peers {
    private final Map<String, Function<Read, Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    void answer(String member, Function<Read, Answer> answer) {
        answers.put(member, answer);
    }

    /** Who was asked, in order, whether it answered or not. */
    List<String> asked() {
        return asked;
    }

    @Override
    public Optional<Answer> read(Member member, Read read, long timeout, TimeUnit unit) {
        if (timeout <= 0) {
            throw new IllegalArgumentException("timeout is " + timeout);
        }
        asked.add(member.name());
        Function<Read, Answer> answer = answers.get(member.name());
        return answer == null ? Optional.empty() : Optional.of(answer.apply(read));
    }
}
