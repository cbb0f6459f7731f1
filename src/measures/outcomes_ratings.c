/* Documentation as several people rate it: their mean, and how far they agree. */

#include "outcomes.h"

#include "huella/numerics/factor.h"

#include <math.h>

enum { MOST_CELLS = 1 << 27 };

typedef struct ratings {
    const hu_table *table, *incidents;
    const hu_column *incident, *rater, *score, *id; /* of the ratings; id of the incidents */
    hu_factor unit, who;                            /* incidents, then the ratings' incidents; raters */
    double *x;                                      /* units x raters: NaN = not rated */
} ratings;

static hu_error *find_columns(build *b, ratings *r)
{
    hu_table *table;
    hu_column *columns[4];
    HU_TRY(outcomes_read(b, b->sources->ratings, &table));
    HU_TRY(hu_table_column(table, "incident_id", &columns[0]));
    HU_TRY(hu_table_column(table, "rater", &columns[1]));
    HU_TRY(hu_table_numbers(table, "score", &columns[2]));
    HU_TRY(hu_table_column(r->incidents, "incident_id", &columns[3]));
    r->table = table;
    r->incident = columns[0];
    r->rater = columns[1];
    r->score = columns[2];
    r->id = columns[3];
    return NULL;
}

static hu_error *check_names(const ratings *r)
{
    for (size_t i = 0; i < r->incidents->rows; i++)
        if (hu_table_missing(r->id, i))
            return hu_table_fail(r->incidents, HU_BAD_INPUT, i, "incident_id", "it is missing");
    for (size_t i = 0; i < r->table->rows; i++)
        if (hu_table_missing(r->incident, i) || hu_table_missing(r->rater, i))
            return hu_table_fail(r->table, HU_BAD_INPUT, i, hu_table_missing(r->rater, i) ? "rater" : "incident_id",
                                 "it is missing");
    return NULL;
}

/* One list of names, incidents first, so that equal names get equal codes. */
static void number_units(ratings *r, hu_arena *scratch)
{
    size_t n = r->incidents->rows, m = r->table->rows;
    hu_table *names = hu_table_new(scratch, "incidents", n + m);
    hu_str *texts = hu_table_add_texts(names, scratch, "incident_id")->texts;
    for (size_t i = 0; i < n; i++)
        texts[i] = hu_str_of(hu_table_text(r->incidents, r->id, i, scratch));
    for (size_t i = 0; i < m; i++)
        texts[n + i] = hu_str_of(hu_table_text(r->table, r->incident, i, scratch));
    hu_factor_column(&names->columns[0], NULL, n + m, scratch, &r->unit);
    hu_factor_column(r->rater, NULL, m, scratch, &r->who);
}

static hu_error *fill(ratings *r, hu_arena *scratch)
{
    size_t n = r->incidents->rows, cells = r->unit.levels * r->who.levels;
    if (cells > MOST_CELLS)
        return hu_fail(HU_LIMIT, "%s: %zu incidents times %zu raters are too many", r->table->source, r->unit.levels,
                       r->who.levels);
    r->x = HU_NEW_ARRAY(scratch, double, cells);
    for (size_t i = 0; i < cells; i++)
        r->x[i] = NAN;
    for (size_t i = 0; i < r->table->rows; i++) {
        uint32_t unit = r->unit.code[n + i];
        double *cell = &r->x[r->who.code[i] * r->unit.levels + unit];
        if (r->unit.first[unit] >= n)
            return hu_table_fail(r->table, HU_BAD_INPUT, i, "incident_id", "no incident of that name in %s",
                                 r->incidents->source);
        if (!isnan(*cell))
            return hu_table_fail(r->table, HU_BAD_INPUT, i, "rater", "this rater has rated this incident already");
        *cell = r->score->numbers[i];
    }
    return NULL;
}

static double mean_of(const ratings *r, uint32_t unit)
{
    double sum = 0, count = 0;
    for (size_t w = 0; w < r->who.levels; w++) {
        double value = r->x[w * r->unit.levels + unit];
        sum += isnan(value) ? 0 : value;
        count += !isnan(value);
    }
    return sum / count; /* NaN without any */
}

hu_error *outcomes_ratings(build *b, const hu_table *incidents, double **documentation)
{
    HU_SCRATCH(scratch);
    ratings r = {.incidents = incidents};
    HU_TRY(find_columns(b, &r));
    HU_TRY(check_names(&r));
    number_units(&r, scratch);
    HU_TRY(fill(&r, scratch));
    *documentation = HU_NEW_ARRAY(b->arena, double, incidents->rows);
    for (size_t i = 0; i < incidents->rows; i++)
        (*documentation)[i] = mean_of(&r, r.unit.code[i]);
    hu_krippendorff_options o = {.level = HU_ALPHA_INTERVAL, .seed = b->options->seed};
    hu_error *error = hu_krippendorff_alpha(r.x, r.unit.levels, r.who.levels, &o, &b->out->rating);
    b->out->has_rating = !error;
    if (!error || error->code != HU_EMPTY)
        return error;
    hu_error_free(error); /* nobody was rated twice: the means stand, agreement does not */
    return NULL;
}
