/* Values among their like: outliers, missing and constant columns, durations, enumerators. */

#include "survey_check.h"

#include "huella/base/date.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/factor.h"
#include "huella/numerics/families.h"
#include "huella/numerics/order.h"

#include <math.h>
#include <string.h>

enum { LEAST_VALUES = 10, LEAST_OF_ONE = 5 };

/* The quantile of sorted values between its neighbours (R's type 7). */
static double quantile(const double *sorted, size_t n, double p)
{
    double at = p * (double)(n - 1);
    size_t below = (size_t)floor(at);
    return below + 1 < n ? sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]) : sorted[n - 1];
}

typedef struct spread {
    size_t n;
    double q1, q3, mean, sd;
} spread;

static spread spread_of(const double *v, size_t rows)
{
    HU_SCRATCH(scratch);
    double *known = HU_NEW_ARRAY(scratch, double, rows + 1), *sorted = HU_NEW_ARRAY(scratch, double, rows + 1), sum = 0,
           square = 0;
    spread s = {.q1 = NAN, .q3 = NAN, .mean = NAN, .sd = NAN};
    for (size_t i = 0; i < rows; i++)
        if (!isnan(v[i]))
            known[s.n++] = v[i];
    if (s.n < 2)
        return s;
    uint32_t *order = hu_order_numbers(known, s.n, scratch);
    for (size_t i = 0; i < s.n; i++) {
        sorted[i] = known[order[i]];
        sum += known[i];
    }
    s.mean = sum / (double)s.n;
    for (size_t i = 0; i < s.n; i++)
        square += (known[i] - s.mean) * (known[i] - s.mean);
    s.sd = sqrt(square / ((double)s.n - 1));
    s.q1 = quantile(sorted, s.n, 0.25);
    s.q3 = quantile(sorted, s.n, 0.75);
    return s;
}

static void outliers(checker *c, const char *check, const char *column, const double *v, const char *unit)
{
    size_t rows = c->survey->table->rows;
    spread s = spread_of(v, rows);
    double range = s.q3 - s.q1, low = s.q1 - c->options.iqr * range, high = s.q3 + c->options.iqr * range;
    if (s.n < LEAST_VALUES)
        return;
    for (size_t r = 0; r < rows; r++) {
        bool far = range > 0 && (v[r] < low || v[r] > high),
             odd = s.sd > 0 && fabs(v[r] - s.mean) > c->options.sd * s.sd;
        if (isnan(v[r]) || (!far && !odd))
            continue;
        double score = s.sd > 0 ? fabs(v[r] - s.mean) / s.sd : 0;
        checker_add(c, (hu_finding){.check = check,
                                    .severity = HU_SHOULD_BE_LOOKED_AT,
                                    .row = r,
                                    .column = column,
                                    .what = hu_printf(c->arena, "%.6g%s, %.1f standard deviations from the mean", v[r],
                                                      unit, score),
                                    .expected = hu_printf(c->arena, "mostly from %.6g to %.6g%s", low, high, unit),
                                    .score = score});
    }
}

static void column_gaps(checker *c, const hu_survey_column *one)
{
    size_t rows = c->survey->table->rows, missing = 0;
    bool same = true;
    HU_SCRATCH(scratch);
    hu_str first = {0};
    for (size_t r = 0; r < rows; r++) {
        hu_str text = checker_cell(c, one->column, r, scratch);
        missing += !text.data;
        first = first.data ? first : text;
        same = same && (!text.data || hu_str_equal(text, first));
    }
    double share = (double)missing / (double)rows;
    if (rows >= LEAST_VALUES && share > c->options.most_missing && !one->field->relevant)
        checker_add(c, (hu_finding){.check = "missing",
                                    .severity = HU_TO_KNOW,
                                    .row = SIZE_MAX,
                                    .column = one->column->name,
                                    .what = hu_printf(c->arena, "%.0f %% of rows have no answer", 100 * share),
                                    .expected = hu_printf(c->arena, "at most %.0f %%", 100 * c->options.most_missing),
                                    .score = share});
    else if (rows - missing >= LEAST_VALUES && same)
        checker_add(c, (hu_finding){.check = "constant",
                                    .severity = HU_TO_KNOW,
                                    .row = SIZE_MAX,
                                    .column = one->column->name,
                                    .what = "everybody's answer is the same",
                                    .expected = "answers that differ"});
}

