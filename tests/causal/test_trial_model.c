/* Ratios of rates and odds: against R's glm with sandwich and clubSandwich, and against a full enumeration. */

#include "oracle.h"

#include "huella/causal/trial_model.h"

typedef struct fixture {
    hu_table *table;
    json_t *runs, *root;
} fixture;

static fixture load(hu_arena *arena)
{
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_counts.json"));
    return (fixture){oracle_table(arena, check_source(arena, "tests/oracles/own_counts.csv")),
                     json_object_get(root, "runs"), root};
}

typedef struct kind {
    const char *run;
    hu_trial_family family;
    bool covariate, pairs;
} kind;

static const kind kinds[] = {{"poisson", HU_TRIAL_POISSON, false, false},
                             {"poisson_pairs", HU_TRIAL_POISSON, true, true},
                             {"negbin", HU_TRIAL_NEGBIN, true, false},
                             {"logit", HU_TRIAL_LOGIT, true, false}};

static hu_trial_ratio *estimate(const fixture *f, const kind *k, hu_trial_options options, hu_arena *arena)
{
    hu_trial_columns columns = {.outcomes = k->family == HU_TRIAL_LOGIT ? (const char *const[]){"found", NULL}
                                                                        : (const char *const[]){"cases", NULL},
                                .treatment = "z",
                                .cluster = "district",
                                .strata = k->pairs ? "pair" : NULL,
                                .covariates = k->covariate ? (const char *const[]){"base", NULL} : NULL};
    hu_trial_ratios *ratios = NULL;
    options.adjust = k->covariate ? HU_ANCOVA : HU_UNADJUSTED;
    CHECK_OK(hu_trial_model(f->table, &columns, k->family == HU_TRIAL_LOGIT ? NULL : "months", k->family, &options,
                            arena, &ratios));
    return &ratios->effects[0];
}

static void fits_match_the_peer(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        hu_trial_se se;
    } errors[] = {
        {"se_CR0", HU_TRIAL_CR0}, {"se_CR2_scaled", HU_TRIAL_CR2}, {"se_HC2", HU_TRIAL_HC2}, {"se_HC3", HU_TRIAL_HC3}};
    HU_SCRATCH(arena);
    fixture f = load(arena);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const json_t *run = json_object_get(f.runs, kinds[i].run);
        for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
            hu_trial_options options = {.no_permutations = true, .se = errors[e].se};
            hu_trial_ratio *r = estimate(&f, &kinds[i], options, arena);
            check_close(r->log_ratio, oracle_number(run, "coefficient"), 1e-7, kinds[i].run);
            check_close(r->se, oracle_number(run, errors[e].key), 1e-6, errors[e].key);
            if (errors[e].se != HU_TRIAL_CR2)
                continue;
            /* clubSandwich takes the symmetric root of the variance of the outcome, we that of Pearson's residuals:
             * both are unbiased under the model, and nearly the same */
            check_close(r->se, oracle_number(run, "se_CR2"), 0.05, "the peer's CR2");
            check_close(r->df, oracle_number(run, "df_CR2_scaled"), 1e-6, "df");
            check_close(r->p, oracle_number(run, "p_CR2_scaled"), 1e-6, "p");
            if (kinds[i].family == HU_TRIAL_LOGIT) {
                check_close(r->marginal, oracle_number(run, "marginal"), 1e-7, "marginal effect");
                check_close(r->marginal_se, oracle_number(run, "marginal_se_CR2"), 1e-6, "its error");
            }
            check_close(r->dispersion, oracle_number(run, kinds[i].family == HU_TRIAL_NEGBIN ? "alpha" : "pearson"),
                        1e-6, "dispersion");
        }
    }
    json_decref(f.root);
}

static void the_exact_test_matches_a_full_enumeration(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = load(arena);
    const json_t *run = json_object_get(f.runs, "mantel_haenszel");
    hu_trial_options options = {.permutations = {.exact = true}};
    hu_fisher *fisher = estimate(&f, &kinds[1], options, arena)->fisher;
    assert_true(fisher->exact && fisher->assignments == 1024);
    check_close(fisher->observed, oracle_number(run, "ratio"), 1e-10, "ratio");
    check_close(fisher->p, oracle_number(run, "p"), 1e-12, "p");
    for (size_t i = 0; i < 5; i++) { /* a ratio is in the set exactly when it is not rejected */
        double at = json_number_value(json_array_get(json_object_get(run, "at"), i));
        double p = json_number_value(json_array_get(json_object_get(run, "p_at"), i));
        assert_int_equal(p > 0.05, at > fisher->lower && at < fisher->upper);
    }
    options.threads = 2;
    hu_fisher *two = estimate(&f, &kinds[1], options, arena)->fisher;
    assert_true(two->p == fisher->p && two->lower == fisher->lower && two->upper == fisher->upper);
    json_decref(f.root);
}

/* Without covariates and strata the fitted ratio is that of the arms' rates, and Mantel and Haenszel's is the same. */
static void a_ratio_is_one_of_rates(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = load(arena);
    hu_trial_ratio *r = estimate(&f, &kinds[0], (hu_trial_options){.permutations = {.draws = 200}}, arena);
    check_close(r->ratio, r->rate[1] / r->rate[0], 1e-9, "ratio");
    check_close(r->fisher->observed, r->ratio, 1e-9, "its test's");
    assert_false(r->fisher->exact);
    json_decref(f.root);
}

static void what_has_no_ratio_says_so(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = load(arena);
    double *cases = hu_table_find(f.table, "cases")->numbers;
    const double *z = hu_table_find(f.table, "z")->numbers, *pair = hu_table_find(f.table, "pair")->numbers;
    hu_trial_options options = {.no_permutations = true};
    size_t empty = 0;
    for (size_t r = 0; r < f.table->rows; r++)
        if (pair[r] == 3)
            cases[r] = 0, empty++;
    hu_trial_ratio *r = estimate(&f, &kinds[1], options, arena);
    assert_int_equal(r->uninformative, empty);
    assert_true(isfinite(r->ratio) && r->n + empty == f.table->rows);
    for (size_t i = 0; i < f.table->rows; i++)
        cases[i] = z[i] ? 0 : cases[i];
    r = estimate(&f, &kinds[0], options, arena);
    assert_true(isnan(r->ratio));
    check_close(r->rate[1], 0, 0, "rate");
    assert_non_null(strstr(r->note, "no event in treatment"));
    hu_trial_columns columns = {.outcomes = (const char *const[]){"cases", NULL}, .treatment = "z"};
    hu_trial_ratios *ratios;
    CHECK_FAILS(hu_trial_model(f.table, &columns, NULL, HU_TRIAL_LOGIT, &options, arena, &ratios), HU_BAD_INPUT,
                "is not 0 or 1");
    cases[4] = -1;
    CHECK_FAILS(hu_trial_model(f.table, &columns, NULL, HU_TRIAL_POISSON, &options, arena, &ratios), HU_BAD_INPUT,
                "own_counts.csv:6: column \"cases\": -1 is no count");
    options.adjust = HU_LIN;
    CHECK_FAILS(hu_trial_model(f.table, &columns, NULL, HU_TRIAL_POISSON, &options, arena, &ratios), HU_USAGE, "Lin");
    json_decref(f.root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_match_the_peer),
        cmocka_unit_test(the_exact_test_matches_a_full_enumeration),
        cmocka_unit_test(a_ratio_is_one_of_rates),
        cmocka_unit_test(what_has_no_ratio_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
