/* huella power: what a trial or a rollout can find, by formula and by simulation through the real test. */

#include "power.h"

#include "plot.h"

#include "huella/base/number.h"

#include <math.h>
#include <string.h>

static const hu_option options[] = {
    {"design", HU_OPT_CHOICE, "trial|rollout", "trial", "A trial by cluster, or a rollout in steps."},
    {"clusters", HU_OPT_INTEGER, "N", "20", "Clusters in all: districts; with rollout, regions."},
    {"treated", HU_OPT_INTEGER, "N", NULL, "Of them in treatment; half unless given."},
    {"size", HU_OPT_NUMBER, "N", "30",
     "Units in a cluster (counts: exposure, such as officer-months); with rollout, cases in a region and period."},
    {"size-cv", HU_OPT_NUMBER, "CV", "0", "Coefficient of variation of clusters' sizes."},
    {"outcome", HU_OPT_CHOICE, "continuous|binary|count", "continuous", "What is measured of a unit."},
    {"mean", HU_OPT_NUMBER, "M", NULL, "In control: the share (binary) or the rate per unit of exposure (count)."},
    {"sd", HU_OPT_NUMBER, "SD", "1", "Continuous: standard deviation of units, over all clusters."},
    {"icc", HU_OPT_NUMBER, "R", "0.05", "Intracluster correlation: the share of variance between clusters."},
    {"between-cv", HU_OPT_NUMBER, "CV", "0.25", "Counts: coefficient of variation of clusters' true rates."},
    {"baseline", HU_OPT_NUMBER, "R", "0",
     "Correlation of clusters' means with a baseline covariate that is adjusted for."},
    {"strata", HU_OPT_INTEGER, "N", NULL, "Strata of equal size within which arms are dealt out."},
    {"pairs", HU_OPT_FLAG, NULL, NULL, "Matched pairs: strata of two."},
    {"strata-share", HU_OPT_NUMBER, "S", "0", "Share of the variance of clusters' means that strata or pairs explain."},
    {"statistic", HU_OPT_CHOICE, "studentised|regression|cluster_means", "studentised",
     "Of the randomization test, as in huella trial."},
    {"effect", HU_OPT_LIST, "E,F", NULL, "Effects to compute power at; a grid about the detectable one unless given."},
    {"power", HU_OPT_NUMBER, "P", "0.8", "The power at which the minimum detectable effect is asked for."},
    {"alpha", HU_OPT_NUMBER, "A", "0.05", "Level of the two-sided test."},
    {"vary", HU_OPT_LIST, "NAME=A,B", NULL,
     "Trials, by formula: icc, between-cv, clusters, size, size-cv, baseline, strata-share or mean at several values."},
    {"simulate", HU_OPT_FLAG, NULL, NULL,
     "Also by simulation, through the randomization test itself (always with rollout)."},
    {"trials", HU_OPT_INTEGER, "N", "1000", "Simulated studies."},
    {"permutations", HU_OPT_INTEGER, "N", NULL,
     "Assignments of each test; all up to 10 million, else 999, unless given."},
    {"periods", HU_OPT_INTEGER, "N", "16", "Rollout: periods."},
    {"cohorts", HU_OPT_LIST, "T:N,…", "9:3,10:3,11:3,12:3",
     "Rollout: in which period how many regions are trained; the others never are."},
    {"icc-period", HU_OPT_NUMBER, "R", "0.02", "Rollout: share of variance between periods within a region."},
    {"aggregate", HU_OPT_CHOICE, "simple|group|dynamic|calendar", "simple",
     "Rollout: which average of effects is tested."},
    {"estimator", HU_OPT_CHOICE, "callaway_santanna|efficient", "callaway_santanna",
     "Rollout: group-time effects and their interval, or the efficient estimator of huella rollout and its Fisher "
     "test."},
    {"plan", HU_OPT_TEXT, "OUTCOME", NULL,
     "Rollout: regions, cohorts, cases, estimator and variance as the study has them, for this outcome of its plan."},
    {"pilot", HU_OPT_TEXT, "FILE", NULL, "Take mean or sd, icc and its interval from a result of huella pilot (JSON)."},
    {"indicator", HU_OPT_TEXT, "NAME", NULL, "With --pilot: which indicator; its first unless given."},
    HU_OPTION_PLOT,
    {0},
};

