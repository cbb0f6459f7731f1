/* Trials: against R's estimatr and a full enumeration (twenty_districts.json), and against brute force. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/trial.h"
#include "huella/numerics/distributions.h"

static const char *const y_only[] = {"y", NULL};

static hu_trial *estimate(const hu_table *table, const hu_trial_columns *columns, const hu_trial_options *options,
                          hu_arena *arena)
{
    hu_trial *trial = NULL;
    CHECK_OK(hu_trial_estimate(table, columns, options, arena, &trial));
    return trial;
}

static void check_run(const hu_trial *trial, const json_t *root, const char *key)
{
    const json_t *run = json_object_get(root, key);
    const hu_trial_effect *e = &trial->effects[0];
    check_close(e->estimate, oracle_number(run, "Estimate"), 1e-8, key);
    check_close(e->se, oracle_number(run, "Std. Error"), 1e-8, key);
    check_close(e->df, oracle_number(run, "DF"), 1e-6, key);
    check_close(e->lower, oracle_number(run, "CI Lower"), 1e-8, key);
    check_close(e->upper, oracle_number(run, "CI Upper"), 1e-8, key);
    assert_true(fabs(e->p / oracle_number(run, "Pr(>|t|)") - 1) < 1e-6);
}

static void regressions_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/twenty_districts.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/twenty_districts.json"));
    hu_trial_columns columns = {
        .outcomes = y_only, .treatment = "z", .cluster = "district", .covariates = (const char *const[]){"base", NULL}};
    hu_trial_options options = {.no_permutations = true, .adjust = HU_ANCOVA};
    check_run(estimate(table, &columns, &options, arena), root, "ancova");
    options.adjust = HU_LIN;
    check_run(estimate(table, &columns, &options, arena), root, "lin");
    columns = (hu_trial_columns){.outcomes = y_only, .treatment = "z"};
    options = (hu_trial_options){.no_permutations = true};
    check_run(estimate(table, &columns, &options, arena), root, "hc2");
    /* the peer's error there is CR0 */
    columns = (hu_trial_columns){.outcomes = y_only, .treatment = "z_pair", .cluster = "district", .strata = "pair"};
    options.se = HU_TRIAL_CR0;
    check_run(estimate(table, &columns, &options, arena), root, "pair_fe");
    json_decref(root);
}

/* The draw says what was dealt out, not the trial's columns: no strata are named. */
static void a_draw_is_tested_over_its_own_allocations(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/twenty_districts.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/twenty_districts.json"));
    const char *unit[20];
    uint32_t arm[20] = {0}, pair[20] = {0};
    for (size_t d = 0; d < 20; d++)
        unit[d] = hu_printf(arena, "%zu", 20 - d); /* in another order than the data */
    for (size_t r = 0; r < table->rows; r++) {
        size_t d = 20 - (size_t)hu_table_find(table, "district")->numbers[r];
        arm[d] = (uint32_t)hu_table_find(table, "z_pair")->numbers[r];
        pair[d] = (uint32_t)hu_table_find(table, "pair")->numbers[r] - 1;
    }
    hu_draw draw = {.setup = {.method = HU_DRAW_PAIRS,
                              .unit = "district",
                              .arms = (const char *const[]){"control", "treatment", NULL}},
                    .units = 20,
                    .arms = 2,
                    .strata = 10,
                    .unit = unit,
                    .stratum = pair,
                    .arm = arm};
    hu_trial_columns columns = {.outcomes = y_only, .treatment = "z_pair", .cluster = "district"};
    hu_trial_options options = {.statistic = HU_CLUSTER_MEANS, .permutations = {.exact = true}, .draw = &draw};
    hu_fisher *f = estimate(table, &columns, &options, arena)->effects[0].fisher;
    const json_t *run = json_object_get(root, "matched_pairs");
    assert_int_equal(f->assignments, (uint64_t)oracle_number(run, "assignments"));
    check_close(f->p, oracle_number(run, "p_two_sided"), 1e-12, "p");
    hu_trial *trial;
    options.draw = &(hu_draw){
        .setup = draw.setup, .units = 19, .arms = 2, .strata = 10, .unit = unit, .stratum = pair, .arm = arm};
    CHECK_FAILS(hu_trial_estimate(table, &columns, &options, arena, &trial), HU_BAD_INPUT, "1 is no unit of the draw");
    columns.treatment = "z";
    options.draw = &draw;
    CHECK_FAILS(hu_trial_estimate(table, &columns, &options, arena, &trial), HU_BAD_INPUT, "was drawn into");
    json_decref(root);
}

