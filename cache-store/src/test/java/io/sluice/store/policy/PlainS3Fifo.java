package io.sluice.store.policy;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** S3-FIFO as in algorithm 1 of the paper. The first of each set is next at the end of its queue. */
final class PlainS3Fifo implements PlainModel {
    private final LinkedHashSet<Long> small = new LinkedHashSet<>();
    private final LinkedHashSet<Long> main = new LinkedHashSet<>();
    private final LinkedHashSet<Long> ghosts = new LinkedHashSet<>();
    private final Map<Long, Integer> uses = new HashMap<>();
    private final int capacity;

    PlainS3Fifo(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public boolean request(long key) {
        if (uses.containsKey(key)) {
            uses.merge(key, 1, (a, b) -> Math.min(3, a + b));
            return true;
        }
        boolean ghost = ghosts.remove(key);
        int before = uses.size();
        while (before == capacity && uses.size() == before) {
            if (small.size() >= Math.max(1, capacity / 10) || main.isEmpty()) {
                passSmall();
            } else {
                passMain();
            }
        }
        (ghost ? main : small).add(key);
        uses.put(key, 0);
        return false;
    }

    private void passSmall() {
        long oldest = small.removeFirst();
        if (uses.getOrDefault(oldest, 0) > 1) {
            uses.put(oldest, 0);
            main.add(oldest);
            return;
        }
        uses.remove(oldest);
        ghosts.add(oldest);
        while (ghosts.size() > capacity - capacity / 10) {
            ghosts.removeFirst();
        }
    }

    private void passMain() {
        long oldest = main.removeFirst();
        if (uses.getOrDefault(oldest, 0) == 0) {
            uses.remove(oldest);
        } else {
            uses.merge(oldest, -1, Integer::sum);
            main.add(oldest);
        }
    }

    @Override
    public Set<Long> held() {
        return uses.keySet();
    }
}
