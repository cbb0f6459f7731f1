/* Chains of stages by arm: against counts made by hand, all assignments made anew, and what must hold of any product.
 */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/cascade.h"

enum { DISTRICTS = 8, ROWS = 8 * 25 };

static const char *const chain[] = {"identified", "referred", "convicted", NULL};
static const hu_trial_columns columns = {
    .outcomes = chain, .treatment = "arm", .cluster = "district", .strata = "pair"};

static double *column(const hu_table *table, const char *name)
{
    return hu_table_find(table, name)->numbers;
}

/* Pairs of districts; some convictions are not known yet. */
static hu_table *persons(hu_arena *arena)
{
    static const char *const names[] = {"district", "pair", "arm", "identified", "referred", "convicted"};
    hu_table *table = hu_table_new(arena, "persons.csv", ROWS);
    for (size_t c = 0; c < sizeof names / sizeof *names; c++)
        hu_table_add_numbers(table, arena, names[c]);
    hu_random random = hu_random_start(8, 1);
    for (size_t i = 0; i < ROWS; i++) {
        size_t district = i % DISTRICTS;
        double arm = (double)((district + district / 2) % 2);
        bool first = hu_random_uniform(&random) < 0.6 + 0.1 * arm, second = hu_random_uniform(&random) < 0.5;
        double last = hu_random_uniform(&random) < 0.2 ? NAN : hu_random_uniform(&random) < 0.4 + 0.2 * arm;
        column(table, "district")[i] = (double)district;
        column(table, "pair")[i] = (double)(district / 2);
        column(table, "arm")[i] = arm;
        column(table, "identified")[i] = first;
        column(table, "referred")[i] = first ? second : NAN;
        column(table, "convicted")[i] = first && second ? last : NAN;
    }
    table->first_line = 2;
    return table;
}

/* Shares of the rows of an arm, `arms[district]`, without those of one pair. */
static void by_hand(const hu_table *table, const int *arms, int arm, int without, double conditional[3], double all[3])
{
    double before = 1;
    for (size_t k = 0; k < 3; k++) {
        double known = 0, reached = 0;
        for (size_t i = 0; i < table->rows; i++) {
            double y = column(table, chain[k])[i];
            if (arms[(int)column(table, "district")[i]] != arm || column(table, "pair")[i] == without || isnan(y) ||
                (k && column(table, chain[k - 1])[i] != 1))
                continue;
            known++;
            reached += y;
        }
        conditional[k] = reached / known;
        all[k] = before *= conditional[k];
    }
}

static void real_arms(const hu_table *table, int arms[DISTRICTS])
{
    for (size_t i = 0; i < table->rows; i++)
        arms[(int)column(table, "district")[i]] = (int)column(table, "arm")[i];
}

static void shares_and_their_jackknife(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = persons(arena);
    hu_cascade c;
    int arms[DISTRICTS];
    double one[2][3], all[2][3], without[4], mean = 0, squares = 0;
    CHECK_OK(hu_cascade_estimate(table, &columns, &(hu_trial_options){0}, arena, &c));
    real_arms(table, arms);
    for (int arm = 0; arm < 2; arm++)
        by_hand(table, arms, arm, -1, one[arm], all[arm]);
    for (size_t k = 0; k < 3; k++) {
        check_close(c.stages[k].conditional.control, one[0][k], 1e-12, chain[k]);
        check_close(c.stages[k].conditional.treatment, one[1][k], 1e-12, chain[k]);
        check_close(c.stages[k].unconditional.difference, all[1][k] - all[0][k], 1e-12, chain[k]);
    }
    for (int pair = 0; pair < 4; pair++) {
        for (int arm = 0; arm < 2; arm++)
            by_hand(table, arms, arm, pair, one[arm], all[arm]);
        without[pair] = all[1][2] - all[0][2];
        mean += without[pair] / 4;
    }
    for (int pair = 0; pair < 4; pair++)
        squares += (without[pair] - mean) * (without[pair] - mean);
    check_close(c.stages[2].unconditional.se, sqrt(squares * 3 / 4), 1e-12, "error");
    check_close(c.stages[2].unconditional.df, 3, 1e-12, "degrees of freedom");
}

