/* Effects by subgroup: against clubSandwich, a full enumeration by R, and the exact test's own promise. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/trial_groups.h"

static hu_trial_interaction *estimate(hu_table *table, const char *by, bool covariate, bool pairs, bool tests,
                                      hu_arena *arena)
{
    hu_trial_columns columns = {.outcomes = (const char *const[]){"score", NULL},
                                .treatment = "z",
                                .cluster = "district",
                                .strata = pairs ? "pair" : NULL,
                                .covariates = covariate ? (const char *const[]){"base", NULL} : NULL};
    hu_trial_options options = {
        .adjust = covariate ? HU_ANCOVA : HU_UNADJUSTED, .no_permutations = !tests, .permutations = {.draws = 1 << 20}};
    hu_trial_groups *groups = NULL;
    CHECK_OK(hu_trial_by(table, &columns, by, &options, arena, &groups));
    return &groups->outcomes[0];
}

static void interactions_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_counts.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_counts.json"));
    const json_t *runs = json_object_get(root, "runs"), *sex = json_object_get(runs, "by_sex"),
                 *rank = json_object_get(runs, "by_rank");
    hu_trial_interaction *by_sex = estimate(table, "sex", true, false, false, arena);
    check_close(by_sex->difference, oracle_number(sex, "difference"), 1e-8, "difference");
    check_close(by_sex->se, oracle_number(sex, "se"), 1e-8, "its error");
    check_close(by_sex->df2, oracle_number(sex, "df_CR2"), 1e-6, "df");
    check_close(by_sex->p, oracle_number(sex, "p_CR2"), 1e-6, "p");
    check_close(by_sex->wald, oracle_number(sex, "wald"), 1e-8, "F");
    assert_string_equal(by_sex->groups[0].name, "sex=f");
    hu_trial_interaction *by_rank = estimate(table, "rank", false, true, true, arena);
    check_close(by_rank->wald, oracle_number(rank, "wald"), 1e-7, "F of three");
    check_close(by_rank->df1, oracle_number(rank, "df1"), 1e-12, "df1");
    check_close(by_rank->df2, oracle_number(rank, "df2"), 1e-12, "df2");
    check_close(by_rank->p, oracle_number(rank, "p"), 1e-6, "p of three");
    const json_t *exact = json_object_get(runs, "by_rank_exact");
    assert_true(by_rank->fisher->exact && by_rank->fisher->assignments == 1024);
    check_close(by_rank->p_at_estimate, oracle_number(exact, "p_at_estimate"), 1e-12, "exact p");
    assert_true(by_rank->fisher->p >= by_rank->p_at_estimate);
    json_decref(root);
}

/* 8 districts of 8 officers, half of them women; everybody's effect is 3, and a woman's `more` besides. */
static hu_table *small(double more, unsigned mask, hu_arena *arena)
{
    static const char *const names[] = {"score", "z", "district", "sex"};
    hu_random random = hu_random_start(11, 2);
    hu_table *table = hu_table_new(arena, "small.csv", 64);
    double *v[4];
    for (size_t j = 0; j < 4; j++)
        v[j] = hu_table_add_numbers(table, arena, names[j])->numbers;
    for (size_t r = 0; r < 64; r++) {
        v[1][r] = mask >> (r / 8) & 1;
        v[2][r] = (double)(r / 8);
        v[3][r] = (double)(r % 2);
        v[0][r] = sin((double)(r / 8)) + hu_random_normal(&random) + v[1][r] * (3 + more * v[3][r]);
    }
    return table;
}

static void equal_effects_are_rarely_rejected_and_others_often(void **state)
{
    (void)state;
    size_t rejected[2] = {0}, all = 0;
    for (unsigned mask = 0; mask < 256; mask++) {
        if (__builtin_popcount(mask) != 4)
            continue;
        HU_SCRATCH(arena);
        all++;
        for (int more = 0; more < 2; more++) {
            hu_table *table = small(4.0 * more, mask, arena);
            rejected[more] += estimate(table, "sex", false, false, true, arena)->fisher->p <= 0.1;
        }
    }
    assert_int_equal(all, 70);
    assert_true((double)rejected[0] <= 0.1 * 70);
    assert_true((double)rejected[1] > 0.9 * 70);
}

static void groups_without_an_arm_say_so(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = small(0, 0x35, arena);
    double *sex = hu_table_find(table, "sex")->numbers;
    for (size_t r = 0; r < 64; r++)
        sex[r] = r < 8 ? 2 : r < 12 ? NAN : sex[r]; /* district 0 is a group of its own, trained */
    hu_trial_interaction *e = estimate(table, "sex", false, false, false, arena);
    assert_null(e->groups[2].effect);
    assert_non_null(strstr(e->groups[2].note, "expected both arms"));
    assert_true(isnan(e->wald));
    hu_trial_columns columns = {.outcomes = (const char *const[]){"score", NULL}, .treatment = "z"};
    hu_trial_groups *groups;
    for (size_t r = 0; r < 64; r++)
        sex[r] = 1;
    CHECK_FAILS(hu_trial_by(table, &columns, "sex", &(hu_trial_options){0}, arena, &groups), HU_EMPTY, "one value");
    for (size_t r = 0; r < 64; r++)
        sex[r] = (double)r;
    CHECK_FAILS(hu_trial_by(table, &columns, "sex", &(hu_trial_options){0}, arena, &groups), HU_LIMIT, "64 values");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interactions_match_the_peer),
        cmocka_unit_test(equal_effects_are_rarely_rejected_and_others_often),
        cmocka_unit_test(groups_without_an_arm_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