static void exact_tests_match_a_full_enumeration(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/twenty_districts.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/twenty_districts.json"));
    for (int pairs = 0; pairs < 2; pairs++) {
        const json_t *run = json_object_get(root, pairs ? "matched_pairs" : "complete");
        hu_trial_columns columns = {.outcomes = y_only,
                                    .treatment = pairs ? "z_pair" : "z",
                                    .cluster = "district",
                                    .strata = pairs ? "pair" : NULL};
        hu_trial_options options = {.statistic = HU_CLUSTER_MEANS, .permutations = {.exact = true}, .threads = 1};
        hu_fisher *f = estimate(table, &columns, &options, arena)->effects[0].fisher;
        assert_true(f->exact);
        assert_int_equal(f->assignments, (uint64_t)oracle_number(run, "assignments"));
        check_close(f->observed, oracle_number(run, "statistic"), 1e-8, "statistic");
        check_close(f->p, oracle_number(run, "p_two_sided"), 1e-12, "p");
        if (!pairs)
            check_close(f->p_upper, oracle_number(run, "p_upper"), 1e-12, "p_upper");
        options.threads = 2;
        hu_fisher *two = estimate(table, &columns, &options, arena)->effects[0].fisher;
        assert_true(two->p == f->p && two->lower == f->lower && two->upper == f->upper);
    }
    json_decref(root);
}

/* 8 clusters of 3 to 6 rows in 2 strata of 4, half of each treated; two outcomes, a covariate, take-up, weights. */
static hu_table *small(hu_arena *arena)
{
    static const double arm[8] = {1, 0, 0, 1, 0, 1, 1, 0};
    static const char *const names[] = {"y", "second", "x", "z", "d", "w", "cluster", "stratum"};
    hu_random random = hu_random_start(3, 1);
    hu_table *table = hu_table_new(arena, "small.csv", 36);
    double *v[8];
    for (size_t j = 0; j < 8; j++)
        v[j] = hu_table_add_numbers(table, arena, names[j])->numbers;
    size_t row = 0;
    for (size_t c = 0; c < 8; c++) {
        double shift = hu_random_normal(&random) / 2;
        for (size_t i = 0; i < 3 + c % 4; i++, row++) {
            v[2][row] = hu_random_normal(&random) + (double)c / 4;
            v[0][row] = shift + v[2][row] / 2 + 0.8 * arm[c] + hu_random_normal(&random);
            v[1][row] = v[0][row] + hu_random_normal(&random);
            v[3][row] = arm[c];
            v[4][row] = hu_random_uniform(&random) < (arm[c] ? 0.95 : 0.05);
            v[5][row] = 0.5 + hu_random_uniform(&random);
            v[6][row] = (double)c;
            v[7][row] = (double)(c / 4);
        }
    }
    assert_int_equal(row, 36);
    return table;
}

/* Deals the arms out anew: bit c of `mask` is cluster c's. */
static void deal(hu_table *table, unsigned mask)
{
    double *z = hu_table_find(table, "z")->numbers, *cluster = hu_table_find(table, "cluster")->numbers;
    for (size_t r = 0; r < table->rows; r++)
        z[r] = mask >> (unsigned)cluster[r] & 1;
}

