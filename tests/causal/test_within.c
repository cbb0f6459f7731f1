/* Durations as outcomes: against Kaplan-Meier, against what is known without censoring, and by simulation. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/random.h"
#include "huella/causal/did.h"
#include "huella/causal/survival.h"
#include "huella/causal/within.h"

enum { REGIONS = 25, PERIODS = 8, CASES = 30 };

/* The study's shape, durations exponential; `open` = 0: all are seen to their end. effect: on the log rate. */
static hu_table *simulate(uint64_t seed, double effect, bool open, hu_arena *arena)
{
    hu_random random = hu_random_start(seed, 77);
    hu_table *t = hu_table_new(arena, "made", REGIONS * PERIODS * CASES);
    double *region = hu_table_add_numbers(t, arena, "region")->numbers;
    double *half = hu_table_add_numbers(t, arena, "half")->numbers;
    double *cohort = hu_table_add_numbers(t, arena, "cohort")->numbers;
    double *stop = hu_table_add_numbers(t, arena, "stop")->numbers;
    double *event = hu_table_add_numbers(t, arena, "event")->numbers;
    double *weight = hu_table_add_numbers(t, arena, "w")->numbers;
    for (size_t i = 0; i < t->rows; i++) {
        region[i] = (double)(i / (PERIODS * CASES));
        half[i] = (double)(i / CASES % PERIODS) + 1;
        cohort[i] = region[i] < 12 ? 4 + (double)((int)region[i] % 3) : 0;
        bool treated = cohort[i] > 0 && half[i] >= cohort[i];
        double end = hu_random_exponential(&random) / exp(-0.5 + (treated ? effect : 0) + 0.02 * half[i]);
        double seen = open ? 0.3 + 3 * hu_random_uniform(&random) : INFINITY;
        stop[i] = fmin(end, seen);
        event[i] = end <= seen;
        weight[i] = 1 + (double)(i % 3);
    }
    return t;
}

static const hu_within_columns names = {.stop = "stop", .event = "event", .time = "half", .cohort = "cohort"};

static hu_within_result *within(const hu_table *t, const hu_within_columns *columns, double h, hu_censoring how,
                                hu_arena *arena)
{
    hu_within_result *r;
    CHECK_OK(hu_resolved_within(t, columns, h, how, arena, &r));
    return r;
}

static void without_censoring_it_is_what_happened(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *t = simulate(1, 0.5, false, arena);
    for (int how = 0; how < 2; how++) {
        hu_within_result *r = within(t, &names, 1, (hu_censoring)how, arena);
        assert_int_equal(r->n, t->rows);
        assert_int_equal(r->known, t->rows);
        for (size_t i = 0; i < r->n; i++) {
            double expected = hu_table_find(r->table, "stop")->numbers[i] <= 1;
            assert_true(fabs(hu_table_find(r->table, "resolved_within_1")->numbers[i] - expected) < 1e-9);
            if (r->weights)
                assert_true(hu_table_find(r->table, r->weights)->numbers[i] == 1);
        }
    }
}

/* In one cell, with sampling weights: both means are 1 - Kaplan-Meier. */
static void means_are_kaplan_meier(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *t = simulate(2, 0, true, arena);
    hu_within_columns one = {.stop = "stop", .event = "event", .weights = "w"};
    hu_survival_columns columns = {.stop = "stop", .event = "event", .weights = "w"};
    hu_survival *data;
    hu_curves *curves;
    CHECK_OK(hu_survival_read(t, &columns, HU_ONE_EVENT, NAN, arena, &data));
    CHECK_OK(hu_kaplan_meier(data, HU_SURVIVAL_CURVE, 0, arena, &curves));
    double survival = 1;
    for (size_t i = 0; i < curves->n && curves->points[i].time <= 1.5; i++)
        survival = curves->points[i].estimate;
    for (int how = 0; how < 2; how++) {
        hu_within_result *r = within(t, &one, 1.5, (hu_censoring)how, arena);
        double sum = 0, total = 0;
        const double *w = hu_table_find(r->table, r->weights ? r->weights : "w")->numbers;
        for (size_t i = 0; i < r->n; i++) {
            sum += w[i] * hu_table_find(r->table, r->outcome)->numbers[i];
            total += r->weights ? hu_table_find(r->table, "w")->numbers[i] : w[i];
        }
        check_close(sum / total, 1 - survival, 1e-10, how ? "weights" : "pseudo");
    }
}

