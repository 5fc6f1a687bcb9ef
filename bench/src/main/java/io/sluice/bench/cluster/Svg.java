package io.sluice.bench.cluster;

import java.util.Locale;

/** The few shapes of an SVG picture that a chart needs, as text. Not safe for concurrent access. */
final class Svg {
    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height) {
        element(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
                font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif">""", width, height));
        rectangle(0, 0, width, height, "fill=\"#ffffff\"");
    }

    void rectangle(double x, double y, double width, double height, String style) {
        element(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" %s/>",
                x,
                y,
                width,
                height,
                style));
    }

    void line(double x1, double y1, double x2, double y2, String style) {
        element(String.format(
                Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>", x1, y1, x2, y2, style));
    }

    void circle(double x, double y, double radius, String style) {
        element(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" %s/>", x, y, radius, style));
    }

    /** @param points in the form of a path's {@code d} */
    void path(String points, String style) {
        element(String.format(Locale.ROOT, "<path d=\"%s\" %s/>", points, style));
    }

    void text(double x, double y, int size, String style, String words) {
        element(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" %s>%s</text>",
                x,
                y,
                size,
                style,
                escaped(words)));
    }

    /** Words that are read from below. */
    void textUpwards(double x, double y, int size, String style, String words) {
        text(x, y, size, String.format(Locale.ROOT, "transform=\"rotate(-90 %.1f %.1f)\" %s", x, y, style), words);
    }

    private void element(String element) {
        text.append(element).append('\n');
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The whole picture. */
    @Override
    public String toString() {
        return text + "</svg>\n";
    }
}
