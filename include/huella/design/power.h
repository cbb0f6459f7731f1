#ifndef HUELLA_DESIGN_POWER_H
#define HUELLA_DESIGN_POWER_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Power of a trial of two arms by cluster, in formulas.
 *
 * A cluster's mean of n units has variance between + within / n, where with total variance v and intracluster
 * correlation r between = r v and within = (1 - r) v; v is sd^2 (continuous) or p (1 - p) (binary). Of counts, a rate
 * with Poisson counts over an exposure of n: within = the rate, between = (between_cv rate)^2 (Hayes & Bennett 1999,
 * Int. J. Epidemiology 28(2)). The estimator weighs clusters by size (rows in a regression), or alike (cluster_means);
 * then var(estimate) = sum over arms of (G / G_a) sum_c w_c^2 (between + within / n_c) / (sum_c w_c)^2, which for equal
 * arms and weights by size is the design effect 1 + ((cv^2 + 1) m - 1) r of Eldridge, Ashby & Kerry (2006), Int. J.
 * Epidemiology 35(5). A baseline covariate that correlates with cluster means by R, and strata that explain a share S
 * of their variance, leave 1 - R^2 - S of it; that the arms differ in the covariate by chance costs, on average over
 * normal covariates, a factor of 1 + 1 / (G - strata - 3) (Cochran 1957, Biometrics 13(3)). Power is that of the
 * noncentral t with G - 2 - (strata - 1) - (covariate) degrees of freedom, two-sided.
 */
typedef enum hu_power_outcome { HU_POWER_CONTINUOUS, HU_POWER_BINARY, HU_POWER_COUNT } hu_power_outcome;

typedef struct hu_power_design {
    size_t clusters, treated; /* in all; of them treated, 0 = half */
    double size, size_cv;     /* mean and coefficient of variation of units (counts: exposure) a cluster */
    hu_power_outcome outcome;
    double mean;       /* of control: a share or a rate */
    double sd;         /* continuous; 0 = 1 */
    double icc;        /* continuous, binary */
    double between_cv; /* counts */
    double baseline;   /* R */
    size_t strata;     /* 0 = none; clusters / 2 = pairs */
    double strata_share;
    bool cluster_means; /* clusters weigh alike */
    double alpha;       /* 0 = 0.05 */
} hu_power_design;

/** Fills in defaults. HU_USAGE: a value outside what it can be, said by its name. */
hu_error *hu_power_check(hu_power_design *design);

/** Sizes of the clusters: whole numbers of the mean and spread asked for, in ascending order (gamma quantiles). */
double *hu_power_sizes(const hu_power_design *design, hu_arena *arena);

/** Variance of a cluster's mean of n units in an arm whose mean is `mean`, and of it the part between clusters. */
double hu_power_variance(const hu_power_design *design, double mean, double n, double *between);

/** Of a checked design. */
double hu_power_se(const hu_power_design *design, double effect);
double hu_power_df(const hu_power_design *design);
double hu_power_of(const hu_power_design *design, double effect);
/** The least positive effect (negative with `downward`) found with this power; NaN where none is. */
double hu_power_mde(const hu_power_design *design, double power, bool downward);

#endif
