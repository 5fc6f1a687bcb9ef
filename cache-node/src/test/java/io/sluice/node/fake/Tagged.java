package io.sluice.node.fake;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.Group;
import io.sluice.mapping.KeyTemplate;
import io.sluice.mapping.Staleness;
import io.sluice.mapping.ValueForm;
import io.sluice.node.read.GroupTags;
import java.time.Duration;
import java.util.Arrays;

/** Tags of groups in tests. */
public final class Tagged {
    private Tagged() {}

    /** A group without a load, with keys and tags by these templates. */
    public static Group group(String name, String key, String... tags) {
        return new Group(
                name,
                "app",
                KeyTemplate.parseTemplate(key),
                null,
                null,
                null,
                false,
                ValueForm.JSON,
                Duration.ofMinutes(10),
                Duration.ofMinutes(1),
                Staleness.DEFAULT,
                null,
                Arrays.stream(tags).map(KeyTemplate::parseTemplate).toList());
    }

    /** Each key has the one tag {@code id:KEY}. */
    public static GroupTags byId(String name) {
        return requireNonNull(GroupTags.of(group(name, "{id}", "id:{id}")));
    }
}
