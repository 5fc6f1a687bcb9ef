package io.sluice.cli;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object of texts, numbers and truths in one line. Stateless. */
public final class JsonLine {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonLine() {}

    /** Names and values by turns. */
    public static String of(Object... namesAndValues) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                String name = String.valueOf(namesAndValues[i]);
                switch (namesAndValues[i + 1]) {
                    case Integer number -> json.writeNumberProperty(name, number);
                    case Long number -> json.writeNumberProperty(name, number);
                    case Boolean truth -> json.writeBooleanProperty(name, truth);
                    case Object text -> json.writeStringProperty(name, String.valueOf(text));
                }
            }
            json.writeEndObject();
        }
        return line.toString();
    }
}
