/* The efficient estimator for randomized rollouts against R's staggered, and Fisher tests over rollouts. */

#include "oracle.h"

#include "huella/base/file.h"
#include "huella/base/random.h"
#include "huella/causal/rollout.h"

static const hu_did_columns own = {.outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort"};

/* "simple_cs" of the peer as options. */
static hu_rollout_options options_of(const char *name)
{
    hu_rollout_options o = {0};
    if (strncmp(name, "cohort", 6) == 0)
        o.estimand = HU_ROLLOUT_COHORT;
    if (strncmp(name, "calendar", 8) == 0)
        o.estimand = HU_ROLLOUT_CALENDAR;
    if (strstr(name, "_cs") || strstr(name, "_sa"))
        o.beta = HU_BETA_DID;
    o.last_control = strstr(name, "_sa") != NULL;
    return o;
}

static hu_rollout_result *fit(const hu_table *table, const hu_did_columns *columns, hu_rollout_options o,
                              hu_arena *arena)
{
    hu_rollout_result *result = NULL;
    CHECK_OK(hu_rollout(table, columns, &o, arena, &result));
    return result;
}

static void check_run(const hu_table *table, const hu_did_columns *columns, const char *name, const json_t *run)
{
    HU_SCRATCH(arena);
    const hu_rollout_estimate *e = fit(table, columns, options_of(name), arena)->estimates;
    check_close(e->effect.estimate, oracle_number(run, "estimate"), 1e-8, name);
    check_close(e->effect.se, oracle_number(run, "se"), 1e-6, name);
    check_close(e->se_neyman, oracle_number(run, "se_neyman"), 1e-6, name);
}

static void own_panel_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_panel_staggered.json")), *run;
    const char *name;
    json_object_foreach(root, name, run)
        check_run(table, &own, name, run);
    assert_int_equal(json_object_size(root), 5);
    json_decref(root);
}

/* 7,785 officers in 48 cohorts over 72 months; unpacked by gzip. */
static hu_table *officers(hu_arena *arena)
{
    const char *path = check_shared(arena, "oracles/pj_officer_level_balanced.csv.gz");
    char copy[] = "/tmp/huella-rollout-XXXXXX";
    if (!path || close(mkstemp(copy)) != 0)
        return NULL;
    bool unpacked = system(hu_printf(arena, "gzip -dc '%s' > '%s'", path, copy)) == 0;
    hu_table *table = unpacked ? oracle_table(arena, copy) : NULL;
    unlink(copy);
    return table;
}

static const hu_did_columns of_officers = {
    .outcome = "complaints", .unit = "uid", .time = "period", .cohort = "first_trained"};

static void officers_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = officers(arena);
    if (!table)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/pj_staggered.json")), *run;
    const char *name;
    size_t runs = 0;
    json_object_foreach(root, name, run) {
        if (json_is_array(run)) {
            check_run(table, &of_officers, name, json_array_get(run, 0));
            runs++;
        }
    }
    assert_int_equal(runs, 9);
    json_decref(root);
    /* Two samples of 500 permutations: the peer's p and ours differ by chance only (four errors of a difference). */
    root = oracle_json(check_shared(arena, "oracles/pj_staggered_fisher.json"));
    hu_rollout_options o = {.permute = true, .permutations.draws = 500};
    hu_fisher f = fit(table, &of_officers, o, arena)->estimates[0].fisher;
    assert_int_equal(f.assignments, 500);
    assert_false(f.exact);
    assert_true(fabs(f.p - oracle_number(json_array_get(root, 0), "fisher_pval_se_neyman")) < 4 * 1.41 * 0.0215);
    json_decref(root);
}

/* Twelve units, six periods; `size[g]` units in the cohorts 3, 4, 5 and never, dealt out at random. */
enum { UNITS = 12, PERIODS = 6 };
static const double cohorts[] = {3, 4, 5, 0};