static hu_error *effects_of(const hu_run *run, double **out, size_t *n)
{
    const char **list = hu_opt_list(run, "effect", n);
    double *effects = *out = HU_NEW_ARRAY(run->arena, double, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        hu_number number = {0};
        if (!hu_number_parse(hu_str_of(list[i]), '.', &number) || !isfinite(number.value))
            return hu_fail(HU_USAGE, "--effect: \"%s\" is not a number", list[i]);
        effects[i] = number.value;
        if (i && fabs(effects[i]) <= fabs(effects[i - 1]))
            return hu_fail(HU_USAGE, "--effect: expected sizes that grow, and %s does not follow %s", list[i],
                           list[i - 1]);
    }
    return NULL;
}

/* Unless effects are asked for: eight steps to one and a half times the detectable one, that are possible. */
static void grid(const hu_run *run, double mde, double room, power_result *r)
{
    enum { STEPS = 8 };
    double *effects = HU_NEW_ARRAY(run->arena, double, STEPS);
    double last = fmin(1.6 * mde, room);
    for (size_t i = 0; i < STEPS; i++)
        effects[i] = last * (double)(i + 1) / STEPS;
    r->effects = effects;
    r->n = STEPS;
}

static hu_error *positive(const hu_run *run, const char *name, int64_t most, size_t *value)
{
    int64_t given = hu_opt_integer(run, name);
    if (given < 0 || given > most || (hu_opt_given(run, name) && given == 0))
        return hu_fail(HU_USAGE, "--%s: expected a whole number from 1 to %lld", name, (long long)most);
    *value = (size_t)given;
    return NULL;
}

static hu_error *simulation_of(const hu_run *run, hu_power_options *o)
{
    size_t draws;
    HU_TRY(positive(run, "trials", 1000000, &o->studies));
    HU_TRY(positive(run, "permutations", HU_ASSIGNMENTS_LIMIT, &draws));
    o->permutations.draws = draws;
    o->statistic = hu_opt_is(run, "statistic", "regression")      ? HU_COEFFICIENT
                   : hu_opt_is(run, "statistic", "cluster_means") ? HU_CLUSTER_MEANS
                                                                  : HU_STUDENTISED;
    o->seed = run->seed;
    o->threads = run->threads;
    return NULL;
}

static hu_error *design_of(const hu_run *run, power_result *r)
{
    hu_power_design *d = &r->design;
    *d = (hu_power_design){.size = hu_opt_number(run, "size"),
                           .size_cv = hu_opt_number(run, "size-cv"),
                           .outcome = hu_opt_is(run, "outcome", "binary")  ? HU_POWER_BINARY
                                      : hu_opt_is(run, "outcome", "count") ? HU_POWER_COUNT
                                                                           : HU_POWER_CONTINUOUS,
                           .mean = hu_opt_given(run, "mean") ? hu_opt_number(run, "mean") : 0,
                           .sd = hu_opt_number(run, "sd"),
                           .icc = hu_opt_number(run, "icc"),
                           .between_cv = hu_opt_number(run, "between-cv"),
                           .baseline = hu_opt_number(run, "baseline"),
                           .strata_share = hu_opt_number(run, "strata-share"),
                           .cluster_means = hu_opt_is(run, "statistic", "cluster_means"),
                           .alpha = hu_opt_number(run, "alpha")};
    HU_TRY(positive(run, "clusters", 100000, &d->clusters));
    HU_TRY(positive(run, "treated", 100000, &d->treated));
    HU_TRY(positive(run, "strata", 100000, &d->strata));
    if (hu_opt_flag(run, "pairs") && d->strata)
        return hu_fail(HU_USAGE, "--pairs are strata of two: leave --strata out");
    if (hu_opt_flag(run, "pairs"))
        d->strata = d->clusters / 2;
    if (hu_opt_given(run, "pilot"))
        HU_TRY(power_read_pilot(run, hu_opt_text(run, "pilot"), hu_opt_text(run, "indicator"), r));
    else if (d->outcome != HU_POWER_CONTINUOUS && !hu_opt_given(run, "mean"))
        return hu_fail(HU_USAGE, "--outcome %s needs --mean: the %s in control", hu_opt_text(run, "outcome"),
                       d->outcome == HU_POWER_BINARY ? "share" : "rate");
    if (d->cluster_means && (d->baseline != 0 || d->strata_share > 0))
        return hu_fail(HU_USAGE, "--statistic cluster_means takes neither baseline nor strata into account: leave "
                                 "--baseline and --strata-share out, or take studentised");
    return hu_power_check(d);
}

