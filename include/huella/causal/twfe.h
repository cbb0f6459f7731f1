#ifndef HUELLA_CAUSAL_TWFE_H
#define HUELLA_CAUSAL_TWFE_H

#include "huella/causal/did.h"
#include "huella/numerics/wild.h"

/** A regression coefficient; NaN where its column was dropped as collinear. */
typedef struct hu_coefficient {
    const char *name; /* "treated", "event_time=-3", covariates by their column */
    double estimate, se, lower, upper, t, p, df;
    const hu_wild *wild; /* NULL unless asked for, and where there is no error */
} hu_coefficient;

/** Zero is default: errors corrected as Stata and fixest do, no bootstrap. */
typedef struct hu_regression_options {
    double level;             /* of the intervals; 0 = 0.95 */
    hu_correction correction; /* HU_CR2 and HU_CR3 with Satterthwaite's degrees of freedom */
    bool wild;                /* also a wild cluster bootstrap of every coefficient */
    hu_wild_options bootstrap;
} hu_regression_options;

/** What a regression reports. */
typedef struct hu_regression {
    size_t n, units, clusters, dropped, singletons; /* rows used; left out: with a missing value, alone in an effect */
    hu_coefficient *coefficients;
    size_t n_coefficients;
    double *variance; /* n_coefficients x n_coefficients, of the coefficients */
    double df;        /* clusters - 1: of the t distribution unless a coefficient says otherwise */
    const char *se_type;
    const char **warnings;
    size_t n_warnings;
} hu_regression;

/**
 * Two-way fixed effects: y = unit + period + b treated + c covariates + e, treated = 1 from the cohort's period on.
 *
 * A diagnostic beside hu_did, not a substitute: with staggered treatment and effects that differ, b is a weighted mean
 * of comparisons some of whose weights may be negative (Goodman-Bacon 2021, J. Econometrics 225(2); de Chaisemartin &
 * D'Haultfoeuille 2020, AER 110(9)).
 *
 * columns   unit: the effect beside the period; several rows a unit and period are fine, so a region of cases will do;
 *           NULL = the cohort. cluster: NULL = the unit's column.
 *
 * Errors clustered, corrected by G / (G - 1) * (n - 1) / (n - K), K without effects nested in the clusters (fixest's
 * default), t with G - 1 degrees of freedom, unless options say otherwise. Rows of weight zero are left out. CR2, CR3
 * and the bootstrap build columns of dummies for effects not nested in clusters (HU_LIMIT: hu_put_effects).
 * Errors: as hu_did; HU_SINGULAR when treatment does not vary within units and periods; HU_EMPTY one cluster.
 */
hu_error *hu_twfe(const hu_table *table, const hu_did_columns *columns, const hu_regression_options *options,
                  hu_arena *arena, hu_regression **result);

#endif