static hu_table *small_panel(uint64_t seed, const size_t size[4], size_t units, hu_arena *arena)
{
    hu_random random = hu_random_start(seed, 5);
    size_t order[UNITS], cohort_of[UNITS], at = 0;
    for (size_t u = 0; u < units; u++)
        order[u] = u;
    hu_random_shuffle(&random, order, units);
    for (size_t g = 0; g < 4; g++)
        for (size_t k = 0; k < size[g]; k++)
            cohort_of[order[at++]] = g;
    assert_int_equal(at, units);
    static const char *const names[] = {"unit", "year", "cohort", "y", "half"};
    hu_table *table = hu_table_new(arena, "small", units * PERIODS);
    for (size_t c = 0; c < 5; c++)
        hu_table_add_numbers(table, arena, names[c]);
    for (size_t u = 0, n = 0; u < units; u++) {
        double level = hu_random_normal(&random);
        for (size_t t = 1; t <= PERIODS; t++, n++) {
            double g = cohorts[cohort_of[u]], effect = g > 0 && (double)t >= g ? 1.5 : 0;
            const double row[] = {(double)u, (double)t, g, level + effect + 0.7 * hu_random_normal(&random),
                                  (double)(u % 2)};
            for (size_t c = 0; c < 5; c++)
                table->columns[c].numbers[n] = row[c];
        }
    }
    return table;
}

static double *column(hu_table *table, const char *name)
{
    return hu_table_find(table, name)->numbers;
}

/* The statistic when the cohorts of units are exchanged, computed from the start. */
static double recomputed(hu_table *table, const uint32_t *label, size_t units, hu_rollout_options o)
{
    HU_SCRATCH(arena);
    o.permute = false;
    for (size_t u = 0; u < units; u++)
        for (size_t t = 0; t < PERIODS; t++)
            column(table, "cohort")[u * PERIODS + t] = cohorts[label[u]];
    const hu_rollout_estimate *e = fit(table, &own, o, arena)->estimates;
    return e->effect.estimate / e->se_neyman;
}

/* With beta 1 each average is Callaway & Sant'Anna's against those not treated yet, computed by another way. */
static void did_variants_are_callaway_santanna(void **state)
{
    (void)state;
    static const size_t size[] = {3, 2, 4, 3};
    HU_SCRATCH(arena);
    hu_table *table = small_panel(9, size, UNITS, arena);
    hu_did_result *did = NULL;
    CHECK_OK(hu_did(table, &own, &(hu_did_options){.control = HU_NOT_YET_TREATED}, arena, &did));
    const double overall[] = {did->simple.overall.estimate, did->group.overall.estimate,
                              did->calendar.overall.estimate};
    for (int estimand = HU_ROLLOUT_SIMPLE; estimand <= HU_ROLLOUT_CALENDAR; estimand++) {
        hu_rollout_options o = {.beta = HU_BETA_DID, .estimand = (hu_rollout_estimand)estimand};
        check_close(fit(table, &own, o, arena)->estimates->effect.estimate, overall[estimand], 1e-10, "overall");
    }
    hu_rollout_options o = {.beta = HU_BETA_DID, .estimand = HU_ROLLOUT_EVENTSTUDY};
    hu_rollout_result *study = fit(table, &own, o, arena);
    assert_int_equal(study->n_estimates, 4);
    for (size_t k = 0, found = 0; k < did->dynamic.n_cells; k++)
        if (did->dynamic.cells[k].at >= 0) {
            assert_true(study->estimates[found].at == did->dynamic.cells[k].at);
            check_close(study->estimates[found++].effect.estimate, did->dynamic.cells[k].effect.estimate, 1e-10,
                        "event time");
        }
    o.event_given = true;
    o.event_from = -2;
    o.event_to = -1;
    study = fit(table, &own, o, arena);
    assert_int_equal(study->n_estimates, 2);
    assert_true(study->estimates[1].reference && study->estimates[1].effect.estimate == 0);
    o.event_from = o.event_to = 17;
    CHECK_FAILS(hu_rollout(table, &own, &o, arena, &study), HU_EMPTY, "event times 17 to 17");
}

