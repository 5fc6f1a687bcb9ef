package io.sluice.sync.source;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one record as a JSON object, with numbers as exact as they are written. What cannot be read is scanned for its
 * table, in constant memory, as far as it goes. Immutable and safe for use by many threads.
 */
final class JsonRecords {
    /** MySQL's JSON documents nest up to 100 deep, and some formats embed them. */
    private static final int MAX_NESTING = 120;

    private static final int MAX_NAME_LENGTH = 1_024;

    private final int maxBytes;
    private final Map<String, Place> places;
    private final JsonFactory json;
    private final JsonMapper mapper;

    /** What is looked for in a record that cannot be read. */
    enum Place {
        DATABASE,
        TABLE,
        POSITION
    }

    /** With the JSON pointers under which a record of the format has its database, table and position. */
    JsonRecords(int maxBytes, Map<String, Place> places) {
        this.maxBytes = maxBytes;
        this.places = Map.copyOf(requireNonNull(places, "places is null"));
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxStringLength(maxBytes)
                        .build())
                .build();
        this.mapper = JsonMapper.builder(json)
                .enable(
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /** The record as a tree. */
    JsonNode read(byte[] value) throws MalformedRecordException {
        if (value.length == 0) {
            throw malformed(Kind.EMPTY, "the record has no bytes", value);
        }
        if (value.length > maxBytes) {
            throw malformed(
                    Kind.OVERSIZED, "the record has " + value.length + " bytes, over the limit of " + maxBytes, value);
        }
        try {
            return mapper.readTree(value);
        } catch (JacksonException e) {
            // Its own message may quote the record.
            TokenStreamLocation at = e.getLocation();
            throw malformed(Kind.UNPARSABLE, "no valid JSON at byte " + (at == null ? 0 : at.getByteOffset()), value);
        }
    }

    /** An error with what the record's own places say. */
    MalformedRecordException malformed(Kind kind, String text, byte[] value) {
        Map<Place, String> found = scan(value);
        return new MalformedRecordException(
                kind,
                text,
                found.getOrDefault(Place.DATABASE, ""),
                found.getOrDefault(Place.TABLE, ""),
                found.getOrDefault(Place.POSITION, ""));
    }

    private Map<Place, String> scan(byte[] value) {
        Map<Place, String> found = new HashMap<>();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), value)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    Place place = places.get(
                            parser.streamReadContext().pathAsPointer().toString());
                    if (place != null) {
                        found.put(place, parser.getString());
                    }
                }
            }
        } catch (JacksonException e) {
            // As far as it goes.
            return found;
        }
        return found;
    }
}
