/* Power: formulas against R, the matrix tests against the trial's own, simulation against formulas and micro-data. */

#include "check.h"

#include "huella/base/random.h"
#include "huella/causal/power.h"

static hu_power_design checked(hu_power_design d)
{
    CHECK_OK(hu_power_check(&d));
    return d;
}

/* R 4.2.2: power.t.test(n = clusters / 2, delta, sd = sqrt(icc + (1 - icc) / size), strict = TRUE)$power */
static void formulas_match_the_peer(void **state)
{
    (void)state;
    hu_power_design d = checked((hu_power_design){.clusters = 20, .size = 12, .icc = 0.1});
    check_close(hu_power_of(&d, 0.5), 0.714997980865, 1e-10, "20 clusters");
    check_close(hu_power_of(&d, -0.5), 0.714997980865, 1e-10, "the other direction");
    check_close(hu_power_of(&d, 0), 0.05, 1e-10, "no effect");
    d = checked((hu_power_design){.clusters = 12, .size = 30, .icc = 0.02});
    check_close(hu_power_of(&d, 0.9), 0.999978739013, 1e-10, "12 clusters");
    check_close(hu_power_of(&d, hu_power_mde(&d, 0.8, false)), 0.8, 1e-8, "detectable");
    check_close(hu_power_mde(&d, 0.8, true), -hu_power_mde(&d, 0.8, false), 1e-8, "downward");
}

/* What textbooks write: the design effect with unequal sizes, Hayes & Bennett's rates, 1 - R^2. */
static void variances_are_the_textbooks(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_power_design d = checked((hu_power_design){
        .clusters = 30, .size = 40, .size_cv = 0.5, .icc = 0.05, .outcome = HU_POWER_BINARY, .mean = 0.3});
    const double *sizes = hu_power_sizes(&d, arena);
    double sum = 0, square = 0;
    for (size_t c = 0; c < 30; c++) {
        sum += sizes[c];
        square += sizes[c] * sizes[c];
    }
    double m = sum / 30, cv2 = square / 30 / (m * m) - 1;
    check_close(m, 40, 0.02, "mean size");
    check_close(sqrt(cv2), 0.5, 0.1, "their spread");
    double design_effect = 1 + ((cv2 + 1) * m - 1) * 0.05;
    check_close(hu_power_se(&d, 0), sqrt(2 * 0.3 * 0.7 * design_effect / (15 * m)), 1e-10, "Eldridge, Ashby & Kerry");
    d = checked(
        (hu_power_design){.clusters = 20, .size = 50, .outcome = HU_POWER_COUNT, .mean = 0.02, .between_cv = 0.3});
    check_close(hu_power_se(&d, 0.01), sqrt((0.02 / 50 + 0.09 * 0.02 * 0.02 + 0.03 / 50 + 0.09 * 0.03 * 0.03) / 10),
                1e-10, "Hayes & Bennett");
    hu_power_design plain = checked((hu_power_design){.clusters = 20, .size = 12, .icc = 0.1}), adjusted = plain;
    adjusted.baseline = 0.6;
    adjusted.strata = 10;
    adjusted.strata_share = 0.2;
    check_close(hu_power_se(&adjusted, 0.3), hu_power_se(&plain, 0.3) * sqrt((1 - 0.36 - 0.2) * 8 / 7), 1e-12,
                "explained");
    assert_true(hu_power_df(&plain) == 18 && hu_power_df(&adjusted) == 8);
}

