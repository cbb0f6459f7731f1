/* Any bytes as the worker's answer: pages whose every word is sound, or one text, or an error that names the file. */

#include "fuzz.h"

#include "../src/corpus/page.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HU_SCRATCH(arena);
    hu_pdf_words words;
    hu_error *error = hu_pdf_parse((const char *)data, size, "fuzz.pdf", arena, &words);
    if (error) {
        MUST(strstr(error->message, "fuzz.pdf"));
        hu_error_free(error);
        return 0;
    }
    MUST((words.n_pages > 0) == !words.text.data);
    MUST(!words.text.data || hu_utf8_valid(words.text.data, words.text.length));
    for (size_t p = 0; p < words.n_pages; p++) {
        const hu_pdf_page_words *page = &words.pages[p];
        MUST(page->number == (int)p + 1 && isfinite(page->width) && isfinite(page->height));
        for (size_t i = 0; i < page->n_words; i++) {
            const hu_pdf_box_word *w = &page->words[i];
            MUST(w->text.length > 0 && hu_utf8_valid(w->text.data, w->text.length));
            MUST(isfinite(w->x0) && w->x0 <= w->x1 && w->y0 <= w->y1);
        }
    }
    return 0;
}
