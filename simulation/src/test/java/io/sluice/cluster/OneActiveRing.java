package io.sluice.cluster;

import java.util.HashMap;
import java.util.Map;

/** From the first active ring on there is exactly one, and every ring goes through its states in order. */
final class OneActiveRing implements SimInvariant {
    private final Map<Long, RingState> states = new HashMap<>();
    private boolean begun;

    @Override
    public void wrote(TopologyDocument document) {
        int active = document.rings(RingState.ACTIVE).size();
        begun |= active > 0;
        require(active == (begun ? 1 : 0), () -> document.rings().toString());
        for (RingRecord ring : document.rings()) {
            RingState before = states.put(ring.id(), ring.state());
            require(
                    before == null
                            ? ring.state() == RingState.ANNOUNCED
                            : ring.state().compareTo(before) >= 0,
                    () -> before + " became " + ring);
        }
    }
}
