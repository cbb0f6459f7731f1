/* huella scale: item analysis, item response scores, agreement of raters. */

#include "scale.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"

#include <math.h>
#include <string.h>

static const hu_option options[] = {
    {"items", HU_OPT_LIST, "A,B", NULL, "The items' columns: numbers; 0 and 1 for a test."},
    {"reversed", HU_OPT_LIST, "A,B", NULL, "Items on which less is more: taken from their least plus greatest value."},
    {"missing", HU_OPT_CHOICE, "missing|wrong", "missing",
     "What an item is that was not answered; wrong counts it as 0."},
    {"model", HU_OPT_CHOICE, "none|2pl|rasch", "none", "Item response scores too, for items of 0 and 1."},
    {"prior", HU_OPT_NUMBER, "SD", NULL,
     "With --model: a normal prior of this standard deviation on the logarithm of slopes; 0.5 steadies a few hundred "
     "persons."},
    {"id", HU_OPT_TEXT, "COLUMN", NULL, "Who a row is, for --scores."},
    {"scores", HU_OPT_TEXT, "FILE", NULL, "Write each row's mean of items and its score and error, as CSV or .dta."},
    {"raters", HU_OPT_LIST, "A,B", NULL, "Agreement of raters, a column each, a row a unit."},
    {"unit", HU_OPT_TEXT, "COLUMN", NULL, "The same from a row a rating: what was rated; with --rater and --value."},
    {"rater", HU_OPT_TEXT, "COLUMN", NULL, "Who rated."},
    {"value", HU_OPT_TEXT, "COLUMN", NULL, "The rating."},
    {"level", HU_OPT_CHOICE, "nominal|ordinal|interval", "ordinal", "How ratings differ, for Krippendorff's alpha."},
    {"draws", HU_OPT_INTEGER, "N", "2000", "Draws of the bootstrap of its interval."},
    {0},
};

/* Columns of numbers side by side: rows x k. */
static hu_error *gather(const hu_run *run, const hu_table *table, const char *const *names, size_t k, double **out)
{
    *out = HU_NEW_ARRAY(run->arena, double, table->rows *k);
    for (size_t j = 0; j < k; j++) {
        hu_column *column;
        HU_TRY(hu_table_numbers(table, names[j], &column));
        memcpy(*out + j * table->rows, column->numbers, table->rows * sizeof **out);
    }
    return NULL;
}

static hu_error *turn_items(const hu_run *run, const char **names, size_t k, double *x, size_t n)
{
    size_t r;
    const char **reversed = hu_opt_list(run, "reversed", &r);
    for (size_t a = 0; a < r; a++) {
        size_t j = 0;
        while (j < k && strcmp(names[j], reversed[a]) != 0)
            j++;
        if (j == k)
            return hu_fail(HU_USAGE, "--reversed: \"%s\" is not among --items", reversed[a]);
        double least = INFINITY, most = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            least = isnan(x[j * n + i]) ? least : fmin(least, x[j * n + i]);
            most = isnan(x[j * n + i]) ? most : fmax(most, x[j * n + i]);
        }
        for (size_t i = 0; i < n; i++)
            x[j * n + i] = least + most - x[j * n + i];
    }
    for (size_t i = 0; i < n * k && hu_opt_is(run, "missing", "wrong"); i++)
        x[i] = isnan(x[i]) ? 0 : x[i];
    return NULL;
}

static hu_error *write_scores(const hu_run *run, const hu_table *table, const scale_result *s)
{
    const char *path = hu_opt_text(run, "scores"), *id = hu_opt_text(run, "id");
    hu_table *out = hu_table_new(run->arena, path, table->rows);
    if (id) {
        hu_column *from;
        HU_TRY(hu_table_column(table, id, &from));
        hu_column *to =
            from->type == HU_TEXT ? hu_table_add_texts(out, run->arena, id) : hu_table_add_numbers(out, run->arena, id);
        if (from->type == HU_TEXT)
            memcpy(to->texts, from->texts, table->rows * sizeof *to->texts);
        else
            memcpy(to->numbers, from->numbers, table->rows * sizeof *to->numbers);
    }
    memcpy(hu_table_add_numbers(out, run->arena, "mean")->numbers, s->items.score, table->rows * sizeof(double));
    if (s->has_irt) {
        memcpy(hu_table_add_numbers(out, run->arena, "score")->numbers, s->irt.score, table->rows * sizeof(double));
        memcpy(hu_table_add_numbers(out, run->arena, "score_se")->numbers, s->irt.se, table->rows * sizeof(double));
    }
    return hu_table_write(path, out);
}

static hu_error *analyse(const hu_run *run, const hu_table *table, scale_result *s)
{
    double *x;
    s->names = hu_opt_list(run, "items", &s->k);
    if (s->k == 0)
        return NULL;
    HU_TRY(gather(run, table, s->names, s->k, &x));
    HU_TRY(turn_items(run, s->names, s->k, x, table->rows));
    HU_TRY(hu_wrap(hu_items_analyse(x, table->rows, s->k, 0.95, run->arena, &s->items), "%s", table->source));
    s->has_irt = !hu_opt_is(run, "model", "none");
    hu_irt_options o = {.rasch = hu_opt_is(run, "model", "rasch"),
                        .prior = hu_opt_given(run, "prior") ? hu_opt_number(run, "prior") : 0};
    if (!(o.prior >= 0 && isfinite(o.prior)))
        return hu_fail(HU_USAGE, "--prior: %g is no standard deviation", o.prior);
    if (s->has_irt)
        HU_TRY(hu_wrap(hu_irt_fit(x, table->rows, s->k, &o, run->arena, &s->irt), "%s", table->source));
    return hu_opt_given(run, "scores") ? write_scores(run, table, s) : NULL;
}

