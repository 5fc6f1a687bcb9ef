package io.sluice.cluster;

/** A ring of the document with the holders of all its places. Immutable. */
record PlacedRing(RingRecord record, HolderTable holders) {
    /** Whether this life of a member is a holder of a key in this ring. Allocates nothing. */
    boolean holds(String name, long incarnation, long hash) {
        var all = holders.holders(hash);
        for (int i = 0; i < all.size(); i++) {
            Member member = all.get(i);
            if (member.incarnation() == incarnation && member.name().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
