#ifndef HUELLA_TESTS_SCAN_H
#define HUELLA_TESTS_SCAN_H

/*
 * Plain text as a scan: a PDF of A4 pictures without a text layer, set a little askew, shaded and speckled, as a
 * court's copier leaves them. For tests of recognition and for measuring it (bench/scan.c). The same seed draws the
 * same bytes.
 */

#include <cairo-pdf.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct scan_options {
    int dots_an_inch; /* 0 = 250 */
    double askew;     /* degrees at most, either way; 0 = 1.2; negative = not at all */
    int quarter_turns;
    double size; /* of letters, in points; 0 = 11.5 */
    uint32_t seed;
    const char *font; /* NULL = Liberation Serif */
} scan_options;

typedef struct scan_drawing {
    scan_options options;
    cairo_surface_t *pdf, *picture; /* picture: the page that is being drawn; NULL = none */
    cairo_t *cairo;
    double y;
    uint32_t random;
} scan_drawing;

enum { SCAN_WIDTH = 595, SCAN_HEIGHT = 842, SCAN_MARGIN = 72 };

static inline uint32_t scan_random(scan_drawing *d)
{
    d->random = d->random * 1664525U + 1013904223U;
    return d->random >> 8;
}

static inline void scan_start_page(scan_drawing *d)
{
    double scale = d->options.dots_an_inch / 72.0, pi = acos(-1);
    d->picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(SCAN_WIDTH * scale), (int)(SCAN_HEIGHT * scale));
    d->cairo = cairo_create(d->picture);
    cairo_set_source_rgb(d->cairo, 1, 1, 1);
    cairo_paint(d->cairo);
    cairo_scale(d->cairo, scale, scale);
    cairo_translate(d->cairo, SCAN_WIDTH / 2.0, SCAN_HEIGHT / 2.0);
    double share = (double)(scan_random(d) % 2001) / 1000 - 1;
    cairo_rotate(d->cairo, d->options.askew > 0 ? share * d->options.askew * pi / 180 : 0);
    cairo_translate(d->cairo, -SCAN_WIDTH / 2.0, -SCAN_HEIGHT / 2.0);
    cairo_select_font_face(d->cairo, d->options.font, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(d->cairo, d->options.size);
    cairo_set_source_rgb(d->cairo, 0.1, 0.1, 0.1);
    d->y = SCAN_MARGIN;
}

/* Paper that is darker towards one side, and a speck every some thousand dots. */
static inline void scan_soil(scan_drawing *d)
{
    cairo_surface_flush(d->picture);
    unsigned char *bytes = cairo_image_surface_get_data(d->picture);
    int width = cairo_image_surface_get_width(d->picture), height = cairo_image_surface_get_height(d->picture);
    int stride = cairo_image_surface_get_stride(d->picture);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            unsigned char *dot = bytes + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4;
            int grey = dot[0] * (255 - 40 * x / width) / 255 / 4 * 4;
            if (scan_random(d) % 3000 == 0)
                grey = 60;
            dot[0] = dot[1] = dot[2] = (unsigned char)grey;
        }
    cairo_surface_mark_dirty(d->picture);
}

static inline void scan_end_page(scan_drawing *d)
{
    if (!d->picture)
        return;
    cairo_destroy(d->cairo);
    scan_soil(d);
    int turns = d->options.quarter_turns;
    double scale = 72.0 / d->options.dots_an_inch;
    cairo_pdf_surface_set_size(d->pdf, turns % 2 ? SCAN_HEIGHT : SCAN_WIDTH, turns % 2 ? SCAN_WIDTH : SCAN_HEIGHT);
    cairo_t *page = cairo_create(d->pdf);
    if (turns) {
        cairo_translate(page, (turns % 2 ? SCAN_HEIGHT : SCAN_WIDTH) / 2.0,
                        (turns % 2 ? SCAN_WIDTH : SCAN_HEIGHT) / 2.0);
        cairo_rotate(page, turns * acos(-1) / 2);
        cairo_translate(page, -SCAN_WIDTH / 2.0, -SCAN_HEIGHT / 2.0);
    }
    cairo_scale(page, scale, scale);
    cairo_set_source_surface(page, d->picture, 0, 0);
    cairo_paint(page);
    cairo_show_page(page);
    cairo_destroy(page);
    cairo_surface_destroy(d->picture);
    d->picture = NULL;
}

static inline void scan_draw_line(scan_drawing *d, const char *text)
{
    if (!d->picture)
        scan_start_page(d);
    cairo_move_to(d->cairo, SCAN_MARGIN, d->y);
    cairo_show_text(d->cairo, text);
    d->y += d->options.size * 1.3;
    if (d->y > SCAN_HEIGHT - SCAN_MARGIN)
        scan_end_page(d);
}

/* A line of the text, broken between words where the page is too narrow. */
static inline void scan_wrap_line(scan_drawing *d, char *text)
{
    char *end = text, *last = NULL;
    if (!d->picture)
        scan_start_page(d);
    for (;;) {
        end += strcspn(end, " ");
        char kept = *end;
        cairo_text_extents_t extents;
        *end = '\0';
        cairo_text_extents(d->cairo, text, &extents);
        *end = kept;
        if (extents.x_advance > SCAN_WIDTH - 2 * SCAN_MARGIN && last) {
            *last = '\0';
            scan_draw_line(d, text);
            if (!d->picture)
                scan_start_page(d);
            text = end = last + 1;
            last = NULL;
            continue;
        }
        if (!kept)
            break;
        last = end;
        end += strspn(end, " ");
    }
    scan_draw_line(d, text);
}

/* Draws `text` (UTF-8; lines, form feeds) to the file; false when that fails. */
static inline int scan_draw(const char *path, const char *text, scan_options options)
{
    scan_drawing d = {.options = options, .random = options.seed};
    d.options.dots_an_inch = options.dots_an_inch ? options.dots_an_inch : 250;
    d.options.askew = options.askew != 0 ? options.askew : 1.2;
    d.options.size = options.size > 0 ? options.size : 11.5;
    d.options.font = options.font ? options.font : "Liberation Serif";
    d.pdf = cairo_pdf_surface_create(path, SCAN_WIDTH, SCAN_HEIGHT);
    cairo_pdf_surface_set_metadata(d.pdf, CAIRO_PDF_METADATA_CREATE_DATE,
                                   "2020-01-01T00:00:00Z"); /* same bytes again */
    char *copy = strdup(text), *rest = copy;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *feed;
        while ((feed = strchr(line, '\f'))) {
            *feed = '\0';
            if (*line)
                scan_wrap_line(&d, line);
            scan_end_page(&d);
            line = feed + 1;
        }
        if (rest || *line)
            scan_wrap_line(&d, line);
    }
    scan_end_page(&d);
    free(copy);
    cairo_surface_finish(d.pdf);
    int fine = cairo_surface_status(d.pdf) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(d.pdf);
    return fine;
}

#endif
