package io.sluice.devstack.canal;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * Canal's settings: {@code canal-conf/canal.properties}, which is packed with this class, overridden by files.
 * Immutable once read.
 */
final class CanalSettings {
    private static final String DEFAULTS = "/canal-conf/canal.properties";

    private final Properties properties;

    private CanalSettings(Properties properties) {
        this.properties = properties;
    }

    /** Reads the packed file, then each of {@code overrides}; what comes later wins. */
    static CanalSettings read(List<Path> overrides) throws IOException {
        Properties properties = new Properties();
        try (InputStream defaults = CanalSettings.class.getResourceAsStream(DEFAULTS)) {
            if (defaults == null) {
                throw new IOException("The class path has no " + DEFAULTS + ": build the module canal-server again");
            }
            properties.load(defaults);
        }
        for (Path file : overrides) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        return new CanalSettings(properties);
    }

    String text(String key) {
        String value = properties.getProperty(key, "").trim();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("Canal's setting " + key + " is missing: set it in canal.properties");
        }
        return value;
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
}
