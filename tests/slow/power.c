/*
 * Power and level of exact tests in the study's own shape: 20 districts.
 *
 *   power [studies]     prints, as the tables of docs/power.md, what formulas and huella power's simulation predict
 * beside the share of trials that are rejected when their rows are drawn one by one and given to the trial's estimator;
 * and for every design of huella randomize how often a true null is rejected. Ends with 1 when a prediction is off by
 * more than four Monte-Carlo errors, or a test rejects more than its level.
 */

#include "huella/base/parallel.h"
#include "huella/base/random.h"
#include "huella/causal/power.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DISTRICTS = 20 };

/* ---- rows of a trial ---- */

typedef struct micro {
    hu_power_design design;
    double effect;
    unsigned char *rejected;
} micro;

static double unit_of(const hu_power_design *d, double between, double mean, hu_random *random)
{
    if (d->outcome == HU_POWER_BINARY) /* a normal cluster effect on the share: the pair's correlation is the icc */
        return hu_random_uniform(random) < fmin(1, fmax(0, mean + between * sqrt(d->icc * mean * (1 - mean))));
    return mean + d->sd * (sqrt(d->icc) * between + sqrt(1 - d->icc) * hu_random_normal(random));
}

static hu_error *one_trial(void *context, size_t study)
{
    HU_SCRATCH(arena);
    micro *m = context;
    const hu_power_design *d = &m->design;
    hu_random random = hu_random_start(2027, hu_random_stream("slow/power", study));
    const double *sizes = hu_power_sizes(d, arena);
    size_t order[DISTRICTS], n = 0, at = 0;
    for (size_t c = 0; c < DISTRICTS; c++)
        n += (size_t)sizes[c];
    hu_table *table = hu_table_new(arena, "trial", n);
    double *district = hu_table_add_numbers(table, arena, "district")->numbers;
    double *pair = hu_table_add_numbers(table, arena, "pair")->numbers;
    double *z = hu_table_add_numbers(table, arena, "z")->numbers, *y = hu_table_add_numbers(table, arena, "y")->numbers;
    double of_pair = 0;
    bool heads = false; /* who of a pair is treated */
    for (size_t c = 0; c < DISTRICTS; c++)
        order[c] = c;
    if (d->strata == 1)
        hu_random_shuffle(&random, order, DISTRICTS);
    for (size_t c = 0; c < DISTRICTS; c++) {
        bool first = c % 2 == 0;
        if (first) {
            of_pair = hu_random_normal(&random);
            heads = hu_random_below(&random, 2) == 1;
        }
        double behind, all = hu_power_variance(d, d->mean, sizes[c], &behind);
        double share = d->strata > 1 ? d->strata_share * all / behind : 0;
        double between = sqrt(share) * of_pair + sqrt(1 - share) * hu_random_normal(&random);
        bool treated = d->strata > 1 ? heads == first : order[c] < DISTRICTS / 2;
        for (size_t i = 0; i < (size_t)sizes[c]; i++, at++) {
            district[at] = (double)c;
            pair[at] = (double)(c / 2);
            z[at] = treated;
            y[at] = unit_of(d, between, d->mean + (treated ? m->effect : 0), &random);
        }
    }
    hu_trial *trial;
    hu_trial_columns columns = {.outcomes = (const char *const[]){"y", NULL},
                                .treatment = "z",
                                .cluster = "district",
                                .strata = d->strata > 1 ? "pair" : NULL};
    hu_trial_options options = {.permutations = {.exact = true}, .permutations_asked = true, .threads = 1};
    HU_TRY(hu_trial_estimate(table, &columns, &options, arena, &trial));
    m->rejected[study] = trial->effects[0].fisher->p <= 0.05 + 1e-12;
    return NULL;
}

typedef struct row {
    const char *name;
    hu_power_design design;
} row;

static hu_error *compare(const row *r, size_t studies, bool *off)
{
    for (int wanted = 5; wanted <= 9; wanted += 4) {
        HU_SCRATCH(arena);
        hu_assignments *all;
        micro m = {.design = r->design, .rejected = HU_NEW_ARRAY(arena, unsigned char, studies)};
        HU_TRY(hu_power_check(&m.design));
        m.effect = hu_power_mde(&m.design, wanted / 10.0, false);
        hu_power_point point = {.effect = m.effect};
        HU_TRY(
            hu_power_trials(&m.design, &(hu_power_options){.studies = 4000, .seed = 20270101}, &point, 1, arena, &all));
        HU_TRY(hu_parallel(studies, 0, one_trial, &m));
        size_t rejected = 0;
        for (size_t i = 0; i < studies; i++)
            rejected += m.rejected[i];
        double share = (double)rejected / (double)studies, error = sqrt(share * (1 - share) / (double)studies);
        *off = *off || fabs(share - point.power) > 4 * hypot(error, point.mc_error);
        printf("| %s | %.3f | %.2f | %.3f ± %.3f | %.3f ± %.3f |\n", r->name, m.effect,
               hu_power_of(&m.design, m.effect), point.power, point.mc_error, share, error);
        fflush(stdout);
    }
    return NULL;
}

