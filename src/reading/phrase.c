/* Phrases of rules/ to regular expressions; see phrase.h for the language. */

#include "phrase.h"

#include <ctype.h>
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct hu_entry {
    const char *name, *regex;
    const hu_words *words; /* folded; NULL for a shape */
    size_t width;          /* bytes that a match has at most; HU_LOOK_BACK = that many or more */
} hu_entry;

struct hu_lexicon {
    const char *path;
    hu_entry *entries;
    size_t count, capacity;
};

enum {
    MAX_EXPANSION = 200000,
    BLANK_WIDTH = 4,
    ENDING_WIDTH = 24, /* of "condena*" */
    GAP_WIDTH = 80,
    LETTER = 8, /* weight of a letter that must be there */
};

static const char blank[] = "\\s{1,4}";
static const char loose[] = "\\s{0,4}"; /* beside a punctuation mark */
static const char ending[] = "[a-z]*\\b";
static const char punctuation[] = ":;,.-/";
/* the full stops of initials and of short words ("vda.", "art.") do not end a clause */
static const char gap[] = "(?:[^.;]|(?<=\\b[a-z])\\.|(?<=\\b[a-z]{2})\\.|(?<=\\b[a-z]{3})\\.){0,80}?";

static const hu_entry *find_entry(const hu_lexicon *lexicon, const char *name, size_t length)
{
    for (size_t i = 0; i < lexicon->count; i++)
        if (strlen(lexicon->entries[i].name) == length && memcmp(lexicon->entries[i].name, name, length) == 0)
            return &lexicon->entries[i];
    return NULL;
}

static hu_entry *add_entry(hu_lexicon *lexicon, hu_arena *arena, const char *name)
{
    if (lexicon->count == lexicon->capacity) {
        size_t capacity = lexicon->capacity ? lexicon->capacity * 2 : 32;
        lexicon->entries = hu_regrow(arena, lexicon->entries, lexicon->count, capacity, sizeof *lexicon->entries);
        lexicon->capacity = capacity;
    }
    hu_entry *new_entry = &lexicon->entries[lexicon->count++];
    new_entry->name = hu_strdup(arena, name);
    return new_entry;
}

/* Bytes that a match of the expression has at most, as Hyperscan counts them. */
static size_t widest(const char *regex)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *failure = NULL;
    size_t width = HU_LOOK_BACK; /* also for what Hyperscan does not know, such as looking behind */
    if (hs_expression_info(regex, 0, &info, &failure) == HS_SUCCESS && info->max_width < HU_LOOK_BACK)
        width = info->max_width;
    hs_free_compile_error(failure);
    free(info);
    return width;
}

static void set_regex(hu_entry *entry, const char *regex)
{
    entry->regex = regex;
    entry->width = widest(regex);
}

hu_error *lexicon_words(const hu_lexicon *lexicon, const char *name, const hu_words **words)
{
    const hu_entry *found = find_entry(lexicon, name, strlen(name));
    if (!found || !found->words)
        return hu_fail(HU_BAD_INPUT, "%s: the word list \"%s\" is missing: expected it under words", lexicon->path,
                       name);
    *words = found->words;
    return NULL;
}

hu_error *lexicon_shape(const hu_lexicon *lexicon, const char *name, const char **regex)
{
    const hu_entry *found = find_entry(lexicon, name, strlen(name));
    if (!found)
        return hu_fail(HU_BAD_INPUT, "%s: \"%s\" is missing: expected it under words or shapes", lexicon->path, name);
    *regex = found->regex;
    return NULL;
}

hu_error *regex_expand(const hu_lexicon *lexicon, const hu_node *node, const char *regex, hu_arena *arena,
                       const char **result)
{
    HU_BUF(out);
    for (const char *p = regex; *p; p++) {
        const char *close = *p == '{' && islower((unsigned char)p[1]) ? strchr(p, '}') : NULL;
        if (!close) {
            hu_buf_add_char(&out, *p);
            continue;
        }
        const hu_entry *found = find_entry(lexicon, p + 1, (size_t)(close - p - 1));
        if (!found)
            return hu_node_fail(node, "%.*s is no word list or shape of lexicon.yaml", (int)(close - p + 1), p);
        hu_buf_printf(&out, "(?:%s)", found->regex);
        if (out.length > MAX_EXPANSION)
            return hu_node_fail(node, "the pattern grows beyond %d characters", MAX_EXPANSION);
        p = close;
    }
    *result = hu_strndup(arena, out.data ? out.data : "", out.length);
    return NULL;
}

