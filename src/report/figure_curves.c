/* Figures of curves over time and of distributions. */

#include "figure_parts.h"

#include <math.h>
#include <stdlib.h>

/* ---- curves ---- */

static double last_x(const hu_curve_series *curves, size_t n)
{
    double end = 0;
    for (size_t c = 0; c < n; c++)
        for (size_t i = 0; i < curves[c].steps.n; i++)
            end = fmax(end, curves[c].steps.x[i]);
    return end;
}

/* A round distance of marks that divides the axis into four to eight parts. */
static double mark_distance(double end)
{
    double power = pow(10, floor(log10(end)));
    static const double steps[] = {0.1, 0.2, 0.25, 0.5, 1, 2};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (end / (steps[i] * power) <= 8)
            return steps[i] * power;
    return power;
}

/* Steps as corners: the height that holds until x, then the one from x on. */
static void add_curve(hu_buf *script, size_t at, const hu_curve_series *curve)
{
    const hu_series *s = &curve->steps;
    double before[3] = {curve->start, curve->start, curve->start};
    hu_buf_printf(script, "$c%zu << END\n0 %.10g %.10g %.10g\n", at, before[0], before[1], before[2]);
    for (size_t i = 0; i < s->n; i++) {
        if (!isfinite(s->estimate[i]))
            continue;
        hu_buf_printf(script, "%.10g %.10g %.10g %.10g\n", s->x[i], before[0], before[1], before[2]);
        before[0] = s->estimate[i];
        before[1] = isfinite(s->lower[i]) ? s->lower[i] : before[0];
        before[2] = isfinite(s->upper[i]) ? s->upper[i] : before[0];
        hu_buf_printf(script, "%.10g %.10g %.10g %.10g\n", s->x[i], before[0], before[1], before[2]);
    }
    hu_buf_add_text(script, "END\n");
}

/* Weight at risk at time t: what is at risk just before the first step from t on; nobody after the last. */
static double at_risk(const hu_curve_series *curve, double t)
{
    for (size_t i = 0; i < curve->steps.n; i++)
        if (curve->steps.x[i] >= t)
            return curve->at_risk[i];
    return 0;
}

/* Numbers below the axis, a line a curve, at the marks. Lines are a character's height apart. */
static void add_risk_table(hu_buf *script, const hu_curve_series *curves, size_t n, double end, double distance)
{
    hu_buf_printf(
        script,
        "set bmargin %zu\nset label 'At risk' at graph 0, graph 0 right offset -3.2,-4.3 textcolor rgb '#404040'\n",
        n + 6);
    for (size_t c = 0; c < n; c++) {
        double line = -5.6 - 1.2 * (double)c;
        if (curves[c].steps.label) {
            hu_buf_add_text(script, "set label ");
            gnuplot_quote(script, curves[c].steps.label);
            hu_buf_printf(script, " at graph 0, graph 0 right offset -3.2,%g textcolor rgb '%s'\n", line,
                          figure_colour(c));
        }
        for (long tick = 0; (double)tick * distance <= end * (1 + 1e-9); tick++) {
            double t = (double)tick * distance;
            hu_buf_printf(script, "set label '%.0f' at %.10g, graph 0 center offset 0,%g\n", at_risk(&curves[c], t), t,
                          line);
        }
    }
}

static size_t longest_label(const hu_curve_series *curves, size_t n)
{
    size_t longest = 7; /* "At risk" */
    for (size_t c = 0; c < n; c++) {
        const char *label = curves[c].steps.label;
        size_t length = label ? hu_utf8_count(label, hu_str_of(label).length) : 0;
        longest = length > longest ? length : longest;
    }
    return longest;
}