/* ---- level in every design ---- */

typedef struct level {
    hu_draw_method method;
    unsigned char *rejected;
} level;

static const char *const balance[] = {"reports", "people", NULL}, *const arms[] = {"control", "treatment", NULL};

/* Districts of one table; outcomes that their covariates drive, and nothing that the arm does. */
static hu_error *null_trial(void *context, size_t study)
{
    HU_SCRATCH(arena);
    level *l = context;
    hu_random fixed = hu_random_start(7, 1), random = hu_random_start(2028, hu_random_stream("slow/level", study));
    hu_table *table = hu_table_new(arena, "districts", DISTRICTS);
    double *district = hu_table_add_numbers(table, arena, "district")->numbers;
    double *area = hu_table_add_numbers(table, arena, "area")->numbers;
    double *reports = hu_table_add_numbers(table, arena, "reports")->numbers;
    double *people = hu_table_add_numbers(table, arena, "people")->numbers;
    for (size_t c = 0; c < DISTRICTS; c++) {
        district[c] = (double)c;
        area[c] = (double)(c % 3);
        reports[c] = floor(3 + 20 * hu_random_exponential(&fixed));
        people[c] = floor(20 + 200 * hu_random_uniform(&fixed));
    }
    hu_draw *draw;
    hu_draw_setup setup = {.method = l->method,
                           .arms = arms,
                           .unit = "district",
                           .balance = balance,
                           .strata = l->method == HU_DRAW_STRATIFIED ? "area" : NULL};
    HU_TRY(hu_draw_prepare(table, &setup, arena, &draw));
    HU_TRY(hu_draw_run(draw, study, arena));
    double *z = hu_table_add_numbers(table, arena, "z")->numbers, *y = hu_table_add_numbers(table, arena, "y")->numbers;
    for (size_t c = 0; c < DISTRICTS; c++) {
        z[c] = draw->arm[c];
        y[c] = reports[c] / 20 + area[c] + hu_random_normal(&random);
    }
    hu_trial *trial;
    hu_trial_columns columns = {.outcomes = (const char *const[]){"y", NULL}, .treatment = "z", .cluster = "district"};
    hu_trial_options options = {.draw = draw,
                                .permutations_asked = true,
                                .threads = 1,
                                .seed = study,
                                .permutations = {.draws = l->method == HU_DRAW_MINIMISATION ? 999 : 0}};
    HU_TRY(hu_trial_estimate(table, &columns, &options, arena, &trial));
    l->rejected[study] = trial->effects[0].fisher->p <= 0.05 + 1e-12;
    return NULL;
}

static hu_error *check_level(hu_draw_method method, size_t studies, bool *off)
{
    HU_SCRATCH(arena);
    level l = {method, HU_NEW_ARRAY(arena, unsigned char, studies)};
    size_t rejected = 0;
    HU_TRY(hu_parallel(studies, 0, null_trial, &l));
    for (size_t i = 0; i < studies; i++)
        rejected += l.rejected[i];
    double share = (double)rejected / (double)studies, error = sqrt(share * (1 - share) / (double)studies);
    *off = *off || share > 0.05 + 3 * sqrt(0.05 * 0.95 / (double)studies);
    printf("| %s | %.3f ± %.3f |\n", hu_draw_method_name(method), share, error);
    fflush(stdout);
    return NULL;
}

static hu_error *run(size_t studies, bool *off)
{
    static const row rows[] = {
        {"12 officers, icc 0.1", {.clusters = DISTRICTS, .size = 12, .icc = 0.1}},
        {"60 residents, sizes cv 0.4, icc 0.05", {.clusters = DISTRICTS, .size = 60, .size_cv = 0.4, .icc = 0.05}},
        {"40 referrals, share 0.4, icc 0.05",
         {.clusters = DISTRICTS, .size = 40, .icc = 0.05, .outcome = HU_POWER_BINARY, .mean = 0.4}},
        {"200 residents, icc 0.3, pairs that explain 0.4",
         {.clusters = DISTRICTS, .size = 200, .icc = 0.3, .strata = DISTRICTS / 2, .strata_share = 0.4}},
    };
    puts("| trial of 20 districts | effect | power by formula | by huella power | rejected, rows drawn one by one |\n"
         "| --- | --- | --- | --- | --- |");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        HU_TRY(compare(&rows[i], studies, off));
    puts("\n| design of the draw | true nulls rejected at 5 % |\n| --- | --- |");
    for (int method = HU_DRAW_COMPLETE; method <= HU_DRAW_MINIMISATION; method++)
        HU_TRY(check_level((hu_draw_method)method, studies, off));
    return NULL;
}

int main(int argc, char **argv)
{
    bool off = false;
    long studies = argc > 1 ? strtol(argv[1], NULL, 10) : 400;
    hu_error *error = run((size_t)(studies > 0 ? studies : 400), &off);
    if (error)
        fprintf(stderr, "%s\n", error->message);
    hu_error_free(error);
    return error || off ? 1 : 0;
}
