package io.sluice.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads YAML configuration into records. Stateless.
 *
 * <p>Keys are the kebab-case names of the record's components. A component is required unless it is {@code @Nullable};
 * the record's compact constructor fills in defaults and checks values (IllegalArgumentException or
 * NullPointerException, whose message becomes part of the error). In every scalar value <code>${NAME}</code> is
 * replaced from the environment and <code>$${</code> stands for a plain <code>${</code>.
 *
 * <p>Everything that is not understood is an error, never ignored: unknown keys, duplicate keys, keys without a value,
 * unset variables, anchors and aliases, more than one document, more than one mebibyte.
 */
public final class ConfigFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final ObjectMapper MAPPER = RecordMapper.create();

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
        return parseDocument(file.toString(), text(file), recordType, env);
    }

    /** The same from text; {@code name} stands for the file in messages. */
    public static <T> ConfigDocument<T> parseDocument(
            String name, String yaml, Class<T> recordType, Map<String, String> env) {
        requireNonNull(name, "name is null");
        requireNonNull(recordType, "recordType is null");
        if (yaml.length() > MAX_BYTES) {
            throw tooLarge(name);
        }
        PlaceParser parser = new PlaceParser((YAMLParser) MAPPER.createParser(yaml), name, new EnvText(env));
        try {
            T value = MAPPER.readValue(parser, recordType);
            if (value == null) {
                throw new ConfigException(name + ": the file is empty");
            }
            return new ConfigDocument<>(name, value, parser.places());
        } catch (JacksonException e) {
            throw new ErrorText(name, parser).explain(e);
        }
    }

    /** What a file says, as UTF-8 of at most one mebibyte; throws {@link ConfigException}. */
    public static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw tooLarge(file.toString());
            }
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": the file is not UTF-8 text", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e, e);
        }
    }

    private static ConfigException tooLarge(String name) {
        return new ConfigException(
                name + ": the file is larger than " + new DataSize(MAX_BYTES) + "; that is not a configuration file");
    }
}