/* A phrase on its way to a regular expression. */
typedef struct hu_build {
    const hu_lexicon *lexicon;
    const hu_node *node;
    hu_arena *arena;
    hu_buf whole, segment, best;
    size_t letters, best_letters; /* letters of the segment that must be there */
    bool varies;                  /* something in it has no fixed width */
    size_t width, best_reach;     /* bytes at most: so far, and up to the end of the best segment */
    int depth;                    /* inside [ ] or ( ) */
} hu_build;

static void end_segment(hu_build *b)
{
    if (b->letters > b->best_letters) {
        b->best.length = 0;
        hu_buf_add(&b->best, b->segment.data, b->segment.length);
        b->best_letters = b->letters;
        b->best_reach = b->width;
    }
    b->segment.length = 0;
    b->letters = 0;
}

/* `width`: bytes that the text matches at most; alternatives are counted together, which is enough for a bound. The
 * segment is searched for in a text with one blank where the document has several. */
static void put_apart(hu_build *b, const char *whole, const char *segment, size_t width)
{
    b->width += width;
    b->varies = b->varies || width != 1;
    hu_buf_add_text(&b->whole, whole);
    hu_buf_add_text(&b->segment, segment);
}

static void put(hu_build *b, const char *text, size_t width)
{
    put_apart(b, text, text, width);
}

/* What splits the phrase: Hyperscan sees only the segments between. */
static void put_split(hu_build *b, const char *regex, size_t width)
{
    end_segment(b);
    b->width += width;
    b->varies = true;
    hu_buf_add_text(&b->whole, regex);
}

