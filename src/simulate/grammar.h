#ifndef HU_SIMULATE_GRAMMAR_PARTS_H
#define HU_SIMULATE_GRAMMAR_PARTS_H

/* What grammar.c (loading) and expand.c (expansion) share. */

#include "huella/base/yaml.h"
#include "huella/simulate/grammar.h"

typedef enum hu_piece_kind {
    HU_PIECE_TEXT,
    HU_PIECE_NAME,
    HU_PIECE_EACH,
    HU_PIECE_AGREE,
    HU_PIECE_NTH,
    HU_PIECE_NUMBER,
    HU_PIECE_RESET,
} hu_piece_kind;

typedef enum hu_filter { HU_FILTER_NONE, HU_FILTER_UPPER, HU_FILTER_CAPITAL } hu_filter;

typedef struct hu_piece {
    hu_piece_kind kind;
    hu_filter filter;
    bool dynamic;          /* name holds $slot parts */
    const char *text;      /* literal; name of slot or symbol; list of EACH */
    const char *symbol;    /* EACH */
    const char *separator; /* EACH; NULL = nothing between */
    const char *forms[4];  /* AGREE: ms, fs, mp, fp */
    size_t n_forms;
} hu_piece;

typedef enum hu_test {
    HU_TEST_SET,
    HU_TEST_UNSET,
    HU_TEST_EQUAL,
    HU_TEST_DIFFERENT,
    HU_TEST_ABOVE,
    HU_TEST_BELOW
} hu_test;

typedef struct hu_condition {
    const char *name;
    hu_test test;
    const char *text;
    double number; /* NaN when text is no number */
} hu_condition;

typedef struct hu_alternative {
    hu_piece *pieces;
    size_t n_pieces;
    hu_condition *conditions;
    size_t n_conditions;
    double weight;
    long line;
} hu_alternative;

typedef struct hu_symbol {
    const char *name, *source;
    long line;
    hu_alternative *alternatives;
    size_t n_alternatives;
} hu_symbol;

typedef struct hu_join {
    const char *from, *to;
} hu_join;

struct hu_grammar {
    hu_join *joins; /* in order of the files */
    size_t n_joins;
    hu_symbol *symbols; /* sorted by name */
    size_t n_symbols;
};

const hu_symbol *hu_grammar_find(const hu_grammar *grammar, const char *name);

#endif
