/* Draws laid-out pages into a PDF by Cairo: words with a text layer, or pictures of the pages, as from a scanner. */

#include "pages.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <math.h>
#include <string.h>

static const double scan_dots = 110; /* dots an inch */

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    hu_buf_add(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

/* Fonts of one document: a few styles and sizes. */
typedef struct fonts_in_use {
    struct {
        int family;
        sim_style style;
        double size;
        cairo_scaled_font_t *font;
    } items[24];
    size_t count;
} fonts_in_use;

static cairo_scaled_font_t *use_font(fonts_in_use *fonts, const sim_mark *mark)
{
    for (size_t i = 0; i < fonts->count; i++)
        if (fonts->items[i].family == mark->family && fonts->items[i].style == mark->style &&
            fonts->items[i].size == mark->size)
            return fonts->items[i].font;
    size_t at = fonts->count < 24 ? fonts->count++ : 23;
    if (fonts->items[at].font)
        cairo_scaled_font_destroy(fonts->items[at].font);
    fonts->items[at].family = mark->family;
    fonts->items[at].style = mark->style;
    fonts->items[at].size = mark->size;
    fonts->items[at].font = sim_scaled_font(mark->family, mark->style, mark->size);
    return fonts->items[at].font;
}

/* Glyphs of one word, and for the text layer the bytes that each stands for. */
static void draw_word(const sim_pages *pages, cairo_t *cr, fonts_in_use *fonts, const sim_mark *mark)
{
    enum { MOST = 256 };
    cairo_glyph_t glyphs[MOST];
    cairo_text_cluster_t clusters[MOST];
    int n = 0;
    double x = mark->x;
    const char *p = mark->text, *end = p + mark->length;
    while (p < end && n < MOST) {
        const char *from = p;
        int32_t c = hu_utf8_next(&p, end);
        const sim_glyph *glyph = sim_glyph_of(pages->fonts, mark->family, mark->style, c < 0 ? '?' : (uint32_t)c);
        if (mark->gap_at && (size_t)(from - mark->text) == mark->gap_at)
            x += 0.25 * mark->size;
        glyphs[n] = (cairo_glyph_t){glyph->index, x, mark->y};
        clusters[n++] = (cairo_text_cluster_t){(int)(p - from), 1};
        x += glyph->advance * mark->size;
    }
    cairo_set_scaled_font(cr, use_font(fonts, mark));
    cairo_show_text_glyphs(cr, mark->text, (int)(p - mark->text), glyphs, n, clusters, n, 0);
}

static void draw_page(const sim_pages *pages, cairo_t *cr, int page)
{
    fonts_in_use fonts = {0};
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_set_line_width(cr, 0.6);
    for (size_t i = 0; i < pages->n_marks; i++) {
        const sim_mark *mark = &pages->marks[i];
        if (mark->page != page)
            continue;
        if (mark->text) {
            draw_word(pages, cr, &fonts, mark);
            continue;
        }
        cairo_move_to(cr, mark->x, mark->y);
        cairo_line_to(cr, mark->x2, mark->y2);
        cairo_stroke(cr);
    }
    for (size_t i = 0; i < fonts.count; i++)
        cairo_scaled_font_destroy(fonts.items[i].font);
}

/* A scanner's grey: few levels (which compress well), a darkened edge, specks. */
static void roughen(cairo_surface_t *picture, hu_random *random)
{
    cairo_surface_flush(picture);
    unsigned char *data = cairo_image_surface_get_data(picture);
    int width = cairo_image_surface_get_width(picture), height = cairo_image_surface_get_height(picture),
        stride = cairo_image_surface_get_stride(picture);
    for (int y = 0; y < height; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (ptrdiff_t)y * stride);
        for (int x = 0; x < width; x++) {
            uint32_t grey = row[x] & 0xFF, level = (grey + 64) / 128 * 128;
            grey = level > 255 ? 255 : level;
            row[x] = grey << 16 | grey << 8 | grey;
        }
    }
    unsigned specks = 40 + (unsigned)hu_random_below(random, 200);
    for (unsigned i = 0; i < specks; i++) {
        size_t x = hu_random_below(random, (uint64_t)width), y = hu_random_below(random, (uint64_t)height);
        uint32_t *row = (uint32_t *)(void *)(data + (ptrdiff_t)y * stride);
        row[x] = 0x404040;
    }
    cairo_surface_mark_dirty(picture);
}

static void draw_scan(const sim_pages *pages, cairo_t *cr, int page, hu_random *random)
{
    double scale = scan_dots / 72;
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(sim_page_width * scale),
                                                          (int)lround(sim_page_height * scale));
    cairo_t *to = cairo_create(picture);
    cairo_set_source_rgb(to, 1, 1, 1);
    cairo_paint(to);
    cairo_scale(to, scale, scale);
    double down = 3 * hu_random_normal(random), across = 3 * hu_random_normal(random);
    cairo_translate(to, across, down);
    cairo_rotate(to, fmin(fmax(0.005 * hu_random_normal(random), -0.012), 0.012));
    draw_page(pages, to, page);
    cairo_destroy(to);
    roughen(picture, random);
    cairo_save(cr);
    cairo_scale(cr, 1 / scale, 1 / scale);
    cairo_set_source_surface(cr, picture, 0, 0);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(picture);
}

hu_error *sim_draw_pdf(const sim_pages *pages, bool scan, const char *title, int64_t date, hu_buf *pdf)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, pdf, sim_page_width, sim_page_height);
    char iso[16];
    HU_BUF(created);
    hu_random random = pages->random;
    hu_date_format_iso(hu_date_from_days(date), iso);
    hu_buf_printf(&created, "%sT12:00:00Z", iso); /* of the decision, so that the same study has the same bytes */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created.data);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "huella " HU_VERSION);
    cairo_t *cr = cairo_create(surface);
    for (int page = 1; page <= pages->pages; page++) {
        if (scan)
            draw_scan(pages, cr, page, &random);
        else
            draw_page(pages, cr, page);
        cairo_show_page(cr);
    }
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return hu_fail(HU_BUG, "drawing a PDF: %s", cairo_status_to_string(status));
    return NULL;
}

hu_error *sim_write_pdf(const sim_fonts *fonts, const char *text, bool scan, const char *title, int64_t date,
                        hu_random look, const char *path)
{
    HU_SCRATCH(arena);
    HU_BUF(pdf);
    sim_pages pages = {.fonts = fonts, .arena = arena, .random = look};
    pages.look = sim_look_draw(&pages.random, strstr(text, "\n\n% ") || strncmp(text, "% ", 2) == 0);
    sim_lay_out(&pages, text);
    HU_TRY(sim_draw_pdf(&pages, scan, title, date, &pdf));
    FILE *file = fopen(path, "wb"); /* the whole folder appears at once: no need for a temporary file each */
    if (!file)
        return hu_fail_system(errno, "opening %s", path);
    size_t written = fwrite(pdf.data, 1, pdf.length, file);
    int reason = written == pdf.length ? 0 : errno;
    if (fclose(file) != 0 && !reason)
        reason = errno;
    return reason ? hu_fail_system(reason, "writing %s", path) : NULL;
}
