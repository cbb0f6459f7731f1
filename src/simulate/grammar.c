/* Loading phrase grammars: YAML to symbols, alternatives and pieces. */

#include "grammar.h"

#include "huella/base/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct loader {
    hu_arena *arena;
    const char *const *slots;
    hu_grammar *grammar;
    size_t capacity;
} loader;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const hu_symbol *)a)->name, ((const hu_symbol *)b)->name);
}

const hu_symbol *hu_grammar_find(const hu_grammar *grammar, const char *name)
{
    hu_symbol key = {.name = name};
    return bsearch(&key, grammar->symbols, grammar->n_symbols, sizeof key, by_name);
}

size_t hu_grammar_symbols(const hu_grammar *grammar)
{
    return grammar->n_symbols;
}

size_t hu_grammar_alternatives(const hu_grammar *grammar, const char *symbol)
{
    const hu_symbol *found = hu_grammar_find(grammar, symbol);
    return found ? found->n_alternatives : 0;
}

/* --- pieces --- */

/* The words of a brace, split at blanks, at most `limit`. */
static size_t split_words(hu_arena *arena, const char *text, const char **words, size_t limit)
{
    size_t n = 0;
    while (*text && n < limit) {
        text += strspn(text, " ");
        size_t length = strcspn(text, " ");
        if (length)
            words[n++] = hu_strndup(arena, text, length);
        text += length;
    }
    return n;
}

static hu_error *parse_agreement(loader *load, const hu_node *node, const char *inside, hu_piece *piece)
{
    piece->kind = HU_PIECE_AGREE;
    for (const char *p = inside;;) {
        size_t length = strcspn(p, "|");
        if (piece->n_forms == 4)
            return hu_node_fail(node, "{~%s} has more than four forms", inside);
        piece->forms[piece->n_forms++] = hu_strndup(load->arena, p, length);
        if (!p[length])
            break;
        p += length + 1;
    }
    if (piece->n_forms != 2 && piece->n_forms != 4)
        return hu_node_fail(node, "{~%s} has %zu forms: give 2 (masculine|feminine) or 4 (with plurals)", inside,
                            piece->n_forms);
    return NULL;
}

static hu_error *parse_name(loader *load, const hu_node *node, const char *inside, hu_piece *piece)
{
    size_t length = strcspn(inside, "|");
    piece->kind = HU_PIECE_NAME;
    piece->text = hu_strndup(load->arena, inside, length);
    piece->dynamic = strchr(piece->text, '$') != NULL;
    if (!inside[length])
        return NULL;
    const char *filter = inside + length + 1;
    if (strcmp(filter, "upper") == 0)
        piece->filter = HU_FILTER_UPPER;
    else if (strcmp(filter, "capital") == 0)
        piece->filter = HU_FILTER_CAPITAL;
    else
        return hu_node_fail(node, "{%s}: there is no filter \"%s\": use upper or capital", inside, filter);
    return NULL;
}

/* What stands between two braces. */
static hu_error *parse_brace(loader *load, const hu_node *node, const char *inside, hu_piece *piece)
{
    const char *words[5] = {0};
    if (*inside == '~')
        return parse_agreement(load, node, inside + 1, piece);
    size_t n = split_words(load->arena, inside, words, 5);
    if (n == 0)
        return hu_node_fail(node, "{} names nothing");
    if (strcmp(words[0], "each") == 0) {
        if (n < 3 || n > 4)
            return hu_node_fail(node, "{%s}: write {each LIST SYMBOL} or {each LIST SYMBOL SEPARATOR}", inside);
        *piece = (hu_piece){.kind = HU_PIECE_EACH, .text = words[1], .symbol = words[2], .separator = words[3]};
        return NULL;
    }
    if (strcmp(words[0], "nth") == 0 && n == 2) {
        *piece = (hu_piece){.kind = HU_PIECE_NTH, .text = words[1]};
        return NULL;
    }
    if (n > 1)
        return hu_node_fail(node, "{%s}: a name has no blanks", inside);
    if (strcmp(words[0], "#") == 0)
        piece->kind = HU_PIECE_NUMBER;
    else if (strcmp(words[0], "reset") == 0)
        piece->kind = HU_PIECE_RESET;
    else
        return parse_name(load, node, words[0], piece);
    return NULL;
}

static hu_error *parse_pieces(loader *load, const hu_node *node, const char *text, hu_alternative *alternative)
{
    size_t room = 1;
    for (const char *p = text; *p; p++)
        room += *p == '{' ? 2 : 0;
    alternative->pieces = HU_NEW_ARRAY(load->arena, hu_piece, room);
    while (*text) {
        hu_piece *piece = &alternative->pieces[alternative->n_pieces++];
        size_t length = strcspn(text, "{}");
        if (text[0] == '}')
            return hu_node_fail(node, "a \"}\" without its \"{\" in \"%.60s\"", text);
        if (length) {
            piece->text = hu_strndup(load->arena, text, length);
            text += length;
            continue;
        }
        const char *close = strchr(text, '}');
        if (!close)
            return hu_node_fail(node, "a \"{\" without its \"}\" in \"%.60s\"", text);
        HU_TRY(parse_brace(load, node, hu_strndup(load->arena, text + 1, (size_t)(close - text - 1)), piece));
        text = close + 1;
    }
    return NULL;
}