/* One row a cluster, weighted by its size: all that the trial's regression and its errors by cluster depend on. */
static double own_p(const hu_power_study *s, hu_trial_statistic statistic, hu_arena *arena)
{
    hu_table *table = hu_table_new(arena, "study", s->clusters);
    double *cluster = hu_table_add_numbers(table, arena, "cluster")->numbers;
    double *stratum = hu_table_add_numbers(table, arena, "stratum")->numbers;
    double *z = hu_table_add_numbers(table, arena, "z")->numbers, *y = hu_table_add_numbers(table, arena, "y")->numbers;
    double *x = hu_table_add_numbers(table, arena, "x")->numbers, *w = hu_table_add_numbers(table, arena, "w")->numbers;
    for (size_t c = 0; c < s->clusters; c++) {
        cluster[c] = (double)c;
        stratum[c] = s->stratum ? s->stratum[c] : 0;
        z[c] = s->arm[c];
        y[c] = s->mean[c];
        x[c] = s->covariate ? s->covariate[c] : 0;
        w[c] = s->size[c];
    }
    hu_trial_columns columns = {.outcomes = (const char *const[]){"y", NULL},
                                .treatment = "z",
                                .cluster = "cluster",
                                .strata = s->stratum ? "stratum" : NULL,
                                .weights = statistic == HU_CLUSTER_MEANS ? NULL : "w",
                                .covariates = (const char *const[]){s->covariate ? "x" : NULL, NULL}};
    hu_trial_options options = {.adjust = s->covariate ? HU_ANCOVA : HU_UNADJUSTED,
                                .se = HU_TRIAL_CR0,
                                .statistic = statistic,
                                .permutations = {.exact = true},
                                .threads = 1};
    hu_trial *trial;
    CHECK_OK(hu_trial_estimate(table, &columns, &options, arena, &trial));
    return trial->effects[0].fisher->p;
}

static void matrices_give_the_trials_own_p(void **state)
{
    (void)state;
    static const hu_power_design designs[] = {
        {.clusters = 10, .size = 12, .icc = 0.1},
        {.clusters = 11, .treated = 4, .size = 30, .size_cv = 0.6, .icc = 0.05},
        {.clusters = 12, .size = 20, .size_cv = 0.4, .icc = 0.1, .strata = 3, .strata_share = 0.2},
        {.clusters = 12, .size = 20, .size_cv = 0.4, .icc = 0.2, .strata = 6, .strata_share = 0.3, .baseline = 0.5},
        {.clusters = 10, .size = 40, .icc = 0.1, .outcome = HU_POWER_BINARY, .mean = 0.2, .baseline = 0.4},
        {.clusters = 10, .size = 30, .outcome = HU_POWER_COUNT, .mean = 0.1, .between_cv = 0.4},
    };
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++)
        for (int statistic = HU_STUDENTISED; statistic <= HU_CLUSTER_MEANS; statistic++)
            for (size_t study = 0; study < 4; study++) {
                HU_SCRATCH(arena);
                hu_power_design d = checked(designs[i]);
                hu_power_options o = {.statistic = (hu_trial_statistic)statistic, .seed = 5, .threads = 1};
                hu_power_study s;
                if (statistic == HU_CLUSTER_MEANS && (d.baseline != 0 || d.strata_share > 0))
                    continue;
                CHECK_OK(hu_power_study_of(&d, &o, 0.08, study, arena, &s));
                assert_true(fabs(s.p - own_p(&s, o.statistic, arena)) < 1e-12);
            }
}

static void simulation_agrees_with_formulas(void **state)
{
    (void)state;
    static const hu_power_design designs[] = {
        {.clusters = 14, .size = 12, .icc = 0.1},
        {.clusters = 14, .size = 12, .icc = 0.1, .baseline = 0.6},
        {.clusters = 24, .size = 20, .icc = 0.1, .strata = 12, .strata_share = 0.4},
        {.clusters = 14, .size = 60, .icc = 0.05, .outcome = HU_POWER_BINARY, .mean = 0.4},
        {.clusters = 14, .size = 60, .outcome = HU_POWER_COUNT, .mean = 0.5, .between_cv = 0.25},
    };
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++) {
        HU_SCRATCH(arena);
        hu_power_design d = checked(designs[i]);
        hu_assignments *all;
        hu_power_point points[2] = {{0}, {.effect = hu_power_mde(&d, 0.7, false)}};
        hu_power_options o = {.studies = 1500, .seed = 11, .threads = 2};
        CHECK_OK(hu_power_trials(&d, &o, points, 2, arena, &all));
        assert_true(all->exact);
        assert_true(points[0].power <= 0.05 + 3 * sqrt(0.05 * 0.95 / 1500)); /* the level of exact tests */
        assert_true(points[0].power >= 0.02);
        if (fabs(points[1].power - 0.7) > 3.5 * points[1].mc_error + 0.01)
            fail_msg("design %zu: %.3f simulated, 0.7 by formula", i, points[1].power);
    }
}

