#include "protocol.h"

#include "page.h"

#include <math.h>
#include <string.h>

typedef struct reader {
    const char *at, *end;
    const char *path;
    uint32_t first; /* number of the first page */
} reader;

static hu_error *garbled(const reader *in, const char *what)
{
    return hu_fail(HU_BAD_INPUT,
                   "%s: the PDF reader's answer is garbled (%s): the file is broken or hostile; open it in a "
                   "viewer and print it to a new PDF",
                   in->path, what);
}

static bool take(reader *in, void *out, size_t length)
{
    if ((size_t)(in->end - in->at) < length)
        return false;
    memcpy(out, in->at, length);
    in->at += length;
    return true;
}

static hu_error *document_trouble(const reader *in, pdf_trouble trouble)
{
    switch (trouble) {
    case PDF_DOCUMENT_BROKEN:
        return hu_fail(
            HU_BAD_INPUT,
            "%s: the document is damaged or cut off (its container or XML is broken): fetch it again, or open "
            "it in a word processor and save it anew",
            in->path);
    case PDF_DOCUMENT_UNKNOWN:
        return hu_fail(HU_BAD_INPUT,
                       "%s: an archive that is neither DOCX nor ODT: unpack it, and name the judgments that were in it",
                       in->path);
    case PDF_DOCUMENT_LOCKED:
        return hu_fail(HU_BAD_INPUT, "%s: the document asks for a password: save it without one", in->path);
    case PDF_DOCUMENT_OLD:
        return hu_fail(
            HU_BAD_INPUT,
            "%s: a .doc of Word 97-2003, or a document under a password: open it in a word processor and save "
            "it as .docx, .odt or PDF",
            in->path);
    case PDF_DOCUMENT_TOO_LARGE:
        return hu_fail(HU_LIMIT,
                       "%s: the document unpacks to more than any judgment holds: it is hostile, or not a judgment",
                       in->path);
    case PDF_NO_LANGUAGE:
        return hu_fail(
            HU_NOT_FOUND,
            "%s: to read scans, Tesseract needs its Spanish language data: install tesseract-ocr-spa (or name "
            "the folder of spa.traineddata in TESSDATA_PREFIX)",
            in->path);
    case PDF_OCR_FAILED:
        return hu_fail(HU_BAD_INPUT, "%s: a page that is a picture could not be recognised", in->path);
    default:
        return garbled(in, "unknown trouble");
    }
}

static hu_error *trouble_message(const reader *in, uint32_t trouble)
{
    switch ((pdf_trouble)trouble) {
    case PDF_BROKEN:
        return hu_fail(HU_BAD_INPUT,
                       "%s: not a readable PDF (truncated or damaged): fetch it again, or repair it with "
                       "\"qpdf FILE REPAIRED\"",
                       in->path);
    case PDF_ENCRYPTED:
        return hu_fail(HU_BAD_INPUT,
                       "%s: the PDF is encrypted and asks for a password: remove it with \"qpdf --decrypt "
                       "--password=PASSWORD FILE OPEN\"",
                       in->path);
    case PDF_NO_PAGES:
        return hu_fail(HU_BAD_INPUT, "%s: the PDF has no page (truncated or damaged): fetch it again", in->path);
    case PDF_TOO_MANY_PAGES:
        return hu_fail(HU_LIMIT, "%s: the PDF has more than %d pages: split it", in->path, PDF_MAX_PAGES);
    case PDF_SANDBOX_FAILED:
        return hu_fail(HU_IO,
                       "%s: the PDF reader could not shut itself in (seccomp or a resource limit was "
                       "refused), so nothing was read: run huella where seccomp is allowed",
                       in->path);
    default:
        return document_trouble(in, (pdf_trouble)trouble);
    }
}

static bool sound_box(const pdf_word *word)
{
    const float limit = 1e6F;
    return isfinite(word->x0) && isfinite(word->y0) && isfinite(word->x1) && isfinite(word->y1) &&
           fabsf(word->x0) < limit && fabsf(word->y0) < limit && fabsf(word->x1) < limit && fabsf(word->y1) < limit &&
           word->x0 <= word->x1 && word->y0 <= word->y1;
}

