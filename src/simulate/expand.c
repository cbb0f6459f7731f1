/* Expanding phrase grammars: contexts, conditions, choices. */

#include "grammar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { MAX_DEPTH = 64 };

typedef struct slot {
    const char *name, *text; /* text NULL: a list */
    double number;           /* NaN unless set by hu_context_number */
    hu_context **items;
    size_t n_items;
} slot;

struct hu_context {
    hu_arena *arena;
    const hu_context *parent;
    slot *slots;
    size_t n_slots;
    bool has_gender, feminine, plural;
};

/* --- contexts --- */

hu_context *hu_context_new(hu_arena *arena, const hu_context *parent)
{
    hu_context *context = HU_NEW(arena, hu_context);
    context->arena = arena;
    context->parent = parent;
    return context;
}

/* The slot of that name in this very context, made when absent. Room grows by powers of two. */
static slot *own_slot(hu_context *context, const char *name)
{
    for (size_t i = 0; i < context->n_slots; i++)
        if (strcmp(context->slots[i].name, name) == 0)
            return &context->slots[i];
    size_t n = context->n_slots;
    if ((n & (n - 1)) == 0)
        context->slots = hu_regrow(context->arena, context->slots, n, n ? 2 * n : 1, sizeof(slot));
    context->slots[n] = (slot){.name = name, .number = NAN};
    context->n_slots++;
    return &context->slots[n];
}

void hu_context_text(hu_context *context, const char *name, const char *text)
{
    slot *place = own_slot(context, name);
    place->text = text ? text : "";
    place->number = NAN;
}

void hu_context_number(hu_context *context, const char *name, double number)
{
    slot *place = own_slot(context, name);
    place->text = hu_printf(context->arena, "%.10g", number);
    place->number = number;
}

void hu_context_gender(hu_context *context, bool feminine, bool plural)
{
    context->has_gender = true;
    context->feminine = feminine;
    context->plural = plural;
}

void hu_context_add(hu_context *context, const char *list, hu_context *item)
{
    slot *place = own_slot(context, list);
    if (!item)
        return;
    size_t n = place->n_items;
    if ((n & (n - 1)) == 0)
        place->items = hu_regrow(context->arena, place->items, n, n ? 2 * n : 1, sizeof(hu_context *));
    place->items[place->n_items++] = item;
}

static const slot *find_slot(const hu_context *context, const char *name)
{
    for (; context; context = context->parent)
        for (size_t i = 0; i < context->n_slots; i++)
            if (strcmp(context->slots[i].name, name) == 0)
                return &context->slots[i];
    return NULL;
}

/* --- conditions and choice --- */

/* A slot counts as set when it is a number other than 0, a text that is not empty, or a list with items. */
static bool is_set(const slot *found)
{
    if (!found)
        return false;
    if (!isnan(found->number))
        return found->number != 0;
    return found->text ? *found->text != '\0' : found->n_items > 0;
}

static bool equals(const slot *found, const hu_condition *condition)
{
    if (!found)
        return false;
    if (!isnan(found->number) && !isnan(condition->number))
        return found->number == condition->number;
    return found->text && strcmp(found->text, condition->text) == 0;
}

static bool holds(const hu_context *context, const hu_condition *condition)
{
    const slot *found = find_slot(context, condition->name);
    switch (condition->test) {
    case HU_TEST_SET:
        return is_set(found);
    case HU_TEST_UNSET:
        return !is_set(found);
    case HU_TEST_EQUAL:
        return equals(found, condition);
    case HU_TEST_DIFFERENT:
        return !equals(found, condition);
    case HU_TEST_ABOVE:
        return found && found->number > condition->number;
    case HU_TEST_BELOW:
        return found && found->number < condition->number;
    }
    return false;
}

static bool fits(const hu_context *context, const hu_alternative *alternative)
{
    for (size_t i = 0; i < alternative->n_conditions; i++)
        if (!holds(context, &alternative->conditions[i]))
            return false;
    return true;
}

