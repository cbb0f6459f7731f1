/* Power by effect. */

#include "figure_parts.h"

#include <math.h>

static void add_points(hu_buf *script, const hu_series *s, size_t at)
{
    hu_buf_printf(script, "$curve%zu << END\n", at);
    for (size_t i = 0; i < s->n; i++) {
        if (!isfinite(s->estimate[i]))
            continue;
        const double values[] = {s->x[i], s->estimate[i], s->lower[i], s->upper[i]};
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            figure_number(script, values[v]);
        hu_buf_add_char(script, '\n');
    }
    hu_buf_add_text(script, "END\n");
}

hu_error *hu_draw_power(const hu_figure *figure, const hu_series *curves, size_t n_curves, double wanted, hu_buf *out)
{
    HU_TRY(figure_check(figure, curves, n_curves));
    HU_BUF(script);
    figure_start(figure, 6, 3.8, n_curves > 1, &script);
    for (size_t s = 0; s < n_curves; s++)
        add_points(&script, &curves[s], s);
    hu_buf_printf(
        &script,
        "set bars 0\nset yrange [0:1]\nset ytics 0.2\nset arrow 1 from graph 0, first %.10g to graph 1, first "
        "%.10g nohead lw 0.8 dt 2 lc rgb '#606870'\nplot ",
        wanted, wanted);
    for (size_t s = 0; s < n_curves; s++) {
        hu_buf_printf(&script, "%s$curve%zu using 1:2 with lines lw 1.8 lc rgb '%s' notitle, \\\n  ",
                      s ? ", \\\n  " : "", s, figure_colour(s));
        hu_buf_printf(&script, "$curve%zu using 1:2:3:4 with yerrorbars pt %d ps 0.5 lw 1.4 lc rgb '%s'", s,
                      figure_shape(s), figure_colour(s));
        figure_title(&script, curves[s].label);
    }
    return figure_end(figure, &script, out);
}
