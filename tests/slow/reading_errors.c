/*
 * Coverage where a machine reads the outcome and its errors depend on treatment, in the study's own shape: convictions
 * of 1,240 cases in 25 regions, 12 of them trained in four cohorts, and a trial of 20 districts with 40 referrals each.
 * The reader misses three in ten of those true where nobody was trained, one in twenty where people were; a fifth of
 * the rows read as negative and two fifths of the others are labelled by hand.
 *
 *   reading_errors [samples]    prints estimator x outcome: bias, share of intervals that cover with its Monte-Carlo
 * error, mean length; ends with 1 when one of a corrected effect falls short of its level by more than three
 * Monte-Carlo errors, or when those as read do not: then nothing is corrected
 */

#include "huella/base/parallel.h"
#include "huella/base/random.h"
#include "huella/causal/reading_errors.h"
#include "huella/causal/trial.h"
#include "huella/causal/twfe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { REGIONS = 25, TRAINED = 12, PERIODS = 16, FIRST = 9, DISTRICTS = 20, REFERRALS = 40 };
static const double truth = 0.15, level = 0.95;

/* ---- data ---- */

typedef struct cells {
    double *unit, *half, *cohort, *arm, *read, *hand, *pi;
} cells;

static hu_table *table_of(size_t n, cells *c, hu_arena *arena)
{
    hu_table *table = hu_table_new(arena, "sample", n);
    double **into[] = {&c->unit, &c->half, &c->cohort, &c->arm, &c->read, &c->hand, &c->pi};
    static const char *const names[] = {"unit", "half", "cohort", "arm", "read", "hand", "pi"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        *into[i] = hu_table_add_numbers(table, arena, names[i])->numbers;
    return table;
}

/* A true outcome of that probability, the reading of it, and whether it is labelled. */
static void observe(cells *c, size_t i, double probability, bool treated, hu_random *random)
{
    bool y = hu_random_uniform(random) < probability;
    c->read[i] = hu_random_uniform(random) < (y ? treated ? 0.95 : 0.7 : 0.05);
    double pi = c->read[i] > 0 ? 0.4 : 0.2;
    if (hu_random_uniform(random) < pi) {
        c->hand[i] = y;
        c->pi[i] = pi;
    }
}

static hu_table *cases(uint64_t seed, hu_arena *arena)
{
    hu_random random = hu_random_start(seed, hu_random_stream("tests/reading errors: cases", 0));
    size_t order[REGIONS], counts[REGIONS][PERIODS], n = 0, i = 0;
    double cohort[REGIONS];
    for (size_t r = 0; r < REGIONS; r++)
        order[r] = r;
    hu_random_shuffle(&random, order, REGIONS);
    for (size_t k = 0; k < REGIONS; k++)
        cohort[order[k]] = k < TRAINED ? FIRST + (double)(k / 3) : 0;
    for (size_t r = 0; r < REGIONS; r++) {
        double size = 1.2 + 3.8 * hu_random_uniform(&random);
        for (size_t t = 0; t < PERIODS; t++)
            n += counts[r][t] = 1 + hu_random_poisson(&random, size - 1);
    }
    cells c;
    hu_table *table = table_of(n, &c, arena);
    for (size_t r = 0; r < REGIONS; r++) {
        double base = 0.45 + 0.06 * hu_random_normal(&random);
        for (size_t t = 0; t < PERIODS; t++) {
            double shock = 0.03 * hu_random_normal(&random);
            for (size_t k = 0; k < counts[r][t]; k++, i++) {
                c.unit[i] = (double)r;
                c.half[i] = (double)t + 1;
                c.cohort[i] = cohort[r];
                bool treated = cohort[r] > 0 && c.half[i] >= cohort[r];
                observe(&c, i, base + shock + (treated ? truth : 0), treated, &random);
            }
        }
    }
    return table;
}

static hu_table *referrals(uint64_t seed, hu_arena *arena)
{
    hu_random random = hu_random_start(seed, hu_random_stream("tests/reading errors: referrals", 0));
    size_t order[DISTRICTS];
    for (size_t d = 0; d < DISTRICTS; d++)
        order[d] = d;
    hu_random_shuffle(&random, order, DISTRICTS);
    cells c;
    hu_table *table = table_of((size_t)DISTRICTS * REFERRALS, &c, arena);
    for (size_t d = 0; d < DISTRICTS; d++) {
        double base = 0.45 + 0.08 * hu_random_normal(&random);
        for (size_t i = d * REFERRALS; i < (d + 1) * REFERRALS; i++) {
            c.unit[i] = (double)d;
            c.arm[i] = order[d] % 2 ? 1 : 0;
            observe(&c, i, base + truth * c.arm[i], c.arm[i] > 0, &random);
        }
    }
    return table;
}

/* ---- estimators ---- */

static const hu_did_columns by_case = {.outcome = "read", .time = "half", .cohort = "cohort", .cluster = "unit"};
static const hu_did_columns by_region = {
    .outcome = "read", .unit = "unit", .time = "half", .cohort = "cohort", .cluster = "unit"};

static hu_error *group_time(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    (void)context;
    hu_did_result *result;
    HU_TRY(hu_did(table, &by_case, &(hu_did_options){.cross_section = true, .threads = 1}, arena, &result));
    *effect = result->simple.overall;
    return NULL;
}

static hu_error *two_way(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    (void)context;
    hu_regression *result;
    HU_TRY(hu_twfe(table, &by_region, &(hu_regression_options){.correction = HU_CR2}, arena, &result));
    const hu_coefficient *c = result->coefficients;
    *effect = (hu_effect){c->estimate, c->se, c->lower, c->upper, c->p, NAN, NAN};
    return NULL;
}

static hu_error *trial(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    (void)context;
    hu_trial *result;
    const hu_trial_columns columns = {
        .outcomes = (const char *const[]){"read", NULL}, .treatment = "arm", .cluster = "unit"};
    HU_TRY(hu_trial_estimate(table, &columns, &(hu_trial_options){.no_permutations = true}, arena, &result));
    const hu_trial_effect *e = result->effects;
    *effect = (hu_effect){e->estimate, e->se, e->lower, e->upper, e->p, NAN, NAN};
    return NULL;
}

static const struct {
    const char *name;
    hu_table *(*sample)(uint64_t seed, hu_arena *arena);
    hu_reestimate *estimate;
} estimators[] = {{"did, Callaway & Sant'Anna, simple", cases, group_time},
                  {"did, two-way fixed effects, CR2", cases, two_way},
                  {"trial, difference, CR2", referrals, trial}};
enum { ESTIMATORS = sizeof estimators / sizeof *estimators, AS_READ = 0, BY_HAND, BY_DSL, BY_PPI, OUTCOMES };
static const char *const outcomes[] = {"as read", "hand labels alone", "corrected, DSL", "corrected, PPI"};

/* ---- many samples ---- */

typedef struct drawn {
    hu_effect effect[ESTIMATORS][OUTCOMES];
} drawn;

static hu_error *one(void *context, size_t s)
{
    static const hu_hand_columns columns = {.read = "read", .hand = "hand", .probability = "pi"};
    drawn *d = (drawn *)context + s;
    for (size_t e = 0; e < ESTIMATORS; e++) {
        HU_SCRATCH(arena);
        hu_table *table = estimators[e].sample(s + 1, arena);
        hu_corrected c;
        hu_correction_options options = {.method = HU_DSL, .seed = s, .draws = 1};
        HU_TRY(hu_correct_reading(table, &columns, &options, estimators[e].estimate, NULL, arena, &c));
        d->effect[e][AS_READ] = c.naive;
        d->effect[e][BY_HAND] = c.hand_only;
        d->effect[e][BY_DSL] = c.corrected;
        options = (hu_correction_options){.method = HU_PPI, .seed = s, .draws = 20};
        HU_TRY(hu_correct_reading(table, &columns, &options, estimators[e].estimate, NULL, arena, &c));
        d->effect[e][BY_PPI] = c.corrected;
    }
    return NULL;
}

/* Prints a row of the table; true when coverage is as it must be. */
static bool print_row(const drawn *all, size_t samples, size_t e, size_t o)
{
    double bias = 0, length = 0, covered = 0;
    for (size_t s = 0; s < samples; s++) {
        hu_effect effect = all[s].effect[e][o];
        bias += (effect.estimate - truth) / (double)samples;
        length += (effect.upper - effect.lower) / (double)samples;
        covered += (effect.lower <= truth && truth <= effect.upper) / (double)samples;
    }
    double error = sqrt(covered * (1 - covered) / (double)samples);
    bool covers = covered + 3 * sqrt(level * (1 - level) / (double)samples) >= level;
    printf("| %s | %s | %+.3f | %.1f (%.1f) | %.3f |\n", estimators[e].name, outcomes[o], bias, 100 * covered,
           100 * error, length);
    return o == AS_READ ? !covers : covers;
}

int main(int argc, char **argv)
{
    size_t samples = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000;
    HU_SCRATCH(arena);
    drawn *all = HU_NEW_ARRAY(arena, drawn, samples + 1);
    hu_error *error = hu_parallel(samples, 0, one, all);
    if (error) {
        fprintf(stderr, "%s\n", error->message);
        hu_error_free(error);
        return 1;
    }
    printf(
        "%zu samples; true effect %.2f.\n\n| estimator | outcome | bias | coverage of 95 %% (Monte-Carlo error) | mean "
        "length |\n| --- | --- | --- | --- | --- |\n",
        samples, truth);
    bool holds = true;
    for (size_t e = 0; e < ESTIMATORS; e++)
        for (size_t o = 0; o < OUTCOMES; o++)
            holds = print_row(all, samples, e, o) && holds;
    return holds ? 0 : 1;
}
