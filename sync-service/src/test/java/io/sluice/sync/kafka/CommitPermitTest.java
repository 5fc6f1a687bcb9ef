package io.sluice.sync.kafka;

import static io.sluice.sync.kafka.CommitPermit.Answer.COMMIT;
import static io.sluice.sync.kafka.CommitPermit.Answer.LEAVE;
import static io.sluice.sync.kafka.CommitPermit.Answer.START_OVER;
import static io.sluice.sync.kafka.CommitPermit.Answer.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The registration is in its first life at revision 7; every step below is one event. */
final class CommitPermitTest {
    private final FakeRegistration registration = new FakeRegistration();
    private final CommitPermit permit = new CommitPermit(registration);

    @Test
    void whileRegisteredRingsChangeAndCommitsGoOn() {
        assertThat(permit.ask()).isEqualTo(COMMIT);
        registration.revision = 8;
        assertThat(permit.ask()).isEqualTo(COMMIT);
    }

    @Test
    void withoutASureLeaseWhatIsDoneWaits() {
        registration.leased = false;
        assertThat(permit.ask()).isEqualTo(WAIT);
        registration.leased = true;
        assertThat(permit.ask()).isEqualTo(COMMIT);
    }

    @Test
    void registeredAgainAtTheSameRevisionItCommits() {
        registration.leased = false;
        assertThat(permit.ask()).isEqualTo(WAIT);
        registration.incarnation = 2;
        registration.leased = true;
        assertThat(permit.ask()).isEqualTo(COMMIT);
    }

    @Test
    void registeredAgainAtAnotherRevisionItStartsOverOnce() {
        registration.leased = false;
        assertThat(permit.ask()).isEqualTo(WAIT);
        registration.incarnation = 2;
        registration.revision = 8;
        registration.leased = true;
        assertThat(permit.ask()).isEqualTo(START_OVER);
        assertThat(permit.ask()).as("until it has").isEqualTo(START_OVER);
        permit.startsOver();
        assertThat(permit.ask()).isEqualTo(COMMIT);
    }

    /** A pause of the whole process: nobody asked while the lease was gone. */
    @Test
    void anotherLifeAtAnotherRevisionStartsOverAlsoWhenNobodySawTheLoss() {
        assertThat(permit.ask()).isEqualTo(COMMIT);
        registration.incarnation = 2;
        registration.revision = 8;
        assertThat(permit.ask()).isEqualTo(START_OVER);
    }

    /**
     * 1: the process stands still for longer than its lease; revision 8 becomes active without it. 2: it goes on: a
     * record is done by revision 7. 3: the watch brings revision 8, and it is adopted. 4: the loss is noticed, and it
     * is registered again, at revision 8. It must compare with 7.
     */
    @Test
    void aTopologyThatCameBeforeTheLossWasNoticedCountsAsAChange() {
        assertThat(permit.ask()).isEqualTo(COMMIT);
        registration.leased = false;
        registration.revision = 8;
        assertThat(permit.ask()).isEqualTo(WAIT);
        registration.incarnation = 2;
        registration.leased = true;
        assertThat(permit.ask()).isEqualTo(START_OVER);
    }

    /** etcd was away and kept the lease: the coordinator waited for this instance all along. */
    @Test
    void aTopologyThatCameWhileTheLeaseWasNotSureIsNoReasonToStartOverIfTheLeaseStood() {
        assertThat(permit.ask()).isEqualTo(COMMIT);
        registration.leased = false;
        registration.revision = 8;
        assertThat(permit.ask()).isEqualTo(WAIT);
        registration.leased = true;
        assertThat(permit.ask()).isEqualTo(COMMIT);
        registration.incarnation = 2;
        assertThat(permit.ask()).as("revision 8 is the one to compare with").isEqualTo(COMMIT);
    }

    /**
     * 1: told to start over, it stands still until its life has ended. 2: revision 7 becomes active without it. 3: it
     * is registered as life 5, while it still knows revision 5. 4: it starts over; records are done by revision 5. 5:
     * revision 7 is adopted, and life 5 is sure.
     */
    @Test
    void startingOverInALifeThatIsNotSureYetItStartsOverAgainWhenItIs() {
        registration.incarnation = 5;
        registration.revision = 5;
        registration.leased = false;
        permit.startsOver();
        assertThat(permit.ask()).isEqualTo(WAIT);
        registration.revision = 7;
        registration.leased = true;
        assertThat(permit.ask()).isEqualTo(START_OVER);
        permit.startsOver();
        assertThat(permit.ask()).isEqualTo(COMMIT);
    }

    @Test
    void aSessionThatBeginsBeforeItsLifeIsSureStartsOverWhenItIs() {
        registration.leased = false;
        CommitPermit early = new CommitPermit(registration);
        registration.leased = true;
        assertThat(early.ask()).isEqualTo(START_OVER);
    }

    @Test
    void toldOfANewerTopologyWhileNotRegisteredItLeaves() {
        registration.heardOfNewer = true;
        assertThat(permit.ask())
                .as("it will come: nothing is active without this instance")
                .isEqualTo(COMMIT);
        registration.leased = false;
        assertThat(permit.ask()).isEqualTo(LEAVE);
    }

    /** The next life is registered between two looks at the registration: no answer can be given. */
    @Test
    void aLifeThatEndsDuringTheQuestionDoesNotCount() {
        Registration changing = new FakeRegistration() {
            private long asked;

            @Override
            public long incarnation() {
                return ++asked;
            }
        };
        assertThat(new CommitPermit(changing).ask()).isEqualTo(WAIT);
    }

    /** etcd is away: nodes go on hearing how far the stream is applied, by the revision that it was applied by. */
    @Test
    void withoutASureLeaseNodesAreToldByTheRevisionOfTheLastSureMoment() {
        assertThat(permit.ask()).isEqualTo(COMMIT);
        assertThat(permit.toldBy()).hasValue(7);
        registration.leased = false;
        assertThat(permit.toldBy()).hasValue(7);
    }

    /** What is done was done by the one it knew; by the new one somebody may hold a key who was never told. */
    @Test
    void withoutASureLeaseNodesAreToldNothingOnceAnotherTopologyIsKnown() {
        assertThat(permit.ask()).isEqualTo(COMMIT);
        registration.leased = false;
        registration.revision = 8;
        assertThat(permit.toldBy()).isEmpty();
        registration.incarnation = 2;
        registration.leased = true;
        assertThat(permit.toldBy()).as("it must start over").isEmpty();
        permit.startsOver();
        assertThat(permit.toldBy()).hasValue(8);
    }

    @Test
    void nodesAreToldNothingBeforeTheFirstSureMomentAndByWhoMustLeave() {
        registration.leased = false;
        permit.startsOver();
        assertThat(permit.toldBy()).isEmpty();
        registration.leased = true;
        assertThat(permit.toldBy()).isEmpty();

        permit.startsOver();
        assertThat(permit.toldBy()).hasValue(7);
        registration.leased = false;
        registration.heardOfNewer = true;
        assertThat(permit.toldBy()).isEmpty();
    }
}
