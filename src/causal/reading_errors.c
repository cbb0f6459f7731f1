/* Hand labels of a sample correct what a machine read: see the header for the method and its sources. */

#include "huella/causal/reading_errors.h"

#include "huella/base/random.h"
#include "huella/numerics/least_squares.h"

#include <math.h>
#include <string.h>

enum { FOLDS = 10, SIGN_DRAWS = 100, FEWEST_LABELS = 10, LABELS_A_PREDICTOR = 5 };

typedef struct sample {
    const hu_table *table;
    size_t n, outcome; /* rows; which column holds the reading */
    const double *read, *hand, *probability;
    const double **predictors;
    size_t n_predictors;
    bool *used, *labelled;       /* rows with a reading that stay in; of them with a label */
    double mean_hand, mean_read; /* over the labelled, weighted by 1 / pi */
    hu_reestimate *estimate;
    const void *context;
} sample;

/* ---- the rows ---- */

static hu_error *numbers_of(const hu_table *table, const char *name, hu_arena *arena, const double **out)
{
    hu_column *column;
    HU_TRY(hu_table_numbers(table, name, &column));
    double *numbers = HU_NEW_ARRAY(arena, double, table->rows + 1);
    for (size_t i = 0; i < table->rows; i++)
        numbers[i] = hu_number_at(column, i);
    *out = numbers;
    return NULL;
}

static hu_error *number_columns(const hu_hand_columns *columns, hu_arena *arena, sample *s)
{
    HU_TRY(numbers_of(s->table, columns->read, arena, &s->read));
    HU_TRY(numbers_of(s->table, columns->hand, arena, &s->hand));
    HU_TRY(numbers_of(s->table, columns->probability, arena, &s->probability));
    s->outcome = (size_t)(hu_table_find(s->table, columns->read) - s->table->columns);
    if (!columns->predictors)
        return NULL;
    while (columns->predictors[s->n_predictors])
        s->n_predictors++;
    s->predictors = HU_NEW_ARRAY(arena, const double *, s->n_predictors + 1);
    for (size_t j = 0; j < s->n_predictors; j++)
        HU_TRY(numbers_of(s->table, columns->predictors[j], arena, &s->predictors[j]));
    return NULL;
}

static hu_error *check_row(const sample *s, const hu_hand_columns *columns, size_t row)
{
    double pi = s->probability[row];
    if (s->labelled[row] && !(pi > 0 && pi <= 1))
        return hu_table_fail(s->table, HU_BAD_INPUT, row, columns->probability,
                             isnan(pi)
                                 ? "is empty beside a hand label; expected the probability with which the row was "
                                   "drawn to be labelled"
                                 : "%g is no probability of having been drawn; expected more than 0, at most 1",
                             pi);
    for (size_t j = 0; j < s->n_predictors; j++)
        if (s->used[row] && !isfinite(s->predictors[j][row]))
            return hu_table_fail(s->table, HU_BAD_INPUT, row, columns->predictors[j],
                                 "is empty; a predictor of hand labels is known of every row");
    return NULL;
}

static hu_error *sort_rows(const hu_hand_columns *columns, hu_arena *arena, sample *s, hu_corrected *out)
{
    double weight = 0, hand = 0, read = 0;
    s->used = HU_NEW_ARRAY(arena, bool, s->n + 1);
    s->labelled = HU_NEW_ARRAY(arena, bool, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        bool is_read = isfinite(s->read[i]), known = isfinite(s->hand[i]);
        s->labelled[i] = is_read && known;
        s->used[i] = is_read;
        HU_TRY(check_row(s, columns, i));
        out->rows += s->used[i];
        out->labelled += s->labelled[i];
        out->unread += !is_read;
        out->unread_known += !is_read && known;
        if (s->labelled[i]) {
            weight += 1 / s->probability[i];
            hand += s->hand[i] / s->probability[i];
            read += s->read[i] / s->probability[i];
        }
    }
    if (out->labelled < FEWEST_LABELS)
        return hu_fail(HU_EMPTY,
                       "%s: %zu rows have a hand label in \"%s\" and a reading in \"%s\"; %d are the fewest "
                       "that correct anything",
                       s->table->source, out->labelled, columns->hand, columns->read, FEWEST_LABELS);
    s->mean_hand = hand / weight;
    s->mean_read = read / weight;
    return NULL;
}

