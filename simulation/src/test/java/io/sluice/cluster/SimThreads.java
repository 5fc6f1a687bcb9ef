package io.sluice.cluster;

import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;

/**
 * Virtual threads whose every step runs where an executor says, so that code that blocks runs in a simulation: it
 * blocks in its virtual thread, and the one real thread goes on with the next event.
 *
 * <p>The JDK has this for its own tests and not (yet) as an interface, hence the reflection.
 */
final class SimThreads {
    private static final Constructor<?> BUILDER = builder();

    private SimThreads() {}

    private static Constructor<?> builder() {
        try {
            Constructor<?> found = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            found.setAccessible(true);
            return found;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no virtual threads on a scheduler of one's own", e);
        }
    }

    /** Begins a thread; its first step too is run by the executor. */
    static void start(Executor steps, Runnable task) {
        try {
            ((Thread.Builder) BUILDER.newInstance(steps)).start(task);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
