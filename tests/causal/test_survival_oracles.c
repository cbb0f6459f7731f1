/* Durations against R's survival 3.5 and cmprsk 2.2: estimates within 1e-8, errors and statistics within 1e-6. */

#include "oracle.h"

#include "huella/causal/survival.h"

static hu_survival *durations(hu_arena *arena, const char *path, const hu_survival_columns *columns, hu_event_rule rule)
{
    hu_survival *data = NULL;
    CHECK_OK(hu_survival_read(oracle_table(arena, path), columns, rule, 0, arena, &data));
    return data;
}

#define COVARIATES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A coxph fit: coefficients in order, naive and robust errors, z and p by the reported one, log likelihoods. */
static void check_fit(const hu_cox_result *r, const json_t *run)
{
    const json_t *row, *loglik = json_object_get(run, "loglik"), *rows = json_object_get(run, "coef");
    size_t j;
    assert_int_equal(r->k, json_array_size(rows));
    json_array_foreach(rows, j, row) {
        const hu_hazard_ratio *c = &r->coefficients[j];
        check_close(c->estimate, oracle_number(row, "coef"), 1e-8, c->name);
        check_close(c->se, oracle_number(row, "se(coef)"), 1e-6, c->name);
        if (json_object_get(row, "robust se"))
            check_close(c->se_robust, oracle_number(row, "robust se"), 1e-6, c->name);
        check_close(c->z, oracle_number(row, "z"), 1e-6, c->name);
        check_close(c->p, oracle_number(row, "Pr(>|z|)"), 1e-6, c->name);
    }
    check_close(r->loglik[0], json_number_value(json_array_get(loglik, 0)), 1e-8, "log likelihood of the null model");
    check_close(r->loglik[1], json_number_value(json_array_get(loglik, 1)), 1e-8, "log likelihood");
    if (json_object_get(run, "score"))
        check_close(r->score.statistic, oracle_number(run, "score"), 1e-6, "score test");
    assert_int_equal(r->events, (int)oracle_number(run, "nevent"));
}

static hu_cox_result *cox(hu_arena *arena, const char *path, hu_survival_columns columns, hu_ties ties)
{
    hu_cox_options options = {.ties = ties};
    hu_cox_result *result = NULL;
    CHECK_OK(hu_cox(durations(arena, path, &columns, HU_ONE_EVENT), &options, arena, &result));
    return result;
}

static const hu_survival_columns lung = {.stop = "time", .event = "status"};

static void lung_cox_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/lung.csv");
    if (!path)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/lung_survival.json"));
    hu_survival_columns c = lung;
    c.covariates = COVARIATES("age", "sex", "ph.ecog");
    check_fit(cox(arena, path, c, HU_EFRON), json_object_get(root, "cox_efron"));
    check_fit(cox(arena, path, c, HU_BRESLOW), json_object_get(root, "cox_breslow"));
    c.covariates = COVARIATES("age", "sex");
    c.cluster = "inst";
    check_fit(cox(arena, path, c, HU_EFRON), json_object_get(root, "cox_cluster_inst"));
    c = lung;
    c.covariates = COVARIATES("age");
    c.strata = "sex";
    check_fit(cox(arena, path, c, HU_EFRON), json_object_get(root, "cox_strata"));
    json_decref(root);
}

static void lung_proportional_hazards_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/lung.csv");
    if (!path)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/lung_survival.json")), *row;
    hu_survival_columns c = lung;
    c.covariates = COVARIATES("age", "sex", "ph.ecog");
    hu_cox_result *result = cox(arena, path, c, HU_EFRON);
    size_t j;
    json_array_foreach(json_object_get(root, "zph"), j, row) {
        const hu_test *test = &result->proportional[j];
        assert_string_equal(test->name, json_string_value(json_object_get(row, "_row")));
        check_close(test->statistic, oracle_number(row, "chisq"), 1e-6, test->name);
        check_close(test->p, oracle_number(row, "p"), 1e-6, test->name);
        assert_int_equal(test->df, (int)oracle_number(row, "df"));
    }
    json_decref(root);
}

