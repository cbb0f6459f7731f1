#ifndef HUELLA_SIMULATE_GRAMMAR_H
#define HUELLA_SIMULATE_GRAMMAR_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/random.h"
#include "huella/base/text.h"

/**
 * Phrase grammars: weighted context-free grammars whose alternatives depend on the facts that the text must tell.
 *
 * A folder of YAML files, each `symbols:` of a map from a name to a list of alternatives. An alternative is a text, or
 * {text: …, weight: 2, when: "years>0 kind=appeal !minor"}: all conditions must hold. Inside a text
 *
 *     {name}                 the slot of that name where the context has one, else an expansion of that symbol
 *     {practice.$key}        the same, with the slot `key` as a part of the symbol's name
 *     {name|upper}           in capitals; `capital` raises the first letter only
 *     {each list symbol sep} the symbol once for each item of a list, in the item's context; the symbol `sep` between
 *     {~o|a} {~o|a|os|as}    agreement with the nearest context that has a gender: masculine, feminine, (plural)
 *     {nth symbol}           the next alternative of the symbol in order (first, second, …)
 *     {#}                    the next number; {reset} starts `nth` and # again
 *
 * Beside `symbols:` a file may have `joins:`, what is written where pieces meet: {" de el ": " del "}.
 *
 * Source: the weighted alternatives are those of a stochastic context-free grammar; conditions and slots make it an
 * attribute grammar with inherited attributes only.
 */
typedef struct hu_grammar hu_grammar;

/** HU_BAD_INPUT names file and line of an unknown key, symbol, filter or an unclosed brace. `slots` (NULL-terminated)
 * are the names that contexts may fill: everything else in braces must be a symbol. */
hu_error *hu_grammar_load(const char *folder, const char *const *slots, hu_arena *arena, hu_grammar **grammar);

/** What a text is about: named values, lists of contexts, a gender. Looked up from the innermost outwards. */
typedef struct hu_context hu_context;

hu_context *hu_context_new(hu_arena *arena, const hu_context *parent);
void hu_context_text(hu_context *context, const char *name, const char *text);
void hu_context_number(hu_context *context, const char *name, double number);
void hu_context_gender(hu_context *context, bool feminine, bool plural);
/** Adds one context to the list of that name; a list may be declared empty by item NULL. */
void hu_context_add(hu_context *context, const char *list, hu_context *item);

typedef struct hu_expansion {
    const hu_grammar *grammar;
    hu_random *random;
    hu_buf *out;
    hu_buf
        *trace; /* may be NULL: "symbol/line" of every alternative chosen for a symbol whose name begins with traced */
    const char *traced;
    size_t counter; /* of {#} and {nth …} */
} hu_expansion;

/** Appends an expansion of `symbol`. HU_BAD_INPUT when no alternative fits the context, or it nests beyond 64 levels.
 */
hu_error *hu_grammar_expand(hu_expansion *expansion, const char *symbol, const hu_context *context);

/** Number of symbols and alternatives, for reports and tests. */
size_t hu_grammar_symbols(const hu_grammar *grammar);
size_t hu_grammar_alternatives(const hu_grammar *grammar, const char *symbol);

#endif
