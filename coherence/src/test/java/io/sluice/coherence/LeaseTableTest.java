package io.sluice.coherence;

import static io.sluice.coherence.Positions.upTo;
import static io.sluice.coherence.SourcePosition.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The orderings of the class doc of {@link LeaseTable}. */
@Timeout(20)
final class LeaseTableTest {
    private static final long SECOND = 1_000_000_000;

    private final LeaseTable table = new LeaseTable(new LeaseLimits(Duration.ofSeconds(2), 4, 3));
    private final FakeHolder holder = new FakeHolder();
    private final FakeHolder other = new FakeHolder();

    /** Remembers what it is told. */
    private static final class FakeHolder implements LeaseHolder {
        private final List<String> queued = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private boolean overdue;

        @Override
        public void revoke(long revocation, String group, List<String> keys, SourcePosition position) {
            queued.add("revoke " + revocation + " " + group + keys);
        }

        @Override
        public void flush() {
            sent.addAll(queued);
            queued.clear();
        }

        @Override
        public void overdue() {
            overdue = true;
        }
    }

    private boolean lend(FakeHolder to, String key, SourcePosition stamp, long now) {
        return table.grant(
                to,
                "g",
                key,
                10_000,
                now,
                () -> new Leasable(stamp, 60_000),
                millis -> to.queued.add("grant " + key + " " + millis));
    }

    private LeaseWait remove(String key, SourcePosition position, long now) {
        return table.revoke(List.of(LeaseDemand.ofKey("g", key, position)), now);
    }

    @Test
    void aLeaseIsAsLongAsWantedAndAllowedAndAsTheEntryLives() {
        List<Long> lengths = new ArrayList<>();
        table.grant(holder, "g", "a", 10_000, 0, () -> new Leasable(upTo(1), 60_000), lengths::add);
        table.grant(holder, "g", "b", 500, 0, () -> new Leasable(upTo(1), 60_000), lengths::add);
        table.grant(holder, "g", "c", 10_000, 0, () -> new Leasable(upTo(1), 70), lengths::add);
        assertThat(lengths).containsExactly(2_000L, 500L, 70L);
    }

