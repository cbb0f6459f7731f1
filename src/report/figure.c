/* Figures: what they have in common. */

#include "figure_parts.h"

#include "huella/report/html.h"

#include <math.h>
#include <string.h>
#include <strings.h>

hu_error *hu_plot_kind_of(const char *path, hu_plot_kind *kind)
{
    static const struct {
        const char *ending;
        hu_plot_kind kind;
    } kinds[] = {{".svg", HU_PLOT_SVG_FILE}, {".pdf", HU_PLOT_PDF}, {".png", HU_PLOT_PNG}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof kinds / sizeof *kinds; i++)
        if (strcasecmp(dot, kinds[i].ending) == 0) {
            *kind = kinds[i].kind;
            return NULL;
        }
    return hu_fail(HU_USAGE, "\"%s\" is no plot that can be drawn: expected a name that ends in .svg, .pdf or .png",
                   path);
}

const char *figure_colour(size_t series)
{
    /* Okabe & Ito's, the darkest first; black stays for axes. */
    static const char *const colours[HU_FIGURE_SERIES] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                          "#e69f00", "#56b4e9", "#7d8894", "#000000"};
    return colours[series % HU_FIGURE_SERIES];
}

int figure_shape(size_t series)
{
    static const int shapes[HU_FIGURE_SERIES] = {7, 5, 9, 11, 13, 6, 4, 8}; /* gnuplot's: filled ones first */
    return shapes[series % HU_FIGURE_SERIES];
}

void figure_number(hu_buf *script, double value)
{
    if (isfinite(value))
        hu_buf_printf(script, " %.10g", value);
    else
        hu_buf_add_text(script, " NaN");
}

void figure_title(hu_buf *script, const char *label)
{
    if (!label) {
        hu_buf_add_text(script, " notitle");
        return;
    }
    hu_buf_add_text(script, " title ");
    gnuplot_quote(script, label);
}

void figure_widen(double range[2], const double *values, size_t n)
{
    for (size_t i = 0; values && i < n; i++)
        if (isfinite(values[i])) {
            range[0] = fmin(range[0], values[i]);
            range[1] = fmax(range[1], values[i]);
        }
}

static void set_terminal(const hu_figure *figure, double width, double height, hu_buf *script)
{
    switch (figure->kind) {
    case HU_PLOT_SVG:
        hu_buf_printf(script, "set terminal svg size %g,%g dynamic noenhanced font 'sans-serif,13' name '%s'\n",
                      100 * width, 100 * height, figure->name ? figure->name : "figure");
        break;
    case HU_PLOT_SVG_FILE:
        hu_buf_printf(script,
                      "set terminal svg size %g,%g dynamic noenhanced font 'Liberation Sans,Arial,sans-serif,13' "
                      "background 'white' name 'figure'\n",
                      100 * width, 100 * height);
        break;
    case HU_PLOT_PDF:
        hu_buf_printf(script, "set terminal pdfcairo size %gin,%gin noenhanced font 'Liberation Sans,10'\n", width,
                      height);
        break;
    case HU_PLOT_PNG: /* 300 dots an inch */
        hu_buf_printf(script,
                      "set terminal pngcairo size %g,%g noenhanced font 'Liberation Sans,10' fontscale 3 "
                      "linewidth 3 pointscale 2.6\n",
                      300 * width, 300 * height);
        break;
    }
}

void figure_start(const hu_figure *figure, double width, double height, bool key, hu_buf *script)
{
    set_terminal(figure, width, height, script);
    hu_buf_add_text(script, "set encoding utf8\nset minussign\nset border 3 lw 0.7 lc rgb '#404040'\n"
                            "set tics nomirror out scale 0.5 textcolor rgb '#202020'\n"
                            "set grid ytics back lt 1 lw 0.4 lc rgb '#d4d9de'\nset xzeroaxis lt 1 lw 0.8 lc rgb "
                            "'#606870'\nset pointintervalbox 0\nset datafile missing 'NaN'\n");
    hu_buf_add_text(script,
                    key ? "set key outside top left horizontal reverse Left samplen 1.5 noopaque\n" : "unset key\n");
    if (figure->x_label) {
        hu_buf_add_text(script, "set xlabel ");
        gnuplot_quote(script, figure->x_label);
    }
    if (figure->y_label) {
        hu_buf_add_text(script, "\nset ylabel ");
        gnuplot_quote(script, figure->y_label);
    }
    hu_buf_add_char(script, '\n');
}

/* A whole SVG file: what gnuplot drew, with the figure's title in place of its own and no word of the maker. */
static void finish_svg(const hu_figure *figure, const hu_buf *drawn, hu_buf *out)
{
    hu_html html = {.out = out};
    const char *at = drawn->data;
    while (*at) {
        const char *title = strncmp(at, "<title>", 7) == 0 ? strstr(at, "</title>") : NULL;
        const char *maker = strncmp(at, "<desc>", 6) == 0 ? strstr(at, "</desc>") : NULL;
        if (title) {
            hu_html_open(&html, "title", NULL);
            hu_html_text(&html, figure->title ? figure->title : "");
            hu_html_close(&html, "title");
            at = title + strlen("</title>");
        } else if (maker) {
            at = maker + strlen("</desc>");
        } else {
            hu_buf_add_char(out, *at++);
        }
    }
}

hu_error *figure_end(const hu_figure *figure, hu_buf *script, hu_buf *out)
{
    HU_BUF(drawn);
    hu_buf_add_char(script, '\n');
    HU_TRY(gnuplot_run(figure->plotter.program, script, &drawn));
    if (figure->kind == HU_PLOT_SVG) {
        gnuplot_tidy_svg(drawn.data, drawn.length, figure->name ? figure->name : "figure",
                         figure->title ? figure->title : "", out);
    } else if (figure->kind == HU_PLOT_SVG_FILE) {
        finish_svg(figure, &drawn, out);
    } else {
        if (figure->kind == HU_PLOT_PDF)
            gnuplot_tidy_pdf(&drawn);
        hu_buf_add(out, drawn.data, drawn.length);
    }
    return NULL;
}

hu_error *figure_check(const hu_figure *figure, const hu_series *series, size_t n_series)
{
    const char *title = figure->title ? figure->title : "a figure";
    if (n_series > HU_FIGURE_SERIES)
        return hu_fail(HU_LIMIT, "%s: %zu series in one figure: at most %d can be told apart", title, n_series,
                       HU_FIGURE_SERIES);
    for (size_t s = 0; s < n_series; s++)
        for (size_t i = 0; i < series[s].n; i++)
            if (isfinite(series[s].estimate[i]))
                return NULL;
    return hu_fail(HU_EMPTY, "%s: there is no estimate to draw", title);
}
