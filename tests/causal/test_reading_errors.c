/* Errors of reading corrected by hand labels: what must hold for any reader, by brute force over drawn samples. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/reading_errors.h"
#include "huella/causal/trial.h"

enum { DISTRICTS = 20, A_DISTRICT = 30, ROWS = DISTRICTS * A_DISTRICT };

static const char *const by_read[] = {"read", NULL};
static const hu_trial_columns columns = {.outcomes = by_read, .treatment = "arm", .cluster = "district"};
static const hu_hand_columns hand = {.read = "read", .hand = "hand", .probability = "pi"};

static hu_error *difference(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    (void)context;
    hu_trial *trial;
    HU_TRY(hu_trial_estimate(table, &columns, &(hu_trial_options){.no_permutations = true}, arena, &trial));
    const hu_trial_effect *e = trial->effects;
    *effect = (hu_effect){e->estimate, e->se, e->lower, e->upper, e->p, NAN, NAN};
    return NULL;
}

static double *column(hu_table *table, const char *name)
{
    return hu_table_find(table, name)->numbers;
}

/* Districts in two arms; a reader that misses fewer true values where people were trained; nobody labelled yet. */
static hu_table *population(hu_arena *arena, bool perfect)
{
    static const char *const names[] = {"district", "arm", "truth", "read", "hand", "pi"};
    hu_table *table = hu_table_new(arena, "cases.csv", ROWS);
    for (size_t c = 0; c < sizeof names / sizeof *names; c++)
        hu_table_add_numbers(table, arena, names[c]);
    hu_random random = hu_random_start(7, 1);
    double *truth = column(table, "truth"), *read = column(table, "read");
    for (size_t i = 0; i < ROWS; i++) {
        double arm = (double)(i / A_DISTRICT % 2);
        column(table, "district")[i] = (double)(i / A_DISTRICT);
        column(table, "arm")[i] = arm;
        truth[i] = hu_random_uniform(&random) < 0.4 + 0.1 * arm;
        double says_so = truth[i] > 0 ? arm > 0 ? 0.95 : 0.65 : 0.05;
        read[i] = perfect ? truth[i] : hu_random_uniform(&random) < says_so;
    }
    return table;
}

/* A sample to label: more of those read as positive, as a stratified draw would take. */
static void draw_labels(hu_table *table, uint64_t draw)
{
    hu_random random = hu_random_start(11, draw);
    for (size_t i = 0; i < table->rows; i++) {
        double pi = column(table, "read")[i] > 0 ? 0.5 : 0.3;
        bool taken = hu_random_uniform(&random) < pi;
        column(table, "hand")[i] = taken ? column(table, "truth")[i] : NAN;
        column(table, "pi")[i] = taken ? pi : NAN;
    }
}

static double true_difference(hu_table *table)
{
    double sum[2] = {0}, n[2] = {0};
    for (size_t i = 0; i < table->rows; i++) {
        size_t arm = (size_t)column(table, "arm")[i];
        sum[arm] += column(table, "truth")[i];
        n[arm]++;
    }
    return sum[1] / n[1] - sum[0] / n[0];
}

static hu_corrected correct(const hu_table *table, hu_correction_method method, int draws, hu_arena *arena)
{
    hu_corrected c;
    CHECK_OK(hu_correct_reading(table, &hand, &(hu_correction_options){.method = method, .draws = draws, .seed = 3},
                                difference, NULL, arena, &c));
    return c;
}

/* Where reading is always right every label agrees with g, whoever was drawn. */
static void a_perfect_reader_is_left_alone(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = population(arena, true);
    for (uint64_t draw = 0; draw < 5; draw++) {
        draw_labels(table, draw);
        hu_corrected c = correct(table, HU_DSL, 4, arena);
        check_close(c.corrected.estimate, true_difference(table), 1e-12, "estimate");
        check_close(c.corrected.se, c.naive.se, 1e-12, "error");
        check_close(c.agreement, 1, 1e-12, "agreement");
        assert_true(c.label_variance < 1e-20);
    }
}

