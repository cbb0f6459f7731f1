/* From a table to a draw that is ready: identifiers, strata, covariates, pairs, threshold. */

#include "draw_parts.h"

#include "huella/base/json.h"
#include "huella/design/match.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/factor.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const double collinear = 1e-7; /* of a column's length, when this is left of it: as least_squares.h */

static size_t length_of(const char *const *list)
{
    size_t n = 0;
    while (list && list[n])
        n++;
    return n;
}

static hu_error *check_setup(hu_draw *draw)
{
    hu_draw_setup *s = &draw->setup;
    draw->arms = length_of(s->arms);
    draw->k = length_of(s->balance);
    if (draw->arms < 2 || draw->arms > HU_DRAW_ARMS)
        return hu_fail(HU_USAGE, "%zu arms: expected from 2 to %d", draw->arms, HU_DRAW_ARMS);
    for (size_t a = 0; a < draw->arms; a++)
        for (size_t b = 0; b < a; b++)
            if (strcmp(s->arms[a], s->arms[b]) == 0)
                return hu_fail(HU_USAGE, "two arms are named \"%s\"", s->arms[a]);
    if (!s->unit)
        return hu_fail(HU_USAGE, "the column that identifies units is not named");
    if (s->method == HU_DRAW_STRATIFIED && !s->strata)
        return hu_fail(HU_USAGE, "a stratified draw needs the column of strata");
    if (s->method == HU_DRAW_COMPLETE && s->strata)
        return hu_fail(HU_USAGE, "a complete draw has no strata: expected the method stratified");
    if ((s->method == HU_DRAW_PAIRS || s->method == HU_DRAW_RERANDOMIZED || s->method == HU_DRAW_MINIMISATION) &&
        !draw->k && !(s->method == HU_DRAW_MINIMISATION && s->strata))
        return hu_fail(HU_USAGE, "the method %s needs covariates to balance", hu_draw_method_name(s->method));
    if (s->method == HU_DRAW_PAIRS && draw->arms != 2)
        return hu_fail(HU_USAGE, "pairs have two arms, not %zu", draw->arms);
    if (s->coin == 0)
        s->coin = 0.8;
    if (!(s->coin > 0.5 && s->coin <= 1))
        return hu_fail(HU_USAGE, "a coin of %g: expected a probability above 0.5, at most 1", s->coin);
    if (s->acceptance == 0)
        s->acceptance = 0.05;
    if (!(s->acceptance > 0 && s->acceptance <= 1) || !(s->threshold >= 0))
        return hu_fail(HU_USAGE,
                       "an acceptance of %g and a threshold of %g: expected a share up to 1 and a positive "
                       "number",
                       s->acceptance, s->threshold);
    return NULL;
}