/* ---- estimates ---- */

/* The table with another outcome. */
static hu_table *with_outcome(const sample *s, double *outcome, hu_arena *arena)
{
    hu_table *table = HU_NEW(arena, hu_table);
    *table = *s->table;
    table->arena = arena;
    table->columns = HU_NEW_ARRAY(arena, hu_column, table->n_columns);
    memcpy(table->columns, s->table->columns, table->n_columns * sizeof(hu_column));
    hu_column *replaced = &table->columns[s->outcome];
    *replaced = (hu_column){.name = replaced->name, .type = HU_NUMBER};
    replaced->numbers = outcome;
    return table;
}

static hu_error *estimate(const sample *s, double *outcome, hu_effect *effect)
{
    HU_SCRATCH(scratch);
    *effect = (hu_effect){NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    return s->estimate(with_outcome(s, outcome, scratch), s->context, scratch, effect);
}

/* y~ = g + R / pi (y - g). */
static double *corrected(const sample *s, const double *predicted, hu_arena *arena)
{
    double *out = HU_NEW_ARRAY(arena, double, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        out[i] = !s->used[i]      ? NAN
                 : s->labelled[i] ? predicted[i] + (s->hand[i] - predicted[i]) / s->probability[i]
                                  : predicted[i];
    return out;
}

/* g = mean(y) + lambda (read - mean(read)); lambda 0 leaves the labels alone. */
static double *predict_by_reading(const sample *s, double lambda, hu_arena *arena)
{
    double *g = HU_NEW_ARRAY(arena, double, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        g[i] = s->used[i] ? s->mean_hand + lambda * (s->read[i] - s->mean_read) : NAN;
    return g;
}

/* ---- DSL: g by least squares on other folds ---- */

static void fill_row(const sample *s, size_t row, size_t k, size_t at, size_t n, double *x)
{
    x[at] = 1;
    if (k > 1)
        x[n + at] = s->read[row];
    for (size_t j = 2; j < k; j++)
        x[j * n + at] = s->predictors[j - 2][row];
}

/* Coefficients from the labelled rows outside a fold; k of them, as many as the labels bear. */
static hu_error *fit_fold(const sample *s, const uint32_t *fold, uint32_t left_out, size_t k, hu_arena *scratch,
                          hu_fit *fit)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->labelled[i] && fold[i] != left_out;
    double *x = HU_NEW_ARRAY(scratch, double, n *k + 1), *y = HU_NEW_ARRAY(scratch, double, n + 1);
    double *w = HU_NEW_ARRAY(scratch, double, n + 1);
    for (size_t i = 0; i < s->n; i++)
        if (s->labelled[i] && fold[i] != left_out) {
            fill_row(s, i, k, at, n, x);
            y[at] = s->hand[i];
            w[at++] = 1 / s->probability[i];
        }
    return hu_least_squares(x, n, k, y, w, scratch, fit);
}

static double predict(const sample *s, const hu_fit *fit, size_t row)
{
    double g = 0;
    for (size_t j = 0; j < fit->k; j++)
        if (!fit->dropped[j])
            g += fit->coefficients[j] * (j == 0 ? 1 : j == 1 ? s->read[row] : s->predictors[j - 2][row]);
    return g;
}

/* Labelled rows are dealt out evenly, in random order, so that none of few folds is without any; the others at random.
 */
static uint32_t *deal_folds(const sample *s, const hu_correction_options *options, uint32_t folds, hu_arena *arena)
{
    uint32_t *fold = HU_NEW_ARRAY(arena, uint32_t, s->n + 1);
    size_t *rows = HU_NEW_ARRAY(arena, size_t, s->n + 1), n = 0;
    hu_random random = hu_random_start(options->seed, hu_random_stream("reading errors: folds", 0));
    for (size_t i = 0; i < s->n; i++)
        if (s->labelled[i])
            rows[n++] = i;
    hu_random_shuffle(&random, rows, n);
    for (size_t i = 0; i < n; i++)
        fold[rows[i]] = (uint32_t)(i % folds);
    for (size_t i = 0; i < s->n; i++)
        if (!s->labelled[i])
            fold[i] = (uint32_t)hu_random_below(&random, folds);
    return fold;
}

static hu_error *predict_by_folds(const sample *s, const hu_correction_options *options, size_t labelled,
                                  hu_arena *arena, double **g)
{
    uint32_t folds = options->folds > 1 ? (uint32_t)options->folds : FOLDS;
    if (folds > labelled)
        folds = (uint32_t)labelled;
    size_t most = labelled / LABELS_A_PREDICTOR, k = 2 + s->n_predictors;
    uint32_t *fold = deal_folds(s, options, folds, arena);
    *g = HU_NEW_ARRAY(arena, double, s->n + 1);
    for (uint32_t f = 0; f < folds; f++) {
        HU_SCRATCH(scratch);
        hu_fit fit;
        HU_TRY(fit_fold(s, fold, f, k < most ? k : most < 2 ? 2 : most, scratch, &fit));
        for (size_t i = 0; i < s->n; i++)
            if (fold[i] == f)
                (*g)[i] = s->used[i] ? predict(s, &fit, i) : NAN;
    }
    return NULL;
}

/* ---- sums over rows of an estimate that is linear in the outcome: sum c y ---- */

/*
 * sum c^2 u v for columns u and v, without c: the mean, over random signs of the rows, of the estimate of u times the
 * estimate of v. `u` and `v` say what a labelled row holds; other rows hold zero.
 */
typedef double row_value(const sample *s, const double *g, size_t row);

static void signed_column(const sample *s, const double *g, row_value *value, hu_random random, double *out)
{
    for (size_t i = 0; i < s->n; i++) {
        double sign = hu_random_u32(&random) & 1 ? 1 : -1;
        out[i] = !s->used[i] ? NAN : s->labelled[i] ? sign * value(s, g, i) : 0;
    }
}

/* Of each pair of u and v: sum c^2 u^2, sum c^2 u v, sum c^2 v^2. */
static hu_error *sums_of_squares(const sample *s, const double *g, row_value *u, row_value *v,
                                 const hu_correction_options *options, double sums[3])
{
    int draws = options->draws > 0 ? options->draws : SIGN_DRAWS;
    HU_SCRATCH(scratch);
    double *column = HU_NEW_ARRAY(scratch, double, s->n + 1);
    sums[0] = sums[1] = sums[2] = 0;
    for (int d = 0; d < draws; d++) {
        hu_random random = hu_random_start(options->seed, hu_random_stream("reading errors: signs", (uint64_t)d));
        hu_effect first, second;
        signed_column(s, g, u, random, column);
        HU_TRY(estimate(s, column, &first));
        signed_column(s, g, v, random, column);
        HU_TRY(estimate(s, column, &second));
        sums[0] += first.estimate * first.estimate / draws;
        sums[1] += first.estimate * second.estimate / draws;
        sums[2] += second.estimate * second.estimate / draws;
    }
    return NULL;
}

/* ---- PPI: the lambda that makes the error least ---- */

static double drawn_hand(const sample *s, const double *g, size_t row)
{
    (void)g;
    return sqrt(1 - s->probability[row]) / s->probability[row] * (s->hand[row] - s->mean_hand);
}

static double drawn_reading(const sample *s, const double *g, size_t row)
{
    (void)g;
    return sqrt(1 - s->probability[row]) / s->probability[row] * (s->read[row] - s->mean_read);
}

/*
 * Only labelling's part of the variance, sum c^2 (1 - pi) / pi (y - g)^2, depends on lambda: least where it is the
 * slope of label on reading under those weights. From the labelled rows, which stand for 1 / pi rows each.
 */
static hu_error *best_lambda(const sample *s, const hu_correction_options *options, double *lambda)
{
    double sums[3];
    HU_TRY(sums_of_squares(s, NULL, drawn_hand, drawn_reading, options, sums));
    *lambda = sums[2] > 0 ? fmin(fmax(sums[1] / sums[2], 0), 1) : 0;
    return NULL;
}

/* ---- what more labels would bring ---- */

static double over_probability(const sample *s, const double *g, size_t row)
{
    return (s->hand[row] - g[row]) / s->probability[row];
}

static double over_root(const sample *s, const double *g, size_t row)
{
    return (s->hand[row] - g[row]) / sqrt(s->probability[row]);
}

/*
 * With pi made k times larger, labelling adds A / k - B to the variance, where the estimate is sum c y~,
 *     A = sum c^2 (y - g)^2 / pi,   B = sum c^2 (y - g)^2,
 * both estimated from the labelled rows.
 */
static hu_error *plan_labels(const sample *s, const double *g, const hu_correction_options *options, hu_corrected *out)
{
    double sums[3], smallest = INFINITY;
    HU_TRY(sums_of_squares(s, g, over_probability, over_root, options, sums));
    double a = sums[0], b = sums[2], variance = out->corrected.se * out->corrected.se;
    for (size_t i = 0; i < s->n; i++)
        if (s->labelled[i])
            smallest = fmin(smallest, s->probability[i]);
    out->label_variance = fmin(fmax(a - b, 0), variance);
    /* (variance - label_variance) + A / k - B = variance / 4, and every probability stays at most 1. */
    double room = variance / 4 - (variance - out->label_variance) + b, times = room > 0 ? a / room : INFINITY;
    out->more_labels = times > 1 && times * smallest <= 1 ? ceil((times - 1) * (double)out->labelled) : INFINITY;
    return NULL;
}

static double agreement(const sample *s)
{
    double yy = 0, ff = 0, yf = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->labelled[i]) {
            double y = s->hand[i] - s->mean_hand, f = s->read[i] - s->mean_read, w = 1 / s->probability[i];
            yy += w * y * y;
            ff += w * f * f;
            yf += w * y * f;
        }
    return yf / sqrt(yy * ff);
}

hu_error *hu_correct_reading(const hu_table *table, const hu_hand_columns *columns,
                             const hu_correction_options *options, hu_reestimate *reestimate, const void *context,
                             hu_arena *arena, hu_corrected *result)
{
    HU_SCRATCH(scratch);
    sample s = {.table = table, .n = table->rows, .estimate = reestimate, .context = context};
    *result = (hu_corrected){.method = options->method, .lambda = NAN};
    HU_TRY(number_columns(columns, scratch, &s));
    HU_TRY(sort_rows(columns, scratch, &s, result));
    double *g;
    if (options->method == HU_PPI) {
        HU_TRY(best_lambda(&s, options, &result->lambda));
        g = predict_by_reading(&s, result->lambda, scratch);
    } else {
        HU_TRY(predict_by_folds(&s, options, result->labelled, scratch, &g));
    }
    double *outcome = corrected(&s, g, arena);
    double *read = HU_NEW_ARRAY(scratch, double, s.n + 1);
    memcpy(read, s.read, s.n * sizeof *read);
    HU_TRY(estimate(&s, read, &result->naive));
    HU_TRY(estimate(&s, corrected(&s, predict_by_reading(&s, 0, scratch), scratch), &result->hand_only));
    HU_TRY(estimate(&s, outcome, &result->corrected));
    result->agreement = agreement(&s);
    result->table = with_outcome(&s, outcome, arena);
    return plan_labels(&s, g, options, result);
}
