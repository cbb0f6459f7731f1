/* The event-study plot: effects by time since treatment. */

#include "gnuplot.h"
#include "huella/report/plot.h"

#include <math.h>
#include <string.h>

static bool shown(const hu_did_cell *cell)
{
    return isfinite(cell->effect.estimate) && fabs(cell->at) <= HU_PLOT_REACH;
}

/* Rows of "time estimate lower upper" before or after treatment; intervals of zero width where none is known. */
static void add_data(hu_buf *script, const char *name, const hu_did_aggregate *dynamic, hu_scale scale, bool after,
                     bool bands)
{
    hu_buf_printf(script, "$%s << END\n", name);
    for (size_t i = 0; i < dynamic->n_cells; i++) {
        const hu_did_cell *cell = &dynamic->cells[i];
        double lower = bands ? cell->effect.band_lower : cell->effect.lower;
        double upper = bands ? cell->effect.band_upper : cell->effect.upper;
        if (!shown(cell) || (cell->at >= 0) != after)
            continue;
        double estimate = cell->effect.estimate * scale.factor;
        hu_buf_printf(script, "%.10g %.10g %.10g %.10g\n", cell->at, estimate,
                      isfinite(lower) ? lower * scale.factor : estimate,
                      isfinite(upper) ? upper * scale.factor : estimate);
    }
    hu_buf_add_text(script, "END\n");
}

static size_t count_shown(const hu_did_aggregate *dynamic, bool after)
{
    size_t count = 0;
    for (size_t i = 0; i < dynamic->n_cells; i++)
        count += shown(&dynamic->cells[i]) && (dynamic->cells[i].at >= 0) == after;
    return count;
}

static bool has_bands(const hu_did_aggregate *dynamic)
{
    for (size_t i = 0; i < dynamic->n_cells; i++)
        if (isfinite(dynamic->cells[i].effect.band_lower))
            return true;
    return false;
}

static void add_style(hu_buf *script, hu_plot_kind kind, const char *name, const char *x_label, const char *y_label)
{
    if (kind == HU_PLOT_SVG)
        hu_buf_printf(script, "set terminal svg size 560,300 dynamic font 'sans-serif,13' name '%s'\n", name);
    else
        hu_buf_add_text(script, "set terminal pdfcairo size 5.6in,3in font 'Liberation Sans,11'\n");
    hu_buf_add_text(script, "set encoding utf8\nset border 2\nset tics nomirror scale 0.5\nset xtics 1\n"
                            "set grid ytics lt 1 lw 0.5 lc rgb '#b8c0c8'\nset offsets 0.5,0.5,0,0\nunset key\n"
                            "set xzeroaxis lt 1 lw 1 lc rgb '#808890'\nset ytics format '%g'\n"
                            "set arrow 1 from -0.5, graph 0 to -0.5, graph 1 nohead lw 1 lc rgb '#808890'\n"
                            "set pointintervalbox 0\nset xlabel ");
    gnuplot_quote(script, x_label);
    hu_buf_add_text(script, " noenhanced\nset ylabel ");
    gnuplot_quote(script, y_label);
    hu_buf_add_text(script, " noenhanced\n");
}

/* Before treatment in grey (there should be no effect), after it in colour. */
static void add_plot(hu_buf *script, const char *data, bool bands, const char *colour, bool first)
{
    hu_buf_add_text(script, first ? "plot " : ", ");
    if (bands)
        hu_buf_printf(script, "$%s_bands using 1:2:3:4 with yerrorbars ps 0 lw 1 lc rgb '%s', ", data, colour);
    hu_buf_printf(script, "$%s using 1:2:3:4 with yerrorbars pt 7 ps 0.6 lw 2 lc rgb '%s'", data, colour);
}

hu_error *hu_plot_event_study(const hu_plotter *plotter, hu_plot_kind kind, const char *name, const char *title,
                              const hu_did_aggregate *dynamic, hu_scale scale, const char *x_label, const char *y_label,
                              hu_buf *out)
{
    static const char *const data[] = {"before", "after"}, *const colours[] = {"#7d8894", "#1f6f8b"};
    HU_SCRATCH(scratch);
    HU_BUF(script);
    HU_BUF(drawn);
    bool bands = has_bands(dynamic), first = true;
    add_style(&script, kind, name, x_label, y_label);
    for (int after = 0; after < 2; after++) {
        add_data(&script, data[after], dynamic, scale, after, false);
        if (bands)
            add_data(&script, hu_printf(scratch, "%s_bands", data[after]), dynamic, scale, after, true);
    }
    for (int after = 0; after < 2; after++)
        if (count_shown(dynamic, after)) {
            add_plot(&script, data[after], bands, colours[after], first);
            first = false;
        }
    if (first)
        return hu_fail(HU_EMPTY, "%s: no effect by time since training to draw", title);
    hu_buf_add_char(&script, '\n');
    HU_TRY(gnuplot_run(plotter ? plotter->program : NULL, &script, &drawn));
    if (kind == HU_PLOT_SVG) {
        gnuplot_tidy_svg(drawn.data, drawn.length, name, title, out);
    } else {
        gnuplot_tidy_pdf(&drawn);
        hu_buf_add(out, drawn.data, drawn.length);
    }
    return NULL;
}