/* All 16 assignments of four pairs, one by one. */
static void exact_tests_match_a_full_enumeration(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = persons(arena);
    hu_cascade c;
    CHECK_OK(hu_cascade_estimate(table, &columns, &(hu_trial_options){0}, arena, &c));
    for (size_t k = 0; k < 3; k++) {
        int extreme = 0, extreme_all = 0;
        for (int drawn = 0; drawn < 16; drawn++) {
            int arms[DISTRICTS];
            double one[2][3], all[2][3];
            for (int d = 0; d < DISTRICTS; d++)
                arms[d] = (drawn >> d / 2 & 1) ^ (d & 1);
            for (int arm = 0; arm < 2; arm++)
                by_hand(table, arms, arm, -1, one[arm], all[arm]);
            extreme += fabs(one[1][k] - one[0][k]) >= fabs(c.stages[k].conditional.difference) - 1e-9;
            extreme_all += fabs(all[1][k] - all[0][k]) >= fabs(c.stages[k].unconditional.difference) - 1e-9;
        }
        assert_int_equal(c.stages[k].conditional.fisher.assignments, 16);
        check_close(c.stages[k].conditional.fisher.p, extreme / 16.0, 1e-12, chain[k]);
        check_close(c.stages[k].unconditional.fisher.p, extreme_all / 16.0, 1e-12, chain[k]);
    }
}

/* Contributions are the mean over the six orders of three stages, and sum to the effect. */
static void contributions_sum_to_the_effect(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    hu_cascade c;
    CHECK_OK(hu_cascade_estimate(persons(arena), &columns, &(hu_trial_options){.no_permutations = true}, arena, &c));
    double expected[3] = {0}, sum = 0;
    for (int o = 0; o < 6; o++) {
        double p[3], product = 1;
        for (int k = 0; k < 3; k++)
            product *= p[k] = c.stages[k].conditional.control;
        for (int step = 0; step < 3; step++) {
            int k = orders[o][step];
            double before = product;
            p[k] = c.stages[k].conditional.treatment;
            product = p[0] * p[1] * p[2];
            expected[k] += (product - before) / 6;
        }
    }
    for (int k = 0; k < 3; k++) {
        check_close(c.stages[k].contribution, expected[k], 1e-12, chain[k]);
        sum += c.stages[k].contribution;
    }
    check_close(sum, c.stages[2].unconditional.difference, 1e-12, "sum");
    assert_int_equal(c.stages[0].conditional.fisher.assignments, 0);
}

static void a_stage_out_of_order_is_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = persons(arena);
    hu_cascade c;
    hu_trial_options options = {0};
    size_t i = 0;
    while (column(table, "identified")[i] != 0)
        i++;
    column(table, "referred")[i] = 1;
    CHECK_FAILS(hu_cascade_estimate(table, &columns, &options, arena, &c), HU_BAD_INPUT,
                hu_printf(arena, "persons.csv:%zu: column \"referred\"", i + 2));
    column(table, "referred")[i] = 0.5;
    CHECK_FAILS(hu_cascade_estimate(table, &columns, &options, arena, &c), HU_BAD_INPUT, "0.5 is no stage");
    hu_trial_columns alone = columns;
    alone.outcomes = (const char *const[]){"identified", NULL};
    CHECK_FAILS(hu_cascade_estimate(table, &alone, &options, arena, &c), HU_USAGE, "2 to 12 stages");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_and_their_jackknife),
        cmocka_unit_test(exact_tests_match_a_full_enumeration),
        cmocka_unit_test(contributions_sum_to_the_effect),
        cmocka_unit_test(a_stage_out_of_order_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