/* One of the alternatives that fit, by weight; NULL when none does. */
static const hu_alternative *choose(hu_random *random, const hu_symbol *symbol, const hu_context *context)
{
    double total = 0;
    for (size_t i = 0; i < symbol->n_alternatives; i++)
        total += fits(context, &symbol->alternatives[i]) ? symbol->alternatives[i].weight : 0;
    double at = hu_random_uniform(random) * total;
    const hu_alternative *last = NULL;
    for (size_t i = 0; i < symbol->n_alternatives; i++) {
        if (!fits(context, &symbol->alternatives[i]))
            continue;
        last = &symbol->alternatives[i];
        at -= last->weight;
        if (at < 0)
            break;
    }
    return last;
}

/* --- text --- */

static void add_filtered(hu_buf *out, const char *text, size_t length, hu_filter filter)
{
    const char *p = text, *end = text + length;
    bool raise = filter != HU_FILTER_NONE;
    while (p < end) {
        const char *from = p;
        int32_t c = hu_utf8_next(&p, end);
        if (raise && c >= 0)
            hu_utf8_add(out, (uint32_t)utf8proc_toupper(c));
        else
            hu_buf_add(out, from, (size_t)(p - from));
        raise = raise && filter == HU_FILTER_UPPER;
    }
}

/* A name with its $parts filled from the context: "practice.$key" to "practice.interpreter". */
static const char *full_name(hu_arena *arena, const char *name, const hu_context *context)
{
    const char *dollar;
    while ((dollar = strchr(name, '$'))) {
        size_t length = strcspn(dollar + 1, ".$");
        const slot *found = find_slot(context, hu_strndup(arena, dollar + 1, length));
        name = hu_printf(arena, "%.*s%s%s", (int)(dollar - name), name, found && found->text ? found->text : "?",
                         dollar + 1 + length);
    }
    return name;
}

static hu_error *expand_symbol(hu_expansion *expansion, hu_arena *scratch, const char *name, const hu_context *context,
                               int depth);

static const char *agreed(const hu_piece *piece, const hu_context *context)
{
    while (context && !context->has_gender)
        context = context->parent;
    size_t form = context && context->feminine ? 1 : 0;
    if (context && context->plural && piece->n_forms == 4)
        form += 2;
    return piece->forms[form];
}

static hu_error *expand_each(hu_expansion *expansion, hu_arena *scratch, const hu_piece *piece,
                             const hu_context *context, int depth)
{
    const slot *list = find_slot(context, piece->text);
    for (size_t i = 0; list && i < list->n_items; i++) {
        if (i && piece->separator) {
            hu_context *between = hu_context_new(scratch, context);
            hu_context_number(between, "last", i + 1 == list->n_items);
            HU_TRY(expand_symbol(expansion, scratch, piece->separator, between, depth));
        }
        HU_TRY(expand_symbol(expansion, scratch, full_name(scratch, piece->symbol, list->items[i]), list->items[i],
                             depth));
    }
    return NULL;
}

static hu_error *expand_nth(hu_expansion *expansion, hu_arena *scratch, const hu_piece *piece,
                            const hu_context *context, int depth);

static hu_error *expand_name(hu_expansion *expansion, hu_arena *scratch, const hu_piece *piece,
                             const hu_context *context, int depth)
{
    const char *name = piece->dynamic ? full_name(scratch, piece->text, context) : piece->text;
    const slot *found = piece->dynamic ? NULL : find_slot(context, name);
    if (found && found->text) {
        add_filtered(expansion->out, found->text, strlen(found->text), piece->filter);
        return NULL;
    }
    if (piece->filter == HU_FILTER_NONE)
        return expand_symbol(expansion, scratch, name, context, depth);
    HU_BUF(inner);
    hu_buf *outer = expansion->out;
    expansion->out = &inner;
    hu_error *error = expand_symbol(expansion, scratch, name, context, depth);
    expansion->out = outer;
    if (!error && inner.length)
        add_filtered(outer, inner.data, inner.length, piece->filter);
    return error;
}

