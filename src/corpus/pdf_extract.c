/* PDF to words with boxes, by Poppler. Runs inside the sandbox. */

#include "pdf_extract.h"

#include "protocol.h"
#include "record.h"

#include <math.h>
#include <poppler.h>
#include <stdbool.h>
#include <string.h>

/* A page with less text than this is looked through for images: is it a scan? */
enum { FEW_CHARACTERS = 1000 };
static const double MOST_OF_PAGE = 0.5;

static int write_trouble(int out, pdf_trouble trouble)
{
    uint32_t code = trouble;
    return record_write(out, PDF_ERROR, &code, sizeof code) ? 0 : 1;
}

/* A blank, or a change of letter height (a superscript mark, small capitals), parts two words. */
static bool parts(const PopplerRectangle *last, const PopplerRectangle *next)
{
    double a = last->y2 - last->y1, b = next->y2 - next->y1;
    return a > 1.15 * b || b > 1.15 * a;
}

static void add_word(GByteArray *bytes, uint32_t *n_words, pdf_word word, const char *text)
{
    if (word.length == 0 || word.length > PDF_MAX_WORD)
        return;
    g_byte_array_append(bytes, (const guint8 *)&word, sizeof word);
    g_byte_array_append(bytes, (const guint8 *)text, word.length);
    ++*n_words;
}

/* Text and the box of each of its characters to words. */
static uint32_t split_words(const char *text, const PopplerRectangle *boxes, guint n_boxes, GByteArray *bytes)
{
    uint32_t n_words = 0;
    pdf_word word = {0};
    const char *start = text;
    guint i = 0;
    for (const char *p = text; *p && i < n_boxes; p = g_utf8_next_char(p), i++) {
        gunichar c = g_utf8_get_char(p);
        bool blank = g_unichar_isspace(c);
        bool full = word.length >= PDF_MAX_WORD - 8;
        bool glued = false;
        if (word.length && (blank || full || parts(&boxes[i - 1], &boxes[i]))) {
            add_word(bytes, &n_words, word, start);
            word.length = 0;
            glued = !blank;
        }
        if (blank)
            continue;
        const PopplerRectangle *box = &boxes[i];
        if (!word.length) {
            start = p;
            word = (pdf_word){
                (float)box->x1, (float)box->y1, (float)box->x2, (float)box->y2, glued ? PDF_WORD_GLUED : 0, 0};
        }
        word.x0 = MIN(word.x0, (float)box->x1);
        word.y0 = MIN(word.y0, (float)box->y1);
        word.x1 = MAX(word.x1, (float)box->x2);
        word.y1 = MAX(word.y1, (float)box->y2);
        word.length += (uint32_t)(g_utf8_next_char(p) - p);
    }
    add_word(bytes, &n_words, word, start);
    return n_words;
}

/* Whether there are images, and whether one covers most of the page. */
static uint32_t image_flags(PopplerPage *page, double area)
{
    GList *images = poppler_page_get_image_mapping(page);
    uint32_t flags = images ? PDF_PAGE_HAS_IMAGES : 0;
    for (const GList *one = images; one; one = one->next) {
        const PopplerRectangle *box = &((const PopplerImageMapping *)one->data)->area;
        if (fabs((box->x2 - box->x1) * (box->y2 - box->y1)) > MOST_OF_PAGE * area)
            flags |= PDF_PAGE_IS_IMAGE;
    }
    poppler_page_free_image_mapping(images);
    return flags;
}

static bool write_page(PopplerPage *page, int number, int out)
{
    double width = 0, height = 0;
    poppler_page_get_size(page, &width, &height);
    char *text = poppler_page_get_text(page);
    PopplerRectangle *boxes = NULL;
    guint n_boxes = 0;
    poppler_page_get_text_layout(page, &boxes, &n_boxes);

    pdf_page head = {.number = (uint32_t)number, .width = (float)width, .height = (float)height};
    if (!text || strlen(text) < FEW_CHARACTERS)
        head.flags = image_flags(page, width * height);
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)&head, sizeof head);
    if (text && boxes)
        head.n_words = split_words(text, boxes, n_boxes, bytes);
    memcpy(bytes->data, &head, sizeof head);
    bool fine = bytes->len <= PDF_MAX_RECORD && record_write(out, PDF_PAGE, bytes->data, bytes->len);
    g_byte_array_unref(bytes);
    g_free(boxes);
    g_free(text);
    return fine;
}

int pdf_extract(const char *data, size_t length, int out)
{
    GBytes *bytes = g_bytes_new_static(data, length);
    GError *error = NULL;
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &error);
    if (!document) {
        bool encrypted = g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);
        return write_trouble(out, encrypted ? PDF_ENCRYPTED : PDF_BROKEN);
    }
    int n_pages = poppler_document_get_n_pages(document);
    if (n_pages < 1)
        return write_trouble(out, PDF_NO_PAGES);
    if (n_pages > PDF_MAX_PAGES)
        return write_trouble(out, PDF_TOO_MANY_PAGES);
    for (int i = 0; i < n_pages; i++) {
        PopplerPage *page = poppler_document_get_page(document, i);
        if (!page)
            return write_trouble(out, PDF_BROKEN);
        if (!write_page(page, i + 1, out))
            return 1;
        g_object_unref(page);
    }
    uint32_t total = (uint32_t)n_pages;
    return record_write(out, PDF_END, &total, sizeof total) ? 0 : 1;
}

void pdf_warm_up(void)
{
    /* One page of text in a base font. Poppler mends the missing cross-reference table. */
    static const char tiny[] =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        "4 0 obj<</Length 33>>stream\nBT /F 9 Tf 9 9 Td (huella) Tj ET  \nendstream endobj\n"
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF\n";
    GBytes *bytes = g_bytes_new_static(tiny, sizeof tiny - 1);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    if (!document)
        return;
    PopplerPage *page = poppler_document_get_page(document, 0);
    if (page) {
        PopplerRectangle *boxes = NULL;
        guint n_boxes = 0;
        g_free(poppler_page_get_text(page));
        poppler_page_get_text_layout(page, &boxes, &n_boxes);
        g_free(boxes);
        g_object_unref(page);
    }
    /* `document` stays open: Poppler unloads its tables with the last one. */
}
