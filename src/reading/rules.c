/* Rules as a lawyer writes them (YAML) to what the engine runs. */

#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_WINDOW = 160, NAME_WINDOW = 24 };

static const char *const rule_keys[] = {
    "id",           "part",        "speaker", "any",           "regex",        "anchor",     "sets",
    "within_first", "within_last", "window",  "unless_before", "unless_after", "confidence", "note",
    "title",        "with",        "and",     "without",       "reach",        NULL};

/* The place behind the next group of a regular expression; with `bar`, a "|" outside of groups ends the search. */
static const char *behind_group(const char *at, bool bar)
{
    bool in_class = false;
    for (int depth = 0; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (in_class)
            in_class = *at != ']';
        else if (*at == '[')
            in_class = true;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth <= 0)
            return at + 1;
        else if (*at == '|' && depth == 0 && bar)
            return at;
    }
    return at;
}

/* "\G…", perhaps behind definitions: it holds where the search begins or nowhere. PCRE2 sees this for itself only
 * where nothing stands before, and else tries every place to the end of the text. */
static bool holds_at_start(const char *regex)
{
    static const char definitions[] = "(?:(?(DEFINE)";
    if (strncmp(regex, definitions, sizeof definitions - 1) == 0)
        regex = behind_group(regex, false);
    if (strncmp(regex, "\\G", 2) != 0)
        return false;
    while (*regex && *regex != '|')
        regex = behind_group(regex, true);
    return !*regex;
}

static hu_error *compile_regex(const hu_node *node, const char *regex, pcre2_code **code)
{
    uint32_t options = PCRE2_DUPNAMES | PCRE2_NEVER_UTF | PCRE2_USE_OFFSET_LIMIT;
    int number = 0;
    PCRE2_SIZE offset = 0;
    *code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
                          holds_at_start(regex) ? options | PCRE2_ANCHORED : options, &number, &offset, NULL);
    if (!*code) {
        PCRE2_UCHAR message[256];
        pcre2_get_error_message(number, message, sizeof message);
        return hu_node_fail(node, "the pattern is not valid at character %zu: %s", (size_t)offset, (char *)message);
    }
    pcre2_jit_compile(*code, PCRE2_JIT_COMPLETE);
    return NULL;
}

static const char *const speaker_names[HU_N_SPEAKERS] = {"court", "prosecution", "defence", "lower", "precedent"};

hu_speaker speaker_named(const char *name)
{
    int speaker = 0;
    while (speaker < HU_N_SPEAKERS && strcmp(speaker_names[speaker], name) != 0)
        speaker++;
    return (hu_speaker)speaker;
}

static hu_error *read_part(const hu_node *node, unsigned *parts)
{
    const char *text;
    HU_TRY(hu_node_text(node, &text));
    for (int part = 0; part < HU_N_PARTS; part++)
        if (strcmp(hu_part_name((hu_part)part), text) == 0) {
            *parts |= 1u << part;
            return NULL;
        }
    return hu_node_fail(node, "\"%s\" is no part: expected header, facts, reasoning, operative or after", text);
}

static hu_error *read_speaker(const hu_node *node, unsigned *speakers)
{
    const char *text;
    HU_TRY(hu_node_text(node, &text));
    hu_speaker speaker = speaker_named(text);
    if (speaker == HU_N_SPEAKERS)
        return hu_node_fail(node, "\"%s\" is no speaker: expected court, prosecution, defence, lower or precedent",
                            text);
    *speakers |= 1u << speaker;
    return NULL;
}

/* One name or a list of names, as bits. */
static hu_error *read_set(const hu_node *node, hu_error *(*read_one)(const hu_node *, unsigned *), unsigned *bits)
{
    if (!node)
        return NULL;
    if (node->kind == HU_SCALAR)
        return read_one(node, bits);
    for (size_t i = 0; i < node->count; i++)
        HU_TRY(read_one(node->items[i], bits));
    return NULL;
}

hu_error *phrases_regex(const hu_lexicon *lexicon, const hu_node *list, const hu_node *owner, hu_arena *arena,
                        void **code)
{
    if (!list || list->kind != HU_LIST || list->count == 0)
        return hu_node_fail(list ? list : owner, "expected a list of phrases");
    HU_BUF(regex);
    for (size_t i = 0; i < list->count; i++) {
        const char *text;
        hu_phrase_regex one;
        HU_TRY(hu_node_text(list->items[i], &text));
        if (text[0] == '{' && text[strlen(text) - 1] == '}' && !strchr(text + 1, '{'))
            HU_TRY(regex_expand(lexicon, list->items[i], text, arena, &one.whole));
        else
            HU_TRY(phrase_compile(lexicon, list->items[i], text, arena, &one));
        hu_buf_printf(&regex, "%s%s", i ? "|" : "", one.whole);
    }
    return compile_regex(list, regex.data, (pcre2_code **)code);
}

