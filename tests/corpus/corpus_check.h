#ifndef HUELLA_TESTS_CORPUS_CHECK_H
#define HUELLA_TESTS_CORPUS_CHECK_H

/* What the tests of corpus/ share: a corpus over the project's rules, and PDF files drawn for a test. */

#include "check.h"

#include "huella/corpus/document.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <sys/stat.h>

/* The worker stands beside the program. */
static inline const char *worker_path(hu_arena *arena)
{
    const char *program = getenv("HUELLA_PROGRAM");
    const char *slash = program ? strrchr(program, '/') : NULL;
    return slash ? hu_printf(arena, "%.*s/huella-pdf-worker", (int)(slash - program), program)
                 : "build/huella-pdf-worker";
}

static inline hu_corpus *open_corpus_with(hu_arena *arena, hu_corpus_options options)
{
    hu_corpus *corpus;
    options.worker = options.worker ? options.worker : worker_path(arena);
    options.rules_dir = check_source(arena, "rules");
    CHECK_OK(hu_corpus_open(&options, &corpus));
    return corpus;
}

static inline hu_corpus *open_corpus(hu_arena *arena)
{
    return open_corpus_with(arena, (hu_corpus_options){0});
}

static inline hu_document *open_document(hu_corpus *corpus, const char *path, hu_arena *arena)
{
    hu_document *document = NULL;
    CHECK_OK(hu_document_open(corpus, path, arena, &document));
    return document;
}

static inline hu_document *from_text(hu_corpus *corpus, const char *text, hu_arena *arena)
{
    hu_document *document = NULL;
    CHECK_OK(hu_document_from_text(corpus, "test.txt", text, strlen(text), arena, &document));
    return document;
}

/* A file name in a folder of its own, which the test leaves behind in the system's temporary folder. */
static inline const char *temporary(hu_arena *arena, const char *name)
{
    char folder[] = "/tmp/huella-corpus-XXXXXX";
    if (!mkdtemp(folder))
        fail_msg("no temporary folder");
    return hu_printf(arena, "%s/%s", folder, name);
}

static inline void remove_temporary(const char *path)
{
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    unlink(path);
    rmdir(folder);
}

static inline void write_bytes(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

/* --- drawing: A4 pages, points from the top left --------------------------------------------------------------- */

typedef struct drawing {
    cairo_surface_t *surface;
    cairo_t *cairo;
} drawing;

static inline drawing draw(const char *path)
{
    drawing d = {.surface = cairo_pdf_surface_create(path, 595, 842)};
    d.cairo = cairo_create(d.surface);
    cairo_select_font_face(d.cairo, "Liberation Serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    return d;
}

static inline void draw_text(const drawing *d, double x, double y, double size, const char *text)
{
    cairo_set_font_size(d->cairo, size);
    cairo_move_to(d->cairo, x, y);
    cairo_show_text(d->cairo, text);
}

/* Lines from a height downwards, 14 points apart; returns the height below the last. */
static inline double draw_lines(const drawing *d, double x, double y, double size, const char *const *lines)
{
    for (; *lines; lines++, y += size * 1.27)
        draw_text(d, x, y, size, *lines);
    return y;
}

/* A line whose words are spread to the right margin, as justified text is. */
static inline void draw_spread(const drawing *d, double x0, double x1, double y, double size, const char *text)
{
    char copy[1024], *words[64], *rest = NULL;
    size_t n = 0;
    double width = 0;
    snprintf(copy, sizeof copy, "%s", text);
    cairo_set_font_size(d->cairo, size);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        cairo_text_extents_t extents;
        cairo_text_extents(d->cairo, word, &extents);
        width += extents.x_advance;
        words[n++] = word;
    }
    double gap = n > 1 ? (x1 - x0 - width) / (double)(n - 1) : 0;
    for (size_t i = 0; i < n; i++) {
        cairo_text_extents_t extents;
        cairo_text_extents(d->cairo, words[i], &extents);
        draw_text(d, x0, y, size, words[i]);
        x0 += extents.x_advance + gap;
    }
}

static inline void draw_page(const drawing *d)
{
    cairo_show_page(d->cairo);
}

static inline void draw_end(drawing *d)
{
    cairo_destroy(d->cairo);
    cairo_surface_finish(d->surface);
    assert_int_equal(cairo_surface_status(d->surface), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(d->surface);
}

/* At the end of a program that drew: Cairo and Fontconfig keep caches that would be reported as leaks. */
static inline int forget_fonts(void **state)
{
    (void)state;
    cairo_debug_reset_static_data();
    FcFini();
    return 0;
}

/* --- what must stand in a text, and what must not -------------------------------------------------------------- */

static inline void check_has(const hu_document *document, const char *text)
{
    if (!strstr(document->text, text))
        fail_msg("\"%s\" is not in:\n%s", text, document->text);
}

static inline void check_lacks(const hu_document *document, const char *text)
{
    if (strstr(document->text, text))
        fail_msg("\"%s\" is in:\n%s", text, document->text);
}

static inline hu_part part_of(const hu_document *document, const char *text)
{
    const char *found = strstr(document->text, text);
    if (!found)
        fail_msg("\"%s\" is not in:\n%s", text, document->text);
    return hu_document_part(document, (size_t)(found - document->text));
}

static inline void check_part(const hu_document *document, const char *text, hu_part part)
{
    hu_part found = part_of(document, text);
    if (found != part)
        fail_msg("\"%s\" stands in %s, expected %s", text, hu_part_name(found), hu_part_name(part));
}

#endif
