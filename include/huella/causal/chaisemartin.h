#ifndef HUELLA_CAUSAL_CHAISEMARTIN_H
#define HUELLA_CAUSAL_CHAISEMARTIN_H

#include "huella/causal/twfe.h"

typedef struct hu_chaisemartin_options {
    int effects;  /* event times 0 … effects - 1; 0 = all there are */
    int placebos; /* event times -2, -3 …; 0 = all there are, below 0 = none */
    double level; /* 0 = 0.95 */
} hu_chaisemartin_options;

/**
 * de Chaisemartin & D'Haultfoeuille's differences-in-differences of groups that switch into treatment and stay.
 *
 * DID_{g,l} = change of group g's mean from the period before it switches, F - 1, to F + l, less that of groups that
 * have not switched by then; DID_l, at event time l >= 0, is their mean over groups, weighted by rows in F + l; DID_0
 * is their DID_M. Placebos at event time -1 - l: the change from F - 1 back to F - 1 - l, against the same groups as
 * DID_l. Coefficient "ATT": the mean of DID_{g,l} over all groups and l, weighted by rows (their average total effect
 * per period of treatment). Source: de Chaisemartin & D'Haultfoeuille (2020), AER 110(9); (2024),
 * Difference-in-differences estimators of intertemporal treatment effects, Review of Economics and Statistics, for a
 * binary absorbing treatment.
 *
 * columns   unit: the group (without it the cluster's column); several rows a group and period are fine, their mean
 *           counts, weighted. No covariates (HU_USAGE).
 *
 * In a balanced panel this is Callaway & Sant'Anna's event study against those not yet treated, cohorts weighted by
 * size. Errors: sums of groups' contributions, less the mean of their cohort, n / (n - 1) within cohorts (a cohort of
 * one group is pooled with the next one), summed by cluster; t with clusters - 1 degrees of freedom.
 * Errors: as hu_did; HU_NO_CONTROLS nobody is untreated when others switch. Cost: O(n + groups cohorts periods).
 */
hu_error *hu_chaisemartin(const hu_table *table, const hu_did_columns *columns, const hu_chaisemartin_options *options,
                          hu_arena *arena, hu_regression **result);

#endif