/* survfit() gives the error of log S: ours is of S. */
static void lung_curves_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/lung.csv");
    if (!path)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/lung_survival.json")), *row;
    hu_survival_columns c = lung;
    c.strata = "sex";
    hu_survival *data = durations(arena, path, &c, HU_ONE_EVENT);
    hu_curves *curves = NULL;
    CHECK_OK(hu_kaplan_meier(data, HU_SURVIVAL_CURVE, 0, arena, &curves));
    size_t i;
    assert_int_equal(curves->n, json_array_size(json_object_get(root, "km")));
    json_array_foreach(json_object_get(root, "km"), i, row) {
        const hu_curve_point *p = &curves->points[i];
        assert_string_equal(data->label[p->stratum], json_string_value(json_object_get(row, "stratum")));
        check_close(p->time, oracle_number(row, "time"), 0, "time");
        check_close(p->at_risk, oracle_number(row, "n.risk"), 0, "at risk");
        check_close(p->events, oracle_number(row, "n.event"), 0, "events");
        check_close(p->estimate, oracle_number(row, "surv"), 1e-8, "S");
        check_close(p->se / p->estimate, oracle_number(row, "std.err"), 1e-6, "error of log S");
        check_close(p->lower, oracle_number(row, "lower"), 1e-6, "lower");
        check_close(p->upper, oracle_number(row, "upper"), 1e-6, "upper");
    }
    json_decref(root);
}

static double item(const json_t *array, size_t i)
{
    return json_number_value(json_array_get(array, i));
}

static void lung_comparisons_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/lung.csv");
    if (!path)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/lung_survival.json"));
    hu_survival_columns c = lung;
    c.strata = "sex";
    hu_survival *data = durations(arena, path, &c, HU_ONE_EVENT);
    hu_logrank test;
    CHECK_OK(hu_logrank_test(data, arena, &test));
    json_t *expected = json_object_get(root, "logrank");
    check_close(test.statistic, oracle_number(expected, "chisq"), 1e-6, "log-rank");
    assert_int_equal(test.df, 1);
    hu_rmst *rmst = NULL;
    CHECK_OK(hu_restricted_mean(data, 365, 0, arena, &rmst));
    json_t *means = json_object_get(root, "rmst365");
    for (size_t s = 0; s < 2; s++) {
        check_close(test.observed[s], item(json_object_get(expected, "obs"), s), 1e-8, "observed");
        check_close(test.expected[s], item(json_object_get(expected, "exp"), s), 1e-8, "expected");
        check_close(rmst->mean[s].estimate, item(json_object_get(means, "rmean"), s), 1e-8, "restricted mean");
        check_close(rmst->mean[s].se, item(json_object_get(means, "se(rmean)"), s), 1e-6, "its error");
    }
    json_decref(root);
}

static void heart_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/heart.csv");
    if (!path)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/heart_survival.json"));
    hu_survival_columns c = {.start = "start",
                             .stop = "stop",
                             .event = "event",
                             .cluster = "id",
                             .covariates = COVARIATES("age", "year", "surgery", "transplant")};
    check_fit(cox(arena, path, c, HU_EFRON), json_object_get(root, "cox_tv"));
    json_decref(root);
}

static void own_cases_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_source(arena, "tests/oracles/own_cases_counting.csv");
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_cases.json"));
    hu_survival_columns c = {.start = "tstart",
                             .stop = "tstop",
                             .event = "ev",
                             .cluster = "region",
                             .covariates = COVARIATES("tr", "minor")};
    check_fit(cox(arena, path, c, HU_BRESLOW),
              json_object_get(root, "cox_tv_nostrata")); /* that run has Breslow's ties */
    c.strata = "region";
    check_fit(cox(arena, path, c, HU_EFRON), json_object_get(root, "cox_tv"));
    json_decref(root);
}

static const hu_curve_point *at(const hu_curves *curves, size_t stratum, size_t cause, double time)
{
    const hu_curve_point *found = NULL;
    for (size_t i = 0; i < curves->n; i++) {
        const hu_curve_point *p = &curves->points[i];
        if (p->stratum == stratum && p->cause == cause && p->time <= time)
            found = p;
    }
    assert_non_null(found);
    return found;
}

static void incidences_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/mgus2.csv");
    if (!path)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/mgus2_competing.json")), *row;
    hu_survival_columns c = {.stop = "etime", .event = "ev", .strata = "sex"};
    hu_survival *data = durations(arena, path, &c, HU_ALL_CAUSES);
    hu_curves *curves = NULL;
    CHECK_OK(hu_aalen_johansen(data, 0, arena, &curves));
    size_t i;
    json_array_foreach(json_object_get(root, "aalen_johansen"), i, row) {
        size_t s = strcmp(json_string_value(json_object_get(row, "stratum")), "sex=M") == 0;
        for (size_t cause = 0; cause <= 2; cause++) {
            const hu_curve_point *p = at(curves, s, cause, oracle_number(row, "time"));
            check_close(p->estimate, oracle_number(row, hu_printf(arena, "p.%zu", cause + 1)), 1e-8, "incidence");
            check_close(p->se, oracle_number(row, hu_printf(arena, "se.%zu", cause + 1)), 1e-6, "its error");
        }
    }
    json_decref(root);
}

