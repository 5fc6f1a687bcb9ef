package io.sluice.store.policy;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** ARC line by line as in figure 4 of the paper. The first of each set is its LRU page. */
final class PlainArc implements PlainModel {
    private final LinkedHashSet<Long> t1 = new LinkedHashSet<>();
    private final LinkedHashSet<Long> t2 = new LinkedHashSet<>();
    private final LinkedHashSet<Long> b1 = new LinkedHashSet<>();
    private final LinkedHashSet<Long> b2 = new LinkedHashSet<>();
    private final int c;
    double p;

    PlainArc(int c) {
        this.c = c;
    }

    @Override
    public boolean request(long x) {
        if (t1.remove(x) || t2.remove(x)) {
            t2.add(x);
            return true;
        }
        if (b1.contains(x)) {
            p = Math.min(c, p + (b1.size() >= b2.size() ? 1.0 : (double) b2.size() / b1.size()));
            replace(false);
            b1.remove(x);
            t2.add(x);
        } else if (b2.contains(x)) {
            p = Math.max(0, p - (b2.size() >= b1.size() ? 1.0 : (double) b1.size() / b2.size()));
            replace(true);
            b2.remove(x);
            t2.add(x);
        } else {
            makeRoomForNew();
            t1.add(x);
        }
        return false;
    }

    private void makeRoomForNew() {
        int l1 = t1.size() + b1.size();
        int all = l1 + t2.size() + b2.size();
        if (l1 == c) {
            if (t1.size() < c) {
                b1.removeFirst();
                replace(false);
            } else {
                t1.removeFirst();
            }
        } else if (all >= c) {
            if (all == 2 * c) {
                b2.removeFirst();
            }
            replace(false);
        }
    }

    private void replace(boolean inB2) {
        if (!t1.isEmpty() && (t1.size() > p || (inB2 && t1.size() == p))) {
            b1.add(t1.removeFirst());
        } else {
            b2.add(t2.removeFirst());
        }
    }

    @Override
    public Set<Long> held() {
        Set<Long> all = new HashSet<>(t1);
        all.addAll(t2);
        return all;
    }
}