/* Every rollout of seven units, one by one through the estimator itself, gives the p of the test. */
static void permutations_are_honest(void **state)
{
    (void)state;
    static const size_t size[] = {2, 0, 2, 3};
    enum { N = 7, ROLLOUTS = 210 };
    for (int kind = 0; kind < 6; kind++) {
        HU_SCRATCH(arena);
        hu_table *table = small_panel((uint64_t)kind, size, N, arena);
        hu_rollout_options o = {.permute = true,
                                .permutations.exact = true,
                                .beta = kind % 2 ? HU_BETA_DID : HU_BETA_EFFICIENT,
                                .estimand = kind % 3 ? HU_ROLLOUT_SIMPLE : HU_ROLLOUT_CALENDAR};
        hu_rollout_result *result = fit(table, &own, o, arena);
        hu_fisher f = result->estimates[0].fisher;
        assert_int_equal(f.assignments, ROLLOUTS);
        uint32_t label[N];
        for (size_t u = 0; u < N; u++) {
            double g = column(table, "cohort")[u * PERIODS];
            label[u] = g == 3 ? 0 : g == 5 ? 2 : 3;
        }
        hu_assignments *all;
        CHECK_OK(hu_assignments_plan(&(hu_assignment_design){N, label, NULL}, &o.permutations, arena, &all));
        double observed = recomputed(table, label, N, o);
        check_close(f.observed, observed, 1e-9, "statistic");
        size_t extreme = 0;
        for (size_t part = 0; part < all->parts; part++) {
            hu_walk *walk = hu_walk_start(all, part, arena);
            while (hu_walk_next(walk)) {
                double t = recomputed(table, walk->label, N, o);
                check_close(result->draws[walk->index], t, 1e-8, "draw");
                extreme += fabs(t) >= fabs(observed) * (1 - 1e-9);
            }
        }
        check_close(f.p, (double)extreme / ROLLOUTS, 1e-12, "p");
    }
}

/* Inside the set an effect is not rejected when it is taken out of the outcomes, outside it is. */
static void confidence_set_inverts_the_test(void **state)
{
    (void)state;
    static const size_t size[] = {3, 2, 2, 3};
    for (int efficient = 0; efficient < 2; efficient++) {
        HU_SCRATCH(arena);
        hu_table *table = small_panel(8, size, 10, arena);
        hu_rollout_options o = {
            .permute = true, .permutations.exact = true, .beta = efficient ? HU_BETA_EFFICIENT : HU_BETA_DID};
        hu_fisher f = fit(table, &own, o, arena)->estimates[0].fisher;
        assert_int_equal(f.assignments, 25200);
        assert_true(f.lower < 1.5 && 1.5 < f.upper);
        const double effects[] = {f.lower + 1e-6, f.upper - 1e-6, f.lower - 1e-6, f.upper + 1e-6};
        double *y = column(table, "y"), before = 0;
        for (int e = 0; e < 4; e++) {
            for (size_t i = 0; i < table->rows; i++) {
                double g = column(table, "cohort")[i];
                y[i] -= g > 0 && column(table, "year")[i] >= g ? effects[e] - before : 0;
            }
            before = effects[e];
            double p = fit(table, &own, o, arena)->estimates[0].fisher.p;
            assert_true(e < 2 ? p > 0.05 : p <= 0.05);
        }
    }
}

/* Period effects never matter, unit effects do not matter to differences; the efficient error is the least. */
static void what_must_not_matter(void **state)
{
    (void)state;
    static const size_t size[] = {3, 3, 3, 3};
    HU_SCRATCH(arena);
    hu_table *table = small_panel(2, size, UNITS, arena);
    hu_rollout_estimate *did = fit(table, &own, (hu_rollout_options){.beta = HU_BETA_DID}, arena)->estimates;
    hu_rollout_estimate *best = fit(table, &own, (hu_rollout_options){0}, arena)->estimates;
    for (double beta = -1; beta < 2; beta += 0.25) {
        hu_rollout_options o = {.beta = HU_BETA_NUMBER, .beta_number = beta};
        assert_true(fit(table, &own, o, arena)->estimates->se_neyman >= best->se_neyman * (1 - 1e-12));
    }
    double *y = column(table, "y");
    for (size_t i = 0; i < table->rows; i++)
        y[i] += 3 * pow(column(table, "year")[i], 2);
    check_close(fit(table, &own, (hu_rollout_options){0}, arena)->estimates->effect.estimate, best->effect.estimate,
                1e-10, "period effects");
    for (size_t i = 0; i < table->rows; i++)
        y[i] += 10 * sin(column(table, "unit")[i]);
    check_close(fit(table, &own, (hu_rollout_options){.beta = HU_BETA_DID}, arena)->estimates->effect.estimate,
                did->effect.estimate, 1e-10, "unit effects");
}