/* Every cell that the draw uses, hashed by row: so that a verification can name the row that changed. */
static hu_error *read_cells(const hu_table *table, hu_draw *draw, hu_arena *arena)
{
    const hu_draw_setup *s = &draw->setup;
    hu_column *unit, *strata = NULL, *column;
    HU_TRY(hu_table_column(table, s->unit, &unit));
    if (s->strata)
        HU_TRY(hu_table_column(table, s->strata, &strata));
    for (size_t i = 0; i < draw->units; i++) {
        draw->unit[i] = hu_table_text(table, unit, i, arena);
        if (!draw->unit[i])
            return hu_table_fail(table, HU_BAD_INPUT, i, s->unit, "the unit has no identifier");
        if (!strata || !draw->stratum_name)
            continue;
        draw->stratum_name[i] = hu_table_text(table, strata, i, arena);
        if (!draw->stratum_name[i])
            return hu_table_fail(table, HU_BAD_INPUT, i, s->strata, "%s has no stratum: give it one, or leave it out",
                                 draw->unit[i]);
    }
    for (size_t j = 0; j < draw->k; j++) {
        HU_TRY(hu_table_numbers(table, s->balance[j], &column));
        for (size_t i = 0; i < draw->units; i++) {
            double value = draw->x[j * draw->units + i] = column->numbers[i];
            if (!isfinite(value))
                return hu_table_fail(table, HU_BAD_INPUT, i, s->balance[j],
                                     "%s has no finite value here: expected one for every unit that is balanced",
                                     draw->unit[i]);
        }
    }
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static hu_error *check_units(const hu_table *table, const hu_draw *draw, hu_arena *scratch)
{
    const char **names = HU_NEW_ARRAY(scratch, const char *, draw->units);
    memcpy(names, draw->unit, draw->units * sizeof *names);
    qsort(names, draw->units, sizeof *names, by_name);
    for (size_t i = 1; i < draw->units; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return hu_fail(HU_BAD_INPUT, "%s: column \"%s\": %s stands twice: expected one row a unit", table->source,
                           draw->setup.unit, names[i]);
    return NULL;
}

static void hash_rows(hu_draw *draw)
{
    for (size_t i = 0; i < draw->units; i++) {
        HU_BUF(text);
        unsigned char hash[crypto_generichash_BYTES_MIN];
        hu_buf_printf(&text, "%zu:%s", strlen(draw->unit[i]), draw->unit[i]);
        if (draw->setup.strata)
            hu_buf_printf(&text, "|%zu:%s", strlen(draw->stratum_name[i]), draw->stratum_name[i]);
        for (size_t j = 0; j < draw->k; j++) {
            char number[32];
            hu_buf_printf(&text, "|%s", hu_format_double(draw->x[j * draw->units + i], number));
        }
        crypto_generichash(hash, sizeof hash, (const unsigned char *)text.data, text.length, NULL, 0);
        sodium_bin2hex(draw->row_hash[i], sizeof draw->row_hash[i], hash, 8);
    }
}

/* Codes of texts in order of their bytes, so that they depend on the texts alone. */
static size_t code_texts(const char *const *texts, size_t n, uint32_t *code, hu_arena *scratch)
{
    const char **sorted = HU_NEW_ARRAY(scratch, const char *, n);
    memcpy(sorted, texts, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_name);
    size_t levels = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(sorted[i], sorted[levels - 1]) != 0)
            sorted[levels++] = sorted[i];
    for (size_t i = 0; i < n; i++) {
        const char **found = bsearch(&texts[i], sorted, levels, sizeof *sorted, by_name);
        code[i] = (uint32_t)(found - sorted);
    }
    return levels;
}

/* Gram-Schmidt on centred columns, twice over, scaled to variance 1: the covariance of the result is I. */
static hu_error *whiten(hu_draw *draw)
{
    size_t n = draw->units;
    for (size_t j = 0; j < draw->k; j++) {
        double *w = draw->white + j * n, mean = 0, before = 0, after = 0;
        for (size_t i = 0; i < n; i++)
            mean += draw->x[j * n + i] / (double)n;
        for (size_t i = 0; i < n; i++) {
            w[i] = draw->x[j * n + i] - mean;
            before += w[i] * w[i];
        }
        for (size_t pass = 0; pass < 2; pass++)
            for (size_t l = 0; l < j; l++) {
                const double *v = draw->white + l * n;
                double along = 0;
                for (size_t i = 0; i < n; i++)
                    along += v[i] * w[i] / (double)(n - 1);
                for (size_t i = 0; i < n; i++)
                    w[i] -= along * v[i];
            }
        for (size_t i = 0; i < n; i++)
            after += w[i] * w[i];
        if (!(sqrt(before) > 1e-13 * fabs(mean) * sqrt((double)n)) || !(sqrt(after) > collinear * sqrt(before)))
            return hu_fail(HU_SINGULAR,
                           "column \"%s\" is constant or a combination of the covariates before it: leave it out",
                           draw->setup.balance[j]);
        for (size_t i = 0; i < n; i++)
            w[i] /= sqrt(after / (double)(n - 1));
    }
    return NULL;
}

/* Optimal pairs within strata; pairs are numbered by their first unit. */
static hu_error *pair_up(hu_draw *draw, hu_arena *scratch)
{
    size_t n = draw->units, pairs = 0;
    uint32_t *within = HU_NEW_ARRAY(scratch, uint32_t, n), *at = HU_NEW_ARRAY(scratch, uint32_t, n);
    uint32_t *mate = HU_NEW_ARRAY(scratch, uint32_t, n), *whole = HU_NEW_ARRAY(scratch, uint32_t, n);
    memcpy(within, draw->stratum, n * sizeof *within);
    for (size_t s = 0; s < draw->strata; s++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++)
            if (within[i] == s)
                at[m++] = (uint32_t)i;
        if (m > HU_MATCH_LIMIT)
            return hu_match_pairs(NULL, m + m % 2, mate); /* says the limit */
        double *distance = HU_NEW_ARRAY(scratch, double, m *m);
        for (size_t a = 0; a < m; a++)
            for (size_t b = 0; b < m; b++) {
                double square = 0;
                for (size_t j = 0; j < draw->k; j++)
                    square += pow(draw->white[j * n + at[a]] - draw->white[j * n + at[b]], 2);
                distance[a * m + b] = sqrt(square);
            }
        HU_TRY(hu_wrap(hu_match_pairs(distance, m, mate), "%s",
                       draw->setup.strata ? hu_printf(scratch, "stratum %s", draw->stratum_name[at[0]]) : "pairs"));
        for (size_t a = 0; a < m; a++)
            whole[at[a]] = at[mate[a]];
    }
    for (size_t i = 0; i < n; i++)
        if (whole[i] > i)
            draw->stratum[i] = draw->stratum[whole[i]] = (uint32_t)pairs++;
    draw->strata = pairs;
    return NULL;
}

