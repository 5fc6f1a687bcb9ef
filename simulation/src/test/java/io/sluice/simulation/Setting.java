package io.sluice.simulation;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run is like, beside its seed.
 *
 * @param without protections that are taken out
 * @param bias what happens more often than by chance
 * @param judged the invariant that is judged; null for all
 */
record Setting(Set<Protection> without, Bias bias, @Nullable Class<? extends Invariant> judged) {
    /** With every protection, as chance has it. */
    static final Setting WHOLE = new Setting(Set.of(), Bias.NONE, null);

    Setting {
        without = Set.copyOf(without);
    }

    static Setting without(Protection one) {
        return toShow(one, Set.of(one));
    }

    /** As one protection shows best, without any: with nothing taken out, nothing may break by it. */
    static Setting toShow(Protection one, Set<Protection> without) {
        return new Setting(without, Bias.of(one), without.isEmpty() ? null : one.keeps);
    }

    boolean has(Protection protection) {
        return !without.contains(protection);
    }

    /** Whether no protection is missing. */
    boolean isWhole() {
        return without.isEmpty();
    }

    boolean judges(Invariant invariant) {
        return judged == null || judged.isInstance(invariant);
    }
}