/* With cohorts of one unit each but one, variances are the largest that the other cohort shows: by hand. */
static void single_units_borrow_a_variance(void **state)
{
    (void)state;
    static const size_t size[] = {1, 0, 0, 5};
    HU_SCRATCH(arena);
    hu_table *table = small_panel(6, size, 6, arena);
    hu_rollout_options o = {.beta = HU_BETA_NUMBER, .estimand = HU_ROLLOUT_EVENTSTUDY, .permute = true};
    hu_rollout_result *result = fit(table, &own, o, arena);
    assert_int_equal(result->n_estimates, 4);
    const hu_rollout_estimate *e = &result->estimates[0];
    double never[5], treated = NAN, mean = 0, variance = 0;
    size_t n = 0;
    for (size_t i = 0; i < table->rows; i++) {
        if (column(table, "year")[i] != 3)
            continue;
        if (column(table, "cohort")[i] == 3)
            treated = column(table, "y")[i];
        else
            never[n++] = column(table, "y")[i];
    }
    for (size_t i = 0; i < 5; i++)
        mean += never[i] / 5;
    for (size_t i = 0; i < 5; i++)
        variance += pow(never[i] - mean, 2) / 4;
    check_close(e->effect.estimate, treated - mean, 1e-12, "difference in means");
    check_close(e->se_neyman, sqrt(variance / 5 + variance), 1e-12, "error");
    assert_int_equal(e->fisher.assignments, 6);
    assert_int_equal(result->joint.assignments, 6);
    assert_true(result->joint.p >= 1.0 / 6 - 1e-12);
    assert_int_equal(result->n_warnings, 2); /* one unit; six assignments: the five others are more than two periods */
    static const size_t alone[] = {1, 1, 1, 0};
    table = small_panel(6, alone, 3, arena);
    CHECK_FAILS(hu_rollout(table, &own, &(hu_rollout_options){0}, arena, &result), HU_SINGULAR, "--beta did");
    result = fit(table, &own, (hu_rollout_options){.beta = HU_BETA_DID, .permute = true}, arena);
    assert_true(isnan(result->estimates->se_neyman));
    assert_int_equal(result->estimates->fisher.assignments, 6);
}

/* Three rows like each unit, as a cluster: means and totals are the unit's own numbers. */
static void clusters_stand_for_their_rows(void **state)
{
    (void)state;
    static const size_t size[] = {3, 3, 3, 3};
    HU_SCRATCH(arena);
    hu_table *table = small_panel(4, size, UNITS, arena), *rows = hu_table_new(arena, "rows", 3 * table->rows);
    for (size_t c = 0; c < 4; c++) {
        hu_column *to = hu_table_add_numbers(rows, arena, table->columns[c].name);
        for (size_t i = 0; i < rows->rows; i++)
            to->numbers[i] = table->columns[c].numbers[i / 3] + (c == 3 ? (double)(i % 3) - 1 : 0);
    }
    hu_did_columns columns = own;
    columns.cluster = columns.unit;
    columns.unit = NULL;
    hu_rollout_estimate *unit = fit(table, &own, (hu_rollout_options){0}, arena)->estimates;
    for (int totals = 0; totals < 2; totals++) {
        hu_rollout_result *r = fit(rows, &columns, (hu_rollout_options){.totals = totals}, arena);
        assert_int_equal(r->n, 3 * table->rows);
        check_close(r->estimates->effect.estimate, unit->effect.estimate, 1e-10, "estimate");
        check_close(r->estimates->se_neyman, unit->se_neyman, 1e-9, "error");
        assert_true(isnan(r->estimates->effect.se)); /* three units, two periods before: the refinement leaves none */
    }
    column(rows, "cohort")[1] = column(rows, "cohort")[0] == 4 ? 5 : 4;
    hu_rollout_result *r;
    CHECK_FAILS(hu_rollout(rows, &columns, &(hu_rollout_options){0}, arena, &r), HU_BAD_INPUT, "one cluster");
}