/* Rows of units drawn one by one and given to the trial's regression: nothing of power's own draws or algebra. */
static void simulation_agrees_with_micro_data(void **state)
{
    (void)state;
    enum { CLUSTERS = 10, SIZE = 6, STUDIES = 600 };
    hu_power_design d = checked((hu_power_design){.clusters = CLUSTERS, .size = SIZE, .icc = 0.2});
    hu_power_point point = {.effect = 0.9};
    hu_assignments *all;
    HU_SCRATCH(arena);
    CHECK_OK(hu_power_trials(&d, &(hu_power_options){.studies = 2000, .seed = 3}, &point, 1, arena, &all));
    size_t rejected = 0;
    for (size_t study = 0; study < STUDIES; study++) {
        HU_SCRATCH(room);
        hu_random random = hu_random_start(77, study);
        hu_table *table = hu_table_new(room, "study", (size_t)CLUSTERS * SIZE);
        double *cluster = hu_table_add_numbers(table, room, "cluster")->numbers;
        double *z = hu_table_add_numbers(table, room, "z")->numbers,
               *y = hu_table_add_numbers(table, room, "y")->numbers;
        size_t order[CLUSTERS];
        for (size_t c = 0; c < CLUSTERS; c++)
            order[c] = c;
        hu_random_shuffle(&random, order, CLUSTERS);
        for (size_t c = 0; c < CLUSTERS; c++) {
            double of_cluster = sqrt(0.2) * hu_random_normal(&random);
            for (size_t i = c * SIZE; i < (c + 1) * SIZE; i++) {
                cluster[i] = (double)c;
                z[i] = order[c] < CLUSTERS / 2;
                y[i] = of_cluster + sqrt(0.8) * hu_random_normal(&random) + 0.9 * z[i];
            }
        }
        hu_trial *trial;
        CHECK_OK(hu_trial_estimate(
            table,
            &(hu_trial_columns){.outcomes = (const char *const[]){"y", NULL}, .treatment = "z", .cluster = "cluster"},
            &(hu_trial_options){.permutations = {.exact = true}, .threads = 1}, room, &trial));
        rejected += trial->effects[0].fisher->p <= 0.05;
    }
    double share = (double)rejected / STUDIES, error = sqrt(share * (1 - share) / STUDIES);
    if (fabs(share - point.power) > 4 * hypot(error, point.mc_error))
        fail_msg("%.3f of trials reject, %.3f predicted", share, point.power);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_power_design d = checked((hu_power_design){.clusters = 30, .size = 9, .icc = 0.1});
    hu_power_point one[2] = {{.effect = 0.3}, {.effect = 0.6}}, two[2] = {{.effect = 0.3}, {.effect = 0.6}};
    hu_assignments *all;
    hu_power_options o = {.studies = 300, .seed = 2, .threads = 1};
    CHECK_OK(hu_power_trials(&d, &o, one, 2, arena, &all));
    assert_false(all->exact);
    assert_int_equal(all->count, 999);
    o.threads = 2;
    CHECK_OK(hu_power_trials(&d, &o, two, 2, arena, &all));
    assert_memory_equal(one, two, sizeof one);
    double mde, error;
    const hu_power_point curve[] = {{0, 0.05, 0, 100}, {1, 0.5, 0, 100}, {2, 0.9, 0, 100}};
    hu_power_interpolate(curve, 3, 0.5, &mde, &error);
    check_close(mde, 1, 1e-12, "at a point of the curve");
    hu_power_interpolate(curve, 3, 0.95, &mde, &error);
    assert_true(isnan(mde));
}