static bool of_design(unsigned mask, bool strata)
{
    return strata ? __builtin_popcount(mask & 15) == 2 && __builtin_popcount(mask >> 4) == 2
                  : __builtin_popcount(mask) == 4;
}

/* Every assignment, each by its own regression. */
static double by_brute_force(hu_table *table, const hu_trial_columns *columns, hu_trial_options options,
                             bool studentised, hu_arena *arena)
{
    const unsigned real = 1 | 8 | 32 | 64;
    double seen = 0;
    size_t count = 0, extreme = 0;
    options.no_permutations = true;
    options.se = HU_TRIAL_CR0;
    for (int pass = 0; pass < 2; pass++)
        for (unsigned mask = 0; mask < 256; mask++) {
            if (!of_design(mask, columns->strata != NULL) || (pass == 0 && mask != real))
                continue;
            deal(table, mask);
            hu_trial_effect *e = &estimate(table, columns, &options, arena)->effects[0];
            double t = studentised ? e->estimate / e->se : e->estimate;
            if (pass == 0) {
                seen = fabs(t);
                continue;
            }
            count++;
            extreme += fabs(t) >= seen * (1 - 1e-9);
        }
    deal(table, real);
    assert_int_equal(count, columns->strata ? 36 : 70);
    return (double)extreme / (double)count;
}

static void permuted_statistics_are_regressions(void **state)
{
    (void)state;
    for (int way = 0; way < 24; way++) {
        HU_SCRATCH(arena);
        hu_table *table = small(arena);
        hu_trial_columns columns = {.outcomes = y_only,
                                    .treatment = "z",
                                    .cluster = "cluster",
                                    .strata = way / 3 % 2 ? "stratum" : NULL,
                                    .weights = way / 6 % 2 ? "w" : NULL,
                                    .covariates = (const char *const[]){"x", NULL}};
        hu_trial_options options = {.adjust = (hu_trial_adjust)(way % 3),
                                    .statistic = way / 12 ? HU_COEFFICIENT : HU_STUDENTISED};
        hu_fisher *f = estimate(table, &columns, &options, arena)->effects[0].fisher;
        assert_true(f->exact);
        double expected = by_brute_force(table, &columns, options, !(way / 12), arena);
        if (fabs(f->p - expected) > 1e-12)
            fail_msg("way %d: p %.15g, expected %.15g", way, f->p, expected);
    }
}

/*
 * Validity itself: were each of the 70 assignments the one carried out, with no effect on anybody, the exact test would
 * reject at 5 % for no more than 5 % of them, and the p-values of all would be their ranks.
 */
static void exact_tests_reject_a_true_null_rarely(void **state)
{
    (void)state;
    for (int statistic = 0; statistic < 3; statistic++) {
        HU_SCRATCH(arena);
        hu_table *table = small(arena);
        hu_trial_columns columns = {
            .outcomes = y_only, .treatment = "z", .cluster = "cluster", .covariates = (const char *const[]){"x", NULL}};
        hu_trial_options options = {.adjust = HU_ANCOVA, .statistic = (hu_trial_statistic)statistic};
        size_t rejected = 0, all = 0;
        for (unsigned mask = 0; mask < 256; mask++) {
            if (!of_design(mask, false))
                continue;
            deal(table, mask);
            double p = estimate(table, &columns, &options, arena)->effects[0].fisher->p;
            assert_true(p >= 2.0 / 70 - 1e-12); /* its mirror image is as extreme */
            rejected += p <= 0.05 + 1e-12;
            all++;
        }
        assert_int_equal(all, 70);
        assert_true(rejected > 0 && (double)rejected <= 0.05 * 70);
    }
}