/* Labels of every row with certainty are the truth, whatever was read. */
static void labels_of_all_rows_are_the_truth(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = population(arena, false);
    for (size_t i = 0; i < table->rows; i++) {
        column(table, "hand")[i] = column(table, "truth")[i];
        column(table, "pi")[i] = 1;
    }
    for (int method = HU_DSL; method <= HU_PPI; method++) {
        hu_corrected c = correct(table, (hu_correction_method)method, 4, arena);
        check_close(c.corrected.estimate, true_difference(table), 1e-12, "estimate");
        assert_true(fabs(c.naive.estimate - true_difference(table)) > 0.05);
        assert_true(isinf(c.more_labels));
    }
}

/* What a sample of labels gives over many draws of it: mean and variance of the estimate. */
typedef struct drawn {
    double mean, variance, naive, label_variance;
} drawn;

static drawn over_samples(hu_table *table, hu_correction_method method, hu_arena *arena)
{
    enum { SAMPLES = 400 };
    double sum = 0, squares = 0;
    drawn d = {0};
    for (uint64_t s = 0; s < SAMPLES; s++) {
        HU_SCRATCH(scratch);
        draw_labels(table, s);
        hu_corrected c = correct(table, method, 20, scratch);
        sum += c.corrected.estimate;
        squares += c.corrected.estimate * c.corrected.estimate;
        d.label_variance += c.label_variance / SAMPLES;
        d.naive = c.naive.estimate;
    }
    (void)arena;
    d.mean = sum / SAMPLES;
    d.variance = (squares - sum * sum / SAMPLES) / (SAMPLES - 1);
    assert_true(fabs(d.mean - true_difference(table)) < 4 * sqrt(d.variance / SAMPLES));
    return d;
}

static void the_mean_over_samples_is_the_truth(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = population(arena, false);
    for (int method = HU_DSL; method <= HU_PPI; method++) {
        drawn d = over_samples(table, (hu_correction_method)method, arena);
        assert_true(fabs(d.naive - true_difference(table)) > 0.05);
        /* what is said of labelling's part in the variance is what it is over samples */
        assert_true(d.label_variance > 0.8 * d.variance && d.label_variance < 1.25 * d.variance);
    }
}

/* The weight on the reading: none where it tells nothing, the whole where it tells all. */
static void a_useless_reader_gets_no_weight(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = population(arena, true);
    draw_labels(table, 1);
    check_close(correct(table, HU_PPI, 4, arena).lambda, 1, 1e-9, "lambda");
    hu_random random = hu_random_start(5, 2);
    for (size_t i = 0; i < table->rows; i++)
        column(table, "read")[i] = hu_random_uniform(&random) < 0.5;
    draw_labels(table, 1);
    assert_true(correct(table, HU_PPI, 50, arena).lambda < 0.3);
}

static void labels_without_their_probability_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = population(arena, false);
    hu_corrected c;
    hu_correction_options options = {0};
    table->first_line = 2;
    CHECK_FAILS(hu_correct_reading(table, &hand, &options, difference, NULL, arena, &c), HU_EMPTY,
                "0 rows have a hand label");
    draw_labels(table, 1);
    size_t labelled = 0;
    while (isnan(column(table, "hand")[labelled]))
        labelled++;
    double pi = column(table, "pi")[labelled];
    const char *line = hu_printf(arena, "cases.csv:%zu: column \"pi\"", labelled + 2);
    column(table, "pi")[labelled] = NAN;
    CHECK_FAILS(hu_correct_reading(table, &hand, &options, difference, NULL, arena, &c), HU_BAD_INPUT, line);
    column(table, "pi")[labelled] = 1.5;
    CHECK_FAILS(hu_correct_reading(table, &hand, &options, difference, NULL, arena, &c), HU_BAD_INPUT,
                "1.5 is no probability");
    column(table, "pi")[labelled] = pi;
    /* a row that was not read is left out, and said */
    column(table, "read")[labelled] = NAN;
    CHECK_OK(hu_correct_reading(table, &hand, &options, difference, NULL, arena, &c));
    assert_int_equal(c.unread, 1);
    assert_int_equal(c.unread_known, 1);
    assert_int_equal(c.rows, ROWS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_perfect_reader_is_left_alone),
        cmocka_unit_test(labels_of_all_rows_are_the_truth),
        cmocka_unit_test(the_mean_over_samples_is_the_truth),
        cmocka_unit_test(a_useless_reader_gets_no_weight),
        cmocka_unit_test(labels_without_their_probability_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
