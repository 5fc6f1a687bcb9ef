package io.sluice.cluster;

/**
 * A simulated process: it can be killed, frozen, suspended with its machine, and cut off from etcd or from its peers.
 */
class SimProcess {
    final SimWorld world;
    final String name;
    private boolean dead;
    private long frozenUntil;
    private long cutFromEtcdUntil;
    private long cutFromPeersUntil;
    /** By how much the monotonic clock is behind because it stood still. */
    private long stoodStillNanos;

    SimProcess(SimWorld world, String name) {
        this.world = world;
        this.name = name;
    }

    void kill() {
        dead = true;
    }

    boolean alive() {
        return !dead;
    }

    void freeze(long nanos) {
        frozenUntil = Math.max(frozenUntil, world.now() + nanos);
    }

    /** As {@link #freeze}, and the monotonic clock stands still meanwhile. */
    void suspend(long nanos) {
        freeze(nanos);
        world.at(frozenUntil, () -> stoodStillNanos += nanos);
    }

    boolean frozen() {
        return world.now() < frozenUntil;
    }

    void cutFromEtcd(long nanos) {
        cutFromEtcdUntil = world.now() + nanos;
    }

    boolean reachesEtcd() {
        return !dead && world.now() >= cutFromEtcdUntil;
    }

    void cutFromPeers(long nanos) {
        cutFromPeersUntil = world.now() + nanos;
    }

    boolean reachesPeers() {
        return !dead && world.now() >= cutFromPeersUntil;
    }

    /** A message to another process: late, out of order, or never. */
    void send(SimProcess to, Runnable message) {
        if (reachesPeers() && to.reachesPeers() && (world.calm || !world.chance(0.02))) {
            world.in(world.between(0, world.chance(0.05) ? 400 : 4), () -> to.receive(message));
        }
    }

    private void receive(Runnable message) {
        if (reachesPeers()) {
            run(message);
        }
    }

    /** Runs a task as soon as the process runs. */
    void run(Runnable task) {
        if (dead) {
            return;
        }
        if (frozen()) {
            world.at(frozenUntil + 1, () -> run(task));
        } else {
            task.run();
        }
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
            return world.now() - stoodStillNanos;
        }

        @Override
        public long wallMillis() {
            return world.now() / SimWorld.MILLIS;
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
                if (!cancelled[0]) {
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
