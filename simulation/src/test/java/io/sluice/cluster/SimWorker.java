package io.sluice.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** A thread of a simulated process that runs one task after the other, each of which may block. */
final class SimWorker implements Executor {
    private final SimProcess process;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    SimWorker(SimProcess process) {
        this.process = process;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        next();
    }

    private void next() {
        Runnable task = busy ? null : waiting.poll();
        if (task != null) {
            busy = true;
            process.thread(() -> {
                task.run();
                busy = false;
                next();
            });
        }
    }
}
