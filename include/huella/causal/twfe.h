#ifndef HUELLA_CAUSAL_TWFE_H
#define HUELLA_CAUSAL_TWFE_H

#include "huella/causal/did.h"
#include "huella/numerics/wild.h"

/** A regression coefficient; NaN where its column was dropped as collinear. */
typedef struct hu_coefficient {
    const char *name; /* "treated", "event_time=-3", covariates by their column */
    double estimate, se, lower, upper, t, p, df;
    double se_small_sample; /* CR2 error behind the interval with few clusters; NaN = the interval rests on se */
    const hu_wild *wild;    /* NULL unless asked for, and where there is no error */
} hu_coefficient;

/** Zero is default: errors corrected as Stata and fixest do, no bootstrap. */
typedef struct hu_regression_options {
    double level;             /* of the intervals; 0 = 0.95 */
    hu_correction correction; /* HU_CR2 and HU_CR3 with Satterthwaite's degrees of freedom */
    bool plain;               /* HU_CR1S: intervals rest on se and t(G - 1) however few the clusters */
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
    const char *ci_type; /* what intervals and p rest on where that is not se; NULL else */
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
 * default), t with G - 1 degrees of freedom, unless options say otherwise. With fewer than HU_FEW_CLUSTERS clusters
 * `se` stays, but interval, p and df rest on CR2 with Satterthwaite's degrees of freedom (Bell & McCaffrey 2002; Imbens
 * & Kolesar 2016, REStat 98(4); with fixed effects Pustejovsky & Tipton 2018, JBES 36(4)) unless `plain`. Rows of
 * weight zero are left out. CR2, CR3 and the bootstrap build columns of dummies for effects not nested in clusters
 * (HU_LIMIT: hu_put_effects). Errors: as hu_did; HU_SINGULAR when treatment does not vary within units and periods;
 * HU_EMPTY one cluster.
 */
hu_error *hu_twfe(const hu_table *table, const hu_did_columns *columns, const hu_regression_options *options,
                  hu_arena *arena, hu_regression **result);

#endif