/* More pairs than a permuted regression holds: the effect stands, and a note says why there is no test. */
static void designs_too_large_to_permute_say_so(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { PAIRS = 400 };
    hu_table *table = hu_table_new(arena, "pairs.csv", 2 * PAIRS);
    double *y = hu_table_add_numbers(table, arena, "y")->numbers, *z = hu_table_add_numbers(table, arena, "z")->numbers,
           *pair = hu_table_add_numbers(table, arena, "pair")->numbers;
    for (size_t r = 0; r < table->rows; r++) {
        y[r] = sin((double)(r * r)) + (double)(r % 2);
        z[r] = (double)(r % 2);
        pair[r] = (double)(r / 2);
    }
    hu_trial_columns columns = {.outcomes = y_only, .treatment = "z", .strata = "pair"};
    hu_trial_options options = {0};
    hu_trial *trial = estimate(table, &columns, &options, arena);
    assert_null(trial->effects[0].fisher);
    assert_true(trial->effects[0].p < 0.001);
    assert_non_null(strstr(trial->warnings[0], "cluster_means takes any number"));
    options.statistic = HU_CLUSTER_MEANS;
    assert_true(estimate(table, &columns, &options, arena)->effects[0].fisher->p < 0.001);
    options = (hu_trial_options){.permutations_asked = true};
    CHECK_FAILS(hu_trial_estimate(table, &columns, &options, arena, &trial), HU_LIMIT, "cluster_means");
}

/* Just inside the confidence set the shifted outcome is not rejected; just outside it is. */
static void confidence_sets_invert_the_test(void **state)
{
    (void)state;
    for (int statistic = 0; statistic < 3; statistic++) {
        HU_SCRATCH(arena);
        hu_table *table = small(arena);
        double *y = hu_table_find(table, "y")->numbers, *z = hu_table_find(table, "z")->numbers;
        hu_trial_columns columns = {
            .outcomes = y_only, .treatment = "z", .cluster = "cluster", .covariates = (const char *const[]){"x", NULL}};
        hu_trial_options options = {.adjust = HU_LIN, .statistic = (hu_trial_statistic)statistic, .level = 0.9};
        hu_fisher first = *estimate(table, &columns, &options, arena)->effects[0].fisher;
        assert_true(isfinite(first.lower) && isfinite(first.upper));
        double values[] = {first.lower - 1e-6, first.lower + 1e-6, first.upper - 1e-6, first.upper + 1e-6};
        double moved = 0;
        for (size_t i = 0; i < 4; i++) {
            for (size_t r = 0; r < table->rows; r++)
                y[r] += (moved - values[i]) * z[r];
            moved = values[i];
            double p = estimate(table, &columns, &options, arena)->effects[0].fisher->p;
            assert_true((p > 0.1) == (i == 1 || i == 2));
        }
    }
}

/* 2SLS by its formula: residuals of y on d, scores of the instrument; the set's ends are where the test turns. */
static void received_treatment_is_two_stage_least_squares(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = small(arena);
    double *y = hu_table_find(table, "y")->numbers, *z = hu_table_find(table, "z")->numbers,
           *d = hu_table_find(table, "d")->numbers, *cluster = hu_table_find(table, "cluster")->numbers;
    hu_trial_columns columns = {.outcomes = y_only, .treatment = "z", .cluster = "cluster", .received = "d"};
    hu_trial_options options = {.no_permutations = true, .se = HU_TRIAL_CR0};
    hu_late late = *estimate(table, &columns, &options, arena)->effects[0].late;
    double n = (double)table->rows, my = 0, mz = 0, md = 0, zy = 0, zd = 0, score[8] = {0}, sum = 0;
    for (size_t r = 0; r < table->rows; r++) {
        my += y[r] / n;
        mz += z[r] / n;
        md += d[r] / n;
    }
    for (size_t r = 0; r < table->rows; r++) {
        zy += (z[r] - mz) * (y[r] - my);
        zd += (z[r] - mz) * (d[r] - md);
    }
    check_close(late.estimate, zy / zd, 1e-10, "2SLS");
    for (size_t r = 0; r < table->rows; r++)
        score[(int)cluster[r]] += (z[r] - mz) * (y[r] - my - zy / zd * (d[r] - md));
    for (size_t c = 0; c < 8; c++)
        sum += score[c] * score[c];
    check_close(late.se, sqrt(sum) / fabs(zd), 1e-9, "2SLS error");
    options.se = HU_TRIAL_CR2;
    late = *estimate(table, &columns, &options, arena)->effects[0].late;
    assert_int_equal(late.shape, HU_AR_INTERVAL);
    assert_true(late.ar_lower < late.estimate && late.estimate < late.ar_upper);
    double ends[] = {late.ar_lower, late.ar_upper}, moved = 0;
    columns.received = NULL;
    for (size_t i = 0; i < 2; i++) {
        for (size_t r = 0; r < table->rows; r++)
            y[r] += (moved - ends[i]) * d[r];
        moved = ends[i];
        check_close(estimate(table, &columns, &options, arena)->effects[0].p, 0.05, 1e-6, "end of the set");
    }
}