/* A case's pseudo-value is F + W dF/dw, by differences; times are tied, events and censorings mixed. */
static void pseudo_values_are_derivatives(void **state)
{
    (void)state;
    static const char csv[] = "stop,event,w\n1,1,1\n2,1,2\n2,0,1\n2,1,1\n3,0,2\n4,1,1\n4,0,1\n6,1,1\n7,0,3\n";
    HU_SCRATCH(arena);
    hu_within_columns one = {.stop = "stop", .event = "event", .weights = "w"};
    for (size_t i = 0; i < 9; i++) {
        double mean[3], total = 0, pseudo = 0;
        for (int side = 0; side < 3; side++) {
            hu_table *t;
            CHECK_OK(hu_csv_parse(csv, strlen(csv), "made", NULL, arena, &t));
            hu_table_find(t, "w")->numbers[i] += (side - 1) * 1e-5;
            hu_within_result *r = within(t, &one, 5, HU_CENSORING_PSEUDO, arena);
            double sum = 0;
            total = 0;
            for (size_t row = 0; row < 9; row++) {
                sum += hu_table_find(r->table, "w")->numbers[row] *
                       hu_table_find(r->table, "resolved_within_5")->numbers[row];
                total += hu_table_find(r->table, "w")->numbers[row];
            }
            mean[side] = sum / total;
            if (side == 1)
                pseudo = hu_table_find(r->table, "resolved_within_5")->numbers[i];
        }
        assert_true(fabs(mean[1] + 13 * (mean[2] - mean[0]) / 2e-5 - pseudo) < 1e-6);
    }
}

static hu_did_result *estimate(const hu_table *t, const char *outcome, const char *weights, hu_arena *arena)
{
    hu_did_columns columns = {
        .outcome = outcome, .time = "half", .cohort = "cohort", .cluster = "region", .weights = weights};
    hu_did_options options = {.cross_section = true};
    hu_did_result *did;
    CHECK_OK(hu_did(t, &columns, &options, arena, &did));
    return did;
}

/*
 * 60 draws: censored data give on average what the same cases give when all are followed. Errors from pseudo-values
 * agree with the spread.
 */
static void effects_are_those_of_cases_followed_to_the_end(void **state)
{
    (void)state;
    enum { DRAWS = 60 };
    double gap[2] = {0}, share[2] = {0}, sum = 0, squares = 0, se = 0;
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        HU_SCRATCH(arena);
        hu_table *open = simulate(seed, 0.7, true, arena), *closed = simulate(seed, 0.7, true, arena);
        hu_random random = hu_random_start(seed, 77); /* the same draws: the case's own end */
        double *stop = hu_table_find(closed, "stop")->numbers, *event = hu_table_find(closed, "event")->numbers;
        for (size_t i = 0; i < closed->rows; i++) {
            double g = hu_table_find(closed, "cohort")->numbers[i], half = hu_table_find(closed, "half")->numbers[i];
            stop[i] = hu_random_exponential(&random) / exp(-0.5 + (g > 0 && half >= g ? 0.7 : 0) + 0.02 * half);
            event[i] = 1;
            (void)hu_random_uniform(&random);
        }
        hu_within_result *truth = within(closed, &names, 1.5, HU_CENSORING_PSEUDO, arena);
        double all = estimate(truth->table, truth->outcome, NULL, arena)->simple.overall.estimate;
        for (int how = 0; how < 2; how++) {
            hu_within_result *r = within(open, &names, 1.5, (hu_censoring)how, arena);
            hu_effect e = estimate(r->table, r->outcome, r->weights, arena)->simple.overall;
            gap[how] += (e.estimate - all) / DRAWS;
            if (how == 0) {
                sum += e.estimate / DRAWS;
                squares += e.estimate * e.estimate / DRAWS;
                se += e.se / DRAWS;
            }
        }
        hu_within_result *pseudo = within(open, &names, 1.5, HU_CENSORING_PSEUDO, arena);
        for (size_t i = 0; i < open->rows; i++) {
            double known = hu_table_find(truth->table, truth->outcome)->numbers[i];
            bool seen = hu_table_find(open, "event")->numbers[i] == 1 && hu_table_find(open, "stop")->numbers[i] <= 1.5;
            share[0] += hu_table_find(pseudo->table, pseudo->outcome)->numbers[i] - known;
            share[1] += seen - known;
        }
    }
    double level[] = {fabs(share[0]) / (DRAWS * REGIONS * PERIODS * CASES),
                      fabs(share[1]) / (DRAWS * REGIONS * PERIODS * CASES)};
    double spread = sqrt((squares - sum * sum) * DRAWS / (DRAWS - 1));
    assert_true(fabs(gap[0]) < 0.006 && fabs(gap[1]) < 0.006);
    assert_true(level[0] < 0.005 && level[1] > 0.05); /* taking open cases as not resolved understates the share */
    assert_true(se > 0.75 * spread && se < 1.3 * spread);
}

