#include "normalise.h"

#include "confusions.h"
#include "furniture.h"
#include "paragraphs.h"
#include "sections.h"
#include "words.h"

hu_error *hu_normalise(const hu_phrases *phrases, hu_line_list *lines, hu_arena *arena, hu_document *document)
{
    HU_SCRATCH(scratch);
    HU_BUF(text);
    hu_vocabulary vocabulary;
    hu_furniture_mark(phrases, lines);
    hu_vocabulary_build(lines, scratch, &vocabulary);
    hu_words_mend(phrases, &vocabulary, scratch, lines);
    hu_paragraphs_join(phrases, &vocabulary, lines, arena, &text, &document->runs, &document->n_runs);
    if (!text.length)
        return hu_fail(HU_BAD_INPUT, "%s: no text in it", document->path);
    if (text.length >= UINT32_MAX)
        return hu_fail(HU_LIMIT, "%s: the text is longer than 4 GiB", document->path);
    document->text = hu_strndup(arena, text.data, text.length);
    document->length = text.length;
    document->characters = hu_utf8_count(text.data, text.length);
    document->pages = (int)lines->n_pages;
    hu_fold(document->text, document->length, arena, (char **)(uintptr_t)&document->folded, &document->folded_length,
            (uint32_t **)(uintptr_t)&document->byte_of);
    hu_confusions_mend(document->text, document->byte_of, (char *)(uintptr_t)document->folded, document->folded_length);
    hu_sections_find(phrases, arena, document);
    return NULL;
}
