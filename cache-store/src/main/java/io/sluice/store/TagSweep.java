package io.sluice.store;

import static io.sluice.store.policy.Ranks.NONE;

import io.sluice.coherence.SourcePosition;

/**
 * One Remove of a tag on its way through one segment, a little at a time under the segment's lock. It begins in the
 * step that records the Remove, so everything that comes in afterwards has passed it, and only what was there needs to
 * be looked at:
 *
 * <pre>
 * 1: a list is loaded at W; a row is inserted at P, which would be in it
 * 2: Remove of the tag at P: recorded; takes some entries away, and lets go of the lock
 * 1: offers the list, which carries the tag: refused, W does not cover P
 * 3: loads and stores the list at P: at the front of the tag's list, where nobody looks any more
 * 2: goes on; when nothing is left of what was there, the Remove is done
 * </pre>
 *
 * When the segment goes on with other contents meanwhile, the old ones are gone as a whole, and so is the work.
 *
 * <p>Not thread-safe: under the segment's lock, but for what it came to.
 */
final class TagSweep {
    private final SourcePosition position;
    private final Contents contents;
    private final TagIndex.Walk walk;
    private boolean left;

    TagSweep(Contents contents, long tag, SourcePosition position) {
        this.position = position;
        this.contents = contents;
        this.walk = contents.carriers(tag);
    }

    /** Looks at so many entries at most; true when it is done. */
    boolean goOn(SegmentCore core, int most) {
        if (core.contents() != contents) {
            return true;
        }
        for (int i = 0; i < most; i++) {
            int slot = walk.nextSlot();
            if (slot == NONE) {
                walk.end();
                return true;
            }
            left |= !core.removeUnlessCovered(slot, position);
        }
        return false;
    }

    /** Whether an entry stays because it covers the position. */
    boolean leftAny() {
        return left;
    }
}