/* A row a rating, into units x raters. */
static hu_error *spread_ratings(const hu_run *run, const hu_table *table, double **x, size_t *units, size_t *raters)
{
    hu_column *unit, *rater, *value;
    hu_factor u, r;
    HU_TRY(hu_opt_require(run, (const char *const[]){"unit", "rater", "value", NULL}));
    HU_TRY(hu_table_column(table, hu_opt_text(run, "unit"), &unit));
    HU_TRY(hu_table_column(table, hu_opt_text(run, "rater"), &rater));
    HU_TRY(hu_table_numbers(table, hu_opt_text(run, "value"), &value));
    uint32_t *rows = HU_NEW_ARRAY(run->arena, uint32_t, table->rows);
    size_t n = 0;
    for (size_t i = 0; i < table->rows; i++)
        if (!hu_table_missing(unit, i) && !hu_table_missing(rater, i) && !isnan(value->numbers[i]))
            rows[n++] = (uint32_t)i;
    hu_factor_column(unit, rows, n, run->arena, &u);
    hu_factor_column(rater, rows, n, run->arena, &r);
    *units = u.levels;
    *raters = r.levels;
    *x = HU_NEW_ARRAY(run->arena, double, u.levels *r.levels + 1);
    for (size_t i = 0; i < u.levels * r.levels; i++)
        (*x)[i] = NAN;
    for (size_t i = 0; i < n; i++) {
        double *cell = *x + (size_t)r.code[i] * u.levels + u.code[i];
        if (!isnan(*cell))
            return hu_table_fail(table, HU_BAD_INPUT, rows[i], rater->name,
                                 "%s has rated %s already: expected one rating of a rater and unit",
                                 hu_table_text(table, rater, rows[i], run->arena),
                                 hu_table_text(table, unit, rows[i], run->arena));
        *cell = value->numbers[rows[i]];
    }
    return NULL;
}

static hu_error *agree(const hu_run *run, const hu_table *table, scale_result *s)
{
    double *x;
    size_t units = table->rows, raters;
    const char **columns = hu_opt_list(run, "raters", &raters);
    s->has_agreement = raters > 0 || hu_opt_given(run, "unit");
    if (!s->has_agreement)
        return NULL;
    if (raters)
        HU_TRY(gather(run, table, columns, raters, &x));
    else
        HU_TRY(spread_ratings(run, table, &x, &units, &raters));
    int64_t draws = hu_opt_integer(run, "draws");
    if (draws < 100 || draws > 1000000)
        return hu_fail(HU_USAGE, "--draws: %lld is not from 100 to 1,000,000", (long long)draws);
    s->raters = raters;
    hu_krippendorff_options o = {.level = hu_opt_is(run, "level", "nominal")   ? HU_ALPHA_NOMINAL
                                          : hu_opt_is(run, "level", "ordinal") ? HU_ALPHA_ORDINAL
                                                                               : HU_ALPHA_INTERVAL,
                                 .draws = (size_t)draws,
                                 .seed = run->seed};
    s->level = hu_opt_text(run, "level");
    return hu_wrap(hu_krippendorff_alpha(x, units, raters, &o, &s->agreement), "%s", table->source);
}

static hu_error *run_scale(hu_run *run)
{
    hu_table *table;
    scale_result s = {0};
    if (!hu_opt_given(run, "items") && !hu_opt_given(run, "raters") && !hu_opt_given(run, "unit"))
        return hu_fail(HU_USAGE,
                       "scale needs --items, --raters, or --unit with --rater and --value; usage: huella scale %s",
                       run->command->usage);
    HU_TRY(hu_table_read(run->files[0], &(hu_csv_options){0}, run->arena, &table));
    HU_TRY(analyse(run, table, &s));
    HU_TRY(agree(run, table, &s));
    scale_print(run, &s);
    return NULL;
}

const hu_command hu_command_scale = {
    .name = "scale",
    .summary = "item analysis, reliability and response scores of a test; agreement of raters",
    .usage = "DATA.csv [--items A,B] [--raters A,B | --unit U --rater R --value V] [options]",
    .description =
        "Of the items of a test or a scale: the mean (of right answers: the difficulty), the correlation with the sum "
        "of "
        "the others, the discrimination between the upper and lower 27 % of persons, Cronbach's alpha with Feldt's "
        "interval, and alpha without each item. --model adds item response scores: slopes and difficulties by marginal "
        "maximum likelihood, and each person's expected ability with its error; items left open are left out of a "
        "person's score unless --missing wrong.\n\n"
        "Of raters: Krippendorff's alpha, which takes any number of raters and missing ratings, with a bootstrap "
        "interval over units. Customary floors are 0.667 for tentative and 0.8 for firm conclusions.\n\n"
        "JSON: \"alpha\", \"alpha_ci\", \"items\" (mean, sd, rest_correlation, discrimination, alpha_without, slope, "
        "intercept, their errors, difficulty), \"log_likelihood\", \"reliability\", \"agreement\" (alpha, ci, units, "
        "ratings, share_alike).",
    .example = "  huella scale test.csv --items q1,q2,q3,q4,q5 --model 2pl --id officer --scores knowledge.csv\n"
               "  huella scale scored.csv --unit report --rater supervisor --value documentation --level ordinal",
    .options = options,
    .min_files = 1,
    .max_files = 1,
    .run = run_scale,
};