hu_error *hu_draw_curves(const hu_figure *figure, const hu_curve_series *curves, size_t n, hu_buf *out)
{
    HU_SCRATCH(scratch);
    hu_series *steps = HU_NEW_ARRAY(scratch, hu_series, n + 1);
    for (size_t c = 0; c < n; c++)
        steps[c] = curves[c].steps;
    HU_TRY(figure_check(figure, steps, n));
    double end = last_x(curves, n);
    if (!(end > 0))
        return hu_fail(HU_EMPTY, "%s: every time is zero: there is no curve to draw", figure->title);
    double distance = mark_distance(end), highest = 0;
    bool table = n > 0 && curves[0].at_risk != NULL;
    HU_BUF(script);
    figure_start(figure, 6.5, 3.8 + (table ? 0.5 + 0.2 * (double)n : 0), n > 1, &script);
    for (size_t c = 0; c < n; c++) {
        add_curve(&script, c, &curves[c]);
        for (size_t i = 0; i < curves[c].steps.n; i++)
            highest = fmax(highest, fmax(curves[c].start, isfinite(steps[c].estimate[i]) ? steps[c].estimate[i] : 0));
    }
    hu_buf_printf(&script, "set xrange [0:%.10g]\nset xtics %.10g\nset style fill transparent solid 0.15 noborder\n",
                  end, distance);
    if (highest <= 1)
        hu_buf_printf(&script, "set yrange [0:%s]\n", highest > 0.5 ? "1" : "*");
    if (table) {
        size_t wide = longest_label(curves, n);
        hu_buf_printf(&script, "set lmargin %zu\n", wide + 4 > 10 ? wide + 4 : 10);
        add_risk_table(&script, curves, n, end, distance);
    }
    for (size_t c = 0; c < n; c++)
        hu_buf_printf(&script, "%s$c%zu using 1:3:4 with filledcurves lc rgb '%s' notitle", c ? ", \\\n  " : "plot ", c,
                      figure_colour(c));
    for (size_t c = 0; c < n; c++) {
        hu_buf_printf(&script, ", \\\n  $c%zu using 1:2 with lines lw 2 lc rgb '%s'", c, figure_colour(c));
        figure_title(&script, n > 1 ? steps[c].label : NULL);
    }
    return figure_end(figure, &script, out);
}

/* ---- distributions ---- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Freedman & Diaconis (1981): 2 IQR / n^(1/3), kept between 10 and 80 bars. */
static double bar_width(const double *sorted, size_t n)
{
    double range = sorted[n - 1] - sorted[0];
    double width = 2 * (sorted[(3 * n) / 4] - sorted[n / 4]) / cbrt((double)n);
    if (!(range > 0))
        return 1;
    return fmin(fmax(width, range / 80), range / 10);
}

hu_error *hu_draw_distribution(const hu_figure *figure, const double *values, size_t n, double observed,
                               const char *note, hu_buf *out)
{
    enum { MOST_BARS = 100 };
    HU_SCRATCH(scratch);
    double *sorted = HU_NEW_ARRAY(scratch, double, n + 1), bars[MOST_BARS] = {0};
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i]))
            sorted[kept++] = values[i];
    if (kept == 0)
        return hu_fail(HU_EMPTY, "%s: there is no value to draw", figure->title);
    qsort(sorted, kept, sizeof *sorted, compare);
    double width = bar_width(sorted, kept);
    for (size_t i = 0; i < kept; i++)
        bars[(size_t)fmin((sorted[i] - sorted[0]) / width, MOST_BARS - 1)]++;
    HU_BUF(script);
    figure_start(figure, 6, 3.4, false, &script);
    hu_buf_add_text(&script, "$bars << END\n");
    for (size_t b = 0; b < MOST_BARS && sorted[0] + width * (double)b <= sorted[kept - 1]; b++)
        hu_buf_printf(&script, "%.10g %.10g\n", sorted[0] + width * ((double)b + 0.5), 100 * bars[b] / (double)kept);
    hu_buf_printf(&script,
                  "END\nset boxwidth %.10g\nset style fill solid 0.35 border lc rgb '#7d8894'\nset yrange [0:*]\n"
                  "set offsets graph 0.05, graph 0.05, graph 0.1, 0\n",
                  width);
    if (isfinite(observed))
        hu_buf_printf(&script,
                      "set arrow 1 from %.10g, graph 0 to %.10g, graph 0.92 nohead front lw 2 lc rgb '%s'\n"
                      "set xrange [%.10g:%.10g]\nset label 1 ",
                      observed, observed, figure_colour(1), fmin(sorted[0], observed) - width,
                      fmax(sorted[kept - 1], observed) + width);
    if (isfinite(observed)) {
        gnuplot_quote(&script, hu_printf(scratch, "observed %.4g%s%s", observed, note ? ", " : "", note ? note : ""));
        bool right = observed > (sorted[0] + sorted[kept - 1]) / 2;
        hu_buf_printf(&script, " at %.10g, graph 0.96 %s textcolor rgb '%s'\n", observed, right ? "right" : "left",
                      figure_colour(1));
    }
    hu_buf_add_text(&script, "plot $bars using 1:2 with boxes lc rgb '#9aa5b1' notitle");
    return figure_end(figure, &script, out);
}