/* ---- durations ---- */

/* "2025-03-01T10:05:30.000-05:00", "2025-03-01 10:05:30": seconds since 1970, zones as written; NaN otherwise. */
static double moment(hu_str text)
{
    hu_date date;
    int h, m;
    double s = 0;
    char clock[16] = "";
    if (text.length < 16 || !hu_date_parse_iso((hu_str){text.data, 10}, &date))
        return NAN;
    memcpy(clock, text.data + 11, text.length - 11 < 8 ? text.length - 11 : 8);
    for (int i = 0; i < 8 && clock[i]; i++)
        if (!(clock[i] >= '0' && clock[i] <= '9') && clock[i] != ':')
            clock[i] = '\0';
    if (clock[2] != ':' || strlen(clock) < 5)
        return NAN;
    h = (clock[0] - '0') * 10 + clock[1] - '0';
    m = (clock[3] - '0') * 10 + clock[4] - '0';
    if (clock[5] == ':' && clock[6] && clock[7])
        s = (clock[6] - '0') * 10 + clock[7] - '0';
    return (double)hu_date_to_days(date) * 86400 + h * 3600 + m * 60 + s;
}

static const hu_column *field_of_type(const hu_survey *s, const char *type)
{
    for (size_t i = 0; i < s->form->n; i++)
        if (strcmp(s->form->fields[i].type, type) == 0)
            return hu_survey_find(s, s->form->fields[i].name, strlen(s->form->fields[i].name));
    return hu_table_find(s->table, type);
}

static hu_error *durations(checker *c)
{
    const hu_survey *s = c->survey;
    size_t rows = s->table->rows;
    hu_column *seconds = NULL;
    const hu_column *start = field_of_type(s, "start"), *end = field_of_type(s, "end");
    const char *name = c->options.duration ? c->options.duration : "duration";
    if (c->options.duration || hu_table_find(s->table, name))
        HU_TRY(hu_table_numbers(s->table, name, &seconds));
    if (!seconds && !(start && end))
        return NULL;
    c->minutes = HU_NEW_ARRAY(c->arena, double, rows + 1);
    for (size_t r = 0; r < rows; r++) {
        HU_SCRATCH(scratch);
        c->minutes[r] =
            seconds ? hu_number_at(seconds, r) / 60
                    : (moment(checker_cell(c, end, r, scratch)) - moment(checker_cell(c, start, r, scratch))) / 60;
        if (!(c->minutes[r] < c->options.shortest))
            continue;
        checker_add(c, (hu_finding){.check = "duration",
                                    .severity = c->minutes[r] < 0 ? HU_MUST_BE_CORRECTED : HU_SHOULD_BE_LOOKED_AT,
                                    .row = r,
                                    .column = seconds ? name : end->name,
                                    .what = hu_printf(c->arena, "%.1f minutes", c->minutes[r]),
                                    .expected = hu_printf(c->arena, "at least %.0f minutes", c->options.shortest),
                                    .score = 1e6 - c->minutes[r]});
    }
    outliers(c, "duration", seconds ? name : end->name, c->minutes, " minutes");
    return NULL;
}

/* ---- enumerators ---- */

typedef struct effect {
    const char *column;
    double f, p, icc, furthest; /* furthest mean, in standard errors of it */
    const char *who;
} effect;

