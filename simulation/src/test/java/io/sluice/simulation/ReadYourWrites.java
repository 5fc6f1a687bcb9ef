package io.sluice.simulation;

/** Who asks with the position of its own commit gets that commit, or a later one, or no answer. */
final class ReadYourWrites implements Invariant {
    @Override
    public void answered(Judgement judgement) {
        Transaction own = judgement.own();
        require(
                own == null || own.lost || judgement.version().sequence >= own.sequence,
                () -> judgement + ", but it was asked for change " + (own == null ? 0 : own.sequence));
    }
}
