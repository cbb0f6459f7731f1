/* Extended two-way fixed effects and de Chaisemartin & D'Haultfoeuille: what they must equal. */

#include "oracle.h"

#include "huella/causal/chaisemartin.h"
#include "huella/causal/etwfe.h"
#include "huella/causal/event_study.h"
#include "huella/causal/imputation.h"

static const hu_did_columns columns = {
    .outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort", .cluster = "cluster"};

static hu_table *panel(hu_arena *arena)
{
    return oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
}

static const hu_coefficient *named(const hu_regression *r, const char *name)
{
    for (size_t j = 0; j < r->n_coefficients; j++)
        if (strcmp(r->coefficients[j].name, name) == 0)
            return &r->coefficients[j];
    fail_msg("no coefficient %s", name);
    return NULL;
}

/* In a balanced panel without covariates: imputation's estimates. */
static void etwfe_is_imputation_in_a_balanced_panel(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena);
    hu_regression *etwfe;
    hu_imputation_result *imputed;
    CHECK_OK(hu_etwfe(table, &columns, NULL, arena, &etwfe));
    CHECK_OK(hu_imputation(table, &columns, &(hu_imputation_options){.pretrends = -1}, arena, &imputed));
    assert_int_equal(etwfe->n_coefficients, imputed->n_event_study + 1);
    for (size_t e = 0; e < imputed->n_event_study; e++)
        check_close(named(etwfe, hu_printf(arena, "event_time=%g", imputed->event_study[e].at))->estimate,
                    imputed->event_study[e].effect.estimate, 1e-9, "event time");
    check_close(named(etwfe, "ATT")->estimate, imputed->overall.estimate, 1e-9, "ATT");
    assert_true(named(etwfe, "ATT")->se > 0.5 * imputed->overall.se &&
                named(etwfe, "ATT")->se < 2 * imputed->overall.se);
}

/* With one cohort and two periods everything is the difference of differences, by hand. */
static void two_by_two_by_hand(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char csv[] =
        "unit,year,cohort,cluster,y\na,1,2,a,1\na,2,2,a,5\nb,1,2,b,2\nb,2,2,b,4\nc,1,,c,0\nc,2,,c,1\n"
        "d,1,,d,3\nd,2,,d,6\n";
    hu_table *t;
    hu_regression *etwfe, *dcdh;
    CHECK_OK(hu_csv_parse(csv, strlen(csv), "made", NULL, arena, &t));
    CHECK_OK(hu_etwfe(t, &columns, NULL, arena, &etwfe));
    CHECK_OK(hu_chaisemartin(t, &columns, &(hu_chaisemartin_options){0}, arena, &dcdh));
    check_close(named(etwfe, "event_time=0")->estimate, 1, 1e-12, "etwfe"); /* (4 + 2)/2 - (1 + 3)/2 */
    check_close(named(dcdh, "event_time=0")->estimate, 1, 1e-12, "chaisemartin");
    /* contributions less their mean: +-1/2 in each cohort, twice n/(n - 1) = 2: variance 4 * 2 / 4 = 2 */
    check_close(named(dcdh, "ATT")->se, sqrt(2), 1e-12, "error");
}

/* In a balanced panel: Callaway & Sant'Anna against those not treated yet, from a universal base. */
static void chaisemartin_is_callaway_santanna_not_yet(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena);
    hu_regression *dcdh;
    hu_did_result *did;
    hu_did_options options = {.control = HU_NOT_YET_TREATED, .universal_base = true};
    CHECK_OK(hu_chaisemartin(table, &columns, &(hu_chaisemartin_options){.placebos = -1}, arena, &dcdh));
    CHECK_OK(hu_did(table, &columns, &options, arena, &did));
    assert_string_equal(dcdh->coefficients[0].name, "event_time=0");
    for (size_t i = 0; i < did->dynamic.n_cells; i++) {
        const hu_did_cell *cell = &did->dynamic.cells[i];
        if (cell->at < 0)
            continue;
        const hu_coefficient *c = named(dcdh, hu_printf(arena, "event_time=%g", cell->at));
        check_close(c->estimate, cell->effect.estimate, 1e-10, c->name);
        assert_true(fabs(c->se / cell->effect.se - 1) < 0.15);
    }
    check_close(named(dcdh, "ATT")->estimate, did->simple.overall.estimate, 1e-10, "ATT is the simple average");
}

