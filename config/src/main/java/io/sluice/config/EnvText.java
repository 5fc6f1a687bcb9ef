package io.sluice.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts environment variables into text. Immutable. */
final class EnvText {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}|\\$\\{");

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
        if (value == null) {
            String nearest = NearestName.of(name, env.keySet())
                    .map(known -> ", or did you mean ${" + known + "}?")
                    .orElse("");
            throw new IllegalArgumentException("the environment variable " + name + " is not set: set it" + nearest);
        }
        return value;
    }
}
