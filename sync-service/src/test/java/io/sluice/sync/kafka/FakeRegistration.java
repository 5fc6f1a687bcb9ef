package io.sluice.sync.kafka;

/** A registration as the test says it is. */
final class FakeRegistration implements Registration {
    volatile long incarnation = 1;
    volatile boolean leased = true;
    volatile long revision = 7;
    volatile boolean heardOfNewer;
    volatile boolean nodesAnswered = true;
    volatile boolean lookedForNodes;

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
    public boolean heardOfNewer() {
        return heardOfNewer;
    }

    @Override
    public void lookForNodes() {
        lookedForNodes = true;
    }

    @Override
    public boolean knowsNodesSince(long nanoTime) {
        return nodesAnswered;
    }
}
