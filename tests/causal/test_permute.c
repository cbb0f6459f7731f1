/* Randomization tests of staggered adoption: the fast way against estimating anew, confidence sets against p-values. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/imputation.h"
#include "huella/causal/permute.h"

/* Cases of nine regions in eight periods, uneven, with holes: region, person, period, cohort, y, w, x, zone. */
enum { REGIONS = 9, PERIODS = 8 };

typedef struct shape {
    bool panel;   /* two persons a region, each in every period; else one to three cases */
    bool never;   /* three regions are never treated; else treated last */
    bool holes;   /* some regions lack a period */
    double first; /* period of the first cohort */
    uint64_t seed;
} shape;

static hu_table *cases(shape s, hu_arena *arena)
{
    hu_random random = hu_random_start(s.seed, 8);
    double cell[REGIONS * PERIODS * 3][8];
    size_t n = 0;
    for (size_t r = 0; r < REGIONS; r++)
        for (size_t t = 1; t <= PERIODS; t++) {
            double g = r < 3 ? s.first : r < 6 ? 6 : s.never ? 0 : 8, effect = g > 0 && (double)t >= g ? 1 : 0;
            size_t copies = s.panel ? 2 : 1 + hu_random_below(&random, 3);
            if (s.holes && (r * 3 + t) % 11 == 0)
                copies = 0;
            for (size_t k = 0; k < copies; k++) {
                const double row[] = {(double)r,
                                      (double)(3 * r + k),
                                      (double)t,
                                      g,
                                      5 + effect + 0.3 * (double)r + hu_random_normal(&random),
                                      s.panel ? 1 + (double)r : 0.5 + hu_random_uniform(&random),
                                      hu_random_normal(&random),
                                      (double)(r % 2)};
                memcpy(cell[n++], row, sizeof row);
            }
        }
    static const char *const names[] = {"region", "person", "period", "cohort", "y", "w", "x", "zone"};
    hu_table *table = hu_table_new(arena, "cases", n);
    for (size_t c = 0; c < 8; c++) {
        hu_column *column = hu_table_add_numbers(table, arena, names[c]);
        for (size_t i = 0; i < n; i++)
            column->numbers[i] = cell[i][c];
    }
    return table;
}

static const hu_did_columns of_cases = {.outcome = "y",
                                        .unit = "person",
                                        .time = "period",
                                        .cohort = "cohort",
                                        .cluster = "region",
                                        .covariates = (const char *const[]){NULL}};

typedef struct request {
    const hu_did_columns *columns;
    const hu_did_options *options;
} request;

static hu_error *anew(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_did_result *result;
    HU_TRY(hu_did(table, r->columns, r->options, arena, &result));
    *effect = result->simple.overall;
    return NULL;
}

static hu_permutation *permute_did(const hu_table *table, const hu_did_columns *columns, hu_did_options did,
                                   hu_permute_options o, hu_arena *arena)
{
    hu_permutation *p = NULL;
    CHECK_OK(hu_permute_did(table, columns, &did, &o, arena, &p));
    return p;
}

/* The draws of the fast way, one by one, are what the estimator itself says of the table with exchanged cohorts. */
static void check_fast(shape s, hu_did_options did, bool weights)
{
    HU_SCRATCH(arena);
    hu_table *table = cases(s, arena);
    hu_did_columns columns = of_cases;
    columns.weights = weights ? "w" : NULL;
    did.cross_section = !s.panel;
    hu_permute_options o = {.assignments.draws = 60, .assignments.seed = s.seed};
    hu_permutation *fast = permute_did(table, &columns, did, o, arena), *slow = NULL;
    CHECK_OK(hu_permute(table, &columns, &o, anew, &(request){&columns, &did}, arena, &slow));
    assert_int_equal(fast->units, REGIONS);
    hu_effect observed = {0};
    CHECK_OK(anew(table, &(request){&columns, &did}, arena, &observed));
    check_close(fast->fisher.observed, observed.estimate / observed.se, 1e-9, "observed");
    size_t defined = 0;
    assert_int_equal(fast->fisher.assignments, slow->fisher.assignments);
    for (size_t i = 0; i < fast->fisher.assignments; i++) {
        /* Cohorts of one region each have no error: not a number there, infinite here, and extreme in both. */
        oracle_close(isinf(fast->draws[i]) ? NAN : fast->draws[i], slow->draws[i], 1e-8, "draw");
        defined += !isnan(slow->draws[i]);
    }
    assert_true(2 * defined > fast->fisher.assignments);
    check_close(fast->fisher.p, slow->fisher.p, 1e-12, "p");
}

static void sums_are_the_estimator(void **state)
{
    (void)state;
    for (int kind = 0; kind < 32; kind++) {
        shape s = {.panel = kind & 1,
                   .never = kind & 2,
                   .holes = kind & 4,
                   .first = kind & 8 ? 4 : 3,
                   .seed = (uint64_t)kind + 1};
        hu_did_options did = {.control = s.never && !(kind & 16) ? HU_NEVER_TREATED : HU_NOT_YET_TREATED,
                              .anticipation = kind & 16 ? 1 : 0};
        check_fast(s, did, kind & 8);
    }
}

