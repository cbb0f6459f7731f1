/* Assignments of randomized designs: each once, one exchange apart; tests and confidence sets from them. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/random.h"
#include "huella/numerics/fisher.h"

/* Puts what identifies an assignment into a number: labels as digits. */
static uint64_t identity(const uint32_t *label, size_t units, uint64_t base)
{
    uint64_t id = 0;
    for (size_t i = 0; i < units; i++)
        id = id * base + label[i];
    return id;
}

static int compare_ids(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Everything that can be said of an enumeration: number, order, one exchange a step, strata kept. */
static void check_enumeration(const hu_assignment_design *design, uint64_t count, uint64_t base)
{
    HU_SCRATCH(arena);
    hu_assignments *all;
    CHECK_OK(hu_assignments_plan(design, &(hu_assignment_options){.exact = true}, arena, &all));
    assert_true(all->exact);
    assert_int_equal(all->count, count);
    assert_true(all->total == (double)count);
    uint64_t *seen = HU_NEW_ARRAY(arena, uint64_t, count), visited = 0;
    uint32_t *before = HU_NEW_ARRAY(arena, uint32_t, design->units);
    for (size_t part = 0; part < all->parts; part++) {
        hu_walk *walk = hu_walk_start(all, part, arena);
        for (bool first = true; hu_walk_next(walk); first = false) {
            assert_int_equal(walk->index, visited);
            assert_int_equal(walk->fresh, first);
            size_t changed = 0;
            for (size_t i = 0; i < design->units; i++)
                changed += before[i] != walk->label[i];
            if (!first) {
                assert_int_equal(changed, 2);
                assert_int_equal(before[walk->a], walk->label[walk->b]);
                assert_int_equal(before[walk->b], walk->label[walk->a]);
                assert_int_not_equal(before[walk->a], before[walk->b]);
                if (design->stratum)
                    assert_int_equal(design->stratum[walk->a], design->stratum[walk->b]);
            }
            memcpy(before, walk->label, design->units * sizeof *before);
            seen[visited++] = identity(walk->label, design->units, base);
        }
    }
    assert_int_equal(visited, count);
    qsort(seen, count, sizeof *seen, compare_ids);
    uint64_t observed = identity(design->label, design->units, base);
    bool found = false;
    for (uint64_t i = 0; i < count; i++) {
        found |= seen[i] == observed;
        if (i > 0)
            assert_true(seen[i] != seen[i - 1]);
    }
    assert_true(found);
}

static void every_combination_once(void **state)
{
    (void)state;
    static const uint64_t pascal[11][11] = {{1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}};
    for (size_t n = 1; n <= 4; n++)
        for (size_t k = 0; k <= n; k++) {
            uint32_t label[4] = {0};
            for (size_t i = 0; i < k; i++)
                label[i] = 1;
            check_enumeration(&(hu_assignment_design){n, label, NULL}, pascal[n][k], 2);
        }
    uint32_t twelve[12] = {0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0};
    check_enumeration(&(hu_assignment_design){12, twelve, NULL}, 495, 2);
    uint32_t twenty[20] = {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};
    check_enumeration(&(hu_assignment_design){20, twenty, NULL}, 184756, 2);
}

static void every_rollout_once(void **state)
{
    (void)state;
    uint32_t cohorts[12] = {9, 9, 9, 10, 10, 10, 11, 11, 11, 12, 12, 12};
    check_enumeration(&(hu_assignment_design){12, cohorts, NULL}, 369600, 16);
    uint32_t uneven[9] = {3, 1, 0, 0, 2, 1, 0, 0, 3}; /* 9! / (4! 2! 1! 2!) */
    check_enumeration(&(hu_assignment_design){9, uneven, NULL}, 3780, 4);
    uint32_t single[5] = {4, 2, 0, 1, 3};
    check_enumeration(&(hu_assignment_design){5, single, NULL}, 120, 5);
}

static void every_stratified_assignment_once(void **state)
{
    (void)state;
    uint32_t pairs[20], stratum[20];
    for (size_t i = 0; i < 20; i++) {
        pairs[i] = i % 2;
        stratum[i] = (uint32_t)(i / 2) * 7;
    }
    check_enumeration(&(hu_assignment_design){20, pairs, stratum}, 1024, 2);
    /* Strata of 4, 3, 1 and 3 units, interleaved; the last without a choice. */
    uint32_t label[11] = {0, 2, 1, 1, 2, 0, 0, 1, 1, 1, 2}, strata[11] = {1, 2, 1, 1, 2, 2, 1, 5, 9, 9, 2};
    strata[10] = 9;
    label[10] = 1;
    check_enumeration(&(hu_assignment_design){11, label, strata}, 6 * 3, 3);
    uint32_t three[9] = {0, 1, 2, 0, 1, 2, 0, 1, 2}, rows[9] = {0, 0, 0, 1, 1, 1, 2, 2, 2};
    check_enumeration(&(hu_assignment_design){9, three, rows}, 216, 3);
}

static void too_many_are_sampled(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    uint32_t label[25];
    for (size_t i = 0; i < 25; i++)
        label[i] = i < 12 ? (uint32_t)i / 3 : 4;
    hu_assignment_design design = {25, label, NULL};
    hu_assignments *all;
    CHECK_FAILS(hu_assignments_plan(&design, &(hu_assignment_options){.exact = true}, arena, &all), HU_LIMIT,
                "1.92203e+12");
    CHECK_OK(hu_assignments_plan(&design, &(hu_assignment_options){.draws = 6000}, arena, &all));
    assert_false(all->exact);
    size_t treated[25] = {0}, visited = 0;
    for (size_t part = 0; part < all->parts; part++) {
        hu_walk *walk = hu_walk_start(all, part, arena);
        while (hu_walk_next(walk)) {
            size_t in_cohort[5] = {0};
            for (size_t i = 0; i < 25; i++) {
                in_cohort[walk->label[i]]++;
                treated[i] += walk->label[i] < 4;
            }
            assert_int_equal(walk->index, visited++);
            assert_int_equal(in_cohort[0], 3);
            assert_int_equal(in_cohort[4], 13);
        }
    }
    assert_int_equal(visited, 6000);
    for (size_t i = 0; i < 25; i++) /* 12 of 25 are treated: 2,880 times, give or take 5 x 38.7 */
        assert_in_range(treated[i], 2880 - 194, 2880 + 194);
}

typedef struct arms {
    const double *y;
    size_t units;
} arms;

/* Difference in means between label 1 and label 0, its value for doses, and Neyman's variance as a quadratic. */
static void difference(void *state, const hu_walk *walk, double *values)
{
    const arms *a = state;
    double sum[2] = {0}, n[2] = {0};
    for (size_t i = 0; i < a->units; i++) {
        sum[walk->label[i]] += a->y[i];
        n[walk->label[i]]++;
    }
    values[0] = sum[1] / n[1] - sum[0] / n[0];
}

static double value_at(const double *y, const uint32_t *z, size_t n)
{
    double values[1];
    difference(&(arms){y, n}, &(hu_walk){.label = z}, values);
    return values[0];
}

/* The test of one simulated draw, for its p-value under the null. */
static double simulated_p(uint64_t draw, hu_arena *arena)
{
    double y[8];
    uint32_t z[8] = {0, 0, 0, 0, 1, 1, 1, 1};
    size_t order[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    hu_random random = hu_random_start(3, draw);
    for (size_t i = 0; i < 8; i++)
        y[i] = hu_random_normal(&random);
    hu_random_shuffle(&random, order, 8);
    for (size_t i = 0; i < 8; i++)
        z[order[i]] = i < 4;
    hu_assignments *all;
    CHECK_OK(hu_assignments_plan(&(hu_assignment_design){8, z, NULL}, &(hu_assignment_options){0}, arena, &all));
    assert_int_equal(all->count, 70);
    double values[70];
    arms a = {y, 8};
    CHECK_OK(hu_assignments_evaluate(all, &(hu_statistic){&a, 1, NULL, difference}, 1, values));
    return hu_fisher_test(all, values, 1, value_at(y, z, 8)).p;
}

/* With 70 assignments in pairs of equal |difference|, p takes 2/70, 4/70 … 1, each with probability 1/35. */
static void p_is_uniform_under_the_null(void **state)
{
    (void)state;
    enum { DRAWS = 3500 };
    size_t times[36] = {0};
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        HU_SCRATCH(arena);
        times[(size_t)lround(35 * simulated_p(draw, arena))]++;
    }
    double chi2 = 0;
    for (size_t i = 1; i <= 35; i++)
        chi2 += pow((double)times[i] - 100, 2) / 100;
    assert_int_equal(times[0], 0);
    assert_true(chi2 < 65); /* 99.9 % of chi-squared with 34 degrees of freedom: 65.2 */
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    uint32_t z[25];
    double y[25];
    hu_random random = hu_random_start(9, 0);
    for (size_t i = 0; i < 25; i++) {
        y[i] = hu_random_normal(&random);
        z[i] = i < 12;
    }
    arms a = {y, 25};
    for (uint64_t draws = 0; draws <= 3000; draws += 3000) {
        hu_assignments *all;
        CHECK_OK(hu_assignments_plan(&(hu_assignment_design){draws ? 25 : 16, z, NULL},
                                     &(hu_assignment_options){.draws = draws}, arena, &all));
        a.units = all->design.units;
        double *one = HU_NEW_ARRAY(arena, double, all->count), *three = HU_NEW_ARRAY(arena, double, all->count);
        CHECK_OK(hu_assignments_evaluate(all, &(hu_statistic){&a, 1, NULL, difference}, 1, one));
        CHECK_OK(hu_assignments_evaluate(all, &(hu_statistic){&a, 1, NULL, difference}, 3, three));
        assert_memory_equal(one, three, all->count * sizeof *one);
    }
}

/* District means of the oracle's trial: y[d], arm z[d] of the named column, pair[d]. */
typedef struct districts {
    double y[20];
    uint32_t z[20], pair[20];
} districts;

static bool read_districts(const char *arm, hu_arena *arena, districts *d)
{
    const char *path = check_shared(arena, "oracles/twenty_districts.csv");
    if (!path)
        return false;
    hu_table *table;
    CHECK_OK(hu_table_read(path, &(hu_csv_options){0}, arena, &table));
    double n[20] = {0};
    for (size_t r = 0; r < table->rows; r++) {
        size_t at = (size_t)hu_table_find(table, "district")->numbers[r] - 1;
        d->y[at] += hu_table_find(table, "y")->numbers[r];
        d->z[at] = (uint32_t)hu_table_find(table, arm)->numbers[r];
        d->pair[at] = (uint32_t)hu_table_find(table, "pair")->numbers[r];
        n[at]++;
    }
    for (size_t at = 0; at < 20; at++)
        d->y[at] /= n[at];
    return true;
}

/* twenty_districts.json: "complete" and "matched_pairs". */
static void twenty_districts_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    districts d = {0};
    if (!read_districts("z", arena, &d))
        skip();
    hu_assignments *all;
    CHECK_OK(hu_assignments_plan(&(hu_assignment_design){20, d.z, NULL}, &(hu_assignment_options){0}, arena, &all));
    double *values = HU_NEW_ARRAY(arena, double, all->count);
    arms a = {d.y, 20};
    hu_statistic statistic = {&a, 1, NULL, difference};
    CHECK_OK(hu_assignments_evaluate(all, &statistic, 0, values));
    hu_fisher f = hu_fisher_test(all, values, 1, value_at(d.y, d.z, 20));
    assert_int_equal(f.assignments, 184756);
    check_close(f.observed, 0.712873979907313, 1e-8, "statistic");
    check_close(f.p, 0.0027603974972396, 1e-12, "p");
    check_close(f.p_upper, 0.0013801987486198, 1e-12, "p_upper");
    districts p = {0};
    read_districts("z_pair", arena, &p);
    CHECK_OK(hu_assignments_plan(&(hu_assignment_design){20, p.z, p.pair}, &(hu_assignment_options){0}, arena, &all));
    a.y = p.y;
    CHECK_OK(hu_assignments_evaluate(all, &statistic, 0, values));
    f = hu_fisher_test(all, values, 1, value_at(p.y, p.z, 20));
    assert_int_equal(f.assignments, 1024);
    check_close(f.observed, 0.0754037911496268, 1e-8, "statistic of pairs");
    check_close(f.p, 0.7890625, 1e-12, "p of pairs");
}

