#ifndef HUELLA_CAUSAL_TRIAL_H
#define HUELLA_CAUSAL_TRIAL_H

#include "huella/base/table.h"
#include "huella/design/draw.h"
#include "huella/numerics/fisher.h"
#include "huella/numerics/wild.h"

/**
 * Randomized trials of two arms, by person or by cluster.
 *
 * Estimand: the effect of being assigned (intention to treat) on a row, in the coefficient of the arm in
 *     y = a + b z + c'x (+ effects of strata) + e,
 * where x is empty, the covariates (ANCOVA), or covariates less their means and these times z (Lin 2013, Annals of
 * Applied Statistics 7(1)). Randomization tests run over the design itself (assignments.h): what was dealt out to
 * units, which are the clusters when every row of a cluster has one arm, else the rows, within strata.
 */
typedef struct hu_trial_columns {
    const char *const *outcomes; /* NULL-terminated */
    const char *treatment;       /* 0 or 1 */
    const char *cluster, *strata, *weights;
    const char *received;          /* what was taken up; NULL = not asked */
    const char *const *covariates; /* NULL-terminated, or NULL */
} hu_trial_columns;

typedef enum hu_trial_adjust { HU_UNADJUSTED, HU_ANCOVA, HU_LIN } hu_trial_adjust;

typedef enum hu_trial_se {
    HU_TRIAL_SE_DEFAULT, /* CR2 with clusters, else HC2 */
    HU_TRIAL_CR0,        /* t with G - 1 degrees of freedom, as for CR1 */
    HU_TRIAL_CR1,        /* G / (G - 1) * (n - 1) / (n - K): Stata's */
    HU_TRIAL_CR2,        /* Bell & McCaffrey with Satterthwaite's degrees of freedom */
    HU_TRIAL_HC2,        /* rows independent: t with n - K degrees of freedom, as for HC3 */
    HU_TRIAL_HC3,
} hu_trial_se;

typedef enum hu_trial_statistic {
    HU_STUDENTISED,   /* the regression's t with CR0 errors by unit (valid also for a null of no mean effect) */
    HU_COEFFICIENT,   /* the regression's coefficient */
    HU_CLUSTER_MEANS, /* difference between arms of the unweighted means of units' means */
} hu_trial_statistic;

typedef struct hu_trial_options {
    hu_trial_adjust adjust;
    hu_trial_se se;
    double level;                       /* 0 = 0.95 */
    bool no_permutations;               /* leave the randomization test out */
    bool permutations_asked;            /* else it is left out, with a note, where it would take very long */
    hu_assignment_options permutations; /* seed is taken from below */
    const hu_draw *draw; /* the draw that was made (randomize): tests are over its own allocations; NULL = by strata */
    hu_trial_statistic statistic;
    bool wild;
    hu_wild_options bootstrap;
    bool keep_distribution; /* fill hu_trial_effect.distribution */
    uint64_t seed;
    int threads;
} hu_trial_options;

/** The effect of treatment received, by assignment as its instrument (2SLS: the ratio of the two effects). */
typedef struct hu_late {
    double estimate, se, df, lower, upper, p;
    double first_stage, first_stage_se, first_stage_f;
    enum { HU_AR_INTERVAL, HU_AR_RAYS, HU_AR_LINE } shape; /* of the Anderson-Rubin set: inside, outside, everything */
    double ar_lower, ar_upper;
} hu_late;

/** Bounds for those who would be observed in either arm. Source: Lee (2009), REStud 76(3), proposition 1a. */
typedef struct hu_lee {
    double lower, upper;
    double trimmed;    /* share of the fuller arm that is trimmed */
    bool of_treatment; /* the fuller arm is the treated one */
} hu_lee;

typedef struct hu_trial_effect {
    const char *outcome;
    size_t n, dropped, clusters, treated; /* rows used; with a missing value; 0 without clusters; rows in treatment */
    double control_mean;
    double estimate, se, df, lower, upper, p;
    hu_fisher *fisher;          /* NULL = not made */
    const double *distribution; /* fisher->assignments: the statistic under each; NULL unless kept */
    hu_wild *wild;
    hu_late *late;
    hu_lee *lee;                                                          /* NULL without missing outcomes */
    double attrition[2], attrition_difference, attrition_se, attrition_p; /* shares missing by arm; NaN where none */
    size_t attrited[2], assigned[2];
    double holm, hochberg, bonferroni, bh, by, romano_wolf, westfall_young; /* over all outcomes; NaN when alone */
} hu_trial_effect;

typedef struct hu_balance_row {
    const char *covariate;
    double mean[2], sd[2]; /* by arm: control, treatment */
    double normalised;     /* difference over the root of the mean variance: Imbens & Rubin (2015), eq. 14.1 */
    double difference, se, p;
} hu_balance_row;

typedef struct hu_trial {
    size_t rows, dropped, units, strata, treated_units; /* rows with arm and covariates; units that were assigned */
    bool by_cluster;
    hu_trial_effect *effects;
    size_t n_effects;
    hu_balance_row *balance;
    size_t n_balance;
    hu_fisher *joint_balance; /* Mahalanobis distance of the arms' means over all assignments; NULL = not made */
    const char *design;       /* method of the draw that was replayed (hu_trial_options.draw); NULL = none */
    const char *se_type;
    const char **warnings;
    size_t n_warnings;
} hu_trial;

/**
 * Rows with a missing arm, cluster, stratum, weight or covariate are left out of all, those with a missing outcome (or
 * treatment received) of that outcome, and counted there.
 *
 * Errors: HU_BAD_INPUT an arm that is not 0 or 1, a cluster in two strata (both named by line); HU_EMPTY an arm or all
 * rows are missing; HU_SINGULAR the arm is a function of strata and covariates; HU_USAGE clustered errors without
 * clusters. Cost: O(n k^2), then for each assignment O(units k^2), O(1) for cluster means.
 */
hu_error *hu_trial_estimate(const hu_table *table, const hu_trial_columns *columns, const hu_trial_options *options,
                            hu_arena *arena, hu_trial **trial);

#endif
