/* Fonts of the pages: glyphs and widths measured once, so that threads lay out text without asking the font library. */

#include "pages.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <string.h>

struct sim_fonts {
    sim_glyph glyphs[N_FAMILIES][N_STYLES][N_SLOTS];
};

static const char *const families[N_FAMILIES] = {"Liberation Serif", "Liberation Sans", "Liberation Mono"};

/* Beyond Latin-1 and Latin Extended-A, these. */
static const uint32_t extra[] = {0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x2022};
enum { N_EXTRA = sizeof extra / sizeof *extra, FIRST_EXTRA = N_SLOTS - 16 };

static size_t slot_of(uint32_t code_point)
{
    if (code_point < FIRST_EXTRA)
        return code_point;
    for (size_t i = 0; i < N_EXTRA; i++)
        if (extra[i] == code_point)
            return FIRST_EXTRA + i;
    return '?';
}

const sim_glyph *sim_glyph_of(const sim_fonts *fonts, int family, sim_style style, uint32_t code_point)
{
    return &fonts->glyphs[family][style][slot_of(code_point)];
}

double sim_text_width(const sim_fonts *fonts, int family, sim_style style, double size, const char *text, size_t length)
{
    double width = 0;
    for (const char *p = text, *end = text + length; p < end;) {
        int32_t c = hu_utf8_next(&p, end);
        width += sim_glyph_of(fonts, family, style, c < 0 ? '?' : (uint32_t)c)->advance;
    }
    return width * size;
}

cairo_scaled_font_t *sim_scaled_font(int family, sim_style style, double size)
{
    cairo_font_face_t *face = cairo_toy_font_face_create(
        families[family], style == STYLE_ITALIC ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
        style == STYLE_BOLD ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_matrix_t matrix, identity;
    cairo_matrix_init_scale(&matrix, size, size);
    cairo_matrix_init_identity(&identity);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_scaled_font_t *font = cairo_scaled_font_create(face, &matrix, &identity, options);
    cairo_font_options_destroy(options);
    cairo_font_face_destroy(face);
    return font;
}

/* Glyph and advance (of a font of size 1) of one code point. */
static void measure(cairo_scaled_font_t *font, uint32_t code_point, sim_glyph *glyph)
{
    HU_BUF(text);
    hu_utf8_add(&text, code_point);
    cairo_glyph_t *glyphs = NULL;
    int n = 0;
    if (cairo_scaled_font_text_to_glyphs(font, 0, 0, text.data, (int)text.length, &glyphs, &n, NULL, NULL, NULL) ==
            CAIRO_STATUS_SUCCESS &&
        n > 0) {
        cairo_text_extents_t extents;
        cairo_scaled_font_glyph_extents(font, glyphs, 1, &extents);
        glyph->index = glyphs[0].index;
        glyph->advance = extents.x_advance / 1000;
    }
    cairo_glyph_free(glyphs);
}

hu_error *sim_fonts_open(sim_fonts **fonts)
{
    *fonts = hu_xcalloc(1, sizeof **fonts);
    for (int family = 0; family < N_FAMILIES; family++)
        for (int style = 0; style < N_STYLES; style++) {
            cairo_scaled_font_t *font = sim_scaled_font(family, (sim_style)style, 1000);
            for (uint32_t c = 0x20; c < 0x180; c++)
                measure(font, c, &(*fonts)->glyphs[family][style][c]);
            for (size_t i = 0; i < N_EXTRA; i++)
                measure(font, extra[i], &(*fonts)->glyphs[family][style][FIRST_EXTRA + i]);
            cairo_scaled_font_destroy(font);
            if (!((*fonts)->glyphs[family][style]['n'].advance > 0)) {
                sim_fonts_close(*fonts);
                return hu_fail(HU_NOT_FOUND, "the font \"%s\" cannot be loaded: install fonts-liberation",
                               families[family]);
            }
        }
    return NULL;
}

/* Cairo and Fontconfig keep what they found for the life of the process; nothing else here uses them: give it back. */
void sim_fonts_close(sim_fonts *fonts)
{
    free(fonts);
    cairo_debug_reset_static_data();
    FcFini();
}
