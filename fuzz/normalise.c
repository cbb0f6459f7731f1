/*
 * Any bytes as a plain text, and as words anywhere on a PDF page: a text that is valid, whose parts cover it, whose
 * places are in order; or an error.
 */

#include "fuzz.h"

#include "../src/corpus/layout.h"
#include "../src/corpus/normalise.h"
#include "../src/corpus/phrases.h"
#include "huella/corpus/document.h"

#include <string.h>

static void check_document(const hu_document *d)
{
    MUST(d->length > 0 && hu_utf8_valid(d->text, d->length));
    MUST(d->characters == hu_utf8_count(d->text, d->length));
    MUST(!strstr(d->text, "\n\n\n") && !memchr(d->text, NARROW_GAP, d->length));
    MUST(d->n_sections >= 1 && d->n_sections <= HU_N_PARTS);
    MUST(d->sections[0].start == 0 && d->sections[d->n_sections - 1].end == d->length);
    for (size_t i = 1; i < d->n_sections; i++)
        MUST(d->sections[i].start == d->sections[i - 1].end && d->sections[i].start > d->sections[i - 1].start);
    for (size_t i = 1; i < d->n_runs; i++)
        MUST(d->runs[i].start > d->runs[i - 1].start && d->runs[i].start < d->length);
}

/* Words from bytes: four for the box, then text up to a byte below '!'; 0xFF turns the page. */
static void lay_out(const hu_phrases *phrases, const uint8_t *data, size_t size, hu_arena *arena, hu_line_list *lines)
{
    for (int number = 1; size; number++) {
        hu_pdf_page_words page = {.number = number, .width = 595, .height = 842};
        page.words = HU_NEW_ARRAY(arena, hu_pdf_box_word, size);
        while (size > 5 && data[0] != 0xFF) {
            float x = (float)data[0] * 2.5F, y = (float)data[1] * 3.3F;
            float w = (float)(data[2] & 63) + 1, h = (float)(data[3] & 15) + 1;
            size_t length = 0;
            data += 4, size -= 4;
            while (length < size && data[length] > ' ')
                length++;
            if (length && hu_utf8_valid((const char *)data, length))
                page.words[page.n_words++] = (hu_pdf_box_word){
                    .text = {(const char *)data, length}, .x0 = x, .y0 = y, .x1 = x + w, .y1 = y + h, .glued = h > 12};
            data += length, size -= length;
            if (size)
                data++, size--;
        }
        hu_layout_page(&page, phrases, arena, lines);
        if (size && (size <= 5 || data[0] == 0xFF))
            data++, size--;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static hu_phrases phrases;
    static hu_corpus *corpus;
    static hu_arena *lasting __attribute__((used)); /* what `phrases` lives in */
    HU_SCRATCH(arena);
    if (!corpus) {
        lasting = hu_arena_new();
        MUST(!hu_phrases_load("rules", lasting, &phrases));
        MUST(!hu_corpus_open(&(hu_corpus_options){.rules_dir = "rules"}, &corpus));
    }
    hu_document *document;
    bool pdf = memmem(data, size, "%PDF-", 5) != NULL; /* that would start a worker */
    hu_error *error = pdf ? NULL : hu_document_from_text(corpus, "fuzz", (const char *)data, size, arena, &document);
    if (!error && !pdf)
        check_document(document);
    hu_error_free(error);

    hu_line_list lines = {0};
    hu_document drawn = {.path = "fuzz"};
    lay_out(&phrases, data, size, arena, &lines);
    error = hu_normalise(&phrases, &lines, arena, &drawn);
    if (!error)
        check_document(&drawn);
    hu_error_free(error);
    return 0;
}
