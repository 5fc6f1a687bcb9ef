package io.sluice.config;

import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** A value type that is written as one scalar. Stateless as long as its function is. */
final class TextDeserializer<T> extends StdScalarDeserializer<T> {
    private final transient Function<String, T> reader;

    TextDeserializer(Class<T> type, Function<String, T> reader) {
        super(type);
        this.reader = reader;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.currentToken().isScalarValue()) {
            return context.reportInputMismatch(this, "not a scalar");
        }
        try {
            return reader.apply(parser.getString());
        } catch (IllegalArgumentException e) {
            throw DatabindException.from(parser, e.getMessage(), e);
        }
    }
}