/* Placebos exist where their effect does, and against its groups; with one cohort that is the universal base. */
static void placebos_of_one_cohort_are_the_event_study(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena);
    hu_column *cohort = hu_table_find(table, "cohort");
    for (size_t r = 0; r < table->rows; r++)
        if (cohort->numbers[r] == 2018 || cohort->numbers[r] == 2021)
            hu_table_find(table, "y")->numbers[r] = NAN;
    hu_regression *dcdh, *event;
    CHECK_OK(hu_chaisemartin(table, &columns, &(hu_chaisemartin_options){0}, arena, &dcdh));
    CHECK_OK(hu_twfe_event_study(table, &columns, 0, arena, &event));
    assert_int_equal(dcdh->n_coefficients, 3 + 3 + 1); /* 2020, 2021, 2022; -2, -3, -4; ATT */
    for (double e = -4; e <= 2; e++)
        if (e != -1)
            check_close(named(dcdh, hu_printf(arena, "event_time=%g", e))->estimate,
                        named(event, hu_printf(arena, "event_time=%g", e))->estimate, 1e-9, "one cohort");
}

/* Cases: groups are clusters, cells are means; a case weighs in as many as there are. */
static void cases_are_averaged_by_group(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *cases = oracle_table(arena, check_source(arena, "tests/oracles/own_cases.csv"));
    hu_did_columns named_columns = {.outcome = "convicted", .time = "half", .cohort = "cohort", .cluster = "region"};
    hu_regression *dcdh;
    CHECK_OK(hu_chaisemartin(cases, &named_columns, &(hu_chaisemartin_options){0}, arena, &dcdh));
    assert_int_equal(dcdh->units, 25);
    assert_int_equal(dcdh->n, 1240);
    assert_true(named(dcdh, "ATT")->se > 0);
    named_columns.cluster = NULL;
    CHECK_FAILS(hu_chaisemartin(cases, &named_columns, &(hu_chaisemartin_options){0}, arena, &dcdh), HU_USAGE,
                "--unit");
    named_columns.covariates = (const char *const[]){"minor", NULL};
    CHECK_FAILS(hu_chaisemartin(cases, &named_columns, &(hu_chaisemartin_options){0}, arena, &dcdh), HU_USAGE,
                "covariates");
}

/* Periods may lie any number apart: only event times that there are are visited. */
static void periods_far_apart_are_no_work(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char csv[] = "unit,year,cohort,cluster,y\na,1,2,a,1\na,2,2,a,5\na,1e18,2,a,7\nb,1,2,b,2\nb,2,2,b,4\n"
                              "c,1,,c,0\nc,2,,c,1\nc,1e18,,c,2\nd,1,,d,3\nd,2,,d,6\nd,1e18,,d,7\n";
    hu_table *t;
    hu_regression *dcdh;
    CHECK_OK(hu_csv_parse(csv, strlen(csv), "made", NULL, arena, &t));
    CHECK_OK(hu_chaisemartin(t, &columns, &(hu_chaisemartin_options){0}, arena, &dcdh));
    assert_int_equal(dcdh->n_coefficients, 3);
    check_close(named(dcdh, "event_time=0")->estimate, 1, 1e-12, "as by hand");
    check_close(named(dcdh, "event_time=1e+18")->estimate, 6 - (2 + 4) / 2.0, 1e-12, "far away");
    check_close(named(dcdh, "ATT")->estimate, (2 * 1 + 1 * 3) / 3.0, 1e-12, "weighted by rows");
}

static void nobody_switches(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena);
    hu_column *cohort = hu_table_find(table, "cohort");
    hu_regression *dcdh;
    for (size_t r = 0; r < table->rows; r++)
        cohort->numbers[r] = NAN;
    CHECK_FAILS(hu_chaisemartin(table, &columns, &(hu_chaisemartin_options){0}, arena, &dcdh), HU_EMPTY,
                "column \"cohort\": nobody is treated");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(etwfe_is_imputation_in_a_balanced_panel),
        cmocka_unit_test(two_by_two_by_hand),
        cmocka_unit_test(chaisemartin_is_callaway_santanna_not_yet),
        cmocka_unit_test(placebos_of_one_cohort_are_the_event_study),
        cmocka_unit_test(cases_are_averaged_by_group),
        cmocka_unit_test(periods_far_apart_are_no_work),
        cmocka_unit_test(nobody_switches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
