/* Figures of estimates with intervals: event studies, sensitivity, rows of one estimate each. */

#include "figure_parts.h"

#include <math.h>

/* ---- event studies ---- */

/* Rows of "x estimate lower upper band_lower band_upper" where `from` <= x < `to`. */
static size_t add_series(hu_buf *script, const char *name, const hu_series *s, double shift, double from, double to)
{
    size_t rows = 0;
    hu_buf_printf(script, "$%s << END\n", name);
    for (size_t i = 0; i < s->n; i++) {
        if (!isfinite(s->estimate[i]) || s->x[i] < from || s->x[i] >= to)
            continue;
        double e = s->estimate[i];
        const double values[] = {s->x[i] + shift,
                                 e,
                                 isfinite(s->lower[i]) ? s->lower[i] : e,
                                 isfinite(s->upper[i]) ? s->upper[i] : e,
                                 s->band_lower && isfinite(s->band_lower[i]) ? s->band_lower[i] : e,
                                 s->band_upper && isfinite(s->band_upper[i]) ? s->band_upper[i] : e};
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            figure_number(script, values[v]);
        hu_buf_add_char(script, '\n');
        rows++;
    }
    hu_buf_add_text(script, "END\n");
    return rows;
}

static void plot_series(hu_buf *script, const char *name, const hu_series *s, const char *colour, int shape,
                        const char *label, bool *first)
{
    hu_buf_add_text(script, *first ? "plot " : ", \\\n  ");
    *first = false;
    if (s->band_lower)
        hu_buf_printf(script, "$%s using 1:2:5:6 with yerrorbars ps 0 lw 0.8 lc rgb '%s' notitle, \\\n  ", name,
                      colour);
    hu_buf_printf(script, "$%s using 1:2:3:4 with yerrorbars pt %d ps 0.55 lw 1.8 lc rgb '%s'", name, shape, colour);
    figure_title(script, label);
}

static void x_range(const hu_series *series, size_t n_series, double range[2])
{
    range[0] = INFINITY;
    range[1] = -INFINITY;
    for (size_t s = 0; s < n_series; s++)
        for (size_t i = 0; i < series[s].n; i++)
            if (isfinite(series[s].estimate[i]))
                figure_widen(range, &series[s].x[i], 1);
}

hu_error *hu_draw_event_study(const hu_figure *figure, const hu_series *series, size_t n_series, hu_buf *out)
{
    HU_TRY(figure_check(figure, series, n_series));
    HU_BUF(script);
    HU_SCRATCH(scratch);
    double range[2], width = n_series > 1 ? 7 : 6;
    bool first = true;
    figure_start(figure, width, n_series > 1 ? 4 : 3.6, n_series > 1, &script);
    x_range(series, n_series, range);
    double step = ceil((range[1] - range[0] + 1) / 20);
    hu_buf_printf(&script,
                  "set bars 0\nset xtics %g\nset xrange [%g:%g]\nset arrow 1 from -0.5, graph 0 to -0.5, graph 1 "
                  "nohead lw 0.8 dt 2 lc rgb '#606870'\n",
                  step, range[0] - 0.7, range[1] + 0.7);
    double apart = n_series > 1 ? fmin(0.16, 0.6 / (double)n_series) : 0;
    HU_BUF(plots);
    for (size_t s = 0; s < n_series; s++) {
        double shift = ((double)s - ((double)n_series - 1) / 2) * apart;
        const char *colour = n_series > 1 ? figure_colour(s) : "#7d8894", *name = hu_printf(scratch, "s%zu", s);
        double split = n_series > 1 ? INFINITY : 0; /* one alone is grey before treatment */
        if (add_series(&script, name, &series[s], shift, -INFINITY, split))
            plot_series(&plots, name, &series[s], colour, figure_shape(s), series[s].label, &first);
        const char *after = hu_printf(scratch, "after%zu", s);
        if (n_series == 1 && add_series(&script, after, &series[s], shift, 0, INFINITY))
            plot_series(&plots, after, &series[s], figure_colour(0), figure_shape(s), NULL, &first);
    }
    hu_buf_add(&script, plots.data, plots.length);
    return figure_end(figure, &script, out);
}

/* ---- sensitivity ---- */

