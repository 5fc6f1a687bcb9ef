package io.sluice.bench.cluster;

import java.util.Locale;

/**
 * The course of a run as a picture: the hit ratio and the loads over time, what was tried as bands, what happened as
 * lines, and a red mark at every half second in which reads failed. Stateless.
 */
public final class FaultPicture {
    private static final int WIDTH = 1_200;
    private static final int HEIGHT = 640;
    private static final double LEFT = 64;
    private static final double RIGHT = WIDTH - 24.0;
    private static final double BANDS_TOP = 72;
    private static final double HITS_TOP = 168;
    private static final double HITS_BOTTOM = 370;
    private static final double LOADS_TOP = 420;
    private static final double LOADS_BOTTOM = 590;
    private static final double[] ROUND_STEPS = {1, 2, 5};
    private static final double EVENT_WIDTH = 14;
    private static final int TIME_STEP_SECONDS = 10;
    private static final String HITS_COLOUR = "#2563eb";
    private static final String LOADS_COLOUR = "#d97706";
    private static final String FAILED_COLOUR = "#dc2626";

    private FaultPicture() {}

    /** The picture, as an SVG document. */
    public static String of(Course course) {
        Svg svg = new Svg(WIDTH, HEIGHT);
        Panel hits = panel(HITS_TOP, HITS_BOTTOM, course, 100);
        double peak = peak(course);
        double step = roundStep(peak);
        Panel loads = panel(LOADS_TOP, LOADS_BOTTOM, course, Math.ceil(peak / step) * step);
        svg.text(LEFT, 34, 20, "fill=\"#111827\" font-weight=\"600\"", "A cluster under load while nodes come and go");
        svg.text(LEFT, 56, 13, "fill=\"#6b7280\"", course.title());
        phases(svg, course, hits);
        hits.axis(svg, "Hit ratio, %", 25, FaultPicture::whole);
        loads.axis(svg, "Load queries in MySQL, 1/s", step, FaultPicture::whole);
        times(svg, course, loads);
        hits.curve(svg, HITS_COLOUR, from -> 100 * course.requests().hitRatio(from, from + Panel.STEP_MILLIS));
        loads.curve(svg, LOADS_COLOUR, from -> course.loads().perSecond(from, from + Panel.STEP_MILLIS));
        failures(svg, course, hits);
        events(svg, course, hits);
        return svg.toString();
    }

    private static Panel panel(double top, double bottom, Course course, double highest) {
        return new Panel(LEFT, RIGHT, top, bottom, course.endMillis(), highest);
    }

    private static double peak(Course course) {
        double peak = 1;
        for (long from = 0; from + Panel.STEP_MILLIS <= course.endMillis(); from += Panel.STEP_MILLIS) {
            peak = Math.max(peak, course.loads().perSecond(from, from + Panel.STEP_MILLIS));
        }
        return peak;
    }

    /** A round number, at most five of which reach the peak. */
    private static double roundStep(double peak) {
        for (double power = 1; ; power *= 10) {
            for (double step : ROUND_STEPS) {
                if (5 * step * power >= peak) {
                    return step * power;
                }
            }
        }
    }

    private static void phases(Svg svg, Course course, Panel hits) {
        for (Course.Phase phase : course.phases()) {
            double from = hits.x(phase.fromMillis());
            double width = hits.x(phase.toMillis()) - from;
            svg.rectangle(from + 1, BANDS_TOP, width - 2, LOADS_BOTTOM - BANDS_TOP, "fill=\"#f3f4f6\"");
            svg.text(from + 6, BANDS_TOP + 18, 13, "fill=\"#111827\" font-weight=\"600\"", phase.title());
            double y = BANDS_TOP + 18;
            for (String result : phase.results()) {
                y += 16;
                svg.text(from + 6, y, 11, "fill=\"#374151\"", result);
            }
        }
    }

    private static void times(Svg svg, Course course, Panel loads) {
        for (long second = 0; second * 1_000 <= course.endMillis(); second += TIME_STEP_SECONDS) {
            double x = loads.x(second * 1_000);
            svg.line(x, LOADS_BOTTOM, x, LOADS_BOTTOM + 5, "stroke=\"#9ca3af\"");
            svg.text(x, LOADS_BOTTOM + 20, 12, "fill=\"#6b7280\" text-anchor=\"middle\"", Long.toString(second));
        }
        svg.text(RIGHT, LOADS_BOTTOM + 40, 12, "fill=\"#6b7280\" text-anchor=\"end\"", "seconds");
        int failed = course.requests().failed(0, course.endMillis());
        svg.circle(LEFT + 5, LOADS_BOTTOM + 36, 4, "fill=\"" + FAILED_COLOUR + "\"");
        svg.text(
                LEFT + 16,
                LOADS_BOTTOM + 40,
                12,
                "fill=\"#374151\"",
                String.format(
                        Locale.ROOT,
                        "half a second with failed reads (%,d of %,d reads in all)",
                        failed,
                        course.requests().requests(0, course.endMillis())));
    }

    private static void failures(Svg svg, Course course, Panel hits) {
        for (long from = 0; from + Panel.STEP_MILLIS <= course.endMillis(); from += Panel.STEP_MILLIS) {
            if (course.requests().failed(from, from + Panel.STEP_MILLIS) > 0) {
                svg.circle(hits.x(from + Panel.STEP_MILLIS / 2), HITS_TOP, 4, "fill=\"" + FAILED_COLOUR + "\"");
            }
        }
    }

    /** Words stand left of their line, or right of it where the line before is close. */
    private static void events(Svg svg, Course course, Panel hits) {
        double last = 0;
        for (Course.Event event : course.events()) {
            double x = hits.x(event.atMillis());
            double words = x - last < EVENT_WIDTH ? x + EVENT_WIDTH - 3 : x - 4;
            svg.line(x, HITS_TOP, x, LOADS_BOTTOM, "stroke=\"#4b5563\" stroke-dasharray=\"3 3\"");
            svg.textUpwards(words, HITS_BOTTOM - 6, 11, "fill=\"#4b5563\"", event.title());
            last = x;
        }
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