/* As equal as can be; what is over goes on from where the last stratum stopped, treatment first. */
static void count_arms(hu_draw *draw)
{
    size_t turn = 1;
    for (size_t s = 0; s < draw->strata; s++) {
        size_t m = 0, at = 0;
        for (size_t i = 0; i < draw->units; i++)
            m += draw->stratum[i] == s;
        for (size_t i = 0; i < draw->units; i++)
            if (draw->stratum[i] == s) {
                size_t whole = m - m % draw->arms;
                draw->deal[i] = (uint32_t)((at < whole ? at : turn++) % draw->arms);
                at++;
            }
    }
}

static void set_factors(hu_draw *draw, hu_arena *arena, hu_arena *scratch)
{
    size_t n = draw->units, f = 0;
    draw->factors = draw->k + (draw->setup.strata != NULL);
    draw->level = HU_NEW_ARRAY(arena, uint32_t, n * draw->factors);
    draw->levels = HU_NEW_ARRAY(arena, size_t, draw->factors + 1);
    for (; f < draw->k; f++) {
        const double *x = draw->x + f * n;
        hu_factor values;
        hu_factor_numbers(x, n, scratch, &values);
        draw->levels[f] = values.levels <= 4 ? values.levels : 2;
        size_t *count = HU_NEW_ARRAY(scratch, size_t, values.levels + 1);
        for (size_t i = 0; i < n; i++)
            count[values.code[i] + 1]++;
        for (size_t l = 0; l < values.levels; l++)
            count[l + 1] += count[l];
        for (size_t i = 0; i < n; i++) /* above the median: at least half stand below */
            draw->level[i * draw->factors + f] = values.levels <= 4 ? values.code[i] : 2 * count[values.code[i]] >= n;
    }
    if (draw->setup.strata) {
        draw->levels[f] = draw->strata;
        for (size_t i = 0; i < n; i++)
            draw->level[i * draw->factors + f] = draw->stratum[i];
    }
    for (size_t i = 0; i < n; i++)
        draw->stratum[i] = 0;
    draw->strata = 1;
}

/* ---- the threshold under which the wanted share of allocations lies ---- */

typedef struct distances {
    const hu_draw *draw;
    double *room;
} distances;