/* An instrument that moves nothing: the set is everything, or all but an interval, never a short interval. */
static void a_weak_instrument_says_so(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = small(arena);
    hu_random random = hu_random_start(8, 1);
    double *d = hu_table_find(table, "d")->numbers;
    for (size_t r = 0; r < table->rows; r++)
        d[r] = hu_random_uniform(&random) < 0.5;
    hu_trial_columns columns = {.outcomes = y_only, .treatment = "z", .cluster = "cluster", .received = "d"};
    hu_trial_options options = {.no_permutations = true};
    hu_late late = *estimate(table, &columns, &options, arena)->effects[0].late;
    assert_true(late.first_stage_f < 5);
    assert_int_not_equal(late.shape, HU_AR_INTERVAL);
}

static void families_are_adjusted(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = small(arena);
    hu_trial_columns columns = {
        .outcomes = (const char *const[]){"y", "second", NULL}, .treatment = "z", .cluster = "cluster"};
    hu_trial_options options = {0};
    hu_trial *trial = estimate(table, &columns, &options, arena);
    const hu_trial_effect *a = &trial->effects[0], *b = &trial->effects[1];
    const hu_trial_effect *least = a->p < b->p ? a : b, *other = a->p < b->p ? b : a;
    check_close(least->holm, fmin(1, 2 * least->p), 1e-12, "Holm");
    check_close(other->bh, other->p, 1e-12, "BH");
    check_close(other->bonferroni, fmin(1, 2 * other->p), 1e-12, "Bonferroni");
    for (int way = 0; way < 2; way++) {
        double one = way ? a->romano_wolf : a->westfall_young, two = way ? b->romano_wolf : b->westfall_young;
        assert_true(one >= a->fisher->p && two >= b->fisher->p); /* never below the single test */
        assert_true(fmin(one, two) <= 2 * fmin(a->fisher->p, b->fisher->p) + 1e-12);
    }
    /* alone there is nothing to adjust for */
    columns.outcomes = y_only;
    assert_true(isnan(estimate(table, &columns, &options, arena)->effects[0].holm));
}

/* Row 0 … of each arm miss their outcome: attrition is a difference of shares; Lee's bounds by sorting. */
static void missing_outcomes_are_counted_and_bounded(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char text[] = "z,y\n1,1\n1,2\n1,3\n1,4\n1,10\n0,1\n0,2\n0,3\n0,\n0,\n";
    hu_table *table = NULL;
    CHECK_OK(hu_csv_parse(text, sizeof text - 1, "t.csv", NULL, arena, &table));
    hu_trial_columns columns = {.outcomes = y_only, .treatment = "z"};
    hu_trial_options options = {.no_permutations = true};
    hu_trial *trial = estimate(table, &columns, &options, arena);
    const hu_trial_effect *e = &trial->effects[0];
    assert_int_equal(e->dropped, 2);
    assert_int_equal(e->n, 8);
    check_close(e->attrition[0], 0.4, 1e-12, "control");
    assert_true(e->attrition[1] == 0);
    check_close(e->attrition_difference, -0.4, 1e-12, "difference");
    check_close(e->lee->trimmed, 0.4, 1e-12, "trimmed"); /* two of five */
    assert_true(e->lee->of_treatment);
    assert_true(fabs(e->lee->lower) < 1e-12); /* (1 + 2 + 3) / 3 - 2 */
    check_close(e->lee->upper, 17.0 / 3 - 2, 1e-12, "upper");
    hu_table_find(table, "y")->numbers[8] = 2;
    hu_table_find(table, "y")->numbers[9] = 2;
    assert_null(estimate(table, &columns, &options, arena)->effects[0].lee);
}

