#ifndef HUELLA_DESIGN_PILOT_H
#define HUELLA_DESIGN_PILOT_H

#include "huella/base/table.h"
#include "huella/design/power.h"

/**
 * A pilot's progression criteria, written down before it: for each indicator a value at which to go on and one at which
 * to stop, and the rule that decides between them and "amend".
 *
 *     estimate    go: the estimate reaches `go`; stop: it falls short of `stop` (Avery et al. 2017, BMJ Open 7(2))
 *     interval    go: it reaches `go`, and the interval rules out `stop`; stop: it falls short of `stop`, and the
 * interval rules out `go` (as the tests of Lewis et al. 2021, Pilot and Feasibility Studies 7) posterior   go: P(value
 * reaches `go`) is at least `certainty`; stop: P(it falls short of `stop`) is
 *
 * All go: go. One stop: stop. Else amend. With `direction: at_most` small values are good.
 */
typedef enum hu_pilot_kind { HU_PILOT_PROPORTION, HU_PILOT_RATE, HU_PILOT_MEAN } hu_pilot_kind;
typedef enum hu_pilot_rule { HU_PILOT_BY_ESTIMATE, HU_PILOT_BY_INTERVAL, HU_PILOT_BY_POSTERIOR } hu_pilot_rule;
typedef enum hu_pilot_decision { HU_PILOT_GO, HU_PILOT_AMEND, HU_PILOT_STOP } hu_pilot_decision;

typedef struct hu_pilot_criterion {
    const char *name, *label, *column;
    hu_pilot_kind kind;
    const char *exposure; /* rate: a column */
    double go, stop;
    bool at_most;
    const char *where, *is; /* only rows in which this column reads so; NULL = all */
    double effect;          /* of the trial, to compute power at; NaN = none */
} hu_pilot_criterion;

typedef struct hu_pilot_criteria {
    const char *source, *title, *cluster; /* cluster: a column; NULL = rows are independent */
    hu_pilot_rule rule;
    double level, certainty;
    hu_pilot_criterion *items;
    size_t n;
    bool trial; /* what the pilot says for the trial's power is asked for */
    size_t clusters;
    double size, baseline, power;
    bool pairs;
    double pairs_share;
} hu_pilot_criteria;

/** HU_BAD_INPUT names file and line: an unknown key, `stop` on the wrong side of `go`, a rate without exposure. */
hu_error *hu_pilot_load(const char *path, hu_arena *arena, hu_pilot_criteria **criteria);

/**
 * What the pilot shows of an indicator.
 *
 * Proportion: Clopper & Pearson's interval, with clusters on the effective sample size n / deff, times (t_{n-1} /
 * t_{G-1})^2 (Korn & Graubard 1998, Survey Methodology 24(2)); posterior from Jeffreys' prior on the same. Rate:
 * Garwood's interval (1936, Biometrika 28), likewise; mean: t with the clusters' error, G - 1 degrees of freedom, whose
 * posterior under a flat prior is the same. deff is the variance of the ratio of clusters' sums over that of
 * independent rows, not below 1.
 *
 * icc: one-way analysis of variance (Donner 1986), interval by F as Searle (1971) for equal sizes with their average
 * n0; rates: the coefficient of variation of clusters' true rates (Hayes & Moulton 2017, section 2.3), interval by
 * chi-square. NaN without clusters.
 */
typedef struct hu_pilot_result {
    const hu_pilot_criterion *criterion;
    size_t n, clusters, dropped;
    double events, exposure; /* proportion: events among n; rate: events over exposure */
    double estimate, lower, upper, sd, size, deff;
    double p_go, p_stop;                       /* posterior */
    double spread, spread_lower, spread_upper; /* icc, or between_cv of a rate */
    hu_pilot_decision decision;
    double mde, mde_lower, mde_upper, power; /* of the trial at spread, its ends, and at `effect`; NaN */
} hu_pilot_result;

/** HU_NOT_FOUND a column; HU_BAD_INPUT a value that its kind cannot hold, by line; HU_EMPTY no row of an indicator. */
hu_error *hu_pilot_evaluate(const hu_table *table, const hu_pilot_criteria *criteria, hu_arena *arena,
                            hu_pilot_result **results, hu_pilot_decision *decision);

const char *hu_pilot_kind_name(hu_pilot_kind kind);
const char *hu_pilot_decision_name(hu_pilot_decision decision);
const char *hu_pilot_rule_in_words(const hu_pilot_criteria *criteria, hu_arena *arena);

#endif
