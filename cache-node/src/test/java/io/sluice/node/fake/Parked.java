package io.sluice.node.fake;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Starts callers and returns when they wait for something, such as a flight that the test holds. Stateless. */
public final class Parked {
    private Parked() {}

    /** Also returns when the caller has ended, which then is for the test to find out. */
    public static <T> Future<T> caller(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = Thread.ofVirtual().start(task);
        while (!task.isDone() && !isParked(thread)) {
            Thread.onSpinWait();
        }
        return task;
    }

    private static boolean isParked(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }
}