/* Efron: survival::finegray() and coxph(); Breslow: cmprsk::crr(), its variance with the censoring estimated. */
static void fine_gray_matches_both_peers(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/mgus2.csv");
    if (!path)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/mgus2_competing.json"));
    hu_survival_columns c = {.stop = "etime", .event = "ev", .covariates = COVARIATES("age", "sex")};
    hu_survival *data = durations(arena, path, &c, HU_ALL_CAUSES);
    hu_cox_result *result = NULL;
    CHECK_OK(hu_fine_gray(data, &(hu_cox_options){.ties = HU_EFRON}, arena, &result));
    assert_string_equal(result->coefficients[1].name, "sexM");
    check_fit(result, json_object_get(root, "fine_gray"));
    CHECK_OK(hu_fine_gray(data, &(hu_cox_options){.ties = HU_BRESLOW}, arena, &result));
    json_t *crr = json_object_get(root, "crr");
    for (size_t j = 0; j < 2; j++) {
        check_close(result->coefficients[j].estimate, item(json_object_get(crr, "coef"), j), 1e-8, "crr");
        for (size_t l = 0; l < 2; l++)
            check_close(result->variance[j + l * 2], item(json_array_get(json_object_get(crr, "var"), j), l), 1e-6,
                        "crr's variance");
    }
    json_decref(root);
}

/* ---- own cases: what the oracles of others leave out ---- */

/* own_cases_counting.csv with a weight w; `last`: the last row of each case only, with two causes of its end. */
static hu_table *own_cases(hu_arena *arena, bool last)
{
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_cases_counting.csv"));
    double *w = hu_table_add_numbers(table, arena, "w")->numbers;
    double *cause = hu_table_add_numbers(table, arena, "cause")->numbers;
    const double *id = hu_table_find(table, "case")->numbers, *event = hu_table_find(table, "ev")->numbers;
    for (size_t i = 0; i < table->rows; i++) {
        bool later = i + 1 < table->rows && id[i + 1] == id[i];
        w[i] = 1 + fmod(id[i], 3) / 2;
        cause[i] = last && later ? NAN : event[i] * (1 + fmod(id[i], 2)); /* NaN: the row is left out */
    }
    return table;
}

static hu_survival *own(hu_arena *arena, bool last, hu_survival_columns columns, hu_event_rule rule)
{
    hu_survival *data = NULL;
    columns.stop = "tstop";
    CHECK_OK(hu_survival_read(own_cases(arena, last), &columns, rule, 0, arena, &data));
    return data;
}

static void check_zph(const hu_cox_result *result, const json_t *expected)
{
    for (size_t j = 0; j < json_array_size(expected); j++)
        check_close(result->proportional[j].statistic, item(expected, j), 1e-6, result->proportional[j].name);
}

static void own_weights_and_tests_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_cases_survival.json"));
    hu_survival_columns c = {.start = "tstart", .event = "ev", .covariates = COVARIATES("tr", "minor")};
    hu_cox_result *r = NULL;
    CHECK_OK(hu_cox(own(arena, false, c, HU_ONE_EVENT), &(hu_cox_options){.ties = HU_BRESLOW}, arena, &r));
    check_zph(r, json_object_get(root, "zph_breslow"));
    c.strata = "region";
    CHECK_OK(hu_cox(own(arena, false, c, HU_ONE_EVENT), &(hu_cox_options){0}, arena, &r));
    check_zph(r, json_object_get(root, "zph_strata"));
    c.strata = NULL;
    c.weights = "w";
    c.cluster = "case";
    for (int ties = HU_EFRON; ties <= HU_BRESLOW; ties++) {
        CHECK_OK(hu_cox(own(arena, false, c, HU_ONE_EVENT), &(hu_cox_options){.ties = (hu_ties)ties}, arena, &r));
        json_t *run = json_object_get(root, ties == HU_EFRON ? "weighted_efron" : "weighted_breslow");
        for (size_t j = 0; j < 2; j++) {
            check_close(r->coefficients[j].estimate, item(json_object_get(run, "coef"), j), 1e-8, "weighted estimate");
            check_close(r->coefficients[j].se, item(json_object_get(run, "se"), j), 1e-6, "weighted error");
            check_close(r->coefficients[j].se_robust, item(json_object_get(run, "robust"), j), 1e-6, "robust error");
            check_close(r->loglik[j], item(json_object_get(run, "loglik"), j), 1e-8, "log likelihood");
        }
        if (ties == HU_EFRON)
            check_zph(r, json_object_get(root, "zph_weighted"));
    }
    json_decref(root);
}

