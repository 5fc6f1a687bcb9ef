package io.sluice.sync.source;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one Canal flat message that matter here, as they stand in the JSON. Confined to the thread that
 * decodes. Fields Canal leaves out or sets to null are null or empty.
 */
final class CanalMessage {
    String database = "";
    String table = "";
    String type = "";
    String sql = "";
    String gtid = "";
    boolean definition;
    Map<String, String> types = Map.of();

    @Nullable List<@Nullable Map<String, @Nullable String>> data;

    @Nullable List<@Nullable Map<String, @Nullable String>> old;
}