typedef struct shifted {
    const double *y, *dose;
    size_t units;
} shifted;

static void linear(void *state, const hu_walk *walk, double *values)
{
    const shifted *s = state;
    values[0] = value_at(s->y, walk->label, s->units);
    values[1] = value_at(s->dose, walk->label, s->units);
}

/* The ends of the set against p-values computed anew for outcomes from which the effect was taken. */
static void confidence_set_ends_where_p_jumps(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { N = 12 };
    double y[N], dose[N], moved[N];
    uint32_t z[N];
    hu_random random = hu_random_start(4, 0);
    for (size_t i = 0; i < N; i++) {
        z[i] = i % 2;
        dose[i] = z[i];
        y[i] = hu_random_normal(&random) + 2 * dose[i];
    }
    hu_assignments *all;
    CHECK_OK(hu_assignments_plan(&(hu_assignment_design){N, z, NULL}, &(hu_assignment_options){0}, arena, &all));
    double *values = HU_NEW_ARRAY(arena, double, 2 * all->count), *again = HU_NEW_ARRAY(arena, double, all->count);
    shifted s = {y, dose, N};
    CHECK_OK(hu_assignments_evaluate(all, &(hu_statistic){&s, 2, NULL, linear}, 0, values));
    hu_fisher f = hu_fisher_test(all, values, 2, value_at(y, z, N));
    double observed[2] = {f.observed, value_at(dose, z, N)};
    hu_fisher_invert(all, values, 2, observed, 0.95, &f);
    assert_true(f.lower < f.observed && f.observed < f.upper);
    const double inside[] = {f.lower + 1e-6, f.upper - 1e-6}, outside[] = {f.lower - 1e-6, f.upper + 1e-6};
    arms a = {moved, N};
    for (size_t e = 0; e < 4; e++) {
        double effect = e < 2 ? inside[e] : outside[e - 2];
        for (size_t i = 0; i < N; i++)
            moved[i] = y[i] - effect * dose[i];
        CHECK_OK(hu_assignments_evaluate(all, &(hu_statistic){&a, 1, NULL, difference}, 0, again));
        double p = hu_fisher_test(all, again, 1, value_at(moved, z, N)).p;
        assert_true(e < 2 ? p > 0.05 : p <= 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_once),           cmocka_unit_test(every_rollout_once),
        cmocka_unit_test(every_stratified_assignment_once), cmocka_unit_test(too_many_are_sampled),
        cmocka_unit_test(p_is_uniform_under_the_null),      cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(twenty_districts_match_the_peer),  cmocka_unit_test(confidence_set_ends_where_p_jumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
