package io.sluice.cluster;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A simulated process: it can be killed, frozen, suspended with its machine, and cut off from etcd or from its peers.
 * Its threads are loops, timers, and virtual threads that may block.
 */
public class SimProcess {
    public final SimWorld world;
    public final String name;
    private boolean dead;
    private long frozenUntil;
    private long suspendedUntil;
    private long cutFromEtcdUntil;
    private long cutFromPeersUntil;
    /** By how much the monotonic clock is behind because it stood still. */
    private long stoodStillNanos;

    public SimProcess(SimWorld world, String name) {
        this.world = world;
        this.name = name;
    }

    public void kill() {
        dead = true;
    }

    public boolean alive() {
        return !dead;
    }

    public void freeze(long nanos) {
        if (world.now() < suspendedUntil) {
            return;
        }
        frozenUntil = Math.max(frozenUntil, world.now() + nanos);
    }

    /** As {@link #freeze}, and the monotonic clock stands still meanwhile. */
    public void suspend(long nanos) {
        if (!frozen()) {
            suspendedUntil = world.now() + nanos;
            frozenUntil = suspendedUntil;
            world.at(frozenUntil, () -> stoodStillNanos += nanos);
        }
    }

    /** Whether its monotonic clock ever stood still. */
    public boolean stoodStill() {
        return suspendedUntil > 0;
    }

    public boolean frozen() {
        return world.now() < frozenUntil;
    }

    public void cutFromEtcd(long nanos) {
        cutFromEtcdUntil = world.now() + nanos;
    }

    public boolean reachesEtcd() {
        return !dead && world.now() >= cutFromEtcdUntil;
    }

    public void cutFromPeers(long nanos) {
        cutFromPeersUntil = world.now() + nanos;
    }

    public boolean reachesPeers() {
        return !dead && world.now() >= cutFromPeersUntil;
    }

    /** The monotonic clock of its machine. */
    public long nanoTime() {
        return world.now() - stoodStillNanos;
    }

    /** The wall clock, which goes on while the machine is suspended. */
    public long wallMillis() {
        return world.now() / SimWorld.MILLIS;
    }

    /** A message to another process: late, out of order, twice, or never. */
    public void send(SimProcess to, Runnable message) {
        sendOnce(to, message);
        if (!world.calm && world.chance(world.duplicates)) {
            sendOnce(to, message);
        }
    }

    private void sendOnce(SimProcess to, Runnable message) {
        if (reachesPeers() && to.reachesPeers() && (world.calm || !world.chance(0.02))) {
            world.in(world.between(0, world.chance(0.06) ? 400 : 4), () -> to.receive(message));
        }
    }

    private void receive(Runnable message) {
        if (reachesPeers()) {
            run(message);
        }
    }

    /** Runs a task as soon as the process runs. */
    public void run(Runnable task) {
        if (dead) {
            return;
        }
        if (frozen()) {
            world.at(frozenUntil + 1, () -> run(task));
        } else {
            task.run();
        }
    }

    /** Runs a task of this process later. */
    public void in(long nanos, Runnable task) {
        world.in(nanos, () -> run(task));
    }

    /** Begins a thread of this process, which may block. */
    public void thread(Runnable task) {
        SimThreads.start(step -> world.in(1, () -> run(step)), () -> {
            try {
                task.run();
            } catch (Throwable e) {
                world.fail(e);
            }
        });
    }

    /** A thread that runs one task after the other, each of which may block. */
    public Executor worker() {
        return new SimWorker(this);
    }

    /** Timers on the clock of this process. */
    public ScheduledExecutorService timer() {
        return new SimTimer(this);
    }

    /** A thread of this process, on which a task waits for up to so long. */
    Loop loop(long mostMillis) {
        return new SimLoop(mostMillis);
    }

    private final class SimLoop implements Loop {
        private final long mostMillis;
        private long lastNanos;
        private boolean closed;

        SimLoop(long mostMillis) {
            this.mostMillis = mostMillis;
        }

        @Override
        public long nanoTime() {
            return SimProcess.this.nanoTime();
        }

        @Override
        public long wallMillis() {
            return SimProcess.this.wallMillis();
        }

        @Override
        public long random(long bound) {
            return world.random.nextInt((int) bound);
        }

        @Override
        public void execute(Runnable task) {
            long delay = mostMillis == 0 ? 1_000 : world.between(0, mostMillis);
            lastNanos = Math.max(lastNanos + 1, world.now() + delay);
            world.at(lastNanos, () -> perform(task));
        }

        @Override
        public Timer schedule(long delayMillis, Runnable task) {
            boolean[] cancelled = new boolean[1];
            world.in(delayMillis * SimWorld.MILLIS, () -> {
                if (!cancelled[0] && !dead) {
                    execute(() -> {
                        if (!cancelled[0]) {
                            task.run();
                        }
                    });
                }
            });
            return () -> cancelled[0] = true;
        }

        @Override
        public void close() {
            closed = true;
        }

        private void perform(Runnable task) {
            if (!closed) {
                if (frozen()) {
                    // In the order they came: what is executed meanwhile comes after.
                    lastNanos = Math.max(lastNanos, frozenUntil) + 1;
                }
                run(task);
            }
        }
    }
}