/* The size of the test, and power at every effect, from the same studies. */
static hu_error *simulate_trials(hu_run *run, power_result *r, const hu_power_options *o)
{
    hu_power_point *points = HU_NEW_ARRAY(run->arena, hu_power_point, r->n + 1);
    hu_assignments *all;
    for (size_t i = 0; i < r->n; i++)
        points[i + 1].effect = r->effects[i];
    HU_TRY(hu_power_trials(&r->design, o, points, r->n + 1, run->arena, &all));
    r->points = points + 1;
    r->null_rejected = points[0].power;
    r->null_error = points[0].mc_error;
    r->assignments = all->count;
    r->exact = all->exact;
    hu_power_interpolate(points, r->n + 1, r->wanted, &r->mde_simulated, &r->mde_error);
    return NULL;
}

static hu_error *power_of_trial(hu_run *run, power_result *r, const hu_power_options *o)
{
    HU_TRY(design_of(run, r));
    bool downward = r->n && r->effects[0] < 0;
    r->mde = hu_power_mde(&r->design, r->wanted, downward);
    if (r->n == 0) {
        double most = r->design.outcome == HU_POWER_BINARY ? 0.999 - r->design.mean : INFINITY;
        grid(run, isfinite(r->mde) ? r->mde : 4 * hu_power_se(&r->design, 0), most, r);
    }
    r->analytic = HU_NEW_ARRAY(run->arena, double, r->n);
    for (size_t i = 0; i < r->n; i++) {
        r->analytic[i] = hu_power_of(&r->design, r->effects[i]);
        if (isnan(r->analytic[i]))
            return hu_fail(HU_USAGE, "--effect: %g on a mean of %g is beyond what it can be", r->effects[i],
                           r->design.mean);
    }
    if (isfinite(r->icc_lower)) {
        hu_power_design at = r->design;
        double *icc = at.outcome == HU_POWER_COUNT ? &at.between_cv : &at.icc;
        *icc = r->icc_lower;
        r->mde_icc_lower = hu_power_mde(&at, r->wanted, downward);
        *icc = fmin(r->icc_upper, 0.99);
        r->mde_icc_upper = hu_power_mde(&at, r->wanted, downward);
    }
    if (hu_opt_given(run, "vary"))
        HU_TRY(power_vary(run, r));
    return hu_opt_flag(run, "simulate") ? simulate_trials(run, r, o) : NULL;
}

/* --- rollouts --- */

static hu_error *cohorts_of(const hu_run *run, hu_power_rollout *s, size_t periods)
{
    size_t n, at = 0;
    const char **list = hu_opt_list(run, "cohorts", &n);
    double *cohort = HU_NEW_ARRAY(run->arena, double, s->regions);
    for (size_t i = 0; i < n; i++) {
        const char *colon = strchr(list[i], ':');
        hu_number time = {0}, count = {0};
        bool read = colon && hu_number_parse((hu_str){list[i], (size_t)(colon - list[i])}, '.', &time) &&
                    hu_number_parse(hu_str_of(colon + 1), '.', &count);
        if (!read || !(time.value >= 2 && time.value <= (double)periods) || !(count.value >= 1 && count.value <= 1e5))
            return hu_fail(HU_USAGE, "--cohorts: \"%s\" is not PERIOD:REGIONS, with a period from 2 to %zu", list[i],
                           periods);
        for (size_t k = 0; k < (size_t)count.value; k++) {
            if (at == s->regions)
                return hu_fail(HU_USAGE, "--cohorts: more regions are trained than the %zu of --clusters", s->regions);
            cohort[at++] = time.value;
        }
    }
    s->cohort = cohort;
    return NULL;
}