static hu_error *put_placeholder(hu_build *b, const char **at)
{
    const char *close = strchr(*at, '}');
    if (!close)
        return hu_node_fail(b->node, "\"{\" without \"}\"");
    if (b->depth)
        return hu_node_fail(b->node, "a placeholder may not stand inside ( ) or [ ]: put it into the lexicon");
    const hu_entry *found = find_entry(b->lexicon, *at + 1, (size_t)(close - *at - 1));
    if (!found)
        return hu_node_fail(b->node, "%.*s is no word list or shape of lexicon.yaml", (int)(close - *at + 1), *at);
    put_split(b, hu_printf(b->arena, "(?:%s)", found->regex), found->width);
    *at = close;
    return NULL;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The opener of the group that `at` stands in, or NULL. */
static const char *opener_of(const char *start, const char *at)
{
    int depth = 0;
    while (at-- > start) {
        if (*at == ')' || *at == ']')
            depth++;
        else if ((*at == '(' || *at == '[') && depth-- == 0)
            return at;
    }
    return NULL;
}

/* True when no word character of the phrase can stand before `at`: "condena(r|ron)" has one before "ron". */
static bool opens_word(const char *start, const char *at)
{
    for (const char *p = at; p > start;) {
        char before = p[-1];
        if (before == '|')
            p = opener_of(start, p - 1);
        else if (before == '(' || before == '[')
            p--;
        else
            return !is_word(before) && before != ')' && before != ']';
        if (!p)
            return true;
    }
    return true;
}

/* True when no word character can follow. */
static bool closes_word(const char *at)
{
    int depth = 0;
    for (const char *p = at + 1;; p++) {
        if (*p == '|' && depth == 0) { /* skip the other alternatives */
            for (; *p && (depth > 0 || (*p != ')' && *p != ']')); p++)
                depth += (*p == '(' || *p == '[') - (*p == ')' || *p == ']');
            if (!*p)
                return true;
        } else if (*p != ')' && *p != ']') {
            return !is_word(*p) && *p != '*' && *p != '(' && *p != '[';
        }
    }
}

/* A character that stands for itself. */
static void put_literal(hu_build *b, const char *at, const char *start)
{
    char text[8] = {0};
    if (is_word(*at)) {
        snprintf(text, sizeof text, "%s%c%s", opens_word(start, at) ? "\\b" : "", *at, closes_word(at) ? "\\b" : "");
        b->letters += b->depth ? 1 : LETTER; /* what stands in an alternative weighs little */
    } else if ((unsigned char)*at >= 0x80) {
        text[0] = *at;
    } else {
        snprintf(text, sizeof text, "\\%c", *at);
    }
    put(b, text, 1);
}

/* True when nothing of the segment follows but blanks. */
static bool ends_segment(const char *at)
{
    int depth = 0;
    for (const char *p = at + 1;; p++) {
        if (*p == '|' && depth == 0) { /* skip the other alternatives */
            for (; *p && (depth > 0 || (*p != ')' && *p != ']')); p++)
                depth += (*p == '(' || *p == '[') - (*p == ')' || *p == ']');
        } else if (*p != ')' && *p != ']') {
            p += strspn(p, " ");
            return !*p || *p == '{' || strncmp(p, "...", 3) == 0;
        }
        if (!*p)
            return true;
    }
}

static hu_error *close_group(hu_build *b, const char **at, const char *start, char opener)
{
    if (--b->depth < 0)
        return hu_node_fail(b->node, "\"%c\" was never opened", opener == '(' ? ')' : ']');
    if (opener == '(') {
        put(b, ")", 0);
        return NULL;
    }
    put(b, ")", 0);
    const char *opened = opener_of(start, *at);
    if ((*at)[1] == ' ' && opened && opens_word(start, opened)) { /* "[la] libertad": the blank goes with the word */
        put_apart(b, blank, " ", BLANK_WIDTH);
        (*at)++;
    }
    put(b, ")?", 0);
    return NULL;
}

static hu_error *put_character(hu_build *b, const char **at, const char *start)
{
    if (**at == ' ') {
        bool beside = ((*at)[1] && strchr(punctuation, (*at)[1])) || (*at > start && strchr(punctuation, (*at)[-1]));
        bool within = b->segment.length && !ends_segment(*at);
        put_apart(b, beside ? loose : blank, !within ? "" : beside ? " ?" : " ", BLANK_WIDTH);
        while ((*at)[1] == ' ')
            (*at)++;
    } else if (**at == '*') {
        put_apart(b, ending, ends_segment(*at) ? "" : ending, ENDING_WIDTH); /* the stem tells as much */
    } else if (strncmp(*at, "...", 3) == 0) {
        if (b->depth)
            return hu_node_fail(b->node, "\"...\" may not stand inside ( ) or [ ]");
        put_split(b, gap, GAP_WIDTH);
        *at += 2;
        if ((*at)[1] == ' ')
            (*at)++;
    } else if (**at == '{') {
        return put_placeholder(b, at);
    } else if (**at == '(' || **at == '[') {
        b->depth++;
        put(b, **at == '[' ? "(?:(?:" : "(?:", 0);
    } else if (**at == '|') {
        if (!b->depth)
            return hu_node_fail(b->node, "\"|\" may stand inside ( ) only");
        put(b, "|", 0);
    } else if (**at == ')') {
        return close_group(b, at, start, '(');
    } else if (**at == ']') {
        return close_group(b, at, start, '[');
    } else {
        put_literal(b, *at, start);
    }
    return NULL;
}

static hu_error *build_phrase(hu_build *b, const char *folded)
{
    for (const char *at = folded; *at; at++)
        HU_TRY(put_character(b, &at, folded));
    if (b->depth)
        return hu_node_fail(b->node, "\"(\" or \"[\" is not closed");
    end_segment(b);
    return NULL;
}

hu_error *phrase_compile(const hu_lexicon *lexicon, const hu_node *node, const char *phrase, hu_arena *arena,
                         hu_phrase_regex *result)
{
    char *folded;
    size_t length;
    hu_fold(phrase, strlen(phrase), arena, &folded, &length, NULL);
    hu_build b = {.lexicon = lexicon, .node = node, .arena = arena};
    hu_error *error = build_phrase(&b, folded);
    if (!error) {
        result->whole = hu_strndup(arena, b.whole.data, b.whole.length);
        result->anchor = hu_strndup(arena, b.best.data, b.best.length);
        result->fixed = b.varies ? 0 : b.width;
        result->reach = b.best_reach < HU_LOOK_BACK ? b.best_reach : HU_LOOK_BACK;
        result->letters = b.best_letters;
    }
    hu_buf_free(&b.whole);
    hu_buf_free(&b.segment);
    hu_buf_free(&b.best);
    return error ? hu_wrap(error, "phrase \"%s\"", phrase) : NULL;
}

/* Those of the expressions "\bword" that open with this letter, as "w(?:ord|ay)". */
static void write_letter(char letter, const char *const *regexes, size_t n, hu_buf *out)
{
    bool first = true;
    for (size_t i = 0; i < n; i++)
        if (regexes[i][2] == letter) {
            if (first)
                hu_buf_printf(out, "%s%c(?:", out->data[out->length - 1] == ')' ? "|" : "", letter);
            hu_buf_printf(out, "%s%s", first ? "" : "|", regexes[i] + 3);
            first = false;
        }
    if (!first)
        hu_buf_add_char(out, ')');
}

/* Words as one expression. Where each opens at a word's boundary, that is written once and words with the same first
 * letter stand together: of a long list few are tried at a place. Which word is found does not change. */
static void write_alternatives(const char *const *regexes, size_t n, hu_buf *out)
{
    bool words = true;
    for (size_t i = 0; i < n; i++)
        words = words && strncmp(regexes[i], "\\b", 2) == 0 && islower((unsigned char)regexes[i][2]);
    if (!words) {
        for (size_t i = 0; i < n; i++)
            hu_buf_printf(out, "%s%s", i ? "|" : "", regexes[i]);
        return;
    }
    hu_buf_add_text(out, "\\b(?:");
    for (int letter = 'a'; letter <= 'z'; letter++)
        write_letter((char)letter, regexes, n, out);
    hu_buf_add_char(out, ')');
}

void lexicon_add(hu_lexicon *lexicon, hu_arena *arena, const char *name, const char *const *regexes, size_t n)
{
    HU_BUF(regex);
    write_alternatives(regexes, n, &regex);
    set_regex(add_entry(lexicon, arena, name), hu_strdup(arena, regex.data));
}

static int by_spelling(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const hu_words *index_words(const char **list, size_t count, hu_arena *arena)
{
    hu_words *words = HU_NEW(arena, hu_words);
    words->list = list;
    words->sorted = HU_NEW_ARRAY(arena, const char *, count + 1);
    memcpy(words->sorted, list, count * sizeof *list);
    qsort(words->sorted, count, sizeof *list, by_spelling);
    for (size_t i = 0; i < count; i++)
        words->from[(unsigned char)words->sorted[i][0] + 1] = (uint32_t)i + 1;
    for (size_t i = 1; i < sizeof words->from / sizeof *words->from; i++)
        if (words->from[i] < words->from[i - 1])
            words->from[i] = words->from[i - 1];
    return words;
}

bool word_in(const char *word, size_t length, const hu_words *words)
{
    size_t first = (unsigned char)*word;
    for (size_t i = words->from[first]; i < words->from[first + 1]; i++)
        if (strncmp(words->sorted[i], word, length) == 0 && words->sorted[i][length] == '\0')
            return true;
    return false;
}

static hu_error *load_words(hu_lexicon *lexicon, const hu_node *map, hu_arena *arena)
{
    for (size_t i = 0; map && i < map->count; i++) {
        const hu_node *list = map->items[i];
        if (list->kind != HU_LIST || list->count == 0)
            return hu_node_fail(list, "\"%s\" must be a list of phrases", map->keys[i]->text);
        HU_BUF(regex);
        const char **words = HU_NEW_ARRAY(arena, const char *, list->count + 1);
        const char **regexes = HU_NEW_ARRAY(arena, const char *, list->count);
        for (size_t j = 0; j < list->count; j++) {
            const char *text = NULL;
            size_t length;
            char *folded;
            hu_phrase_regex one = {.whole = ""};
            HU_TRY(hu_node_text(list->items[j], &text));
            HU_TRY(phrase_compile(lexicon, list->items[j], text, arena, &one));
            hu_fold(text, strlen(text), arena, &folded, &length, NULL);
            words[j] = folded;
            regexes[j] = one.whole;
        }
        write_alternatives(regexes, list->count, &regex);
        hu_entry *new_entry = add_entry(lexicon, arena, map->keys[i]->text);
        set_regex(new_entry, hu_strdup(arena, regex.data));
        new_entry->words = index_words(words, list->count, arena);
    }
    return NULL;
}

static hu_error *load_shapes(hu_lexicon *lexicon, const hu_node *map, hu_arena *arena)
{
    for (size_t i = 0; map && i < map->count; i++) {
        const char *text = NULL, *regex = NULL;
        HU_TRY(hu_node_text(map->items[i], &text));
        HU_TRY(regex_expand(lexicon, map->items[i], text, arena, &regex));
        set_regex(add_entry(lexicon, arena, map->keys[i]->text), regex);
    }
    return NULL;
}

hu_error *lexicon_load(const char *path, hu_arena *arena, hu_lexicon **result)
{
    hu_node *root;
    HU_TRY(hu_yaml_load(path, arena, &root));
    HU_TRY(hu_node_check_keys(root, (const char *const[]){"words", "shapes", NULL}));
    hu_lexicon *lexicon = HU_NEW(arena, struct hu_lexicon);
    lexicon->path = hu_strdup(arena, path);
    HU_TRY(load_words(lexicon, hu_node_get(root, "words"), arena));
    HU_TRY(load_shapes(lexicon, hu_node_get(root, "shapes"), arena));
    *result = lexicon;
    return NULL;
}