/* Without effect the group-time estimator's own interval rejects about as often as it says; a large effect is found. */
static void rollouts_are_estimated(void **state)
{
    (void)state;
    enum { REGIONS = 25, PERIODS = 10, CASES = 3 };
    HU_SCRATCH(arena);
    double cohort[REGIONS] = {0}, *time = HU_NEW_ARRAY(arena, double, REGIONS *PERIODS *CASES);
    uint32_t *region = HU_NEW_ARRAY(arena, uint32_t, REGIONS * PERIODS * CASES);
    for (size_t g = 0; g < 12; g++)
        cohort[g] = 5 + (double)(g / 3);
    for (size_t i = 0; i < REGIONS * PERIODS * CASES; i++) {
        region[i] = (uint32_t)(i / (PERIODS * CASES));
        time[i] = (double)(i / CASES % PERIODS) + 1;
    }
    hu_power_rollout shape = {.rows = REGIONS * PERIODS * CASES,
                              .regions = REGIONS,
                              .region = region,
                              .time = time,
                              .cohort = cohort,
                              .sd = 1,
                              .icc = 0.1,
                              .icc_period = 0.02,
                              .did = {.control = HU_NOT_YET_TREATED}};
    hu_power_point points[2] = {{0}, {.effect = 1.2}};
    CHECK_OK(hu_power_rollouts(&shape, &(hu_power_options){.studies = 150, .seed = 4}, points, 2));
    assert_int_equal(points[0].studies, 150);
    assert_true(points[0].power < 0.12);
    assert_true(points[1].power > 0.9);
    shape.efficient = true;
    shape.permutations = 199;
    CHECK_OK(hu_power_rollouts(&shape, &(hu_power_options){.studies = 150, .seed = 4}, points, 2));
    assert_true(points[0].power <= 0.05 + 3 * sqrt(0.05 * 0.95 / 150)); /* a test over rollouts holds its level */
    assert_true(points[1].power > 0.9);
    shape.icc_period = 0.95;
    CHECK_FAILS(hu_power_rollouts(&shape, &(hu_power_options){0}, points, 2), HU_USAGE, "below 1 together");
}

static void what_cannot_be_says_why(void **state)
{
    (void)state;
    static const struct {
        hu_power_design design;
        const char *says;
    } cases[] = {
        {{.clusters = 3, .size = 5}, "3 clusters"},
        {{.clusters = 20, .size = 5, .outcome = HU_POWER_BINARY}, "a share in control"},
        {{.clusters = 20, .size = 5, .strata_share = 0.2}, "there are none"},
        {{.clusters = 20, .size = 5, .strata = 7}, "strata of equal size"},
        {{.clusters = 20, .size = 5, .icc = 1.5}, "intracluster correlation"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hu_power_design d = cases[i].design;
        CHECK_FAILS(hu_power_check(&d), HU_USAGE, cases[i].says);
    }
    HU_SCRATCH(arena);
    hu_assignments *all;
    hu_power_point point = {.effect = 0.1};
    hu_power_design d = checked((hu_power_design){
        .clusters = 20, .size = 10, .icc = 0.01, .outcome = HU_POWER_BINARY, .mean = 0.2, .baseline = 0.8});
    CHECK_FAILS(hu_power_trials(&d, &(hu_power_options){0}, &point, 1, arena, &all), HU_USAGE, "sampling noise");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_match_the_peer),
        cmocka_unit_test(variances_are_the_textbooks),
        cmocka_unit_test(matrices_give_the_trials_own_p),
        cmocka_unit_test(simulation_agrees_with_formulas),
        cmocka_unit_test(simulation_agrees_with_micro_data),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(rollouts_are_estimated),
        cmocka_unit_test(what_cannot_be_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
