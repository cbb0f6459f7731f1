/* Spillovers: by brute force over every assignment of small designs. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/spillover.h"

enum { UNITS = 8 };

/* A path with two branches; the last unit stands alone. */
static const unsigned edges[][2] = {{0, 1}, {1, 2}, {2, 3}, {1, 4}, {3, 5}, {5, 6}};
enum { EDGES = sizeof edges / sizeof *edges };

typedef struct world {
    bool strata;
    double y[HU_CONDITIONS][UNITS]; /* outcomes in each condition */
} world;

static bool of_design(unsigned mask, bool strata)
{
    return strata ? __builtin_popcount(mask & 15) == 2 && __builtin_popcount(mask >> 4) == 1
                  : __builtin_popcount(mask) == 3;
}

static hu_condition condition(unsigned mask, size_t unit)
{
    bool exposed = false;
    for (size_t e = 0; e < EDGES; e++)
        exposed |= (edges[e][0] == unit && mask >> edges[e][1] & 1) || (edges[e][1] == unit && mask >> edges[e][0] & 1);
    return (hu_condition)((mask >> unit & 1 ? HU_TREATED : HU_ALONE) + exposed);
}

static world draw_world(bool strata)
{
    world w = {.strata = strata};
    hu_random random = hu_random_start(5, strata);
    for (size_t u = 0; u < UNITS; u++)
        for (int c = 0; c < HU_CONDITIONS; c++)
            w.y[c][u] = 4 + hu_random_normal(&random) + 1.5 * (c & 1) + 3 * (c >> 1);
    return w;
}

static hu_table *edge_table(hu_arena *arena)
{
    hu_table *table = hu_table_new(arena, "edges.csv", EDGES);
    double *a = hu_table_add_numbers(table, arena, "from")->numbers,
           *b = hu_table_add_numbers(table, arena, "to")->numbers;
    for (size_t e = 0; e < EDGES; e++) {
        a[e] = edges[e][0];
        b[e] = edges[e][1];
    }
    return table;
}

/* Two rows a unit, whose mean is the unit's outcome. */
static hu_table *seen(const world *w, unsigned mask, hu_arena *arena)
{
    static const char *const names[] = {"y", "z", "unit", "half"};
    hu_table *table = hu_table_new(arena, "units.csv", 2 * UNITS);
    double *v[4];
    for (size_t j = 0; j < 4; j++)
        v[j] = hu_table_add_numbers(table, arena, names[j])->numbers;
    for (size_t r = 0; r < table->rows; r++) {
        size_t u = r / 2;
        v[0][r] = w->y[condition(mask, u)][u] + (r % 2 ? 0.5 : -0.5);
        v[1][r] = mask >> u & 1;
        v[2][r] = (double)u;
        v[3][r] = (double)(u / 4);
    }
    return table;
}

static hu_spillovers *estimate(const world *w, unsigned mask, hu_arena *arena)
{
    hu_trial_columns columns = {.outcomes = (const char *const[]){"y", NULL},
                                .treatment = "z",
                                .cluster = "unit",
                                .strata = w->strata ? "half" : NULL};
    hu_spillover_network network = {.edges = edge_table(arena)};
    hu_spillovers *s = NULL;
    CHECK_OK(
        hu_trial_spillover(seen(w, mask, arena), &columns, &network, &(hu_trial_options){.threads = 1}, arena, &s));
    return s;
}

/* Shares of assignments with each unit in each condition. */
static size_t chances(bool strata, double p[UNITS][HU_CONDITIONS])
{
    size_t count = 0;
    memset(p, 0, UNITS * sizeof *p);
    for (unsigned mask = 0; mask < 256; mask++) {
        if (!of_design(mask, strata))
            continue;
        count++;
        for (size_t u = 0; u < UNITS; u++)
            p[u][condition(mask, u)]++;
    }
    for (size_t u = 0; u < UNITS; u++)
        for (int c = 0; c < HU_CONDITIONS; c++)
            p[u][c] /= (double)count;
    return count;
}

static double true_effect(const world *w, double p[UNITS][HU_CONDITIONS], const hu_spillover_contrast *k)
{
    double sum = 0, n = 0;
    for (size_t u = 0; u < UNITS; u++)
        if (p[u][k->to] > 0 && p[u][k->from] > 0) {
            sum += w->y[k->to][u] - w->y[k->from][u];
            n++;
        }
    return sum / n;
}

static void horvitz_thompson_has_no_bias_and_its_variance_is_no_less(void **state)
{
    (void)state;
    for (int strata = 0; strata < 2; strata++) {
        double p[UNITS][HU_CONDITIONS], mean[4] = {0}, square[4] = {0}, variance[4] = {0}, truth[4] = {0},
                                        hajek[4] = {0};
        world w = draw_world(strata);
        double count = (double)chances(strata, p);
        for (unsigned mask = 0; mask < 256; mask++) {
            if (!of_design(mask, strata))
                continue;
            HU_SCRATCH(arena);
            hu_spillovers *s = estimate(&w, mask, arena);
            assert_true(s->exact && s->assignments == (uint64_t)count && s->edges == EDGES && s->lonely == 1);
            for (size_t i = 0; i < UNITS * HU_CONDITIONS; i++)
                check_close(s->probability[i], p[i / HU_CONDITIONS][i % HU_CONDITIONS], 1e-12, "probability");
            for (size_t k = 0; k < 4; k++) {
                const hu_spillover_contrast *c = &s->outcomes[0].contrasts[k];
                truth[k] = true_effect(&w, p, c);
                mean[k] += c->horvitz_thompson.estimate / count;
                square[k] += pow(c->horvitz_thompson.estimate, 2) / count;
                variance[k] += pow(c->horvitz_thompson.se, 2) / count;
                hajek[k] += isnan(c->hajek.estimate) ? truth[k] / count : c->hajek.estimate / count;
            }
        }
        for (size_t k = 0; k < 4; k++) {
            check_close(mean[k], truth[k], 1e-10, "mean over all assignments");
            assert_true(variance[k] >= square[k] - mean[k] * mean[k]);
            assert_true(fabs(hajek[k] - truth[k]) < 0.5);
        }
    }
}

