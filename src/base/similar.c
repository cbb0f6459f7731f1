#include "huella/base/similar.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 3, BANDS = HU_SIGNATURE / ROWS };

/* The finalizer of SplitMix64: every bit of the input stirs every bit of the output. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

/* ---- signatures ---- */

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The hash of the next word; false at the end. */
static bool next_word(const char **at, const char *end, uint64_t *hash)
{
    while (*at < end && !in_word(**at))
        ++*at;
    if (*at == end)
        return false;
    uint64_t h = 0xCBF29CE484222325U; /* FNV-1a */
    for (; *at < end && in_word(**at); ++*at)
        h = (h ^ (unsigned char)**at) * 0x100000001B3U;
    *hash = mix(h);
    return true;
}

static void take(hu_signature *s, const uint64_t *words, size_t n)
{
    uint64_t h = 0;
    for (size_t i = 0; i < n; i++)
        h = mix(h + words[i] + i);
    uint32_t bin = (uint32_t)(h >> 32) % HU_SIGNATURE, value = (uint32_t)h | 1; /* 0 marks an empty bin */
    if (!s->least[bin] || value < s->least[bin])
        s->least[bin] = value;
}

/* An empty bin takes what a bin chosen by chance, the same for all texts, holds. */
static void fill_empty_bins(hu_signature *s)
{
    hu_signature full = *s;
    for (uint32_t bin = 0; bin < HU_SIGNATURE; bin++)
        for (uint64_t attempt = 1; !full.least[bin]; attempt++)
            full.least[bin] = s->least[mix(((uint64_t)bin << 32) + attempt) % HU_SIGNATURE];
    *s = full;
}

void hu_signature_of(const char *text, size_t length, hu_signature *signature)
{
    const char *at = text, *end = text + length;
    uint64_t words[HU_SHINGLE], word;
    size_t n = 0;
    *signature = (hu_signature){0};
    while (next_word(&at, end, &word)) {
        if (n == HU_SHINGLE)
            memmove(words, words + 1, (HU_SHINGLE - 1) * sizeof *words);
        else
            n++;
        words[n - 1] = word;
        if (n == HU_SHINGLE)
            take(signature, words, n);
    }
    if (!n)
        return;
    if (n < HU_SHINGLE)
        take(signature, words, n);
    fill_empty_bins(signature);
}

double hu_signature_similarity(const hu_signature *a, const hu_signature *b)
{
    size_t same = 0;
    for (size_t i = 0; i < HU_SIGNATURE; i++)
        same += a->least[i] && a->least[i] == b->least[i];
    return (double)same / HU_SIGNATURE;
}

/* ---- groups ---- */

typedef struct key {
    uint64_t band;
    size_t text;
} key;

static int by_band(const void *a, const void *b)
{
    const key *x = a, *y = b;
    if (x->band != y->band)
        return x->band < y->band ? -1 : 1;
    return (x->text > y->text) - (x->text < y->text);
}

static size_t first_of(size_t *group, size_t text)
{
    while (group[text] != text) {
        group[text] = group[group[text]];
        text = group[text];
    }
    return text;
}

static void join(size_t *group, size_t a, size_t b)
{
    size_t x = first_of(group, a), y = first_of(group, b);
    group[x > y ? x : y] = x > y ? y : x;
}

typedef struct search {
    const hu_signature *signatures;
    double least;
    hu_agree *agree;
    void *context;
    size_t *group;
    size_t *asked; /* one text of each group in the run */
} search;

/* Texts that look alike in one band, compared to one of each group among them. */
static void compare_run(search *s, const key *run, size_t n)
{
    size_t n_asked = 0;
    for (size_t i = 0; i < n; i++) {
        size_t text = run[i].text, k;
        for (k = 0; k < n_asked; k++) {
            if (first_of(s->group, s->asked[k]) == first_of(s->group, text))
                break;
            double similarity = hu_signature_similarity(&s->signatures[s->asked[k]], &s->signatures[text]);
            if (similarity >= s->least && s->agree(s->context, s->asked[k], text, similarity)) {
                join(s->group, s->asked[k], text);
                break;
            }
        }
        if (k == n_asked)
            s->asked[n_asked++] = text;
    }
}

void hu_similar_groups(const hu_signature *signatures, size_t n, double least, hu_agree *agree, void *context,
                       size_t *group)
{
    key *keys = hu_xcalloc(n + 1, sizeof *keys);
    search s = {signatures, least, agree, context, group, hu_xcalloc(n + 1, sizeof(size_t))};
    for (size_t i = 0; i < n; i++)
        group[i] = i;
    for (size_t band = 0; band < BANDS; band++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++) {
            const uint32_t *row = &signatures[i].least[band * ROWS];
            if (row[0]) /* a text without words is like none */
                keys[m++] = (key){mix(mix(mix(row[0]) + row[1]) + row[2]), i};
        }
        qsort(keys, m, sizeof *keys, by_band);
        for (size_t i = 0, k; i < m; i = k) {
            for (k = i + 1; k < m && keys[k].band == keys[i].band; k++) {
            }
            if (k - i > 1)
                compare_run(&s, keys + i, k - i);
        }
    }
    for (size_t i = 0; i < n; i++)
        group[i] = first_of(group, i);
    free(s.asked);
    free(keys);
}
