package io.sluice.cli;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object of texts in one line. Stateless. */
public final class JsonLine {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonLine() {}

    /** Names and values by turns. */
    public static String of(String... namesAndValues) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                json.writeStringProperty(namesAndValues[i], namesAndValues[i + 1]);
            }
            json.writeEndObject();
        }
        return line.toString();
    }
}