/* --- conditions --- */

static hu_error *parse_condition(loader *load, const hu_node *node, const char *word, hu_condition *condition)
{
    bool negated = *word == '!';
    word += negated;
    size_t length = strcspn(word, "=<>!");
    if (length == 0)
        return hu_node_fail(
            node, "\"%s\" is no condition: write name, !name, name=value, name!=value, name>1 or name<1", word);
    condition->name = hu_strndup(load->arena, word, length);
    condition->test = negated ? HU_TEST_UNSET : HU_TEST_SET;
    const char *sign = word + length;
    if (!*sign)
        return NULL;
    if (negated)
        return hu_node_fail(node, "\"!%s\": a comparison is not negated by \"!\": use != instead", word);
    size_t width = 1;
    if (strncmp(sign, "!=", 2) == 0)
        width = 2;
    else if (*sign == '!')
        return hu_node_fail(node, "\"%s\": write !=", word);
    condition->test = width == 2     ? HU_TEST_DIFFERENT
                      : *sign == '=' ? HU_TEST_EQUAL
                      : *sign == '>' ? HU_TEST_ABOVE
                                     : HU_TEST_BELOW;
    condition->text = hu_strdup(load->arena, sign + width);
    char *end = NULL;
    condition->number = strtod(condition->text, &end);
    if (end == condition->text || *end)
        condition->number = NAN;
    if (isnan(condition->number) && (condition->test == HU_TEST_ABOVE || condition->test == HU_TEST_BELOW))
        return hu_node_fail(node, "\"%s\" compares with something that is no number", word);
    return NULL;
}

static hu_error *parse_conditions(loader *load, const hu_node *node, hu_alternative *alternative)
{
    const char *text = NULL, *words[16];
    HU_TRY(hu_node_text(node, &text));
    size_t n = split_words(load->arena, text, words, 16);
    alternative->conditions = HU_NEW_ARRAY(load->arena, hu_condition, n + 1);
    for (size_t i = 0; i < n; i++)
        HU_TRY(parse_condition(load, node, words[i], &alternative->conditions[i]));
    alternative->n_conditions = n;
    return NULL;
}

static hu_error *parse_alternative(loader *load, const hu_node *node, hu_alternative *alternative)
{
    static const char *const keys[] = {"text", "weight", "when", NULL};
    const hu_node *text_node = node;
    alternative->weight = 1;
    alternative->line = node->line;
    if (node->kind == HU_MAP) {
        HU_TRY(hu_node_check_keys(node, keys));
        text_node = hu_node_get(node, "text");
        if (!text_node)
            return hu_node_fail(node, "an alternative needs \"text\"");
        if (hu_node_get(node, "weight"))
            HU_TRY(hu_node_number(hu_node_get(node, "weight"), &alternative->weight));
        if (!(alternative->weight > 0))
            return hu_node_fail(node, "a weight must be above 0");
        if (hu_node_get(node, "when"))
            HU_TRY(parse_conditions(load, hu_node_get(node, "when"), alternative));
    }
    const char *text = NULL;
    HU_TRY(hu_node_text(text_node, &text));
    return parse_pieces(load, text_node, text, alternative);
}

/* --- symbols --- */

static hu_error *parse_symbol(loader *load, const hu_node *key, const hu_node *value)
{
    hu_grammar *grammar = load->grammar;
    if (value->kind != HU_LIST || value->count == 0)
        return hu_node_fail(value, "symbol \"%s\" needs a list of alternatives", key->text);
    if (grammar->n_symbols == load->capacity) {
        size_t more = load->capacity ? 2 * load->capacity : 256;
        grammar->symbols = hu_regrow(load->arena, grammar->symbols, grammar->n_symbols, more, sizeof(hu_symbol));
        load->capacity = more;
    }
    hu_symbol *symbol = &grammar->symbols[grammar->n_symbols++];
    *symbol = (hu_symbol){.name = key->text, .source = key->source, .line = key->line};
    symbol->alternatives = HU_NEW_ARRAY(load->arena, hu_alternative, value->count);
    symbol->n_alternatives = value->count;
    for (size_t i = 0; i < value->count; i++)
        HU_TRY(parse_alternative(load, value->items[i], &symbol->alternatives[i]));
    return NULL;
}

/* Pairs of letters that the language writes otherwise where two pieces meet: {"de el ": "del "}. */
static hu_error *parse_joins(loader *load, const hu_node *joins)
{
    hu_grammar *grammar = load->grammar;
    if (!joins)
        return NULL;
    if (joins->kind != HU_MAP)
        return hu_node_fail(joins, "\"joins\" is a map from what meets to what is written");
    grammar->joins =
        hu_regrow(load->arena, grammar->joins, grammar->n_joins, grammar->n_joins + joins->count, sizeof(hu_join));
    for (size_t i = 0; i < joins->count; i++) {
        hu_join *join = &grammar->joins[grammar->n_joins++];
        join->from = joins->keys[i]->text;
        HU_TRY(hu_node_text(joins->items[i], &join->to));
        if (!*join->from)
            return hu_node_fail(joins->keys[i], "an empty text meets nothing");
    }
    return NULL;
}