static hu_error *parse_words(reader *in, uint32_t count, hu_arena *arena, hu_pdf_page_words *page)
{
    /* Each word takes its head and a byte at least, so the count cannot ask for more than was sent. */
    if (count > (size_t)(in->end - in->at) / (sizeof(pdf_word) + 1))
        return garbled(in, "more words than bytes");
    page->words = HU_NEW_ARRAY(arena, hu_pdf_box_word, count);
    for (uint32_t i = 0; i < count; i++) {
        pdf_word word;
        if (!take(in, &word, sizeof word) || word.length == 0 || word.length > PDF_MAX_WORD ||
            word.length > (size_t)(in->end - in->at))
            return garbled(in, "a word is cut off");
        uint32_t confidence = word.flags >> PDF_WORD_CONFIDENCE;
        if (!sound_box(&word))
            return garbled(in, "a word's box is no box");
        if (!hu_utf8_valid(in->at, word.length))
            return garbled(in, "a word is not UTF-8");
        page->words[page->n_words++] = (hu_pdf_box_word){{hu_strndup(arena, in->at, word.length), word.length},
                                                         word.x0,
                                                         word.y0,
                                                         word.x1,
                                                         word.y1,
                                                         (word.flags & PDF_WORD_GLUED) != 0,
                                                         confidence > 100 ? 100 : (int)confidence};
        in->at += word.length;
    }
    return in->at == in->end ? NULL : garbled(in, "bytes after the last word");
}

static hu_error *parse_page(reader *in, hu_arena *arena, hu_pdf_words *words, size_t *room)
{
    pdf_page head;
    if (!take(in, &head, sizeof head))
        return garbled(in, "a page is cut off");
    if (head.number != words->n_pages + in->first || head.number > PDF_MAX_PAGES)
        return garbled(in, "pages out of order");
    if (!isfinite(head.width) || !isfinite(head.height) || fabsf(head.width) > 1e6F || fabsf(head.height) > 1e6F)
        return garbled(in, "a page has no size");
    if (words->n_pages == *room) {
        *room = *room ? *room * 2 : 16;
        words->pages = hu_regrow(arena, words->pages, words->n_pages, *room, sizeof *words->pages);
    }
    hu_pdf_page_words *page = &words->pages[words->n_pages++];
    *page = (hu_pdf_page_words){.number = (int)head.number,
                                .width = fabs((double)head.width),
                                .height = fabs((double)head.height),
                                .has_images = head.flags & PDF_PAGE_HAS_IMAGES,
                                .is_image = head.flags & PDF_PAGE_IS_IMAGE};
    return parse_words(in, head.n_words, arena, page);
}

static hu_error *parse_text(reader *in, hu_arena *arena, hu_pdf_words *words)
{
    size_t length = (size_t)(in->end - in->at);
    if (words->text.data || words->n_pages)
        return garbled(in, "two texts");
    if (!hu_utf8_valid(in->at, length))
        return garbled(in, "the text is not UTF-8");
    words->text = (hu_str){hu_strndup(arena, in->at, length), length};
    return NULL;
}

static hu_error *parse(reader in, hu_arena *arena, hu_pdf_words *words)
{
    size_t room = 0;
    *words = (hu_pdf_words){0};
    for (;;) {
        pdf_record record;
        if (!take(&in, &record, sizeof record) || record.length > (size_t)(in.end - in.at))
            return garbled(&in, "it ends too early");
        reader body = {in.at, in.at + record.length, in.path, in.first};
        in.at += record.length;
        uint32_t number = 0;
        if (record.kind == PDF_PAGE) {
            HU_TRY(parse_page(&body, arena, words, &room));
            continue;
        }
        if (record.kind == PDF_TEXT) {
            HU_TRY(parse_text(&body, arena, words));
            continue;
        }
        if (in.at != in.end || record.length != sizeof number || !take(&body, &number, sizeof number))
            return garbled(&in, "no proper end");
        if (record.kind == PDF_ERROR)
            return trouble_message(&in, number);
        if (record.kind != PDF_END || number != words->n_pages || (number == 0) == (words->text.data == NULL))
            return garbled(&in, "the number of pages differs");
        return NULL;
    }
}

hu_error *hu_pdf_parse(const char *bytes, size_t length, const char *path, hu_arena *arena, hu_pdf_words *words)
{
    return parse((reader){bytes, bytes + length, path, 1}, arena, words);
}

hu_error *hu_pdf_parse_page(const char *bytes, size_t length, const char *path, int number, hu_arena *arena,
                            hu_pdf_page_words *page)
{
    hu_pdf_words words;
    reader in = {bytes, bytes + length, path, (uint32_t)number};
    HU_TRY(parse(in, arena, &words));
    if (words.n_pages != 1 || words.text.data)
        return garbled(&in, "not one page");
    *page = words.pages[0];
    return NULL;
}
