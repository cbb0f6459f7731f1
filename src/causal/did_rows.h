#ifndef HUELLA_CAUSAL_DID_ROWS_H
#define HUELLA_CAUSAL_DID_ROWS_H

/* The rows of the table that take part, before they become observations. */

#include "did_parts.h"

#include "huella/numerics/factor.h"

/** A covariate: a column, or the product of two (named "A:B"). */
typedef struct did_covariate {
    const hu_column *a, *b;
} did_covariate;

typedef struct did_rows {
    const hu_table *table;
    const hu_did_columns *names;
    const hu_column *outcome, *unit, *time, *cohort, *cluster, *weights; /* NULL = none */
    did_covariate *covariates;
    size_t n_covariates;
    size_t n, dropped; /* rows that take part; rows with a missing value */
    uint32_t *row;     /* n: rows without missing values, before `time_limit` */
    double never_from; /* a cohort from here on is not treated within the data */
    double time_limit; /* periods from here on are left out: nobody is left to compare with */
    hu_factor unit_of, period_of;
} did_rows;

/** Resolves columns and selects the rows without missing values; every cohort counts. `unit` may be NULL. */
hu_error *did_rows_complete(const hu_table *table, const hu_did_columns *names, hu_arena *arena, did_rows *rows);

/** The same for hu_did: also says which cohorts count as never treated, and codes units and periods. */
hu_error *did_rows_select(did_run *run, const hu_table *table, const hu_did_columns *names, did_rows *rows);

/** Cohorts after the last period are not treated within the data: they count as never treated from here on. */
void did_rows_close(did_rows *rows);

/** First treated period of a row; INFINITY = never. */
double did_rows_cohort(const did_rows *rows, size_t i);
double did_rows_covariate(const did_rows *rows, size_t j, size_t i);

/** A covariate by name: a column of numbers, or "A:B" for the product of two. */
hu_error *did_covariate_find(const hu_table *table, const char *name, hu_arena *arena, did_covariate *covariate);
double did_covariate_value(const did_covariate *covariate, size_t row);

/** A unit has one cohort: an error at row i when it differs from that of row `first`, of the same unit. */
hu_error *did_rows_same_cohort(const did_rows *rows, size_t i, size_t first, hu_arena *arena);
/** The same of all rows, coded by unit. */
hu_error *did_rows_one_cohort(const did_rows *rows, const hu_factor *unit, hu_arena *arena);
/** An error at row i, naming its unit. */
hu_error *did_rows_fail(const did_rows *rows, size_t i, const char *column, const char *message, hu_arena *arena);

/**
 * Places every row at its unit and period: slot (units x periods, zeroed) becomes index into rows + 1, 0 = no row.
 * Needs unit_of and period_of. A unit twice in one period is an error, as is a cohort or cluster that varies within it.
 */
hu_error *did_rows_place(const did_rows *rows, const hu_factor *cluster, uint32_t *slot, hu_arena *arena);

/** "column "g": nobody is treated within the data: expected …" */
hu_error *did_rows_nobody_treated(const did_rows *rows);

/** Adds a note to a list in the arena. */
void did_note(hu_arena *arena, const char ***notes, size_t *count, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void did_vnote(hu_arena *arena, const char ***notes, size_t *count, const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

#endif