/* So many cases in every region and period; a fraction is spread over the regions. */
static void rows_of(const hu_run *run, hu_power_rollout *s, size_t periods, double size)
{
    s->rows = 0;
    size_t most = s->regions * periods * ((size_t)size + 1), cell = 0;
    uint32_t *region = HU_NEW_ARRAY(run->arena, uint32_t, most);
    double *time = HU_NEW_ARRAY(run->arena, double, most);
    for (size_t g = 0; g < s->regions; g++)
        for (size_t t = 0; t < periods; t++, cell++) {
            size_t cases = (size_t)floor((double)(cell + 1) * size + 1e-9) - (size_t)floor((double)cell * size + 1e-9);
            for (size_t k = 0; k < cases; k++, s->rows++) {
                region[s->rows] = (uint32_t)g;
                time[s->rows] = (double)t + 1;
            }
        }
    s->region = region;
    s->time = time;
}

static hu_error *shape_of(const hu_run *run, hu_power_rollout *s)
{
    static const char *const names[] = {"simple", "group", "dynamic", "calendar"};
    size_t periods;
    double size = hu_opt_number(run, "size");
    *s = (hu_power_rollout){.mean = hu_opt_given(run, "mean") ? hu_opt_number(run, "mean") : 0,
                            .sd = hu_opt_number(run, "sd"),
                            .icc = hu_opt_number(run, "icc"),
                            .icc_period = hu_opt_number(run, "icc-period"),
                            .binary = hu_opt_is(run, "outcome", "binary"),
                            .did = {.control = HU_NOT_YET_TREATED},
                            .alpha = hu_opt_number(run, "alpha")};
    if (hu_opt_is(run, "outcome", "count"))
        return hu_fail(HU_USAGE, "--design rollout takes continuous or binary outcomes");
    if (s->binary && !(s->mean > 0 && s->mean < 1))
        return hu_fail(HU_USAGE, "--outcome binary needs --mean: the share without training, between 0 and 1");
    if (s->binary)
        s->sd = sqrt(s->mean * (1 - s->mean));
    HU_TRY(positive(run, "clusters", 1000, &s->regions));
    HU_TRY(positive(run, "periods", 1000, &periods));
    if (!(size > 0 && size * (double)s->regions * (double)periods <= 1e6))
        return hu_fail(HU_USAGE,
                       "--size: %g cases in each region and period: expected a positive number, at most a "
                       "million cases in all",
                       size);
    for (size_t i = 0; i < 4; i++)
        if (hu_opt_is(run, "aggregate", names[i]))
            s->aggregate = i;
    HU_TRY(cohorts_of(run, s, periods));
    rows_of(run, s, periods, size);
    return NULL;
}