/* One-way analysis of variance of a column by enumerator. False where there is too little to compare. */
static bool analyse(checker *c, const hu_factor *who, const uint32_t *row, const double *v, effect *out)
{
    HU_SCRATCH(scratch);
    double *sum = HU_NEW_ARRAY(scratch, double, who->levels), *n = HU_NEW_ARRAY(scratch, double, who->levels);
    double all = 0, total = 0, within = 0, between = 0, groups = 0, squares = 0;
    for (size_t i = 0; i < who->n; i++)
        if (!isnan(v[row[i]])) {
            sum[who->code[i]] += v[row[i]];
            n[who->code[i]]++;
        }
    for (size_t g = 0; g < who->levels; g++)
        if (n[g] >= LEAST_OF_ONE) {
            groups++;
            all += n[g];
            total += sum[g];
            squares += n[g] * n[g];
        }
    if (groups < 2)
        return false;
    for (size_t i = 0; i < who->n; i++) {
        size_t g = who->code[i];
        if (!isnan(v[row[i]]) && n[g] >= LEAST_OF_ONE)
            within += pow(v[row[i]] - sum[g] / n[g], 2);
    }
    double error = within / (all - groups);
    if (!(error > 0))
        return false;
    for (size_t g = 0; g < who->levels; g++) {
        if (n[g] < LEAST_OF_ONE)
            continue;
        double away = sum[g] / n[g] - (total - sum[g]) / fmax(all - n[g], 1);
        between += n[g] * pow(sum[g] / n[g] - total / all, 2);
        double t = away / sqrt(error * (1 / n[g] + 1 / fmax(all - n[g], 1)));
        if (!out->who || fabs(t) > fabs(out->furthest)) {
            out->furthest = t;
            out->who = hu_table_text(c->survey->table, c->enumerator, row[who->first[g]], c->arena);
        }
    }
    double mean_square = between / (groups - 1), size = (all - squares / all) / (groups - 1);
    out->f = mean_square / error;
    out->p = hu_f_upper(out->f, groups - 1, all - groups);
    out->icc = fmax(0, (mean_square - error) / (mean_square + (size - 1) * error));
    return true;
}

static void report(checker *c, const effect *effects, size_t n)
{
    HU_SCRATCH(scratch);
    double *p = HU_NEW_ARRAY(scratch, double, n + 1);
    for (size_t i = 0; i < n; i++)
        p[i] = effects[i].p;
    hu_adjust_p(p, n, HU_HOLM, p);
    for (size_t i = 0; i < n; i++) {
        const effect *e = &effects[i];
        if (!(p[i] < 0.05))
            continue;
        checker_add(c, (hu_finding){.check = "enumerator",
                                    .severity = HU_SHOULD_BE_LOOKED_AT,
                                    .row = SIZE_MAX,
                                    .column = e->column,
                                    .enumerator = e->who,
                                    .what = hu_printf(
                                        c->arena,
                                        "answers differ by enumerator (F %.2f, Holm p %.2g; intraclass correlation "
                                        "%.2f), most for %s (t %.1f)",
                                        e->f, p[i], e->icc, e->who, e->furthest),
                                    .expected = "the same distribution whoever asks",
                                    .score = e->f});
    }
}

hu_error *check_values(checker *c)
{
    const hu_survey *s = c->survey;
    size_t rows = s->table->rows, n = 0, tests = 0;
    uint32_t *row = HU_NEW_ARRAY(c->arena, uint32_t, rows + 1);
    effect *effects = HU_NEW_ARRAY(c->arena, effect, s->table->n_columns + 1);
    hu_factor who = {0};
    HU_TRY(durations(c));
    for (size_t r = 0; c->enumerator && r < rows; r++)
        if (!hu_table_missing(c->enumerator, r))
            row[n++] = (uint32_t)r;
    if (n)
        hu_factor_column(c->enumerator, row, n, c->arena, &who);
    for (size_t i = 0; i < s->table->n_columns; i++) {
        const hu_survey_column *one = &s->columns[i];
        hu_column *numbers;
        if (!one->field || one->choice != SIZE_MAX)
            continue;
        column_gaps(c, one);
        if (one->field->kind != HU_FIELD_NUMBER)
            continue;
        hu_error *error = hu_table_numbers(s->table, one->column->name, &numbers);
        hu_error_free(error); /* what is no number is a finding already */
        if (error)
            continue;
        outliers(c, "outlier", one->column->name, numbers->numbers, "");
        effects[tests] = (effect){.column = one->column->name};
        tests += n > 0 && analyse(c, &who, row, numbers->numbers, &effects[tests]);
    }
    if (c->minutes && n) {
        effects[tests] = (effect){.column = "duration"};
        tests += analyse(c, &who, row, c->minutes, &effects[tests]);
    }
    report(c, effects, tests);
    return NULL;
}
