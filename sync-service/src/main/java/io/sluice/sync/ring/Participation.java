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

    /** As {@link SyncParticipant#lookForNodes}. */
    void lookForNodes();

    /** As {@link SyncParticipant#knowsNodesSince}. */
    boolean knowsNodesSince(long nanoTime);

    /** As {@link SyncParticipant#isPresent}. */
    boolean isPresent(Member node);

    /** As {@link SyncParticipant#isGone}. */
    boolean isGone(Member node);

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
            public void lookForNodes() {
                participant.lookForNodes();
            }

            @Override
            public boolean knowsNodesSince(long nanoTime) {
                return participant.knowsNodesSince(nanoTime);
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
            public void close() {
                participant.close();
            }
        };
    }
}
