package io.sluice.node.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.mapping.Group;
import io.sluice.store.KeyTags;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tags that the keys of a group carry, by the rules file, as the group's store knows them. Immutable and
 * thread-safe.
 *
 * <p>Tags are hashed apart from keys: {@code #} cannot be in the name of a group, so no tag has the hash of a key but
 * by chance.
 */
public final class GroupTags implements KeyTags {
    private final Group group;
    private final KeyHash hash;

    private GroupTags(Group group) {
        this.group = requireNonNull(group, "group is null");
        this.hash = KeyHash.ofGroup(group.name() + "#tags");
    }

    /** Null when the group declares no tags. */
    public static @Nullable GroupTags of(Group group) {
        return group.tags().isEmpty() ? null : new GroupTags(group);
    }

    @Override
    public int most() {
        return group.tags().size();
    }

    @Override
    public long @Nullable [] of(byte[] utf8) {
        Optional<List<String>> tags = group.tagsOf(new String(utf8, UTF_8));
        return tags.isEmpty() ? null : tags.get().stream().mapToLong(this::hash).toArray();
    }

    /** The hash of a tag. */
    public long hash(String tag) {
        byte[] utf8 = tag.getBytes(UTF_8);
        return hash.hash(utf8, 0, utf8.length);
    }

    /** Whether a key may carry the tag, by its form. */
    public boolean mayCarry(String tag) {
        return group.mayCarry(tag);
    }

    /** The forms of the tags, for messages. */
    public String forms() {
        return group.tags().toString();
    }
}
