/* Event studies of every estimator in one form, and uniform bands. */

#include "oracle.h"

#include "huella/causal/event_study.h"
#include "huella/causal/sun_abraham.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/sup_t.h"

static hu_table *panel(hu_arena *arena)
{
    return oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
}

static const hu_did_columns columns = {
    .outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort", .cluster = "cluster"};

/* Independent estimates: the level's root; one estimate, or copies of one: the pointwise value. */
static void sup_t_of_known_correlations(void **state)
{
    (void)state;
    double one[] = {4}, copies[9], apart[25] = {0};
    for (int i = 0; i < 9; i++)
        copies[i] = 2;
    for (int i = 0; i < 5; i++)
        apart[6 * i] = i + 1;
    check_close(hu_sup_t(one, 1, INFINITY, 0.95, 1), hu_normal_quantile(0.975), 0.01, "one");
    check_close(hu_sup_t(copies, 3, INFINITY, 0.95, 1), hu_normal_quantile(0.975), 0.01, "copies");
    check_close(hu_sup_t(copies, 3, 11, 0.95, 1), hu_t_quantile(0.975, 11), 0.015, "copies, t");
    double sidak = hu_normal_quantile(0.5 + pow(0.95, 0.2) / 2);
    check_close(hu_sup_t(apart, 5, INFINITY, 0.95, 1), sidak, 0.01, "independent");
    apart[0] = 0; /* a reference period has no variance and is none of the family */
    sidak = hu_normal_quantile(0.5 + pow(0.95, 0.25) / 2);
    check_close(hu_sup_t(apart, 5, INFINITY, 0.95, 1), sidak, 0.01, "independent but one");
    assert_true(isnan(hu_sup_t((double[]){0}, 1, INFINITY, 0.95, 1)));
}

static void covariances_agree_with_errors(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_did_options options = {.universal_base = true};
    hu_did_result *did;
    hu_event_study study;
    CHECK_OK(hu_did(panel(arena), &columns, &options, arena, &did));
    hu_event_study_of_did(did, arena, &study);
    assert_int_equal(study.n, 11);
    size_t references = 0;
    for (size_t i = 0; i < study.n; i++) {
        const hu_effect *e = &study.cells[i].effect;
        double variance = study.variance[i * (study.n + 1)];
        references += isnan(e->se);
        if (isnan(e->se))
            assert_true(fabs(variance) < 1e-20 && study.cells[i].at == -1);
        else
            check_close(sqrt(variance), e->se, 1e-12, "error");
    }
    assert_int_equal(references, 1);
    hu_event_study_bands(&study, 0, 7);
    assert_true(study.critical > 2.2 && study.critical < 4);
    /* a band widens the interval, which here is made for few clusters, by one factor at every event time */
    double factor = study.critical / hu_t_quantile(0.975, study.df);
    assert_true(factor > 1.1);
    for (size_t i = 0; i < study.n; i++) {
        const hu_effect *e = &study.cells[i].effect;
        if (isnan(e->se))
            continue;
        assert_true(e->upper - e->estimate > hu_t_quantile(0.975, study.df) * e->se);
        check_close(e->band_upper - e->estimate, factor * (e->upper - e->estimate), 1e-12, "band");
        check_close(e->estimate - e->band_lower, factor * (e->estimate - e->lower), 1e-12, "band");
    }
}

/* With one cohort there is nothing to mix: both event studies by regression are the same, errors too. */
static void one_cohort_is_the_same_to_both_regressions(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena);
    hu_column *cohort = hu_table_find(table, "cohort"), *year = hu_table_find(table, "year");
    for (size_t r = 0; r < table->rows; r++)
        if (cohort->numbers[r] == 2018 || cohort->numbers[r] == 2021)
            year->numbers[r] = NAN; /* dropped */
    hu_regression *twfe, *sunab;
    hu_event_study a, b;
    CHECK_OK(hu_twfe_event_study(table, &columns, NULL, arena, &twfe));
    CHECK_OK(hu_sun_abraham(table, &columns, &(hu_regression_options){0}, arena, &sunab));
    hu_event_study_of_regression(twfe, arena, &a);
    hu_event_study_of_regression(sunab, arena, &b);
    assert_int_equal(a.n, 8);
    assert_int_equal(b.n, 8);
    for (size_t i = 0; i < a.n; i++) {
        assert_true(a.cells[i].at == (double)i - 5);
        assert_true(b.cells[i].at == a.cells[i].at);
        check_close(a.cells[i].effect.estimate, b.cells[i].effect.estimate, 1e-9, "estimate");
        for (size_t j = 0; j < a.n; j++)
            check_close(a.variance[i + j * a.n], b.variance[i + j * a.n], 1e-9, "covariance");
    }
}

/* Nobody never treated: of the event times two must go, and the earliest does. */
static void without_anybody_never_treated_the_earliest_goes(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena);
    hu_column *cohort = hu_table_find(table, "cohort");
    for (size_t r = 0; r < table->rows; r++)
        if (cohort->numbers[r] == 0)
            hu_table_find(table, "y")->numbers[r] = NAN;
    hu_regression *twfe;
    CHECK_OK(hu_twfe_event_study(table, &columns, NULL, arena, &twfe));
    assert_true(isnan(twfe->coefficients[0].estimate));
    assert_string_equal(twfe->coefficients[0].name, "event_time=-6");
    for (size_t j = 1; j < twfe->n_coefficients; j++)
        assert_true(isfinite(twfe->coefficients[j].estimate));
    assert_int_equal(twfe->n_warnings, 1);
}

/* CR3 of an event study is what leaving out clusters does to it. */
static void errors_for_few_clusters(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    hu_did_columns weighted = {
        .outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort", .cluster = "cluster", .weights = "w"};
    double *w = hu_table_find(table, "w")->numbers, *cluster = hu_table_find(table, "cluster")->numbers, sum[32] = {0};
    hu_regression *all = NULL, *few = NULL, *without = NULL;
    const hu_regression_options plain = {.plain = true};
    CHECK_OK(hu_twfe_event_study(table, &weighted, &plain, arena, &all));
    CHECK_OK(hu_twfe_event_study(table, &weighted, &(hu_regression_options){.correction = HU_CR3}, arena, &few));
    double *kept = hu_regrow(arena, w, table->rows, table->rows, sizeof *w);
    for (double g = 1; g <= 30; g++) {
        for (size_t r = 0; r < table->rows; r++)
            w[r] = cluster[r] == g ? 0 : kept[r];
        CHECK_OK(hu_twfe_event_study(table, &weighted, &plain, arena, &without));
        assert_int_equal(without->n_coefficients, all->n_coefficients);
        for (size_t j = 0; j < all->n_coefficients; j++)
            sum[j] += pow(without->coefficients[j].estimate - all->coefficients[j].estimate, 2);
    }
    for (size_t j = 0; j < all->n_coefficients; j++) {
        check_close(few->coefficients[j].se, sqrt(sum[j]), 1e-7, few->coefficients[j].name);
        assert_true(few->coefficients[j].df < 29);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_for_few_clusters),
        cmocka_unit_test(sup_t_of_known_correlations),
        cmocka_unit_test(covariances_agree_with_errors),
        cmocka_unit_test(one_cohort_is_the_same_to_both_regressions),
        cmocka_unit_test(without_anybody_never_treated_the_earliest_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
