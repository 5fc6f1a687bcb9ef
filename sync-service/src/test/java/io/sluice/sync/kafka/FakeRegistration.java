package io.sluice.sync.kafka;

/** A registration as the test says it is. */
class FakeRegistration implements Registration {
    volatile long incarnation = 1;
    volatile boolean leased = true;
    volatile long revision = 7;
    volatile boolean heardOfNewer;
    /** Whether looking at who is there takes no time; else it never ends. */
    volatile boolean looks = true;

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public boolean leased() {
        return leased;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public void look() {}

    @Override
    public boolean hasLookedSince(long nanoTime) {
        return looks;
    }

    @Override
    public boolean heardOfNewer() {
        return heardOfNewer;
    }
}