/* Only when, not who; within strata: as many rollouts as there are. */
static void the_draw_that_was_made(void **state)
{
    (void)state;
    static const size_t size[] = {2, 2, 2, 4};
    HU_SCRATCH(arena);
    hu_table *table = small_panel(4, size, 10, arena);
    hu_rollout_options o = {.permute = true, .treated_only = true};
    assert_int_equal(fit(table, &own, o, arena)->estimates->fisher.assignments, 90);
    o = (hu_rollout_options){.permute = true};
    hu_rollout_result *few = fit(table, &own, o, arena);
    assert_int_equal(few->estimates->fisher.assignments, 18900);
    assert_non_null(strstr(few->warnings[0], "3 cohorts have hardly more units")); /* of two units, two periods */
    o.threads = 1;
    double p = fit(table, &own, o, arena)->estimates->fisher.p;
    o.threads = 2;
    assert_true(p == fit(table, &own, o, arena)->estimates->fisher.p);
    o.strata = "half";
    assert_true(fit(table, &own, o, arena)->estimates->fisher.assignments < 18900);
    o.permutations = (hu_assignment_options){.exact = true, .limit = 10};
    hu_rollout_result *r;
    CHECK_FAILS(hu_rollout(table, &own, &o, arena, &r), HU_LIMIT, "possible assignments");
    o.strata = "hal";
    CHECK_FAILS(hu_rollout(table, &own, &o, arena, &r), HU_NOT_FOUND, "half");
    for (size_t i = 0; i < table->rows; i++)
        column(table, "cohort")[i] = 4;
    CHECK_FAILS(hu_rollout(table, &own, &o, arena, &r), HU_NO_CONTROLS, "same period");
}

/* Sums of equal numbers differ by rounding only: that is no variance to divide by. */
static void outcomes_that_do_not_vary(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    double *y = hu_table_find(table, "y")->numbers;
    const double *year = hu_table_find(table, "year")->numbers;
    hu_rollout_result *result = NULL;
    hu_rollout_options efficient = {0}, did = {.beta = HU_BETA_DID};
    hu_column *cohort = hu_table_find(table, "cohort");
    for (size_t r = 0; r < table->rows; r++) {
        cohort->numbers[r] = cohort->numbers[r] == 2021 ? 2021 : 0;
        y[r] = year[r] < 2021 ? 3.7 : y[r];
    }
    CHECK_FAILS(hu_rollout(table, &own, &efficient, arena, &result), HU_SINGULAR, "does not vary before treatment");
    for (size_t r = 0; r < table->rows; r++)
        y[r] = 3.7;
    CHECK_FAILS(hu_rollout(table, &own, &efficient, arena, &result), HU_SINGULAR, "does not vary before treatment");
    const hu_rollout_estimate *e = fit(table, &own, did, arena)->estimates;
    check_close(e->effect.estimate, 0, 1e-12, "no effect");
    assert_true(isnan(e->effect.se) && isnan(e->se_neyman) && isnan(e->effect.p) && isnan(e->effect.lower));
}

/* C(24, 12) assignments times 59 event times would fill more than a GB: said before it is tried. */
static void more_statistics_than_memory(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { LARGE_UNITS = 24, LARGE_PERIODS = 60 };
    hu_table *table = hu_table_new(arena, "large", LARGE_UNITS * LARGE_PERIODS);
    static const char *const names[] = {"unit", "year", "cohort", "y"};
    for (size_t c = 0; c < 4; c++) {
        double *to = hu_table_add_numbers(table, arena, names[c])->numbers;
        for (size_t i = 0; i < table->rows; i++) {
            size_t unit = i / LARGE_PERIODS, period = i % LARGE_PERIODS;
            const double row[] = {(double)unit, (double)period, unit % 2 ? 2 : 0, sin((double)(i * i))};
            to[i] = row[c];
        }
    }
    hu_rollout_result *result;
    hu_rollout_options o = {.estimand = HU_ROLLOUT_EVENTSTUDY, .permute = true, .permutations = {.exact = true}};
    CHECK_FAILS(hu_rollout(table, &own, &o, arena, &result), HU_LIMIT, "58 event times");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(did_variants_are_callaway_santanna),
        cmocka_unit_test(permutations_are_honest),
        cmocka_unit_test(confidence_set_inverts_the_test),
        cmocka_unit_test(what_must_not_matter),
        cmocka_unit_test(single_units_borrow_a_variance),
        cmocka_unit_test(clusters_stand_for_their_rows),
        cmocka_unit_test(the_draw_that_was_made),
        cmocka_unit_test(outcomes_that_do_not_vary),
        cmocka_unit_test(more_statistics_than_memory),
        cmocka_unit_test(own_panel_matches_the_peer),
        cmocka_unit_test(officers_match_the_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
