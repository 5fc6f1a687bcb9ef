package io.sluice.sync.ring;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.SyncParticipant;

/**
 * What is asked of a registration in etcd: {@link SyncParticipant}, or a test's. Thread-safe; nothing blocks but close.
 */
interface Participation extends AutoCloseable {
    /** Which life is registered, or was last. */
    long incarnation();

    /** As {@link SyncParticipant#leased}. */
    boolean leased();

    /** As {@link SyncParticipant#isPresent}. */
    boolean isPresent(Member node);

    /** As {@link SyncParticipant#isGone}. */
    boolean isGone(Member node);

    /** As {@link SyncParticipant#look}. */
    void look();

    /** As {@link SyncParticipant#hasLookedSince}. */
    boolean hasLookedSince(long nanoTime);

    @Override
    void close();

    /** Registers; {@code told} has adopted a topology when this returns. */
    @FunctionalInterface
    interface Registrar {
        Participation register(SyncParticipant.Callbacks told);
    }

    static Participation of(SyncParticipant participant) {
        requireNonNull(participant, "participant is null");
        return new Participation() {
            @Override
            public long incarnation() {
                return participant.incarnation();
            }

            @Override
            public boolean leased() {
                return participant.leased();
            }

            @Override
            public boolean isPresent(Member node) {
                return participant.isPresent(node);
            }

            @Override
            public boolean isGone(Member node) {
                return participant.isGone(node);
            }

            @Override
            public void look() {
                participant.look();
            }

            @Override
            public boolean hasLookedSince(long nanoTime) {
                return participant.hasLookedSince(nanoTime);
            }

            @Override
            public void close() {
                participant.close();
            }
        };
    }
}