hu_error *lexicon_regex(const hu_lexicon *lexicon, const char *name, void **code)
{
    static const hu_node nowhere = {.source = "lexicon.yaml"};
    const char *regex;
    HU_TRY(lexicon_shape(lexicon, name, &regex));
    return compile_regex(&nowhere, regex, (pcre2_code **)code);
}

/* Phrases of a condition as one regular expression, which the book owns. */
static hu_error *read_condition(hu_rule_book *book, const hu_node *list, hu_arena *arena, void **result)
{
    if (!list)
        return NULL;
    HU_TRY(phrases_regex(book->lexicon, list, list, arena, result));
    book->owned = hu_xrealloc(book->owned, (book->n_owned + 1) * sizeof *book->owned);
    book->owned[book->n_owned++] = *result;
    return NULL;
}

static hu_error *read_sets(const hu_node *map, hu_arena *arena, hu_rule *rule)
{
    hu_rule_value *values = HU_NEW_ARRAY(arena, hu_rule_value, map ? map->count : 0);
    for (size_t i = 0; map && i < map->count; i++) {
        values[i].key = map->keys[i]->text;
        HU_TRY(hu_node_text(map->items[i], &values[i].value));
        HU_TRY(sets_check(values[i].key, map->items[i]));
        rule->keys |= rule_key_bit(values[i].key);
    }
    rule->sets = values;
    rule->n_sets = map ? map->count : 0;
    const hu_node *speaks = hu_node_get(map, "speaker");
    unsigned known = 0;
    if (speaks)
        HU_TRY(read_speaker(speaks, &known));
    rule->speaks = speaks ? speaker_named(speaks->text) : HU_N_SPEAKERS;
    return NULL;
}

static hu_error *read_number(const hu_node *node, size_t *number)
{
    long value = 0;
    if (!node)
        return NULL;
    HU_TRY(hu_node_integer(node, &value));
    if (value < 1 || value > 1000000)
        return hu_node_fail(node, "%ld is not between 1 and 1000000", value);
    *number = (size_t)value;
    return NULL;
}

static hu_error *add_pattern(hu_rule_book *book, const hu_node *node, const hu_rule *rule, const hu_phrase_regex *regex)
{
    if (regex->letters < 6)
        return hu_node_fail(node, "a phrase needs a word of its own beside placeholders, gaps and alternatives");
    if (book->n_patterns == book->capacity) {
        book->capacity = book->capacity ? book->capacity * 2 : 256;
        book->patterns = hu_xrealloc(book->patterns, book->capacity * sizeof *book->patterns);
    }
    hu_pattern *new_pattern = &book->patterns[book->n_patterns++];
    *new_pattern =
        (hu_pattern){.rule = rule, .node = node, .anchor = regex->anchor, .fixed = regex->fixed, .reach = regex->reach};
    if (regex->fixed)
        return NULL;
    return compile_regex(node, regex->whole, (pcre2_code **)&new_pattern->code);
}

/* `regex` with its `anchor` phrases: for shapes that words cannot say, like file numbers. */
static hu_error *read_regex(hu_rule_book *book, const hu_node *node, const hu_rule *rule, hu_arena *arena)
{
    const hu_node *regex = hu_node_get(node, "regex"), *anchor = hu_node_get(node, "anchor");
    if (!regex)
        return NULL;
    const char *text, *whole;
    HU_TRY(hu_node_text(regex, &text));
    HU_TRY(regex_expand(book->lexicon, regex, text, arena, &whole));
    if (!anchor || anchor->kind != HU_LIST || anchor->count == 0)
        return hu_node_fail(node, "regex needs anchor: a list of phrases of which one must stand in every match");
    HU_BUF(any); /* the anchors as one, so that the regular expression is compiled and tried once */
    size_t reach = HU_LOOK_BACK;
    HU_TRY(read_number(hu_node_get(node, "reach"), &reach));
    hu_phrase_regex all = {.whole = whole, .reach = reach < HU_LOOK_BACK ? reach : HU_LOOK_BACK, .letters = SIZE_MAX};
    for (size_t i = 0; i < anchor->count; i++) {
        hu_phrase_regex one;
        HU_TRY(hu_node_text(anchor->items[i], &text));
        HU_TRY(phrase_compile(book->lexicon, anchor->items[i], text, arena, &one));
        hu_buf_printf(&any, "%s(?:%s)", i ? "|" : "", one.anchor);
        all.letters = one.letters < all.letters ? one.letters : all.letters;
    }
    all.anchor = hu_strdup(arena, any.data);
    return add_pattern(book, regex, rule, &all);
}

