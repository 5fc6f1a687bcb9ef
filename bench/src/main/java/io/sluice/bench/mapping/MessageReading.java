package io.sluice.bench.mapping;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.source.CanalFlatJson;
import io.sluice.sync.source.MalformedRecordException;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The ways to read a message. Each instance is used by one thread; what it returns only keeps the work from being
 * optimised away.
 */
enum MessageReading {
    /** What the sync service does: bytes to removals. */
    SLUICE("sluice: to keys") {
        @Override
        Reader reader(Rules rules) {
            RecordMapper mapper = new RecordMapper(new CanalFlatJson(MAX_BYTES), rules, HeartbeatTable.DEFAULT);
            return mapper::map;
        }
    },
    /** Its first half: bytes to row changes. */
    SLUICE_DECODE("sluice: decode only") {
        @Override
        Reader reader(Rules rules) {
            CanalFlatJson format = new CanalFlatJson(MAX_BYTES);
            return message -> {
                try {
                    return format.decode(message);
                } catch (MalformedRecordException e) {
                    throw new IllegalStateException(e);
                }
            };
        }
    },
    /** The least that any reader on jackson-core does: every token, every text. */
    TOKENS("jackson-core: every token") {
        @Override
        Reader reader(Rules rules) {
            JsonFactory json = new JsonFactory();
            return message -> {
                int characters = 0;
                try (JsonParser parser = json.createParser(ObjectReadContext.empty(), message)) {
                    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                        if (token == JsonToken.VALUE_STRING) {
                            characters += parser.getString().length();
                        }
                    }
                }
                return characters;
            };
        }
    },
    TREE_DECODE("databind tree: decode only") {
        @Override
        Reader reader(Rules rules) {
            ObjectReader tree = MAPPER.readerFor(JsonNode.class);
            return tree::readValue;
        }
    },
    POJO_DECODE("databind POJO: decode only") {
        @Override
        Reader reader(Rules rules) {
            ObjectReader pojo = MAPPER.readerFor(FlatMessage.class);
            return pojo::readValue;
        }
    },
    /** Decoded by databind, mapped by Sluice's rules. */
    POJO("databind POJO: to keys") {
        @Override
        Reader reader(Rules rules) {
            ObjectReader pojo = MAPPER.readerFor(FlatMessage.class);
            return message -> {
                FlatMessage read = requireNonNull(pojo.readValue(message));
                int keys = 0;
                for (RowChange change : read.changes()) {
                    keys += rules.invalidations(change).size();
                }
                return keys;
            };
        }
    };

    /** All, in the order of the table. */
    static final List<MessageReading> ALL = List.of(values());

    private static final int MAX_BYTES = 1 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final String shownName;

    MessageReading(String shownName) {
        this.shownName = shownName;
    }

    /** Reads one message. */
    interface Reader {
        Object read(byte[] message);
    }

    abstract Reader reader(Rules rules);

    static Rules rules() {
        return Rules.parse("rules.yaml", CanalMessages.text("rules.yaml"), Map.of());
    }

    /** The name in tables. */
    @Override
    public String toString() {
        return shownName;
    }
}
