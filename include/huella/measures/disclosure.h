#ifndef HUELLA_MEASURES_DISCLOSURE_H
#define HUELLA_MEASURES_DISCLOSURE_H

#include "huella/base/table.h"

/**
 * Tables that can be given away: k-anonymity (Sweeney 2002) and distinct l-diversity (Machanavajjhala et al. 2007).
 *
 * Columns by which somebody could be recognised from outside (quasi-identifiers) are coarsened until nearly every row
 * shares its values with k - 1 others; rows that still do not, or whose class shows fewer than l values of a sensitive
 * column, are left out. Coarsening is Datafly's (Sweeney 1998): while more rows than allowed stand alone, the column
 * with most different values goes one step up its ladder,
 *
 *     dates    day, month, year, *          six-digit places (ubigeo)    district, province, department, *
 *     numbers  exact, in fives, tens, twenties, fifties, hundreds, *     anything else    exact, *
 *
 * A missing value is a value of its own. The same table gives the same release. Direct identifiers (names, documents)
 * are not found: whoever releases names them.
 */
typedef struct hu_disclosure_options {
    const char *const *quasi;     /* NULL-terminated, at least one */
    const char *const *sensitive; /* NULL-terminated; NULL = none */
    const char *const *drop;      /* NULL-terminated; NULL = none: columns that are not released */
    int64_t k;                    /* 0 = 11, as the Counter-Trafficking Data Collaborative */
    int64_t l;                    /* 0 = 2 where there are sensitive columns */
    double most_suppressed;       /* share of rows that may be left out before coarsening; 0 = 0.05 */
} hu_disclosure_options;

enum { HU_DISCLOSURE_K = 11 };

typedef struct hu_disclosed {
    hu_table *table;      /* what may be given away */
    size_t suppressed;    /* rows left out */
    size_t classes;       /* combinations of values that are left */
    size_t smallest;      /* rows of the smallest; the greatest chance to recognise a row is 1 / smallest */
    const char **coarser; /* by quasi-identifier: "day", "month", "fives", "*" … */
    size_t n_quasi;
} hu_disclosed;

/** Errors: HU_NOT_FOUND a column; HU_BAD_INPUT no quasi-identifier, k below 2; HU_EMPTY fewer rows than k. */
hu_error *hu_disclose(const hu_table *table, const hu_disclosure_options *options, hu_arena *arena, hu_disclosed *out);

/** What an independent look at a released table finds (disclosure_check.c shares no code with hu_disclose). */
typedef struct hu_disclosure_check {
    size_t classes, smallest; /* smallest: 0 for an empty table */
    size_t rows_below_k;      /* rows in classes of fewer than k */
    size_t classes_below_l;   /* classes that show fewer than l values of some sensitive column */
    bool holds;
} hu_disclosure_check;
hu_error *hu_disclosure_verify(const hu_table *table, const hu_disclosure_options *options, hu_disclosure_check *check);

#endif
