/* --plot FILE: results as figures. */

#include "plot.h"

#include "huella/base/file.h"

#include <math.h>

hu_error *hu_plot_asked(const hu_run *run, bool *asked)
{
    hu_plot_kind kind;
    const char *path = hu_opt_text(run, "plot");
    *asked = path != NULL;
    return path ? hu_wrap(hu_plot_kind_of(path, &kind), "--plot") : NULL;
}

hu_error *hu_plot_file(const hu_run *run, const char *title, const char *x_label, const char *y_label,
                       hu_plot_draw *draw, const void *context)
{
    const char *path = hu_opt_text(run, "plot");
    hu_figure figure = {.title = title, .x_label = x_label, .y_label = y_label};
    HU_BUF(drawing);
    if (!path)
        return NULL;
    HU_TRY(hu_plot_kind_of(path, &figure.kind));
    HU_TRY(draw(&figure, context, &drawing));
    return hu_write_file(path, drawing.data, drawing.length);
}

typedef struct drawn_series {
    const hu_series *series;
    size_t n;
} drawn_series;

static hu_error *draw_event_studies(const hu_figure *figure, const void *context, hu_buf *out)
{
    const drawn_series *drawn = context;
    return hu_draw_event_study(figure, drawn->series, drawn->n, out);
}

/* Effects as the columns of a figure; a reference period without error is a point. */
static hu_series series_of(const hu_did_cell *cells, size_t n, bool bands, hu_arena *arena)
{
    double *column[6];
    for (size_t c = 0; c < 6; c++)
        column[c] = HU_NEW_ARRAY(arena, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        const hu_effect *e = &cells[i].effect;
        const double values[] = {cells[i].at, e->estimate, e->lower, e->upper, e->band_lower, e->band_upper};
        for (size_t c = 0; c < 6; c++)
            column[c][i] = values[c];
    }
    return (hu_series){.n = n,
                       .x = column[0],
                       .estimate = column[1],
                       .lower = column[2],
                       .upper = column[3],
                       .band_lower = bands ? column[4] : NULL,
                       .band_upper = bands ? column[5] : NULL};
}

hu_error *hu_plot_event_studies(const hu_run *run, const char *title, const char *y_label, const char *const *labels,
                                const hu_event_study *studies, size_t n)
{
    hu_series *series = HU_NEW_ARRAY(run->arena, hu_series, n + 1);
    for (size_t s = 0; s < n; s++) {
        series[s] = series_of(studies[s].cells, studies[s].n, !isnan(studies[s].critical), run->arena);
        series[s].label = labels ? labels[s] : NULL;
    }
    drawn_series drawn = {series, n};
    return hu_plot_file(run, title, "Periods since treatment", y_label, draw_event_studies, &drawn);
}

typedef struct drawn_forest {
    const char *const *labels;
    hu_series rows;
    double reference;
} drawn_forest;

static hu_error *draw_forest(const hu_figure *figure, const void *context, hu_buf *out)
{
    const drawn_forest *forest = context;
    return hu_draw_forest(figure, forest->labels, &forest->rows, forest->reference, out);
}

hu_error *hu_plot_forest(const hu_run *run, const char *title, const char *x_label, const char *const *labels,
                         const hu_effect *effects, size_t n, double reference)
{
    hu_did_cell *cells = HU_NEW_ARRAY(run->arena, hu_did_cell, n + 1);
    for (size_t i = 0; i < n; i++)
        cells[i] = (hu_did_cell){(double)i, effects[i]};
    drawn_forest forest = {labels, series_of(cells, n, false, run->arena), reference};
    return hu_plot_file(run, title, x_label, NULL, draw_forest, &forest);
}
