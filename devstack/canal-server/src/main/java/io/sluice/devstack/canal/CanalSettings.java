package io.sluice.devstack.canal;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * Canal's settings: the files of {@code canal-conf/}, which are packed with this class, overridden by files and, as in
 * Canal's own server, by environment variables of the very name of a key. Not safe for concurrent use.
 */
final class CanalSettings {
    /** What is deployed is what runs here: the same two files as in a Canal server of one's own. */
    private static final List<String> PACKED =
            List.of("/canal-conf/canal.properties", "/canal-conf/sluice/instance.properties");

    private final Properties properties;
    private final Set<String> asked = new TreeSet<>();

    private CanalSettings(Properties properties) {
        this.properties = properties;
    }

    /** Reads the packed files, then each of {@code overrides}, then the environment; what comes later wins. */
    static CanalSettings read(List<Path> overrides, Map<String, String> environment) throws IOException {
        Properties properties = new Properties();
        for (String name : PACKED) {
            try (InputStream packed = CanalSettings.class.getResourceAsStream(name)) {
                if (packed == null) {
                    throw new IOException("The class path has no " + name + ": build the module canal-server again");
                }
                properties.load(packed);
            }
        }
        for (Path file : overrides) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        properties.stringPropertyNames().stream()
                .filter(environment::containsKey)
                .forEach(key -> properties.setProperty(key, environment.get(key)));
        return new CanalSettings(properties);
    }

    String text(String key) {
        String value = textOrEmpty(key);
        if (value.isEmpty()) {
            throw new IllegalArgumentException("Canal's setting " + key + " is missing: set it in canal.properties");
        }
        return value;
    }

    /** For what Canal does without as well. */
    String textOrEmpty(String key) {
        asked.add(key);
        return properties.getProperty(key, "").trim();
    }

    int number(String key) {
        try {
            return Integer.parseInt(text(key));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Canal's setting " + key + " must be a whole number: " + text(key), e);
        }
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(text(key));
    }

    InetSocketAddress address(String key) {
        String text = text(key);
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("Canal's setting " + key + " must be host:port: " + text);
        }
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    Path dataDirectory() {
        return Path.of(text("canal.file.data.dir"));
    }

    /** All settings, for the producer, which reads its own keys. */
    Properties asProperties() {
        Properties copy = new Properties();
        copy.putAll(properties);
        return copy;
    }

    /** The keys that somebody has asked for. */
    Set<String> asked() {
        return Set.copyOf(asked);
    }
}