/* Treatment does something different to everybody, and nothing to neighbours: p up to 5 % in 5 % of draws at most. */
static void the_test_of_no_spillover_keeps_its_level(void **state)
{
    (void)state;
    size_t rejected = 0, all = 0;
    world w = draw_world(false);
    for (size_t u = 0; u < UNITS; u++) {
        w.y[HU_EXPOSED][u] = w.y[HU_ALONE][u];
        w.y[HU_TREATED_EXPOSED][u] = w.y[HU_TREATED][u];
    }
    for (unsigned mask = 0; mask < 256; mask++) {
        if (!of_design(mask, false))
            continue;
        HU_SCRATCH(arena);
        const hu_spillover_outcome *o = &estimate(&w, mask, arena)->outcomes[0];
        assert_non_null(o->test);
        assert_true(o->test->exact && o->focal >= 3);
        all++;
        rejected += o->test->p <= 0.2;
    }
    assert_int_equal(all, 56);
    assert_true((double)rejected <= 0.2 * (double)all);
}

/* 20 districts in a ring, ten of them treated, outcomes that lean on the share of treated neighbours. */
static void spillovers_that_are_there_are_found(void **state)
{
    (void)state;
    enum { RING = 20 };
    HU_SCRATCH(arena);
    hu_table *table = hu_table_new(arena, "ring.csv", RING), *network = hu_table_new(arena, "edges.csv", RING);
    double *y = hu_table_add_numbers(table, arena, "y")->numbers, *z = hu_table_add_numbers(table, arena, "z")->numbers,
           *unit = hu_table_add_numbers(table, arena, "unit")->numbers;
    double *from = hu_table_add_numbers(network, arena, "from")->numbers,
           *to = hu_table_add_numbers(network, arena, "to")->numbers;
    hu_random random = hu_random_start(6, 0);
    size_t order[RING], found = 0;
    for (size_t u = 0; u < RING; u++) {
        unit[u] = from[u] = (double)(order[u] = u);
        to[u] = (double)((u + 1) % RING);
    }
    for (int draw = 0; draw < 20; draw++) {
        hu_random_shuffle(&random, order, RING);
        for (size_t i = 0; i < RING; i++)
            z[order[i]] = i < RING / 2;
        for (size_t u = 0; u < RING; u++)
            y[u] = hu_random_normal(&random) + 2 * z[u] + 3 * (z[(u + 1) % RING] + z[(u + RING - 1) % RING]);
        hu_trial_columns columns = {.outcomes = (const char *const[]){"y", NULL}, .treatment = "z", .cluster = "unit"};
        hu_spillovers *s;
        CHECK_OK(hu_trial_spillover(table, &columns, &(hu_spillover_network){.edges = network},
                                    &(hu_trial_options){.permutations = {.draws = 2000}}, arena, &s));
        assert_false(s->exact);
        found += s->outcomes[0].test->p <= 0.05;
    }
    assert_true(found >= 16);
}

static void places_make_the_network_of_their_distances(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    world w = draw_world(false);
    hu_table *table = seen(&w, 0x15, arena);
    double *lat = hu_table_add_numbers(table, arena, "lat")->numbers,
           *lon = hu_table_add_numbers(table, arena, "lon")->numbers;
    for (size_t r = 0; r < table->rows; r++) { /* a degree of longitude at 12 degrees south is 108.8 km */
        lat[r] = -12;
        lon[r] = -77 + (double)(r / 2) * 0.1;
    }
    hu_trial_columns columns = {.outcomes = (const char *const[]){"y", NULL}, .treatment = "z", .cluster = "unit"};
    hu_spillover_network network = {.latitude = "lat", .longitude = "lon", .radius = 10.87};
    hu_spillovers *s;
    hu_trial_options options = {0};
    CHECK_FAILS(hu_trial_spillover(table, &columns, &network, &options, arena, &s), HU_EMPTY, "larger radius");
    network.radius = 10.89;
    CHECK_OK(hu_trial_spillover(table, &columns, &network, &options, arena, &s));
    assert_int_equal(s->edges, UNITS - 1);
    network.radius = 21.8;
    CHECK_OK(hu_trial_spillover(table, &columns, &network, &options, arena, &s));
    assert_int_equal(s->edges, 2 * UNITS - 3);
    lat[3] = 95;
    CHECK_FAILS(hu_trial_spillover(table, &columns, &network, &options, arena, &s), HU_BAD_INPUT, "95 is no place");
    columns.cluster = NULL;
    CHECK_FAILS(hu_trial_spillover(table, &columns, &network, &options, arena, &s), HU_USAGE, "column of the units");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(horvitz_thompson_has_no_bias_and_its_variance_is_no_less),
        cmocka_unit_test(the_test_of_no_spillover_keeps_its_level),
        cmocka_unit_test(spillovers_that_are_there_are_found),
        cmocka_unit_test(places_make_the_network_of_their_distances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
