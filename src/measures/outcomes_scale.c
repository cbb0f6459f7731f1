/* Scores from items: response scores of a test, means of a scale. */

#include "outcomes.h"

#include <math.h>
#include <string.h>

static const double slope_prior = 0.5; /* a few hundred officers do not determine slopes well: field-outcomes.md */

static hu_error *gather(const hu_table *table, const char *const *items, size_t k, hu_arena *arena, double **out,
                        bool *binary)
{
    size_t n = table->rows;
    double *x = *out = HU_NEW_ARRAY(arena, double, n *k);
    *binary = true;
    for (size_t j = 0; j < k; j++) {
        bool reversed = items[j][0] == '-';
        hu_column *column;
        HU_TRY(hu_table_numbers(table, items[j] + reversed, &column));
        double least = INFINITY, most = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            double v = column->numbers[i];
            x[j * n + i] = v;
            *binary = *binary && (isnan(v) || v == 0 || v == 1);
            least = isnan(v) ? least : fmin(least, v);
            most = isnan(v) ? most : fmax(most, v);
        }
        for (size_t i = 0; i < n && reversed; i++)
            x[j * n + i] = least + most - x[j * n + i];
    }
    return NULL;
}

static void say(build *b, const char *sentence)
{
    hu_outcomes *o = b->out;
    o->reliability =
        hu_regrow(b->arena, o->reliability, o->n_reliability, o->n_reliability + 1, sizeof *o->reliability);
    o->reliability[o->n_reliability++] = sentence;
}

hu_error *outcomes_scale(build *b, const hu_table *table, const char *name, const char *const *items, bool test,
                         double *score, double *se)
{
    HU_SCRATCH(scratch);
    size_t k = 0, n = table->rows;
    double *x;
    bool binary;
    hu_item_analysis a;
    while (items[k])
        k++;
    HU_TRY(gather(table, items, k, scratch, &x, &binary));
    HU_TRY(hu_wrap(hu_items_analyse(x, n, k, 0.95, scratch, &a), "%s: %s", table->source, name));
    const char *alpha =
        hu_printf(b->arena, "%s: %zu items, Cronbach's alpha %.3f [%.3f, %.3f]", name, k, a.alpha, a.lower, a.upper);
    if (!test || !binary) {
        memcpy(score, a.score, n * sizeof *score);
        for (size_t i = 0; i < n; i++)
            se[i] = NAN;
        say(b, hu_printf(b->arena, "%s; the score is the mean of items.", alpha));
        return NULL;
    }
    hu_irt irt;
    HU_TRY(hu_wrap(hu_irt_fit(x, n, k, &(hu_irt_options){.prior = slope_prior}, scratch, &irt), "%s: %s", table->source,
                   name));
    memcpy(score, irt.score, n * sizeof *score);
    memcpy(se, irt.se, n * sizeof *se);
    say(b, hu_printf(
               b->arena,
               "%s; the score is the expected ability of the two-parameter logistic model (both waves fitted together, "
               "log-normal prior of sd %.1f on slopes), reliability %.3f.",
               alpha, slope_prior, irt.reliability));
    return NULL;
}
