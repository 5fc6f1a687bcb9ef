package io.sluice.mapping;

import io.sluice.config.Secret;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A part of a rules file as a text that is the same in every process and release for the same content: what is not
 * given is left out, so a key that a later release brings changes nothing until it is used. Stateless.
 */
final class DefinitionText {
    /** What does not change the meaning of entries. */
    private static final Set<String> MEANINGLESS = Set.of("policy", "maxStaleness", "pastMaxStaleness");

    private DefinitionText() {}

    static String of(Object part) {
        return of(part, item -> true);
    }

    /** The same without those items of its lists that the predicate rejects. */
    static String of(Object part, Predicate<Object> items) {
        StringBuilder out = new StringBuilder();
        append(part, items, out);
        return out.toString();
    }

    private static void append(@Nullable Object part, Predicate<Object> items, StringBuilder out) {
        switch (part) {
            case null -> {}
            case Secret secret -> {}
            case Record definition -> record(definition, items, out);
            case Map<?, ?> map -> {
                TreeMap<String, Object> sorted = new TreeMap<>();
                map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
                sorted.forEach((key, value) -> named(key, value, items, out));
            }
            case Iterable<?> list -> {
                out.append('[');
                for (Object item : list) {
                    if (items.test(item)) {
                        append(item, items, out);
                    }
                }
                out.append(']');
            }
            default -> {
                String text = String.valueOf(part);
                // With its length, so that no two parts can run into each other.
                out.append(text.length()).append(':').append(text);
            }
        }
    }

    private static void named(String name, @Nullable Object value, Predicate<Object> items, StringBuilder out) {
        if (value != null) {
            out.append(name).append('=');
            append(value, items, out);
            out.append(';');
        }
    }

    private static void record(Record definition, Predicate<Object> items, StringBuilder out) {
        out.append('{');
        for (RecordComponent component : definition.getClass().getRecordComponents()) {
            if (!MEANINGLESS.contains(component.getName())) {
                named(component.getName(), value(component, definition), items, out);
            }
        }
        out.append('}');
    }

    private static @Nullable Object value(RecordComponent component, Record definition) {
        try {
            return component.getAccessor().invoke(definition);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A part of the rules file cannot be read: " + component, e);
        }
    }
}
