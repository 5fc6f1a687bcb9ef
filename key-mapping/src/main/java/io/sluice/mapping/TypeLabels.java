package io.sluice.mapping;

import java.util.ArrayList;
import java.util.List;

/** Reads the labels in the type text of an ENUM or SET, {@code ('a','it''s')}. Stateless. */
final class TypeLabels {
    private TypeLabels() {}

    /** The labels in order; none at all when the text leaves a doubt about one of them, as a backslash does. */
    static List<String> read(String text) {
        List<String> labels = new ArrayList<>();
        int at = text.indexOf('(') + 1;
        if (at == 0 || text.indexOf('\\') >= 0) {
            return List.of();
        }
        while (at < text.length()) {
            if (text.charAt(at) != '\'') {
                at++;
                continue;
            }
            StringBuilder label = new StringBuilder();
            int end = endOf(text, at, label);
            if (end < 0) {
                return List.of();
            }
            labels.add(label.toString());
            at = end;
            if (at < text.length() && text.charAt(at) == ')') {
                return List.copyOf(labels);
            }
        }
        return List.of();
    }

    /** Appends the label that is quoted at {@code open}; the place after it, or -1 when it does not end. */
    private static int endOf(String text, int open, StringBuilder label) {
        int at = open + 1;
        while (at < text.length()) {
            if (text.charAt(at) != '\'') {
                label.append(text.charAt(at++));
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '\'') {
                label.append('\'');
                at += 2;
            } else {
                return at + 1;
            }
        }
        return -1;
    }
}