static hu_error *expand_piece(hu_expansion *expansion, hu_arena *scratch, const hu_piece *piece,
                              const hu_context *context, int depth)
{
    switch (piece->kind) {
    case HU_PIECE_TEXT:
        hu_buf_add_text(expansion->out, piece->text);
        return NULL;
    case HU_PIECE_NAME:
        return expand_name(expansion, scratch, piece, context, depth);
    case HU_PIECE_EACH:
        return expand_each(expansion, scratch, piece, context, depth);
    case HU_PIECE_AGREE:
        hu_buf_add_text(expansion->out, agreed(piece, context));
        return NULL;
    case HU_PIECE_NTH:
        return expand_nth(expansion, scratch, piece, context, depth);
    case HU_PIECE_NUMBER:
        hu_buf_printf(expansion->out, "%zu", ++expansion->counter);
        return NULL;
    case HU_PIECE_RESET:
        expansion->counter = 0;
        return NULL;
    }
    return NULL;
}

static hu_error *expand_alternative(hu_expansion *expansion, hu_arena *scratch, const hu_alternative *alternative,
                                    const hu_context *context, int depth)
{
    for (size_t i = 0; i < alternative->n_pieces; i++)
        HU_TRY(expand_piece(expansion, scratch, &alternative->pieces[i], context, depth));
    return NULL;
}

static hu_error *expand_nth(hu_expansion *expansion, hu_arena *scratch, const hu_piece *piece,
                            const hu_context *context, int depth)
{
    const hu_symbol *symbol = hu_grammar_find(expansion->grammar, piece->text);
    if (depth > MAX_DEPTH)
        return hu_fail_at(HU_BAD_INPUT, symbol->source, symbol->line, NULL,
                          "symbol \"%s\" nests beyond %d levels: it leads back to itself", piece->text, MAX_DEPTH);
    size_t at = expansion->counter++;
    if (at >= symbol->n_alternatives)
        at = symbol->n_alternatives - 1;
    return expand_alternative(expansion, scratch, &symbol->alternatives[at], context, depth + 1);
}

static hu_error *expand_symbol(hu_expansion *expansion, hu_arena *scratch, const char *name, const hu_context *context,
                               int depth)
{
    const hu_symbol *symbol = hu_grammar_find(expansion->grammar, name);
    if (!symbol)
        return hu_fail(HU_BAD_INPUT, "the grammar has no symbol \"%s\", and the text's context no such slot", name);
    if (depth > MAX_DEPTH)
        return hu_fail_at(HU_BAD_INPUT, symbol->source, symbol->line, NULL,
                          "symbol \"%s\" nests beyond %d levels: it leads back to itself", name, MAX_DEPTH);
    const hu_alternative *alternative = choose(expansion->random, symbol, context);
    if (!alternative)
        return hu_fail_at(HU_BAD_INPUT, symbol->source, symbol->line, NULL,
                          "no alternative of symbol \"%s\" fits: add one without conditions", name);
    if (expansion->trace && strncmp(name, expansion->traced, strlen(expansion->traced)) == 0)
        hu_buf_printf(expansion->trace, "%s%s/%zu", expansion->trace->length ? " " : "", name,
                      (size_t)(alternative - symbol->alternatives) + 1);
    return expand_alternative(expansion, scratch, alternative, context, depth + 1);
}

/* Writes the joins of the grammar into the text from `start` on. */
static void apply_joins(const hu_grammar *grammar, hu_buf *out, size_t start)
{
    for (size_t j = 0; j < grammar->n_joins && out->length > start; j++) {
        const char *from = grammar->joins[j].from, *at = out->data + start, *found;
        if (!strstr(at, from))
            continue;
        HU_BUF(joined);
        for (; (found = strstr(at, from)); at = found + strlen(from)) {
            hu_buf_add(&joined, at, (size_t)(found - at));
            hu_buf_add_text(&joined, grammar->joins[j].to);
        }
        hu_buf_add_text(&joined, at);
        out->length = start;
        hu_buf_add(out, joined.data, joined.length);
    }
}

hu_error *hu_grammar_expand(hu_expansion *expansion, const char *symbol, const hu_context *context)
{
    HU_SCRATCH(scratch);
    size_t start = expansion->out->length;
    HU_TRY(expand_symbol(expansion, scratch, symbol, context, 0));
    apply_joins(expansion->grammar, expansion->out, start);
    return NULL;
}