static void *start_distances(const void *context, hu_arena *arena)
{
    const hu_draw *draw = context;
    distances *d = HU_NEW(arena, distances);
    *d = (distances){draw, HU_NEW_ARRAY(arena, double, draw->arms *(draw->k + 1))};
    return d;
}

static void evaluate_distance(void *state, const hu_walk *walk, double *value)
{
    const distances *d = state;
    *value = hu_draw_distance(d->draw, walk->label, d->room);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static hu_error *find_threshold(hu_draw *draw, hu_arena *scratch)
{
    hu_assignments *all;
    hu_assignment_design design = {draw->units, draw->deal, draw->stratum};
    if (draw->setup.threshold > 0)
        return NULL;
    HU_TRY(hu_assignments_plan(&design, &(hu_assignment_options){.draws = 2000000}, scratch, &all));
    draw->exact_acceptance = all->exact;
    if (!all->exact) {
        draw->setup.threshold = hu_chi_square_quantile(draw->setup.acceptance, (double)(draw->k * (draw->arms - 1)));
        return NULL;
    }
    double *m = HU_NEW_ARRAY(scratch, double, all->count);
    HU_TRY(hu_assignments_evaluate(all, &(hu_statistic){draw, 1, start_distances, evaluate_distance}, 0, m));
    qsort(m, all->count, sizeof *m, by_size);
    /* Between two values that differ: mirror images have the same M but for rounding, and stay together. */
    size_t at = (size_t)fmax(1, floor(draw->setup.acceptance * (double)all->count)) - 1;
    while (at + 1 < all->count && m[at + 1] <= m[at] + 1e-9 * (1 + m[at]))
        at++;
    draw->setup.threshold = at + 1 < all->count ? m[at] + (m[at + 1] - m[at]) / 2 : m[at] + 1;
    draw->setup.acceptance = (double)(at + 1) / (double)all->count;
    return NULL;
}

hu_error *hu_draw_prepare(const hu_table *table, const hu_draw_setup *setup, hu_arena *arena, hu_draw **out)
{
    HU_SCRATCH(scratch);
    hu_draw *draw = HU_NEW(arena, hu_draw);
    draw->setup = *setup;
    HU_TRY(check_setup(draw));
    size_t n = draw->units = table->rows;
    if (n < draw->arms || n > 1000000)
        return hu_fail(n < draw->arms ? HU_EMPTY : HU_LIMIT,
                       "%s: %zu units for %zu arms: expected at least one each, "
                       "at most 1,000,000 units",
                       table->source, n, draw->arms);
    draw->unit = HU_NEW_ARRAY(arena, const char *, n);
    draw->stratum_name = setup->strata ? HU_NEW_ARRAY(arena, const char *, n) : NULL;
    draw->stratum = HU_NEW_ARRAY(arena, uint32_t, n);
    draw->deal = HU_NEW_ARRAY(arena, uint32_t, n);
    draw->x = HU_NEW_ARRAY(arena, double, n * draw->k + 1);
    draw->white = HU_NEW_ARRAY(arena, double, n * draw->k + 1);
    draw->row_hash = hu_alloc_array(arena, n, sizeof *draw->row_hash);
    HU_TRY(read_cells(table, draw, arena));
    HU_TRY(check_units(table, draw, scratch));
    hash_rows(draw);
    draw->strata = setup->strata ? code_texts(draw->stratum_name, n, draw->stratum, scratch) : 1;
    HU_TRY(hu_wrap(whiten(draw), "%s", table->source));
    if (draw->setup.method == HU_DRAW_PAIRS)
        HU_TRY(hu_wrap(pair_up(draw, scratch), "%s", table->source));
    if (draw->setup.method == HU_DRAW_MINIMISATION)
        set_factors(draw, arena, scratch);
    count_arms(draw);
    if (draw->setup.method == HU_DRAW_RERANDOMIZED)
        HU_TRY(find_threshold(draw, scratch));
    *out = draw;
    return NULL;
}