static hu_error *power_of_rollout(hu_run *run, power_result *r, const hu_power_options *o)
{
    hu_power_rollout *s = &r->shape;
    HU_TRY(hu_opt_given(run, "plan") ? power_of_study(run, hu_opt_text(run, "plan"), s) : shape_of(run, s));
    s->efficient = hu_opt_is(run, "estimator", "efficient");
    s->permutations = o->permutations.draws;
    if (r->n == 0)
        grid(run, s->sd / 2, s->binary ? 0.999 - s->mean : INFINITY, r);
    hu_power_point *points = HU_NEW_ARRAY(run->arena, hu_power_point, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        points[i + 1].effect = r->effects[i];
    HU_TRY(hu_power_rollouts(s, o, points, r->n + 1));
    r->points = points + 1;
    r->null_rejected = points[0].power;
    r->null_error = points[0].mc_error;
    hu_power_interpolate(points, r->n + 1, r->wanted, &r->mde_simulated, &r->mde_error);
    return NULL;
}

static hu_error *run_power(hu_run *run)
{
    bool plot;
    double *effects;
    power_result r = {.rollout = hu_opt_is(run, "design", "rollout") || hu_opt_given(run, "plan"),
                      .wanted = hu_opt_number(run, "power"),
                      .mde = NAN,
                      .mde_simulated = NAN,
                      .mde_error = NAN,
                      .null_rejected = NAN,
                      .null_error = NAN,
                      .icc_lower = NAN,
                      .icc_upper = NAN,
                      .mde_icc_lower = NAN,
                      .mde_icc_upper = NAN};
    hu_power_options o = {0};
    HU_TRY(hu_plot_asked(run, &plot));
    if (!(r.wanted > 0.05 && r.wanted < 1))
        return hu_fail(HU_USAGE, "--power: %g: expected a probability like 0.8", r.wanted);
    if (r.rollout && hu_opt_given(run, "vary"))
        return hu_fail(HU_USAGE, "--vary is for trials: a rollout is simulated for one shape at a time");
    HU_TRY(effects_of(run, &effects, &r.n));
    r.effects = effects;
    HU_TRY(simulation_of(run, &o));
    HU_TRY(r.rollout ? power_of_rollout(run, &r, &o) : power_of_trial(run, &r, &o));
    power_print(run, &r);
    return plot ? power_plot(run, &r) : NULL;
}

const hu_command hu_command_power = {
    .name = "power",
    .summary = "what effect a trial or a rollout can find, by formula and by simulation",
    .usage = "[--clusters N --size N --icc R] [--effect E] [--simulate] [options]",
    .description =
        "Trials by cluster: power at each effect and the minimum detectable effect by formula, for continuous, binary "
        "and count outcomes, equal or unequal sizes, strata or pairs and a baseline covariate, with the t distribution "
        "on the clusters left. --simulate draws whole trials and tests each by the randomization test of `huella "
        "trial`: over all 184,756 assignments of 20 districts, for a thousand trials, in seconds. The share of trials "
        "that it rejects without any effect stands beside: it does not exceed --alpha.\n\n"
        "--design rollout: regions trained in cohorts (--cohorts PERIOD:REGIONS,…), cases in every period; whose turn "
        "comes when is drawn anew in every simulated study, and the group-time estimator of `huella did` with its "
        "intervals for few clusters is what rejects. --plan OUTCOME takes all that from a study that has been read: "
        "its "
        "regions and cases, its plan's estimator, and the variance of cases not yet trained. Where regions have few "
        "cases "
        "those intervals reject too often (see the row of no effect): --estimator efficient takes the randomization "
        "test of "
        "`huella rollout` instead, which does not.\n\n"
        "The minimum detectable effect by simulation is read off the curve between two effects and has a Monte-Carlo "
        "error. --pilot takes variance and intracluster correlation from `huella pilot`, and shows what the ends of "
        "the correlation's interval would mean.\n\n"
        "JSON: \"curve\" (effect, power by formula, simulated, mc_error, studies), \"mde\" (at_power, formula, "
        "simulated, "
        "mc_error, at_icc_interval), \"null\" (rejected, mc_error), \"assignments\", \"exact\", \"vary\" (the value, "
        "mde, power at each effect), and the design.",
    .example =
        "  huella power --clusters 20 --size 12 --icc 0.1 --effect 0.5 --simulate\n"
        "  huella power --outcome binary --mean 0.2 --size 40 --icc 0.05 --pairs --strata-share 0.3 --plot power.svg\n"
        "  huella power --clusters 20 --size 12 --effect 0.3,0.5 --vary icc=0.02,0.05,0.1,0.2 --plot icc.svg\n"
        "  huella power --design rollout --clusters 25 --size 3 --outcome binary --mean 0.3",
    .options = options,
    .run = run_power,
};
