package io.sluice.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * Reads YAML configuration into records. Stateless.
 *
 * <p>Keys are the kebab-case names of the record's components. A component is required unless it is {@code @Nullable};
 * the record's compact constructor fills in defaults and checks values. In every scalar value {@code ${NAME}} is
 * replaced from the environment and <code>$${</code> stands for a plain <code>${</code>.
 *
 * <p>Everything that is not understood is an error, never ignored: unknown keys, duplicate keys, unset variables,
 * anchors and aliases, more than one document, more than one mebibyte.
 */
public final class ConfigFile {
    private ConfigFile() {}

    /** Reads a file; throws {@link ConfigException}. */
    public static <T> T read(Path file, Class<T> recordType, Map<String, String> env) {
        return readDocument(file, recordType, env).value();
    }

    /** The same from text; {@code name} stands for the file in messages. */
    public static <T> T parse(String name, String yaml, Class<T> recordType, Map<String, String> env) {
        return parseDocument(name, yaml, recordType, env).value();
    }

    /** Reads a file and remembers where each value stood, for checks that need more than one value. */
    public static <T> ConfigDocument<T> readDocument(Path file, Class<T> recordType, Map<String, String> env) {
        return pending("reading " + file);
    }

    /** The same from text; {@code name} stands for the file in messages. */
    public static <T> ConfigDocument<T> parseDocument(
            String name, String yaml, Class<T> recordType, Map<String, String> env) {
        return pending("parsing " + name);
    }

    private static <T> T pending(String what) {
        throw new UnsupportedOperationException(what + " comes next");
    }
}
