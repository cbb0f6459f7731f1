/* Sentences as bags of stems; see passages.h. */

#include "huella/reading/passages.h"

#include "context.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 400 }; /* of a passage; a sentence is not longer, and a table that is may be cut */

typedef struct word_list {
    struct sb_stemmer *stemmer;
    const char *list[MAX_WORDS];
    size_t count;
} word_list;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static void add_word(word_list *words, const char *start, size_t length, hu_arena *arena)
{
    if (words->count == MAX_WORDS)
        return;
    if (*start >= '0' && *start <= '9') {
        if (!words->count || strcmp(words->list[words->count - 1], "#") != 0)
            words->list[words->count++] = "#";
        return;
    }
    if (length < 2)
        return;
    const sb_symbol *stem = sb_stemmer_stem(words->stemmer, (const sb_symbol *)start, (int)length);
    if (stem)
        words->list[words->count++] = hu_strndup(arena, (const char *)stem, (size_t)sb_stemmer_length(words->stemmer));
}

static void stem_words(word_list *words, const char *text, size_t length, hu_arena *arena)
{
    words->count = 0;
    for (size_t i = 0; i < length;) {
        size_t start = i;
        while (i < length && is_letter(text[i]))
            i++;
        if (i > start)
            add_word(words, text + start, i - start, arena);
        else
            i++;
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void make_features(const hu_document *document, const word_list *words, hu_arena *arena, hu_passage *passage)
{
    size_t n = 0;
    const char **all = HU_NEW_ARRAY(arena, const char *, 2 * words->count + 2);
    for (size_t i = 0; i < words->count; i++) {
        all[n++] = words->list[i];
        if (i + 1 < words->count)
            all[n++] = hu_printf(arena, "%s %s", words->list[i], words->list[i + 1]);
    }
    all[n++] = hu_printf(arena, "part=%s", hu_part_name(hu_document_part(document, passage->at.start)));
    all[n++] = hu_printf(arena, "place=%zu", passage->at.start * 5 / (document->length + 1));
    qsort(all, n, sizeof *all, by_text);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || strcmp(all[kept - 1], all[i]) != 0)
            all[kept++] = all[i];
    passage->features = all;
    passage->n_features = kept;
}

static void split(const hu_document *document, word_list *words, hu_arena *arena, hu_passage **passages, size_t *count)
{
    hu_passage *list = NULL;
    size_t n = 0, capacity = 0;
    for (size_t at = 0, end; at < document->folded_length; at = end) {
        hu_stretch sentence = sentence_around(document, (hu_stretch){at, at + 1});
        end = sentence.end > at ? sentence.end : at + 1;
        stem_words(words, document->folded + at, end - at, arena);
        if (!words->count)
            continue;
        if (n == capacity) {
            capacity = capacity ? 2 * capacity : 64;
            list = hu_regrow(arena, list, n, capacity, sizeof *list);
        }
        list[n].at = (hu_span){document->byte_of[at], document->byte_of[end]};
        make_features(document, words, arena, &list[n++]);
    }
    *passages = list;
    *count = n;
}

hu_error *hu_passages(const hu_document *document, hu_arena *arena, hu_passage **passages, size_t *count)
{
    word_list words = {.stemmer = sb_stemmer_new("spanish", NULL)};
    if (!words.stemmer)
        return hu_fail(HU_BUG, "the Spanish stemmer is missing from libstemmer");
    split(document, &words, arena, passages, count);
    sb_stemmer_delete(words.stemmer);
    return NULL;
}