static hu_error *read_fields(hu_rule_book *book, const hu_node *node, hu_rule *rule, hu_arena *arena)
{
    HU_TRY(hu_node_check_keys(node, rule_keys));
    HU_TRY(read_set(hu_node_get(node, "part"), read_part, &rule->parts));
    HU_TRY(read_set(hu_node_get(node, "speaker"), read_speaker, &rule->speakers));
    HU_TRY(read_number(hu_node_get(node, "within_first"), &rule->within_first));
    HU_TRY(read_number(hu_node_get(node, "within_last"), &rule->within_last));
    HU_TRY(read_number(hu_node_get(node, "window"), &rule->window));
    if (hu_node_get(node, "title"))
        HU_TRY(hu_node_bool(hu_node_get(node, "title"), &rule->title));
    if (hu_node_get(node, "confidence"))
        HU_TRY(hu_node_number(hu_node_get(node, "confidence"), &rule->confidence));
    HU_TRY(read_condition(book, hu_node_get(node, "unless_before"), arena, &rule->unless_before));
    HU_TRY(read_condition(book, hu_node_get(node, "unless_after"), arena, &rule->unless_after));
    HU_TRY(read_condition(book, hu_node_get(node, "with"), arena, &rule->with));
    HU_TRY(read_condition(book, hu_node_get(node, "and"), arena, &rule->and_with));
    HU_TRY(read_condition(book, hu_node_get(node, "without"), arena, &rule->without));
    HU_TRY(read_sets(hu_node_get(node, "sets"), arena, rule));
    const hu_node *any = hu_node_get(node, "any");
    if (!any && !hu_node_get(node, "regex"))
        return hu_node_fail(node, "a rule needs any: a list of phrases (or regex with anchor)");
    for (size_t i = 0; any && i < any->count; i++) {
        const char *text;
        hu_phrase_regex regex;
        HU_TRY(hu_node_text(any->items[i], &text));
        HU_TRY(phrase_compile(book->lexicon, any->items[i], text, arena, &regex));
        HU_TRY(add_pattern(book, any->items[i], rule, &regex));
    }
    return read_regex(book, node, rule, arena);
}

static hu_error *read_rule(hu_rule_book *book, const hu_node *node, hu_arena *arena)
{
    hu_rule *rule = HU_NEW(arena, struct hu_rule);
    const hu_node *id = hu_node_get(node, "id");
    if (!id)
        return hu_node_fail(node, "a rule needs an id");
    HU_TRY(hu_node_text(id, &rule->id));
    rule->source = node->source;
    rule->line = node->line;
    rule->order = book->n_rules++;
    rule->window = DEFAULT_WINDOW;
    rule->confidence = 0.9;
    hu_error *error = read_fields(book, node, rule, arena);
    return error ? hu_wrap(error, "rule %s", rule->id) : NULL;
}

hu_error *rule_book_add(hu_rule_book *book, const hu_node *file, hu_arena *arena)
{
    const hu_node *rules = hu_node_get(file, "rules");
    for (size_t i = 0; rules && i < rules->count; i++)
        HU_TRY(read_rule(book, rules->items[i], arena));
    return NULL;
}

hu_error *rule_book_add_name(hu_rule_book *book, const hu_name_phrase *name, hu_arena *arena)
{
    hu_rule *rule = HU_NEW(arena, struct hu_rule);
    hu_rule_value *sets = HU_NEW_ARRAY(arena, hu_rule_value, 2);
    memcpy(sets, name->sets, sizeof name->sets);
    *rule = (struct hu_rule){.id = name->id,
                             .source = name->node->source,
                             .line = name->node->line,
                             .order = book->n_rules++,
                             .window = NAME_WINDOW,
                             .confidence = 0.9,
                             .speaks = HU_N_SPEAKERS,
                             .sets = sets,
                             .n_sets = name->sets[1].key ? 2 : 1,
                             .keys = rule_key_bit(name->sets[0].key) |
                                     (name->sets[1].key ? rule_key_bit(name->sets[1].key) : 0)};
    hu_phrase_regex regex;
    HU_TRY(read_condition(book, name->unless_after, arena, &rule->unless_after));
    HU_TRY(phrase_compile(book->lexicon, name->node, name->phrase, arena, &regex));
    return add_pattern(book, name->node, rule, &regex);
}

void rule_sources_add_name(hu_rule_sources *sources, hu_arena *arena, hu_name_phrase name)
{
    if (sources->n_names == sources->capacity) {
        size_t capacity = sources->capacity ? sources->capacity * 2 : 64;
        sources->names = hu_regrow(arena, sources->names, sources->n_names, capacity, sizeof *sources->names);
        sources->capacity = capacity;
    }
    sources->names[sources->n_names++] = name;
}

void rule_book_close(hu_rule_book *book)
{
    for (size_t i = 0; i < book->n_patterns; i++)
        pcre2_code_free(book->patterns[i].code);
    for (size_t i = 0; i < book->n_owned; i++)
        pcre2_code_free(book->owned[i]);
    free(book->patterns);
    free(book->owned);
    *book = (hu_rule_book){0};
}

const char *rule_value(const hu_rule *rule, const char *key)
{
    for (size_t i = 0; i < rule->n_sets; i++)
        if (strcmp(rule->sets[i].key, key) == 0)
            return rule->sets[i].value;
    return NULL;
}