static void balance_is_described_and_tested(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = small(arena);
    hu_trial_columns columns = {
        .outcomes = y_only, .treatment = "z", .cluster = "cluster", .covariates = (const char *const[]){"x", NULL}};
    hu_trial_options options = {0};
    hu_trial *trial = estimate(table, &columns, &options, arena);
    double *x = hu_table_find(table, "x")->numbers, *z = hu_table_find(table, "z")->numbers;
    double sum[2] = {0}, square[2] = {0}, n[2] = {0};
    for (size_t r = 0; r < table->rows; r++) {
        n[(int)z[r]]++;
        sum[(int)z[r]] += x[r];
    }
    for (size_t r = 0; r < table->rows; r++)
        square[(int)z[r]] += pow(x[r] - sum[(int)z[r]] / n[(int)z[r]], 2) / (n[(int)z[r]] - 1);
    double difference = sum[1] / n[1] - sum[0] / n[0];
    check_close(trial->balance[0].difference, difference, 1e-10, "difference");
    check_close(trial->balance[0].normalised, difference / sqrt((square[0] + square[1]) / 2), 1e-10, "normalised");
    /* with one covariate the distance is the difference of means, squared */
    hu_trial_columns swapped = {.outcomes = (const char *const[]){"x", NULL}, .treatment = "z", .cluster = "cluster"};
    options.statistic = HU_COEFFICIENT;
    double p = estimate(table, &swapped, &options, arena)->effects[0].fisher->p;
    check_close(trial->joint_balance->p, p, 1e-12, "joint");
    for (size_t r = 0; r < table->rows; r++)
        x[r] = 3.7; /* whose sum divided again is not 3.7 */
    trial = estimate(table, &columns, &(hu_trial_options){0}, arena);
    assert_null(trial->joint_balance);
    assert_true(isnan(trial->balance[0].normalised) && trial->balance[0].sd[0] == 0);
}

static void what_cannot_be_told_is_an_error(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = NULL;
    hu_trial *trial = NULL;
    hu_trial_options options = {0};
    hu_trial_columns columns = {.outcomes = y_only, .treatment = "z", .cluster = "c", .strata = "s"};
#define TRIAL(text)                                                     \
    (hu_csv_parse(text, sizeof text - 1, "t.csv", NULL, arena, &table), \
     hu_trial_estimate(table, &columns, &options, arena, &trial))
    CHECK_FAILS(TRIAL("z,y,c,s\n1,1,1,1\n2,1,2,1\n0,3,3,1\n"), HU_BAD_INPUT, "t.csv:3: column \"z\": 2 is no arm");
    CHECK_FAILS(TRIAL("z,y,c,s\n1,1,1,1\n1,1,1,2\n0,3,3,1\n"), HU_BAD_INPUT, "cluster 1 is in stratum 2 here and in 1");
    CHECK_FAILS(TRIAL("z,y,c,s\n1,1,1,1\n1,1,2,2\n"), HU_EMPTY, "all 2 rows are 1");
    CHECK_FAILS(TRIAL("z,y,c,s\n1,1,1,1\n1,2,2,1\n0,1,3,2\n0,2,4,2\n"), HU_SINGULAR, "strata and covariates");
    CHECK_FAILS(TRIAL("z,y,c,s\n1,1,1,1\n0,,2,1\n0,,3,1\n"), HU_EMPTY, "no value in control");
    columns.cluster = columns.strata = NULL;
    CHECK_OK(TRIAL("z,y\n1,3\n0,1\n1,3\n0,1\n")); /* nothing left to judge by */
    assert_true(trial->effects[0].estimate == 2 && isnan(trial->effects[0].se) && isnan(trial->effects[0].p));
    options.se = HU_TRIAL_CR2;
    CHECK_FAILS(TRIAL("z,y\n1,1\n0,2\n1,3\n0,3\n"), HU_USAGE, "need the column of clusters");
#undef TRIAL
}

