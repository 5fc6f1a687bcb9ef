package io.sluice.node.grpc;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Runs the parts of one request side by side on virtual threads, at most {@value #WIDTH} at a time. Stateless. */
final class Parallel {
    /** Enough to keep a connection pool busy without making one request push all others out of its queue. */
    static final int WIDTH = 16;

    private Parallel() {}

    /** Returns when {@code work} has run for every part; {@code work} must not throw. */
    static <T> void forEach(List<T> parts, Consumer<T> work) {
        if (parts.isEmpty()) {
            return;
        }
        if (parts.size() == 1) {
            work.accept(parts.getFirst());
            return;
        }
        Iterator<T> rest = parts.iterator();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("part-", 0).factory())) {
            for (int i = 0; i < Math.min(WIDTH, parts.size()); i++) {
                threads.execute(() -> drain(rest, work));
            }
        }
    }

    private static <T> void drain(Iterator<T> rest, Consumer<T> work) {
        while (true) {
            T part;
            synchronized (rest) {
                if (!rest.hasNext()) {
                    return;
                }
                part = rest.next();
            }
            work.accept(part);
        }
    }
}
