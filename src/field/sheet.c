/* The hand-over sheet: one page A4, by Cairo, with its link as a QR code. */

#include "handover.h"

#include "huella/base/instant.h"
#include "inside.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <qrencode.h>
#include <string.h>

static const double page_width = 595.28, page_height = 841.89, margin = 50, label_width = 185, line_height = 15,
                    code_size = 150;

typedef struct sheet {
    cairo_t *cairo;
    call *c;
    const char *language;
    double y, bottom; /* where the next line stands; below which none does */
} sheet;

static void font(const sheet *s, double size, bool bold)
{
    cairo_select_font_face(s->cairo, "Liberation Sans", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(s->cairo, size);
}

static double width_of(const sheet *s, const char *text)
{
    cairo_text_extents_t extents;
    cairo_text_extents(s->cairo, text, &extents);
    return extents.x_advance;
}

static void show(sheet *s, double x, const char *text)
{
    cairo_move_to(s->cairo, x, s->y);
    cairo_show_text(s->cairo, text);
}

/* Text broken between words; a word that is wider than the column stands alone. What does not fit above the bottom is
 * cut. */
static void paragraph(sheet *s, double x, double width, const char *text)
{
    HU_BUF(line);
    while (*text && s->y < s->bottom) {
        size_t word = strcspn(text, " \n\t");
        size_t before = line.length;
        if (line.length && word)
            hu_buf_add_char(&line, ' ');
        hu_buf_add(&line, text, word);
        if (before && width_of(s, line.data) > width) {
            line.data[before] = '\0';
            show(s, x, line.data);
            s->y += line_height;
            line.length = 0;
            continue; /* the word again, on a line of its own */
        }
        text += word;
        text += strspn(text, " \n\t");
    }
    if (line.length)
        show(s, x, line.data);
    s->y += line_height;
}

static const char *word(const sheet *s, const char *key)
{
    return handover_word(s->c, "sheet", key, s->language);
}

static void field(sheet *s, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    font(s, 10, true);
    show(s, margin, word(s, key));
    font(s, 10, false);
    paragraph(s, margin + label_width, page_width - 2 * margin - label_width, value);
}

/* A member of a record: a code by its word, a list by its words. */
static void member(sheet *s, const json_t *record, const char *key)
{
    HU_BUF(text);
    size_t i;
    json_t *item, *value = json_object_get(record, key);
    if (json_is_boolean(value)) {
        hu_buf_add_text(&text, handover_word(s->c, "values", json_is_true(value) ? "true" : "false", s->language));
    } else if (json_is_string(value)) {
        hu_buf_add_text(&text, handover_word(s->c, "values", json_string_value(value), s->language));
    } else {
        json_array_foreach(value, i, item) {
            hu_buf_add_text(&text, i ? ", " : "");
            hu_buf_add_text(&text, handover_word(s->c, "values", json_string_value(item), s->language));
        }
    }
    field(s, key, text.data);
}

static void draw_code(const sheet *s, const QRcode *code, double x, double y)
{
    double quiet = 4, module = code_size / (code->width + 2 * quiet);
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if (code->data[row * code->width + column] & 1)
                cairo_rectangle(s->cairo, x + (column + quiet) * module, y + (row + quiet) * module, module, module);
    cairo_set_antialias(s->cairo, CAIRO_ANTIALIAS_NONE);
    cairo_fill(s->cairo);
}

static hu_error *draw_link(sheet *s, const char *secret)
{
    const char *base = s->c->field->options.public_url;
    const char *link = hu_printf(s->c->arena, "%s/h/%s", base ? base : hu_service_url(s->c->field->service), secret);
    QRcode *code = QRcode_encodeString(link, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code)
        return hu_fail_system(errno, "making a QR code");
    double top = page_height - margin - code_size;
    draw_code(s, code, page_width - margin - code_size, top);
    QRcode_free(code);
    s->y = top + 15;
    font(s, 10, false);
    double width = page_width - 2 * margin - code_size - 15;
    s->bottom = page_height - margin - 20;
    paragraph(s, margin, width, word(s, "answer"));
    font(s, 7, false);
    paragraph(s, margin, width, link);
    font(s, 9, false);
    s->y = page_height - margin;
    show(s, margin, word(s, "signature"));
    cairo_move_to(s->cairo, margin, page_height - margin - 14);
    cairo_line_to(s->cairo, page_width - 2 * margin - code_size, page_height - margin - 14);
    cairo_set_line_width(s->cairo, 0.5);
    cairo_stroke(s->cairo);
    return NULL;
}

static void draw_referral(sheet *s, const referral *one, const json_t *record, const json_t *person)
{
    static const char *const about_person[] = {"age_group", "sex", "nationality", "language", "needs", NULL};
    static const char *const about_referral[] = {"urgency", "reason",       "consent", "accompanied",
                                                 "contact", "safe_contact", NULL};
    char at[32];
    const hu_referral_kind *kind =
        hu_referral_kind_of(s->c->field->rules->referrals, json_string_value(json_object_get(record, "kind")));
    field(s, "number", one->id);
    hu_instant_format(s->c->now, at);
    field(s, "date", at);
    field(s, "district", one->district);
    field(s, "institution", one->institution_name);
    field(s, "kind", !kind ? NULL : strcmp(s->language, "en") == 0 ? kind->en : kind->es);
    for (const char *const *key = about_referral; *key; key++)
        member(s, record, *key);
    field(s, "person", one->person);
    for (const char *const *key = about_person; *key; key++)
        member(s, person, *key);
    if (one->due_at) {
        hu_instant_format(one->due_at, at);
        field(s, "due", at);
    }
}

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
    hu_buf_add(closure, bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

hu_error *handover_draw(call *c, const referral *one, const json_t *person, const char *secret, const char *language,
                        hu_buf *pdf)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_bytes, pdf, page_width, page_height);
    sheet s = {.cairo = cairo_create(surface), .c = c, .language = language, .y = margin + 10};
    s.bottom = page_height - margin - code_size;
    json_t *record = json_loadb(one->text.data, one->text.length, 0, NULL);
    font(&s, 20, true);
    show(&s, margin, word(&s, "title"));
    s.y += 22;
    font(&s, 9, false);
    paragraph(&s, margin, page_width - 2 * margin, word(&s, "warning"));
    s.y += 8;
    draw_referral(&s, one, record, person);
    hu_error *error = draw_link(&s, secret);
    json_decref(record);
    cairo_destroy(s.cairo);
    cairo_surface_finish(surface);
    if (!error && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        error = hu_fail(HU_BUG, "drawing a sheet: %s", cairo_status_to_string(cairo_surface_status(surface)));
    cairo_surface_destroy(surface);
    return error;
}

void handover_forget_fonts(void)
{
    cairo_debug_reset_static_data();
    FcFini();
}