/* What is left of a constant, or of an arm that is one cluster, is rounding: no test may order it. */
static void rounding_is_no_evidence(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/twenty_districts.csv"));
    hu_trial_columns columns = {.outcomes = y_only, .treatment = "z", .cluster = "district"};
    hu_trial_options options = {.wild = true};
    double *y = hu_table_find(table, "y")->numbers, *z = hu_table_find(table, "z")->numbers;
    const double *district = hu_table_find(table, "district")->numbers;
    double *true_y = HU_NEW_ARRAY(arena, double, table->rows);
    memcpy(true_y, y, table->rows * sizeof *y);
    for (size_t i = 0; i < table->rows; i++)
        y[i] = 3.7;
    const hu_trial_effect *e = estimate(table, &columns, &options, arena)->effects;
    check_close(e->fisher->p, 1, 0, "constant");
    check_close(e->fisher->p_lower, 1, 0, "constant, one side");
    assert_null(e->wild);
    options.statistic = HU_CLUSTER_MEANS;
    check_close(estimate(table, &columns, &options, arena)->effects->fisher->p, 1, 0, "means");
    for (size_t i = 0; i < table->rows; i++) {
        y[i] = district[i] < 3 ? true_y[i] : NAN;
        z[i] = district[i] < 3 ? z[i] : NAN;
    }
    options = (hu_trial_options){0};
    e = estimate(table, &columns, &options, arena)->effects;
    assert_int_equal(e->fisher->assignments, 2);
    check_close(e->fisher->p, 1, 0, "both assignments are as far from zero");
}

/* Everybody takes what was assigned: the effect of what was received is that of assignment, and so are the sets. */
static void full_compliance_is_the_effect_of_assignment(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/twenty_districts.csv"));
    hu_trial_columns columns = {.outcomes = y_only, .treatment = "z", .cluster = "district", .received = "z"};
    const hu_trial_effect *e = estimate(table, &columns, &(hu_trial_options){0}, arena)->effects;
    check_close(e->late->estimate, e->estimate, 1e-10, "estimate");
    check_close(e->late->se, e->se, 1e-8, "error");
    assert_int_equal(e->late->shape, HU_AR_INTERVAL);
    check_close(e->late->ar_lower, e->lower, 1e-8, "lower");
    check_close(e->late->ar_upper, e->upper, 1e-8, "upper");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounding_is_no_evidence),
        cmocka_unit_test(full_compliance_is_the_effect_of_assignment),
        cmocka_unit_test(regressions_match_the_peer),
        cmocka_unit_test(exact_tests_match_a_full_enumeration),
        cmocka_unit_test(a_draw_is_tested_over_its_own_allocations),
        cmocka_unit_test(permuted_statistics_are_regressions),
        cmocka_unit_test(exact_tests_reject_a_true_null_rarely),
        cmocka_unit_test(designs_too_large_to_permute_say_so),
        cmocka_unit_test(confidence_sets_invert_the_test),
        cmocka_unit_test(received_treatment_is_two_stage_least_squares),
        cmocka_unit_test(a_weak_instrument_says_so),
        cmocka_unit_test(families_are_adjusted),
        cmocka_unit_test(missing_outcomes_are_counted_and_bounded),
        cmocka_unit_test(balance_is_described_and_tested),
        cmocka_unit_test(what_cannot_be_told_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
