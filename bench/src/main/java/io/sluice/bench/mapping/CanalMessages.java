package io.sluice.bench.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages as Canal writes them: INSERT, UPDATE of a name, UPDATE of two numbers and DELETE in turn, each captured from
 * the real Canal and filled with other values and a transaction of its own. Stateless.
 */
final class CanalMessages {
    /** So many that no branch predictor learns them, and so few that they stay in the processor's cache or near it. */
    private static final int MESSAGES = 512;

    private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-";
    private static final int FIRST_TRANSACTION = 1_000_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CanalMessages() {}

    /** A resource beside this class, as text. */
    static String text(String name) {
        try (InputStream in = requireNonNull(CanalMessages.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Messages of so many rows each. */
    static List<byte[]> of(int rows) {
        List<String> templates = text("messages.jsonl").lines().toList();
        Random random = new Random(7);
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < Math.max(templates.size(), MESSAGES / rows); i++) {
            ObjectNode message = (ObjectNode) JSON.readTree(templates.get(i % templates.size()));
            message.put("gtid", SERVER + (FIRST_TRANSACTION + i));
            ArrayNode data = repeated(message, "data", rows);
            ArrayNode old = message.get("old").isArray() ? repeated(message, "old", rows) : null;
            for (int row = 0; row < rows; row++) {
                fill(data.get(row), old == null ? null : old.get(row), random);
            }
            messages.add(JSON.writeValueAsBytes(message));
        }
        return messages;
    }

    private static ArrayNode repeated(ObjectNode message, String field, int rows) {
        JsonNode row = message.get(field).get(0);
        ArrayNode all = message.putArray(field);
        for (int i = 0; i < rows; i++) {
            all.add(row.deepCopy());
        }
        return all;
    }

    private static void fill(JsonNode data, @Nullable JsonNode old, Random random) {
        ObjectNode row = (ObjectNode) data;
        row.put("id", Integer.toString(100_000 + random.nextInt(900_000)));
        row.put("class_id", Integer.toString(100 + random.nextInt(900)));
        row.put("name", "Student " + random.nextInt(1_000_000));
        if (old instanceof ObjectNode earlier && earlier.has("class_id")) {
            earlier.put("class_id", Integer.toString(100 + random.nextInt(900)));
        }
        if (old instanceof ObjectNode earlier && earlier.has("name")) {
            earlier.put("name", "Student " + random.nextInt(1_000_000));
        }
    }
}