static hu_error *parse_file(loader *load, const char *path)
{
    static const char *const keys[] = {"symbols", "joins", NULL};
    hu_node *root = NULL;
    HU_TRY(hu_yaml_load(path, load->arena, &root));
    HU_TRY(hu_node_check_keys(root, keys));
    HU_TRY(parse_joins(load, hu_node_get(root, "joins")));
    const hu_node *symbols = hu_node_get(root, "symbols");
    if (!symbols || symbols->kind != HU_MAP)
        return hu_fail_at(HU_BAD_INPUT, path, 1, NULL, "a grammar file is a map with the key \"symbols\"");
    for (size_t i = 0; i < symbols->count; i++)
        HU_TRY(parse_symbol(load, symbols->keys[i], symbols->items[i]));
    return NULL;
}

/* --- whole grammar: every name leads somewhere --- */

static hu_error *unknown_name(loader *load, const hu_symbol *symbol, long line, const char *name)
{
    size_t n_slots = 0;
    while (load->slots[n_slots])
        n_slots++;
    const char **names = HU_NEW_ARRAY(load->arena, const char *, n_slots + load->grammar->n_symbols + 1);
    memcpy(names, load->slots, n_slots * sizeof *names);
    for (size_t i = 0; i < load->grammar->n_symbols; i++)
        names[n_slots + i] = load->grammar->symbols[i].name;
    const char *close = hu_closest(name, names);
    return hu_fail_at(HU_BAD_INPUT, symbol->source, line, NULL,
                      "symbol \"%s\" uses {%s}, which is neither a symbol nor a slot%s%s%s", symbol->name, name,
                      close ? "; did you mean {" : "", close ? close : "", close ? "}?" : "");
}

static bool is_slot(const loader *load, const char *name)
{
    for (size_t i = 0; load->slots[i]; i++)
        if (strcmp(load->slots[i], name) == 0)
            return true;
    return false;
}

static hu_error *check_piece(loader *load, const hu_symbol *symbol, long line, const hu_piece *piece)
{
    const hu_grammar *grammar = load->grammar;
    if (piece->kind == HU_PIECE_NAME && !piece->dynamic && !is_slot(load, piece->text) &&
        !hu_grammar_find(grammar, piece->text))
        return unknown_name(load, symbol, line, piece->text);
    if (piece->kind == HU_PIECE_NTH && !hu_grammar_find(grammar, piece->text))
        return unknown_name(load, symbol, line, piece->text);
    if (piece->kind != HU_PIECE_EACH)
        return NULL;
    if (!is_slot(load, piece->text))
        return unknown_name(load, symbol, line, piece->text);
    if (!strchr(piece->symbol, '$') && !hu_grammar_find(grammar, piece->symbol))
        return unknown_name(load, symbol, line, piece->symbol);
    if (piece->separator && !hu_grammar_find(grammar, piece->separator))
        return unknown_name(load, symbol, line, piece->separator);
    return NULL;
}

static hu_error *check_grammar(loader *load)
{
    const hu_grammar *grammar = load->grammar;
    for (size_t i = 0; i < grammar->n_symbols; i++) {
        const hu_symbol *symbol = &grammar->symbols[i];
        if (i && strcmp(symbol[-1].name, symbol->name) == 0)
            return hu_fail_at(HU_BAD_INPUT, symbol->source, symbol->line, NULL,
                              "symbol \"%s\" is defined twice, here and at %s:%ld", symbol->name, symbol[-1].source,
                              symbol[-1].line);
        for (size_t a = 0; a < symbol->n_alternatives; a++)
            for (size_t p = 0; p < symbol->alternatives[a].n_pieces; p++)
                HU_TRY(check_piece(load, symbol, symbol->alternatives[a].line, &symbol->alternatives[a].pieces[p]));
    }
    return NULL;
}

hu_error *hu_grammar_load(const char *folder, const char *const *slots, hu_arena *arena, hu_grammar **grammar)
{
    static const char *const endings[] = {".yaml", NULL};
    loader load = {.arena = arena, .slots = slots, .grammar = HU_NEW(arena, hu_grammar)};
    char **paths = NULL;
    size_t count = 0;
    HU_TRY(hu_list_files(folder, endings, arena, &paths, &count));
    if (count == 0)
        return hu_fail(HU_EMPTY, "%s holds no grammar (*.yaml)", folder);
    for (size_t i = 0; i < count; i++)
        HU_TRY(parse_file(&load, paths[i]));
    if (load.grammar->n_symbols)
        qsort(load.grammar->symbols, load.grammar->n_symbols, sizeof(hu_symbol), by_name);
    HU_TRY(check_grammar(&load));
    *grammar = load.grammar;
    return NULL;
}
