package io.sluice.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables into text. Immutable. A variable {@code NAME} that is not set is looked for in the file
 * that {@code NAME_FILE} names, as container images have it for secrets that are mounted.
 */
final class EnvText {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}|\\$\\{");

    private static final String FILE = "_FILE";
    private static final long MAX_BYTES = 64 << 10;

    private final Map<String, String> env;

    EnvText(Map<String, String> env) {
        this.env = Map.copyOf(env);
    }

    /** The text with every {@code ${NAME}} replaced; throws IllegalArgumentException that says what to do. */
    String replace(String text) {
        if (!text.contains("${")) {
            return text;
        }
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            if (name != null) {
                matcher.appendReplacement(result, Matcher.quoteReplacement(value(name)));
            } else if (matcher.group().startsWith("$$")) {
                matcher.appendReplacement(result, Matcher.quoteReplacement("${"));
            } else {
                throw new IllegalArgumentException(
                        "'${' begins a variable that does not end: write ${NAME}, or $${ for the two characters");
            }
        }
        return matcher.appendTail(result).toString();
    }

    private String value(String name) {
        String value = env.get(name);
        if (value != null) {
            return value;
        }
        String file = env.get(name + FILE);
        if (file != null) {
            return contents(name, Path.of(file));
        }
        String nearest = NearestName.of(name, env.keySet())
                .map(known -> ", or did you mean ${" + known + "}?")
                .orElse("");
        throw new IllegalArgumentException("the environment variable " + name + " is not set: set it" + nearest);
    }

    /** The file's text without the line end that editors put there. */
    private static String contents(String name, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("the file " + file + ", which " + name + FILE
                        + " names, is larger than " + MAX_BYTES + " bytes");
            }
            String text = Files.readString(file);
            return text.endsWith("\n") ? text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1)) : text;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the file " + file + ", which " + name + FILE + " names, cannot be read: " + e, e);
        }
    }
}