/* A curve at the times of the file. */
static void check_curve(const hu_curves *curves, size_t cause, const json_t *root, const char *run,
                        const char *estimate, const char *se)
{
    const json_t *expected = json_object_get(root, run), *times = json_object_get(root, "times");
    for (size_t t = 0; t < json_array_size(times); t++) {
        const hu_curve_point *p = at(curves, 0, cause, item(times, t));
        check_close(p->estimate, item(json_object_get(expected, estimate), t), 1e-8, run);
        check_close(p->se, item(json_object_get(expected, se), t), 1e-6, run);
    }
}

static void own_curves_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_cases_survival.json"));
    hu_survival_columns c = {.start = "tstart", .event = "ev"};
    hu_curves *curves = NULL;
    CHECK_OK(hu_kaplan_meier(own(arena, false, c, HU_ONE_EVENT), HU_SURVIVAL_CURVE, 0, arena, &curves));
    check_curve(curves, 0, root, "km_greenwood", "surv", "se");
    CHECK_OK(hu_kaplan_meier(own(arena, false, c, HU_ONE_EVENT), HU_CUMULATIVE_HAZARD, 0, arena, &curves));
    check_curve(curves, 0, root, "hazard", "cumhaz", "se");
    c.cluster = "region";
    CHECK_OK(hu_kaplan_meier(own(arena, false, c, HU_ONE_EVENT), HU_SURVIVAL_CURVE, 0, arena, &curves));
    check_curve(curves, 0, root, "km_clustered", "surv", "se");
    CHECK_OK(hu_kaplan_meier(own(arena, false, c, HU_ONE_EVENT), HU_CUMULATIVE_HAZARD, 0, arena, &curves));
    check_curve(curves, 0, root, "hazard_clustered", "cumhaz", "se");
    c = (hu_survival_columns){.event = "cause", .cluster = "region"};
    CHECK_OK(hu_aalen_johansen(own(arena, true, c, HU_ALL_CAUSES), 0, arena, &curves));
    check_curve(curves, 1, root, "aalen_johansen_clustered", "p1", "se1");
    check_curve(curves, 2, root, "aalen_johansen_clustered", "p2", "se2");
    json_decref(root);
}

static void own_strata_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_cases_survival.json"));
    json_t *run = json_object_get(root, "fine_gray_strata");
    hu_survival_columns c = {
        .event = "cause", .strata = "region", .cluster = "region", .covariates = COVARIATES("minor")};
    hu_cox_result *r = NULL;
    CHECK_OK(hu_fine_gray(own(arena, true, c, HU_ALL_CAUSES), &(hu_cox_options){.cause = 1}, arena, &r));
    check_close(r->coefficients[0].estimate, item(json_object_get(run, "coef"), 0), 1e-8, "Fine-Gray");
    check_close(r->coefficients[0].se_robust, item(json_object_get(run, "robust"), 0), 1e-6, "its error");
    check_close(r->loglik[1], item(json_object_get(run, "loglik"), 1), 1e-8, "its log likelihood");
    c = (hu_survival_columns){.event = "cause", .strata = "minor", .within = "region"};
    hu_logrank test;
    CHECK_OK(hu_logrank_test(own(arena, true, c, HU_ALL_CAUSES), arena, &test));
    check_close(test.statistic, item(json_object_get(root, "logrank_stratified"), 0), 1e-6, "log-rank");
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lung_cox_matches_the_peer),
        cmocka_unit_test(lung_proportional_hazards_match_the_peer),
        cmocka_unit_test(lung_curves_match_the_peer),
        cmocka_unit_test(lung_comparisons_match_the_peer),
        cmocka_unit_test(heart_matches_the_peer),
        cmocka_unit_test(own_cases_match_the_peer),
        cmocka_unit_test(incidences_match_the_peer),
        cmocka_unit_test(fine_gray_matches_both_peers),
        cmocka_unit_test(own_weights_and_tests_match_the_peer),
        cmocka_unit_test(own_curves_match_the_peer),
        cmocka_unit_test(own_strata_match_the_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
