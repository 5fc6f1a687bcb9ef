package io.sluice.store;

import org.jspecify.annotations.Nullable;

/**
 * The tags of a key, as 64-bit hashes: what its entry can be removed by besides the key. Thread-safe and pure: a key
 * has the same tags always, whatever its value, so that an entry without rows carries them as well.
 *
 * <p>Tags with one hash are taken for each other, and so are a tag and a key: a Remove of one takes what carries the
 * other along, and refuses more, never less.
 */
public interface KeyTags {
    /** The most tags that a key can have in any store. */
    int LIMIT = 8;

    /** No key has a tag. */
    KeyTags NONE = new KeyTags() {
        private final long[] none = {};

        @Override
        public int most() {
            return 0;
        }

        @Override
        public long[] of(byte[] utf8) {
            return none;
        }
    };

    /** The most tags that a key of this store has: 0 to {@link #LIMIT}. */
    int most();

    /**
     * The hashes of the key's tags, which nobody changes. Null when they cannot be told: nothing is kept under such a
     * key, since no Remove of a tag would find it.
     */
    long @Nullable [] of(byte[] utf8);
}
