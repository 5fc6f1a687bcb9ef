package io.sluice.devstack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Does the same to several things at once. Stateless. */
final class InParallel {
    private InParallel() {}

    /** Returns when all are done; then throws the first failure, with the others attached. */
    static <T> void forEach(Collection<T> things, Consumer<T> action) {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("devstack-", 1).factory())) {
            for (T thing : things) {
                running.add(threads.submit(() -> action.accept(thing)));
            }
        }
        RuntimeException failure = null;
        for (Future<?> done : running) {
            try {
                done.get();
            } catch (ExecutionException e) {
                RuntimeException cause = e.getCause() instanceof RuntimeException known
                        ? known
                        : new DevstackException("Unexpected: " + e.getCause(), e.getCause());
                if (failure == null) {
                    failure = cause;
                } else {
                    failure.addSuppressed(cause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DevstackException("Interrupted", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