    @Test
    void nothingIsLentThatMemoryDoesNotHave() {
        assertThat(table.grant(holder, "g", "a", 1_000, 0, () -> null, millis -> {}))
                .isFalse();
        assertThat(table.grant(holder, "g", "a", 1_000, 0, () -> new Leasable(upTo(1), 0), millis -> {}))
                .isFalse();
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void aRemoveWaitsUntilTheHolderConfirms() {
        lend(holder, "a", upTo(1), 0);
        LeaseWait wait = remove("a", upTo(2), 10);
        assertThat(wait.isOver()).isFalse();
        assertThat(holder.sent).containsExactly("grant a 2000", "revoke 1 g[a]");
        table.confirm(other, 1);
        assertThat(wait.isOver()).isFalse();
        table.confirm(holder, 1);
        assertThat(wait.isOver()).isTrue();
        assertThat(table.isEmpty()).isTrue();
        assertThat(holder.overdue).isFalse();
    }

    @Test
    void aRemoveWaitsForAllHolders() {
        lend(holder, "a", upTo(1), 0);
        lend(other, "a", upTo(1), 0);
        LeaseWait wait = remove("a", upTo(2), 10);
        table.confirm(holder, 1);
        assertThat(wait.isOver()).isFalse();
        table.confirm(other, 2);
        assertThat(wait.isOver()).isTrue();
    }

    @Test
    void withoutConfirmationItWaitsForTheEndOfTheLeaseAndNoLonger() {
        table.grant(holder, "g", "a", 1_500, 0, () -> new Leasable(upTo(1), 60_000), millis -> {});
        // Ends later and came earlier than what is waited for.
        lend(holder, "b", upTo(1), 0);
        LeaseWait wait = remove("a", upTo(2), 10);
        assertThat(wait.endNanos()).isEqualTo(1_500_000_000L);
        table.expire(wait.endNanos() - 1);
        assertThat(wait.isOver()).isFalse();
        table.expire(wait.endNanos());
        assertThat(wait.isOver()).isTrue();
        assertThat(holder.overdue).isTrue();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void aShortLeaseBehindALongOneEndsInTime() {
        lend(holder, "long", upTo(1), 0);
        table.grant(holder, "g", "short", 100, 0, () -> new Leasable(upTo(1), 60_000), millis -> {});
        LeaseWait wait = remove("short", UNKNOWN, 10);
        table.expire(100_000_000);
        assertThat(wait.isOver()).isTrue();
    }

    @Test
    void aRemoveThatTheLeasedStampCoversRevokesNothing() {
        lend(holder, "a", upTo(5), 0);
        assertThat(remove("a", upTo(5), 10).isOver()).isTrue();
        assertThat(holder.queued).containsExactly("grant a 2000");
        assertThat(remove("a", UNKNOWN, 10).isOver()).isFalse();
    }

    @Test
    void aRemoveOfAGroupRevokesEvenWhatCoversIt() {
        lend(holder, "a", upTo(5), 0);
        lend(holder, "b", upTo(5), 0);
        LeaseWait wait = table.revoke(List.of(LeaseDemand.ofGroup("g", upTo(5))), 10);
        assertThat(holder.sent).endsWith("revoke 1 g[]");
        table.confirm(holder, 1);
        assertThat(wait.isOver()).isTrue();
    }

    /** 1: the group is redefined, and what is lent of it revoked. 2: a tag is removed that no key carries any more. */
    @Test
    void aRemoveOfSomeKeysWaitsForWhatWasRevokedForAnotherReason() {
        lend(holder, "rome-1", upTo(1), 0);
        table.revoke(List.of(LeaseDemand.ofGroup("g", UNKNOWN)), 10);
        LeaseWait wait = table.revoke(List.of(LeaseDemand.ofKeys("g", key -> false, upTo(2))), 20);
        assertThat(wait.isOver()).isFalse();
        table.confirm(holder, 1);
        assertThat(wait.isOver()).isTrue();
        assertThat(holder.sent).as("told once").containsExactly("grant rome-1 2000", "revoke 1 g[]");
    }

    @Test
    void aRemoveOfATagRevokesWhatCarriesIt() {
        lend(holder, "rome-1", upTo(1), 0);
        lend(holder, "oslo-2", upTo(1), 0);
        LeaseWait wait = table.revoke(List.of(LeaseDemand.ofKeys("g", key -> key.startsWith("rome"), upTo(2))), 10);
        assertThat(holder.sent).endsWith("revoke 1 g[rome-1]");
        table.confirm(holder, 1);
        assertThat(wait.isOver()).isTrue();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void aRepeatedRemoveWaitsForTheSameLeasesAndTellsNobodyTwice() {
        lend(holder, "a", upTo(1), 0);
        LeaseWait first = remove("a", upTo(2), 10);
        LeaseWait second = remove("a", upTo(2), 20);
        assertThat(first.isOver()).isFalse();
        assertThat(second.isOver()).isFalse();
        assertThat(holder.sent).containsExactly("grant a 2000", "revoke 1 g[a]");
        table.confirm(holder, 1);
        assertThat(first.isOver()).isTrue();
        assertThat(second.isOver()).isTrue();
    }

    @Test
    void aConfirmationEndsOnlyWhatWasRevokedAndNotWhatWasLentSince() {
        lend(holder, "a", upTo(1), 0);
        remove("a", upTo(2), 10);
        lend(holder, "a", upTo(2), 20);
        table.confirm(holder, 1);
        assertThat(table.size()).isEqualTo(1);
        LeaseWait wait = remove("a", upTo(3), 30);
        assertThat(wait.isOver()).isFalse();
        table.confirm(holder, 1);
        assertThat(wait.isOver()).isFalse();
        table.confirm(holder, 2);
        assertThat(wait.isOver()).isTrue();
    }

    @Test
    void whatIsGrantedIsQueuedBeforeItsRevocation() throws InterruptedException {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch revoking = new CountDownLatch(1);
        AtomicReference<LeaseWait> wait = new AtomicReference<>(LeaseWait.NONE);
        Thread remover = new Thread(() -> {
            try {
                looking.await();
            } catch (InterruptedException e) {
                return;
            }
            revoking.countDown();
            wait.set(remove("a", upTo(2), 10));
        });
        remover.start();
        table.grant(
                holder,
                "g",
                "a",
                1_000,
                0,
                () -> {
                    // From here on a Remove must not find that nothing is lent.
                    assertThat(table.isEmpty()).isFalse();
                    looking.countDown();
                    return new Leasable(upTo(1), 60_000);
                },
                millis -> {
                    awaitQuietly(revoking);
                    holder.queued.add("grant");
                });
        remover.join();
        assertThat(holder.sent).containsExactly("grant", "revoke 1 g[a]");
        assertThat(wait.get().isOver()).isFalse();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aConfirmationThatComesTooLateEndsNothingElse() {
        lend(holder, "a", upTo(1), 0);
        remove("a", upTo(2), 10);
        lend(holder, "a", upTo(2), 3 * SECOND);
        LeaseWait wait = remove("a", upTo(3), 3 * SECOND);
        table.confirm(holder, 1);
        assertThat(wait.isOver()).isFalse();
        table.confirm(holder, 2);
        assertThat(wait.isOver()).isTrue();
    }

    @Test
    void theHoldersOwnWordEndsAllOfItsLeases() {
        lend(holder, "a", upTo(1), 0);
        lend(other, "a", upTo(1), 0);
        LeaseWait wait = remove("a", upTo(2), 10);
        table.release(holder);
        assertThat(wait.isOver()).isFalse();
        table.release(other);
        assertThat(wait.isOver()).isTrue();
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void leasesAreBoundedInAllAndForEachHolder() {
        assertThat(lend(holder, "a", upTo(1), 0)).isTrue();
        assertThat(lend(holder, "b", upTo(1), 0)).isTrue();
        assertThat(lend(holder, "c", upTo(1), 0)).isTrue();
        assertThat(lend(holder, "d", upTo(1), 0)).isFalse();
        assertThat(lend(other, "d", upTo(1), 0)).isTrue();
        assertThat(lend(other, "e", upTo(1), 0)).isFalse();
        // Those of then are over.
        assertThat(lend(other, "e", upTo(1), 2 * SECOND)).isTrue();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void whatIsNotHeldAnyMoreIsRevokedAndWaitedFor() {
        lend(holder, "a", upTo(1), 0);
        lend(holder, "b", upTo(1), 0);
        LeaseWait wait = table.retainIf((group, key) -> key.equals("b"), 10);
        assertThat(holder.sent).endsWith("revoke 1 g[a]");
        assertThat(wait.isOver()).isFalse();
        table.confirm(holder, 1);
        assertThat(wait.isOver()).isTrue();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void manyKeysAreRevokedInSeveralMessages() {
        LeaseTable large = new LeaseTable(new LeaseLimits(Duration.ofSeconds(2), 1_000, 1_000));
        for (int i = 0; i < 300; i++) {
            large.grant(holder, "g", "k" + i, 1_000, 0, () -> new Leasable(upTo(1), 60_000), millis -> {});
        }
        LeaseWait wait = large.revoke(List.of(LeaseDemand.ofKeys("g", key -> true, upTo(2))), 1);
        assertThat(holder.sent).hasSize(2);
        large.confirm(holder, 1);
        assertThat(wait.isOver()).isFalse();
        large.confirm(holder, 2);
        assertThat(wait.isOver()).isTrue();
    }

    @Test
    void nothingIsWaitedForWhereNothingIsLent() {
        assertThat(remove("a", upTo(1), 0)).isSameAs(LeaseWait.NONE);
        assertThat(table.retainIf((group, key) -> false, 0)).isSameAs(LeaseWait.NONE);
    }
}
