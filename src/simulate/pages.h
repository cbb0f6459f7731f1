#ifndef HU_SIMULATE_PAGES_H
#define HU_SIMULATE_PAGES_H

/* What fonts.c, layout.c and draw.c share: marks on pages, in points from the top left of A4. */

#include "study.h"

#include <cairo.h>
#include <stdlib.h>

enum { N_FAMILIES = 3, N_SLOTS = 0x180 + 16 };
typedef enum sim_style { STYLE_REGULAR, STYLE_BOLD, STYLE_ITALIC, N_STYLES } sim_style;

typedef struct sim_glyph {
    unsigned long index;
    double advance; /* of a font of size 1 */
} sim_glyph;

const sim_glyph *sim_glyph_of(const sim_fonts *fonts, int family, sim_style style, uint32_t code_point);
double sim_text_width(const sim_fonts *fonts, int family, sim_style style, double size, const char *text,
                      size_t length);
cairo_scaled_font_t *sim_scaled_font(int family, sim_style style, double size); /* the caller destroys it */

/* A word, or with text NULL a rule from (x, y) to (x2, y2). */
typedef struct sim_mark {
    int page;
    int family;
    sim_style style;
    double size, x, y, x2, y2;
    const char *text;
    size_t length;
    size_t gap_at; /* a spurious blank stands before this byte; 0 = none */
} sim_mark;

/* How a document looks, drawn once a document. */
typedef struct sim_look {
    int family;
    double size, leading, left, right, top, bottom, indent;
    bool hyphens, forced_breaks, spurious_blanks, boxed_table, paragraph_gap;
} sim_look;

typedef struct sim_pages {
    const sim_fonts *fonts;
    hu_arena *arena;
    hu_random random;
    sim_look look;
    sim_mark *marks;
    size_t n_marks, capacity;
    int pages;
    double y;
    const char *running[4]; /* lines of the running header */
    size_t n_running;
    const char *footer; /* NULL = none */
    int stamps;
} sim_pages;

extern const double sim_page_width, sim_page_height;

/** Lays out marked-up text (see layout.c). */
void sim_lay_out(sim_pages *pages, const char *text);
sim_look sim_look_draw(hu_random *random, bool stamps);

/** Draws the pages into a PDF in memory; as pictures when `scan`. */
hu_error *sim_draw_pdf(const sim_pages *pages, bool scan, const char *title, int64_t date, hu_buf *pdf);

#endif
