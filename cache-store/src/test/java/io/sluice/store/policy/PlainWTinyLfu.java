package io.sluice.store.policy;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** W-TinyLFU's three lists as sets, the first of each its eldest; admission and climber are the real ones. */
final class PlainWTinyLfu implements PlainModel {
    private final LinkedHashSet<Long> window = new LinkedHashSet<>();
    private final LinkedHashSet<Long> probation = new LinkedHashSet<>();
    private final LinkedHashSet<Long> kept = new LinkedHashSet<>();
    private final TinyLfuAdmission admission = new TinyLfuAdmission();
    private final WindowClimber climber = new WindowClimber();
    private final int capacity;

    PlainWTinyLfu(int capacity) {
        this.capacity = capacity;
    }

    private int windowCapacity() {
        return Math.max(1, (int) (capacity * climber.share()));
    }

    private void count(long key, boolean hit) {
        int sample = 10 * Math.max(1, held().size());
        admission.requested(key, sample);
        if (climber.requested(hit, sample)) {
            shrinkKept();
        }
    }

    private void shrinkKept() {
        while (kept.size() > (int) ((capacity - windowCapacity()) * 0.80)) {
            probation.add(kept.removeFirst());
        }
    }

    @Override
    public boolean request(long key) {
        boolean hit = held().contains(key);
        count(key, hit);
        if (hit) {
            if (window.remove(key)) {
                window.add(key);
            } else {
                probation.remove(key);
                kept.remove(key);
                kept.add(key);
                shrinkKept();
            }
            return true;
        }
        boolean full = held().size() == capacity;
        Long challenger = null;
        while (window.size() + 1 > windowCapacity() && !window.isEmpty()) {
            long oldest = window.removeFirst();
            probation.add(oldest);
            challenger = challenger == null ? Long.valueOf(oldest) : challenger;
        }
        if (full) {
            evict(challenger);
        }
        window.add(key);
        admission.ensureRoomFor(held().size());
        return false;
    }

    private void evict(@Nullable Long challenger) {
        if (probation.isEmpty()) {
            (kept.isEmpty() ? window : kept).removeFirst();
            return;
        }
        long victim = probation.getFirst();
        if (challenger == null || challenger == victim || admission.admits(challenger, victim)) {
            probation.remove(victim);
        } else {
            probation.remove(challenger);
        }
    }

    @Override
    public Set<Long> held() {
        Set<Long> all = new HashSet<>(window);
        all.addAll(probation);
        all.addAll(kept);
        return all;
    }
}