static void hazards_have_a_row_a_period(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char csv[] = "case,start,stop,event,cohort\n1,2.5,4.2,1,4\n2,3.0,3.9,0,0\n3,5.1,5.1,1,\n";
    static const double expected[][4] = {{1, 2, 0, 0}, {1, 3, 1, 0}, {1, 4, 2, 1}, {2, 3, 0, 0}, {3, 5, 0, 1}};
    hu_table *t;
    hu_within_result *r;
    hu_within_columns columns = {.start = "start", .stop = "stop", .event = "event", .cohort = "cohort"};
    CHECK_OK(hu_csv_parse(csv, strlen(csv), "made", NULL, arena, &t));
    CHECK_OK(hu_hazard_panel(t, &columns, arena, &r));
    assert_int_equal(r->n, 5);
    static const char *const read[] = {"case", "period", "age", "hazard"};
    for (size_t i = 0; i < 5; i++)
        for (size_t c = 0; c < 4; c++)
            assert_true(hu_table_find(r->table, read[c])->numbers[i] == expected[i][c]);
    hu_table_find(t, "start")->numbers[0] = hu_table_find(t, "stop")->numbers[0] = 1e17; /* + 1 is the same number */
    CHECK_FAILS(hu_hazard_panel(t, &columns, arena, &r), HU_BAD_INPUT, "1e+17");
}

static void what_cannot_be_known_is_left_out(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char csv[] = "stop,event,half,cohort\n5,1,1,0\n9,0,1,0\n2,1,2,0\n3,0,2,0\n,1,1,0\n2,1,3,0\n3,1,3,0\n";
    hu_table *t;
    CHECK_OK(hu_csv_parse(csv, strlen(csv), "made.csv", NULL, arena, &t));
    hu_within_result *r = within(t, &names, 6, HU_CENSORING_PSEUDO, arena);
    assert_int_equal(r->n, 5); /* half 2 ends open at 3; half 3 has nobody open; a missing row stays missing */
    assert_int_equal(r->unreachable, 2);
    assert_true(isnan(hu_table_find(r->table, r->outcome)->numbers[2]));
    CHECK_FAILS(hu_resolved_within(t, &names, 0, HU_CENSORING_PSEUDO, arena, &r), HU_USAGE, "above 0");
    hu_table_find(t, "event")->numbers[1] = 2;
    CHECK_FAILS(hu_resolved_within(t, &names, 6, HU_CENSORING_PSEUDO, arena, &r), HU_BAD_INPUT, "made.csv:3");
    hu_table_find(t, "event")->numbers[1] = 0;
    hu_table_find(t, "stop")->numbers[1] = -1;
    CHECK_FAILS(hu_resolved_within(t, &names, 6, HU_CENSORING_PSEUDO, arena, &r), HU_BAD_INPUT, "zero or more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_censoring_it_is_what_happened),
        cmocka_unit_test(means_are_kaplan_meier),
        cmocka_unit_test(pseudo_values_are_derivatives),
        cmocka_unit_test(effects_are_those_of_cases_followed_to_the_end),
        cmocka_unit_test(hazards_have_a_row_a_period),
        cmocka_unit_test(what_cannot_be_known_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