hu_error *hu_draw_sensitivity(const hu_figure *figure, const hu_sensitivity_figure *data, hu_buf *out)
{
    const hu_series *s = &data->robust;
    double range[2] = {INFINITY, -INFINITY};
    HU_TRY(figure_check(figure, s, 1));
    HU_BUF(script);
    figure_start(figure, 6, 3.6, true, &script);
    figure_widen(range, s->x, s->n);
    double step = s->n > 1 ? (range[1] - range[0]) / (double)(s->n - 1) : 1;
    step = step > 0 ? step : 1;
    double left = range[0] - 1.2 * step;
    hu_buf_printf(&script, "set bars 0.6\nset xrange [%.10g:%.10g]\n$original << END\n%.10g", left - step,
                  range[1] + step, left);
    for (int i = 0; i < 3; i++)
        figure_number(&script, data->original[i]);
    hu_buf_add_text(&script, "\nEND\n");
    add_series(&script, "robust", s, 0, -INFINITY, INFINITY);
    hu_buf_add_text(&script, "set xtics (");
    size_t every = s->n / 12 + 1;
    for (size_t i = 0; i < s->n; i += every)
        hu_buf_printf(&script, "%s'%g' %.10g", i ? ", " : "", s->x[i], s->x[i]);
    hu_buf_add_text(&script, ")\n");
    if (isfinite(data->breakdown) && data->breakdown >= range[0] && data->breakdown <= range[1])
        hu_buf_printf(&script,
                      "set arrow 1 from %.10g, graph 0 to %.10g, graph 1 nohead lw 0.8 dt 2 lc rgb '#606870'\n"
                      "set label 1 'breakdown %.3g' at %.10g, graph 0.97 right offset -0.5,0 textcolor rgb '#404040'\n",
                      data->breakdown, data->breakdown, data->breakdown, data->breakdown);
    hu_buf_printf(&script, "plot $original using 1:2:3:4 with yerrorbars pt 7 ps 0.5 lw 1.8 lc rgb '%s'",
                  figure_colour(1));
    figure_title(&script, data->original_label);
    hu_buf_printf(&script,
                  ", \\\n  $robust using 1:3:(0):($4-$3) with vectors heads size screen 0.006,90 lw 1.8 lc rgb '%s'",
                  figure_colour(0));
    figure_title(&script, s->label);
    return figure_end(figure, &script, out);
}

/* ---- rows of a name and an interval ---- */

hu_error *hu_draw_forest(const hu_figure *figure, const char *const *labels, const hu_series *rows, double reference,
                         hu_buf *out)
{
    HU_TRY(figure_check(figure, rows, 1));
    HU_BUF(script);
    figure_start(figure, 6, 1.2 + 0.22 * (double)rows->n, false, &script);
    hu_buf_printf(
        &script,
        "set bars 0\nunset xzeroaxis\nset yrange [%zu.6:-0.6]\nset grid noytics xtics back lt 1 lw 0.4 lc rgb "
        "'#d4d9de'\nset arrow 1 from 0, graph 0 to 0, graph 1 nohead lw 0.8 lc rgb '#606870'\n",
        rows->n - 1);
    if (isfinite(reference))
        hu_buf_printf(&script, "set arrow 2 from %.10g, graph 0 to %.10g, graph 1 nohead lw 0.8 dt 2 lc rgb '%s'\n",
                      reference, reference, figure_colour(1));
    hu_buf_add_text(&script, "set ytics scale 0 (");
    for (size_t i = 0; i < rows->n; i++) {
        hu_buf_add_text(&script, i ? ", " : "");
        gnuplot_quote(&script, labels[i]);
        hu_buf_printf(&script, " %zu", i);
    }
    hu_buf_add_text(&script, ")\n$rows << END\n");
    for (size_t i = 0; i < rows->n; i++) {
        if (!isfinite(rows->estimate[i]))
            continue;
        hu_buf_printf(&script, "%.10g %zu", rows->estimate[i], i);
        figure_number(&script, isfinite(rows->lower[i]) ? rows->lower[i] : rows->estimate[i]);
        figure_number(&script, isfinite(rows->upper[i]) ? rows->upper[i] : rows->estimate[i]);
        hu_buf_add_char(&script, '\n');
    }
    hu_buf_printf(&script, "END\nplot $rows using 1:2:3:4 with xerrorbars pt 7 ps 0.55 lw 1.8 lc rgb '%s' notitle",
                  figure_colour(0));
    return figure_end(figure, &script, out);
}

/* ---- parts of an estimate ---- */

hu_error *hu_draw_parts(const hu_figure *figure, const hu_series *kinds, size_t n_kinds, double average, hu_buf *out)
{
    HU_TRY(figure_check(figure, kinds, n_kinds));
    HU_BUF(script);
    figure_start(figure, 6.5, 4, true, &script);
    hu_buf_printf(&script,
                  "set key maxcols 2\nset xrange [0:*]\nset arrow 1 from graph 0, first %.10g to graph 1, first %.10g "
                  "nohead lw 0.8 dt 2 lc "
                  "rgb '#606870'\n",
                  average, average);
    for (size_t k = 0; k < n_kinds; k++) {
        hu_buf_printf(&script, "$k%zu << END\n", k);
        for (size_t i = 0; i < kinds[k].n; i++)
            hu_buf_printf(&script, "%.10g %.10g\n", kinds[k].x[i], kinds[k].estimate[i]);
        hu_buf_add_text(&script, "END\n");
    }
    for (size_t k = 0; k < n_kinds; k++) {
        hu_buf_printf(&script, "%s$k%zu using 1:2 with points pt %d ps 0.7 lw 1.5 lc rgb '%s'",
                      k ? ", \\\n  " : "plot ", k, figure_shape(k), figure_colour(k));
        figure_title(&script, kinds[k].label);
    }
    return figure_end(figure, &script, out);
}
