package io.sluice.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * {@code json(column, '$.a.b[0]')}: the text, number or truth value at a path of a JSON document. Immutable.
 *
 * <p>MySQL and Canal print documents with different blanks, order and escapes; what they say at a path is the same.
 */
final class JsonPath implements KeyFunction {
    private static final Pattern STEP =
            Pattern.compile("\\.([\\p{L}_$][\\p{L}\\p{N}_$]*)|\\.\"([^\"\\\\]+)\"|\\[(\\d{1,6})]");
    private static final int MAX_NESTING = 100;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
            .build();

    /** Names of members, or Integer indexes of elements. */
    private final List<Object> steps;

    private JsonPath(List<Object> steps) {
        this.steps = List.copyOf(steps);
    }

    /** Reads the path; throws IllegalArgumentException that says how to write it. */
    static JsonPath parse(String path) {
        List<Object> steps = new ArrayList<>();
        Matcher step = STEP.matcher(path);
        int at = path.startsWith("$") ? 1 : path.length() + 1;
        while (at < path.length() && step.find(at) && step.start() == at) {
            if (step.group(3) != null) {
                steps.add(Integer.valueOf(step.group(3)));
            } else {
                steps.add(step.group(1) != null ? step.group(1) : step.group(2));
            }
            at = step.end();
        }
        if (at != path.length() || steps.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + path + "' is not a path: write '$.member', '$.\"any name\"' or '$.list[0]'");
        }
        return new JsonPath(steps);
    }

    @Override
    public Canonical apply(ColumnType type, String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            for (Object step : steps) {
                if (!(step instanceof Integer index ? enter(parser, index) : enter(parser, String.valueOf(step)))) {
                    return new Canonical.Null();
                }
            }
            return scalar(parser);
        } catch (JacksonException e) {
            return new Canonical.Refused("json() of what is no JSON document");
        }
    }

    private static boolean enter(JsonParser parser, String member) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = parser.currentName().equals(member);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static boolean enter(JsonParser parser, int index) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return false;
        }
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == index) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static Canonical scalar(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> new Canonical.Null();
            case VALUE_STRING -> new Canonical.Text(parser.getString());
            case VALUE_TRUE -> new Canonical.Text("true");
            case VALUE_FALSE -> new Canonical.Text("false");
            case VALUE_NUMBER_INT -> new Canonical.Text(parser.getString());
            case VALUE_NUMBER_FLOAT ->
                new Canonical.Text(CanonicalNumber.plain(Double.toString(parser.getDoubleValue())));
            default -> new Canonical.Refused("json() found a list or an object: name a path down to one value");
        };
    }
}
