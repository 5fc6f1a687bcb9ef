package io.sluice.bench.cluster;

import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.LongToDoubleFunction;

/**
 * One curve over time, with its axis. Immutable.
 *
 * @param left where the first moment is drawn, {@code right} the last; {@code top} {@code highest}, {@code bottom} 0
 */
record Panel(double left, double right, double top, double bottom, long endMillis, double highest) {
    /** What one point of a curve stands for. */
    static final int STEP_MILLIS = 500;

    private static final String GRID = "stroke=\"#e4e7eb\"";
    private static final String AXIS_TEXT = "fill=\"#6b7280\" text-anchor=\"end\"";

    double x(long millis) {
        return left + (right - left) * millis / endMillis;
    }

    double y(double value) {
        double part = Math.clamp(value, 0, highest) / highest;
        return bottom - (bottom - top) * part;
    }

    /** The name, and a line and a number at every step of the values. */
    void axis(Svg svg, String name, double step, DoubleFunction<String> number) {
        for (double value = 0; value <= highest + step / 2; value += step) {
            svg.line(left, y(value), right, y(value), GRID);
            svg.text(left - 8, y(value) + 4, 12, AXIS_TEXT, number.apply(value));
        }
        svg.text(left, top - 10, 13, "fill=\"#111827\" font-weight=\"600\"", name);
    }

    /** The value of every half second, where it is one. */
    void curve(Svg svg, String colour, LongToDoubleFunction valueFrom) {
        StringBuilder points = new StringBuilder();
        StringBuilder area = new StringBuilder();
        for (long from = 0; from + STEP_MILLIS <= endMillis; from += STEP_MILLIS) {
            double value = valueFrom.applyAsDouble(from);
            if (!Double.isNaN(value)) {
                String point = String.format(Locale.ROOT, "%.1f %.1f", x(from + STEP_MILLIS / 2), y(value));
                points.append(points.isEmpty() ? "M" : "L").append(point);
                if (area.isEmpty()) {
                    area.append(String.format(Locale.ROOT, "M%.1f %.1f", x(from + STEP_MILLIS / 2), bottom));
                }
                area.append('L').append(point);
            }
        }
        area.append(String.format(Locale.ROOT, "L%.1f %.1fZ", x(endMillis - STEP_MILLIS / 2), bottom));
        svg.path(area.toString(), "fill=\"" + colour + "\" fill-opacity=\"0.10\"");
        svg.path(
                points.toString(),
                "fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.8\" stroke-linejoin=\"round\"");
    }
}
