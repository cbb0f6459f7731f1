#ifndef HUELLA_CAUSAL_TRIAL_PARTS_H
#define HUELLA_CAUSAL_TRIAL_PARTS_H

/* A trial in its parts: rows, regressions, randomization tests, what surrounds them. */

#include "huella/causal/trial.h"

/** The rows that take part, and what was dealt out to whom. */
typedef struct trial_rows {
    const hu_table *table;
    const hu_trial_columns *names;
    const hu_column *arm, *clusters, *strata, *weights;
    hu_column **covariates;
    size_t n, k, dropped;
    uint32_t *row;     /* n */
    uint8_t *z;        /* n: the arm, 0 or 1 */
    double *w;         /* n or NULL */
    hu_factor cluster; /* with clusters */
    hu_factor stratum; /* with strata */
    hu_factor unit;    /* clusters, or each row */
    bool by_cluster;
    uint32_t *unit_arm, *unit_stratum; /* unit.levels */
} trial_rows;

hu_error *trial_rows_read(const hu_table *table, const hu_trial_columns *names, hu_arena *arena, trial_rows *rows);

/** A covariate (j < k) at one of the rows. */
static inline double trial_covariate(const trial_rows *rows, size_t j, size_t i)
{
    return hu_number_at(rows->covariates[j], rows->row[i]);
}

/** A column of numbers at the rows; NaN = missing. */
hu_error *trial_rows_values(const trial_rows *rows, const char *column, hu_arena *arena, double **values);

/** One regression of the trial: on the rows whose outcome is known. */
typedef struct trial_regression {
    size_t n;
    uint32_t *at;            /* n: places in trial_rows; NULL: all of them in their order */
    double *w;               /* n or NULL */
    hu_with_effects columns; /* a constant, strata, covariates; then the arm, and with Lin's adjustment its products */
    size_t arm, carriers;    /* column of the arm; columns from there on */
    hu_factor cluster;       /* with clusters */
    hu_fit fit;
    hu_clustered *sums; /* with clusters; else NULL */
    double estimate, se, df;
} trial_regression;

static inline size_t trial_at(const trial_regression *on, size_t i)
{
    return on->at ? on->at[i] : i;
}

/** y: rows->n, NaN where missing; it must outlive the regression. `se` is not HU_TRIAL_SE_DEFAULT. */
hu_error *trial_regress(const trial_rows *rows, const double *y, hu_trial_adjust adjust, hu_trial_se se,
                        hu_arena *arena, trial_regression *out);

/** Statistics of one outcome under every assignment. */
typedef struct trial_draws {
    size_t width;            /* of rows as hu_fisher_invert takes them: 2, or 5 when studentised */
    double *values;          /* count x width */
    double *observed;        /* width */
    double *statistic, seen; /* count; under the real assignment */
} trial_draws;

hu_error *trial_permute(const trial_rows *rows, const trial_regression *on, const double *y,
                        hu_trial_statistic statistic, const hu_assignments *all, int threads, hu_arena *arena,
                        trial_draws *out);

/**
 * The allocations that the draw could have given to the trial's units. Units are known by the cluster's column, or that
 * which the draw names. HU_BAD_INPUT: a unit that was not drawn, or is in another arm than was drawn.
 */
hu_error *trial_draw_assignments(const trial_rows *rows, const hu_draw *draw, const hu_assignment_options *options,
                                 int threads, hu_arena *arena, hu_assignments **all);

/** Whether the moments of all units fit into memory; where not, trial_permute is HU_LIMIT. */
bool trial_permute_fits(const trial_rows *rows, const trial_regression *on, hu_trial_statistic statistic);

/** Doubles that one assignment's statistic reads: to see beforehand how long all will take. */
double trial_permute_cost(const trial_rows *rows, const trial_regression *on, hu_trial_statistic statistic);

hu_error *trial_late(const trial_rows *rows, const double *y, const double *received, const hu_trial_options *options,
                     hu_arena *arena, hu_late **late);

/** NULL where nothing is missing, or an arm has nobody observed. */
hu_lee *trial_lee(const trial_rows *rows, const double *y, hu_arena *arena);

hu_error *trial_attrition(const trial_rows *rows, const double *y, hu_trial_se se, hu_trial_effect *effect);

hu_error *trial_balance(const trial_rows *rows, hu_trial_se se, const hu_assignments *all, int threads, hu_arena *arena,
                        hu_trial *trial);

/** Options with their defaults; refuses clustered errors without clusters, and adjustment without covariates. */
hu_error *trial_check_options(const trial_rows *rows, hu_trial_options *options);

/** What the errors are called, for people. */
const char *trial_se_text(const trial_rows *rows, hu_trial_se se, hu_arena *arena);

/** The assignments of the design that the options ask for; NULL where they ask for none, or where visiting all takes
 *  very long (`cost` doubles read for each) and nobody asked for it. */
hu_error *trial_assignments(const trial_rows *rows, const hu_trial_options *options, double cost, hu_arena *arena,
                            hu_assignments **all);

void trial_note(hu_trial *trial, hu_arena *arena, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
