package io.sluice.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Says in the words of the configuration file what the mapper says in the words of Java. Reads what the parser has
 * noted.
 */
final class ErrorText {
    private final String file;
    private final PlaceParser parser;

    ErrorText(String file, PlaceParser parser) {
        this.file = file;
        this.parser = parser;
    }

    ConfigException explain(JacksonException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException known) {
                return known;
            }
        }
        String path = path(failure.getPath());
        if (failure instanceof UnrecognizedPropertyException unknown) {
            return error(parser.keys(), path, unknownKey(unknown), failure);
        }
        if (failure instanceof ValueInstantiationException invalid && invalid.getCause() != null) {
            return error(path, String.valueOf(invalid.getCause().getMessage()), failure);
        }
        if (failure instanceof InvalidFormatException invalid) {
            return error(path, badValue(String.valueOf(invalid.getValue()), invalid.getTargetType()), failure);
        }
        if (failure instanceof MismatchedInputException mismatch) {
            return path.isEmpty() && !parser.lastPath().isEmpty()
                    ? error(parser.lastPath(), "is not the kind of value that belongs here", failure)
                    : error(path, mismatch(path, mismatch.getTargetType()), failure);
        }
        if (failure.getPath().isEmpty()) {
            return syntax(failure);
        }
        return error(path, firstLines(failure.getOriginalMessage()), failure);
    }

    private ConfigException error(String path, String problem, JacksonException failure) {
        return error(parser.places(), path, problem, failure);
    }

    private ConfigException error(Map<String, Place> places, String path, String problem, JacksonException failure) {
        // The failure itself may quote the file: only its stack is kept.
        ConfigException error = new ConfigException(file, Place.nearest(places, path), path, problem);
        error.setStackTrace(failure.getStackTrace());
        return error;
    }

    private ConfigException syntax(JacksonException failure) {
        var at = failure.getLocation();
        Place place = at == null || at.getLineNr() < 1 ? null : new Place(at.getLineNr(), at.getColumnNr());
        return new ConfigException(
                file, place, "", "this is not the YAML it should be: " + firstLines(failure.getOriginalMessage()));
    }

    /** The parser's words without its quotations of the file, which may hold a secret. */
    private static String firstLines(@Nullable String message) {
        return String.valueOf(message)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(", "));
    }

    private static String unknownKey(UnrecognizedPropertyException unknown) {
        Collection<Object> ids = unknown.getKnownPropertyIds();
        List<String> known = ids == null
                ? List.of()
                : ids.stream().map(String::valueOf).sorted().toList();
        return "unknown key; "
                + NearestName.of(unknown.getPropertyName(), known)
                        .map(name -> "did you mean '" + name + "'?")
                        .orElse("known here: " + String.join(", ", known));
    }

    private String mismatch(String path, @Nullable Class<?> type) {
        if (!parser.places().containsKey(path)) {
            return parser.places().isEmpty() ? "the file is empty" : "is missing: add it" + misspelt(path);
        }
        if (type == null) {
            return "cannot be used here";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "must be a list";
        }
        return (type.isRecord() && type != DataSize.class) || Map.class.isAssignableFrom(type)
                ? "must be a mapping, 'key: value' lines"
                : "must be a single value";
    }

    /** The mapper tells of a missing key before it tells of its misspelling. */
    private String misspelt(String path) {
        int dot = path.lastIndexOf('.');
        String parent = path.substring(0, dot + 1);
        List<String> siblings = parser.keys().keySet().stream()
                .filter(key -> key.startsWith(parent) && key.indexOf('.', parent.length()) < 0)
                .map(key -> key.substring(parent.length()))
                .toList();
        return NearestName.of(path.substring(dot + 1), siblings)
                .map(name -> ", or is it what '" + name + "' in line " + line(parent + name) + " was meant to be?")
                .orElse("");
    }

    private int line(String path) {
        Place place = parser.keys().get(path);
        return place == null ? 0 : place.line();
    }

    private static String badValue(String value, @Nullable Class<?> type) {
        if (type != null && type.isEnum()) {
            List<String> known = Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .toList();
            return "'" + value + "' is not one of " + String.join(", ", known);
        }
        if (type == boolean.class || type == Boolean.class) {
            return "'" + value + "' is not true or false";
        }
        if (type == double.class || type == Double.class) {
            return "'" + value + "' is not a number";
        }
        return "'" + value + "' is not a whole number of that size";
    }

    private static String path(List<JacksonException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : references) {
            String name = reference.getPropertyName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }
}
