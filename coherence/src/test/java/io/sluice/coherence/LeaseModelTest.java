package io.sluice.coherence;

import static io.sluice.coherence.Positions.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A granter, holders, and streams between them that delay, break unnoticed on either side, and lose what is under way,
 * under seeds: once a Remove's wait is over nobody uses an older copy.
 */
final class LeaseModelTest {
    private static final int KEYS = 3;
    private static final int STEPS = 400;
    private static final long MILLI = 1_000_000;

    private record Waiting(String key, long position, LeaseWait leases) {}

    /** Everything of one seed. */
    private static final class World {
        private final LeaseTable table = new LeaseTable(new LeaseLimits(Duration.ofMillis(100), 50, 20));
        private final Random random;
        private final List<Holder> holders = new ArrayList<>();
        private final Map<String, Long> memory = new HashMap<>();
        private final Map<String, Long> done = new HashMap<>();
        private final List<Waiting> waiting = new ArrayList<>();
        private long version = 1;
        private long now;

        World(long seed) {
            random = new Random(seed);
            for (int i = 0; i < 3; i++) {
                holders.add(new Holder());
            }
        }

        /** One holder process: its copies, and the stream that it has at the moment. */
        private final class Holder {
            private final LeasedCopies<Long> copies = new LeasedCopies<>(2, 1_000);
            private Wire wire = new Wire(this);

            private void reconnect() {
                copies.end(wire.stream);
                wire.toHolder.clear();
                wire.toGranter.clear();
                wire = new Wire(this);
            }
        }

        /** One stream, seen from both sides; whatever is queued arrives in order, late or never. */
        private final class Wire implements LeaseHolder {
            private final Holder holder;
            private final LeasedCopies.Stream stream;
            private final ArrayDeque<Runnable> toHolder = new ArrayDeque<>();
            private final ArrayDeque<Consumer<Wire>> toGranter = new ArrayDeque<>();

            Wire(Holder holder) {
                this.holder = holder;
                this.stream = holder.copies.begin();
            }

            @Override
            public void revoke(long revocation, String group, List<String> keys, SourcePosition position) {
                toHolder.add(() -> {
                    holder.copies.revoke(group, keys, position, now);
                    toGranter.add(wire -> table.confirm(wire, revocation));
                });
            }

            @Override
            public void flush() {}

            @Override
            public void overdue() {}

            void ask(String key) {
                LeasedCopies.Asked asked = new LeasedCopies.Asked(stream, new Moment(now, now / MILLI));
                toGranter.add(wire -> {
                    long[] value = new long[1];
                    table.grant(
                            wire,
                            "g",
                            key,
                            20 + random.nextInt(200),
                            now,
                            () -> {
                                value[0] = memory.computeIfAbsent(key, k -> version);
                                return new Leasable(upTo(value[0]), 1_000);
                            },
                            millis -> toHolder.add(() -> holder.copies.offer(
                                    asked, "g", key, value[0], upTo(value[0]), 1, millis, now, now / MILLI)));
                });
            }
        }

        private void step() {
            Holder holder = holders.get(random.nextInt(holders.size()));
            String key = "k" + random.nextInt(KEYS);
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> holder.wire.ask(key);
                case 3, 4, 5 -> {
                    Consumer<Wire> message = holder.wire.toGranter.poll();
                    if (message != null) {
                        message.accept(holder.wire);
                    }
                }
                case 6, 7, 8 -> {
                    Runnable message = holder.wire.toHolder.poll();
                    if (message != null) {
                        message.run();
                    }
                }
                case 9 -> {
                    version++;
                    SourcePosition position = random.nextInt(4) == 0 ? SourcePosition.UNKNOWN : upTo(version);
                    memory.remove(key);
                    waiting.add(new Waiting(
                            key, version, table.revoke(List.of(LeaseDemand.ofKey("g", key, position)), now)));
                }
                case 10 -> {
                    if (random.nextInt(4) == 0) {
                        holder.reconnect();
                    }
                }
                default -> {
                    now += random.nextInt(40) * MILLI;
                    table.expire(now);
                }
            }
            waiting.removeIf(each -> {
                if (each.leases.isOver()) {
                    done.merge(each.key, each.position, Math::max);
                }
                return each.leases.isOver();
            });
        }

        private void check(long seed, int step) {
            for (Holder holder : holders) {
                for (int i = 0; i < KEYS; i++) {
                    LeasedCopies.Copy<Long> copy = holder.copies.find("g", "k" + i, now, now / MILLI);
                    if (copy != null) {
                        assertThat(copy.value())
                                .as("seed %d, step %d: a copy after the Remove is done", seed, step)
                                .isGreaterThanOrEqualTo(done.getOrDefault("k" + i, 0L));
                    }
                }
            }
        }
    }

    @Test
    void noCopyIsUsedThatIsOlderThanARemoveThatIsDone() {
        int used = 0;
        for (long seed = 1; seed <= 1_000; seed++) {
            World world = new World(seed);
            for (int step = 0; step < STEPS; step++) {
                world.step();
                world.check(seed, step);
            }
            used += world.holders.stream()
                    .mapToInt(holder -> holder.copies.size())
                    .sum();
            // Afterwards nothing is waited for longer than the longest lease.
            world.now += 100 * MILLI;
            world.table.expire(world.now);
            assertThat(world.waiting)
                    .allSatisfy(each -> assertThat(each.leases.isOver()).isTrue());
            assertThat(world.table.isEmpty()).isTrue();
        }
        assertThat(used).isPositive();
    }
}