/* Regions treated from the first period on keep their cohort; the others are dealt out among themselves. */
static void who_takes_part_in_the_draw(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    shape s = {.never = true, .first = 1, .seed = 3};
    hu_table *table = cases(s, arena);
    hu_did_options did = {.cross_section = true};
    assert_int_equal(permute_did(table, &of_cases, did, (hu_permute_options){0}, arena)->fisher.assignments, 20);
    check_fast(s, did, false);
    s.first = 3;
    table = cases(s, arena);
    hu_permute_options o = {.treated_only = true};
    assert_int_equal(permute_did(table, &of_cases, did, o, arena)->fisher.assignments, 20);
    o = (hu_permute_options){.assignments.exact = true};
    assert_int_equal(permute_did(table, &of_cases, did, o, arena)->fisher.assignments, 1680);
    o.strata = "zone"; /* of five and four regions: 2, 1, 2 and 1, 2, 1 of the cohorts */
    hu_permutation *p = permute_did(table, &of_cases, did, o, arena);
    assert_int_equal(p->fisher.assignments, 30 * 12);
    assert_string_equal(p->by, "region");
    hu_did_columns columns = of_cases;
    columns.cluster = columns.unit = NULL;
    CHECK_FAILS(hu_permute_did(table, &columns, &did, &o, arena, &p), HU_USAGE, "--cluster");
    o.strata = "x";
    CHECK_FAILS(hu_permute_did(table, &of_cases, &did, &o, arena, &p), HU_BAD_INPUT, "the stratum differs");
    hu_table_find(table, "cohort")->numbers[1] = 5;
    CHECK_FAILS(hu_permute_did(table, &of_cases, &did, &o, arena, &p), HU_BAD_INPUT, "different periods");
}

/* Names of regions, the order of rows and the number of threads do not matter. */
static void labels_do_not_matter(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    shape s = {.never = true, .first = 3, .seed = 5};
    hu_table *table = cases(s, arena), *turned = cases(s, arena);
    hu_did_options did = {.cross_section = true};
    hu_permute_options o = {.threads = 1};
    hu_permutation *one = permute_did(table, &of_cases, did, o, arena);
    o.threads = 2;
    hu_permutation *two = permute_did(table, &of_cases, did, o, arena);
    assert_memory_equal(one->draws, two->draws, one->fisher.assignments * sizeof(double));
    for (size_t c = 0; c < table->n_columns; c++)
        for (size_t i = 0; i < table->rows; i++)
            turned->columns[c].numbers[i] = table->columns[c].numbers[table->rows - 1 - i];
    for (size_t i = 0; i < table->rows; i++)
        turned->columns[0].numbers[i] = fmod(5 * turned->columns[0].numbers[i] + 2, REGIONS);
    hu_permutation *same = permute_did(turned, &of_cases, did, o, arena);
    check_close(same->fisher.p, one->fisher.p, 1e-12, "p");
    check_close(same->fisher.lower, one->fisher.lower, 1e-6, "lower");
    check_close(same->fisher.upper, one->fisher.upper, 1e-6, "upper");
}

static void confidence_set_inverts_the_test(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    shape s = {.never = true, .first = 3, .seed = 6};
    hu_table *table = cases(s, arena);
    hu_did_options did = {.cross_section = true};
    hu_fisher f = permute_did(table, &of_cases, did, (hu_permute_options){0}, arena)->fisher;
    assert_true(f.lower < f.upper);
    const double effects[] = {f.lower + 1e-6, f.upper - 1e-6, f.lower - 1e-6, f.upper + 1e-6};
    double *y = hu_table_find(table, "y")->numbers, before = 0;
    for (int e = 0; e < 4; e++) {
        for (size_t i = 0; i < table->rows; i++) {
            double g = hu_table_find(table, "cohort")->numbers[i];
            y[i] -= g > 0 && hu_table_find(table, "period")->numbers[i] >= g ? effects[e] - before : 0;
        }
        before = effects[e];
        double p = permute_did(table, &of_cases, did, (hu_permute_options){0}, arena)->fisher.p;
        assert_true(e < 2 ? p > 0.05 : p <= 0.05);
    }
}

static hu_error *imputed(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    hu_imputation_result *result;
    HU_TRY(hu_imputation(table, context, &(hu_imputation_options){.pretrends = -1}, arena, &result));
    *effect = result->overall;
    return NULL;
}

/* Any other estimator, with text for numbers, on every assignment; covariates are computed anew. */
static void any_estimator(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    shape s = {.never = true, .first = 3, .seed = 7};
    hu_table *table = cases(s, arena);
    hu_permute_options o = {.treated_only = true};
    hu_permutation *p = NULL;
    CHECK_OK(hu_permute(table, &of_cases, &o, imputed, &of_cases, arena, &p));
    assert_int_equal(p->fisher.assignments, 20);
    assert_true(p->fisher.p >= 0.05 - 1e-12 && p->fisher.p <= 1);
    assert_int_equal(p->fisher.undefined, 0);
    hu_effect effect = {0};
    CHECK_OK(imputed(table, &of_cases, arena, &effect));
    check_close(p->fisher.observed, effect.estimate / effect.se, 1e-12, "observed");
    hu_did_columns columns = of_cases;
    columns.unit = "zone"; /* cohorts differ within */
    CHECK_FAILS(hu_permute(table, &of_cases, &o, imputed, &columns, arena, &p), HU_BAD_INPUT, "unit 1");
    columns = of_cases;
    columns.covariates = (const char *const[]){"x", NULL};
    p = permute_did(table, &columns, (hu_did_options){.cross_section = true, .method = HU_OUTCOME_REGRESSION}, o,
                    arena);
    assert_int_equal(p->fisher.assignments, 20);
    assert_true(p->fisher.level == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_the_estimator), cmocka_unit_test(who_takes_part_in_the_draw),
        cmocka_unit_test(labels_do_not_matter),   cmocka_unit_test(confidence_set_inverts_the_test),
        cmocka_unit_test(any_estimator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
