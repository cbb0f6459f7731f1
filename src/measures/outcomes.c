/* The outcomes of a community trial: districts, what is compared, and by which right. */

#include "outcomes.h"

#include "huella/base/csv.h"
#include "huella/base/date.h"
#include "huella/numerics/factor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *hu_outcome_table_name(hu_outcome_table table)
{
    static const char *const names[] = {"incidents.csv", "referrals.csv", "officers.csv", "respondents.csv",
                                        "prosecutors.csv"};
    return names[table];
}

hu_error *outcomes_read(const build *b, const char *path, hu_table **table)
{
    static const char *const ids[] = {"district_id",   "incident_id", "referral_id", "officer_id", "respondent_id",
                                      "prosecutor_id", "rater",       "pair",        NULL};
    return hu_table_read(path, &(hu_csv_options){.as_text = ids}, b->arena, table);
}

static int by_id(const void *a, const void *b, void *context)
{
    const char *const *id = context;
    return strcmp(id[*(const uint32_t *)a], id[*(const uint32_t *)b]);
}

static hu_error *read_numbers(const places *p, const char *name, hu_arena *arena, double **out)
{
    hu_column *column;
    *out = NULL;
    if (!hu_table_find(p->table, name))
        return NULL;
    HU_TRY(hu_table_numbers(p->table, name, &column));
    *out = HU_NEW_ARRAY(arena, double, p->n);
    for (size_t i = 0; i < p->n; i++) {
        (*out)[i] = column->numbers[i];
        if (!(column->numbers[i] > 0))
            return hu_table_fail(p->table, HU_BAD_INPUT, i, name, "expected a number above zero");
    }
    return NULL;
}

static hu_error *read_places(build *b)
{
    places *p = &b->places;
    hu_table *table;
    hu_column *id, *trained;
    HU_TRY(outcomes_read(b, b->sources->districts, &table));
    HU_TRY(hu_table_column(table, "district_id", &id));
    HU_TRY(hu_table_numbers(table, "trained", &trained));
    *p = (places){.table = table,
                  .n = table->rows,
                  .id = HU_NEW_ARRAY(b->arena, const char *, table->rows),
                  .sorted = HU_NEW_ARRAY(b->arena, uint32_t, table->rows),
                  .trained = trained->numbers};
    size_t arms[2] = {0};
    for (size_t i = 0; i < p->n; i++) {
        p->id[i] = hu_table_text(table, id, i, b->arena);
        p->sorted[i] = (uint32_t)i;
        if (!p->id[i])
            return hu_table_fail(table, HU_BAD_INPUT, i, "district_id", "the district's name is missing");
        if (trained->numbers[i] != 0 && trained->numbers[i] != 1)
            return hu_table_fail(table, HU_BAD_INPUT, i, "trained", "expected 0 (control) or 1 (trained)");
        arms[trained->numbers[i] == 1]++;
    }
    if (arms[0] == 0 || arms[1] == 0)
        return hu_fail(HU_EMPTY, "%s: expected districts of both arms in column \"trained\"", table->source);
    qsort_r(p->sorted, p->n, sizeof *p->sorted, by_id, (void *)(uintptr_t)p->id);
    for (size_t i = 1; i < p->n; i++)
        if (strcmp(p->id[p->sorted[i]], p->id[p->sorted[i - 1]]) == 0)
            return hu_table_fail(table, HU_BAD_INPUT, p->sorted[i], "district_id", "%s stands twice",
                                 p->id[p->sorted[i]]);
    HU_TRY(read_numbers(p, "officers", b->arena, &p->officers));
    return read_numbers(p, "population", b->arena, &p->population);
}

hu_error *outcomes_district(const build *b, const hu_table *table, const hu_column *column, size_t row,
                            uint32_t *district)
{
    HU_SCRATCH(scratch);
    const char *id = hu_table_text(table, column, row, scratch);
    size_t low = 0, high = b->places.n;
    while (id && low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(id, b->places.id[b->places.sorted[middle]]);
        if (order == 0) {
            *district = b->places.sorted[middle];
            return NULL;
        }
        *(order < 0 ? &high : &low) = order < 0 ? middle : middle + 1;
    }
    return hu_table_fail(table, HU_BAD_INPUT, row, column->name, "\"%s\" is no district of %s", id ? id : "",
                         b->places.table->source);
}

hu_error *outcomes_day(const hu_table *table, const hu_column *column, size_t row, int64_t *day)
{
    HU_SCRATCH(scratch);
    hu_date date;
    const char *text = hu_table_text(table, column, row, scratch);
    *day = INT64_MIN;
    if (!text)
        return NULL;
    if (!hu_date_parse_iso(hu_str_of(text), &date))
        return hu_table_fail(table, HU_BAD_INPUT, row, column->name, "\"%s\" is no date: expected YYYY-MM-DD", text);
    *day = hu_date_to_days(date);
    return NULL;
}

hu_error *outcomes_wave(const hu_table *table, const hu_column *column, size_t row, uint8_t *after)
{
    HU_SCRATCH(scratch);
    const char *text = hu_table_text(table, column, row, scratch);
    *after = text && strcmp(text, "after") == 0;
    if (*after || (text && strcmp(text, "before") == 0))
        return NULL;
    return hu_table_fail(table, HU_BAD_INPUT, row, column->name, "\"%s\" is no wave: expected before or after",
                         text ? text : "");
}

hu_error *outcomes_yes(const hu_table *table, const hu_column *column, size_t row, double *yes)
{
    static const char *const words[] = {"no", "yes", "0", "1", "false", "true"};
    HU_SCRATCH(scratch);
    const char *text = hu_table_text(table, column, row, scratch);
    *yes = NAN;
    if (!text || strcmp(text, "unknown") == 0)
        return NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0) {
            *yes = (double)(i % 2);
            return NULL;
        }
    return hu_table_fail(table, HU_BAD_INPUT, row, column->name, "\"%s\": expected yes, no or unknown", text);
}

void outcomes_put(build *b, hu_table *table, const char *name, const double *v)
{
    memcpy(hu_table_add_numbers(table, b->arena, name)->numbers, v, table->rows * sizeof *v);
}

hu_error *outcomes_sources(build *b, const hu_table *table, measured *v)
{
    const hu_column *column = hu_table_find(table, "source");
    hu_factor factor;
    if (!column)
        return NULL;
    for (size_t i = 0; i < table->rows; i++)
        if (hu_table_missing(column, i))
            return hu_table_fail(table, HU_BAD_INPUT, i, "source", "expected what the record comes from");
    hu_factor_column(column, NULL, table->rows, b->arena, &factor);
    const char **names = HU_NEW_ARRAY(b->arena, const char *, factor.levels);
    for (size_t s = 0; s < factor.levels; s++)
        names[s] = hu_table_text(table, column, factor.first[s], b->arena);
    v->source = factor.code;
    v->sources = factor.levels;
    v->source_names = names;
    return NULL;
}

static const char *sources_differ(const build *b, const measured *v)
{
    HU_SCRATCH(scratch);
    bool *in = HU_NEW_ARRAY(scratch, bool, 2 * v->sources + 1);
    for (size_t i = 0; v->source && i < v->n; i++)
        if (!isnan(v->value[i]) && v->after[i])
            in[2 * v->source[i] + (b->places.trained[v->district[i]] == 1)] = true;
    for (size_t s = 0; v->source && s < v->sources; s++)
        if (in[2 * s] != in[2 * s + 1])
            return hu_printf(b->arena,
                             "source \"%s\" is there in the %s arm only: a difference could be the instrument's",
                             v->source_names[s], in[2 * s] ? "control" : "trained");
    return NULL;
}

const char *outcomes_refusal(const build *b, const measured *v)
{
    size_t n[2] = {0};
    for (size_t i = 0; i < v->n; i++)
        n[b->places.trained[v->district[i]] == 1] += !isnan(v->value[i]) && v->after[i];
    if (n[0] == 0 && n[1] == 0)
        return "nothing was measured after the start";
    if (n[0] == 0 || n[1] == 0)
        return hu_printf(b->arena, "measured in the %s arm only", n[0] ? "control" : "trained");
    return sources_differ(b, v);
}

static void average_arms(build *b, hu_outcome_entry *entry, const double *before, const double *after)
{
    for (int arm = 0; arm < 2; arm++) {
        double sum = 0, sum_before = 0, n_before = 0;
        for (size_t d = 0; d < b->places.n; d++) {
            if (b->places.trained[d] != arm)
                continue;
            if (!isnan(after[d])) {
                sum += after[d];
                entry->districts[arm]++;
            }
            if (before && !isnan(before[d])) {
                sum_before += before[d];
                n_before++;
            }
        }
        entry->mean[arm] = sum / (double)entry->districts[arm];
        entry->before[arm] = sum_before / n_before;
    }
}

void outcomes_add_rates(build *b, hu_outcome_entry entry, const double *before, const double *after,
                        const char *refused)
{
    bool baseline = false;
    for (size_t d = 0; before && d < b->places.n; d++)
        baseline |= !isnan(before[d]);
    outcomes_put(b, b->out->districts, entry.name, after);
    if (baseline)
        outcomes_put(b, b->out->districts, hu_printf(b->arena, "%s_before", entry.name), before);
    average_arms(b, &entry, before, after);
    entry.refused = refused;
    b->out->entries = hu_regrow(b->arena, b->out->entries, b->out->n, b->out->n + 1, sizeof entry);
    b->out->entries[b->out->n++] = entry;
}

void outcomes_add(build *b, hu_outcome_entry entry, const measured *v)
{
    HU_SCRATCH(scratch);
    double *mean[2], *count[2];
    for (int phase = 0; phase < 2; phase++) {
        mean[phase] = HU_NEW_ARRAY(scratch, double, b->places.n);
        count[phase] = HU_NEW_ARRAY(scratch, double, b->places.n);
    }
    for (size_t i = 0; i < v->n; i++) {
        if (isnan(v->value[i]))
            continue;
        mean[v->after[i]][v->district[i]] += v->value[i];
        count[v->after[i]][v->district[i]]++;
        entry.n[b->places.trained[v->district[i]] == 1] += v->after[i];
    }
    for (int phase = 0; phase < 2; phase++)
        for (size_t d = 0; d < b->places.n; d++)
            mean[phase][d] /= count[phase][d]; /* NaN without any */
    outcomes_add_rates(b, entry, mean[0], mean[1], outcomes_refusal(b, v));
}

static void copy_column(build *b, hu_table *to, const hu_table *from, const char *name, const uint32_t *row)
{
    const hu_column *column = hu_table_find(from, name);
    if (!column)
        return;
    if (column->type == HU_TEXT) {
        hu_str *texts = hu_table_add_texts(to, b->arena, name)->texts;
        for (size_t i = 0; i < to->rows; i++)
            texts[i] = column->texts[row ? row[i] : i];
        return;
    }
    double *numbers = hu_table_add_numbers(to, b->arena, name)->numbers;
    for (size_t i = 0; i < to->rows; i++)
        numbers[i] = column->numbers[row ? row[i] : i];
}

hu_table *outcomes_unit_table(build *b, hu_outcome_table which, const hu_table *from, const char *id, size_t rows,
                              const uint32_t *row, const uint32_t *district)
{
    hu_table *table = b->out->units[which] = hu_table_new(b->arena, hu_outcome_table_name(which), rows);
    copy_column(b, table, from, id, row);
    copy_column(b, table, b->places.table, "district_id", district);
    copy_column(b, table, b->places.table, "trained", district);
    copy_column(b, table, b->places.table, "pair", district);
    return table;
}

static hu_error *option_day(const char *text, const char *what, int64_t *day)
{
    hu_date date;
    if (!text)
        return NULL;
    if (!hu_date_parse_iso(hu_str_of(text), &date))
        return hu_fail(HU_USAGE, "%s: \"%s\" is no date: expected YYYY-MM-DD", what, text);
    *day = hu_date_to_days(date);
    return NULL;
}

/* The start of the trial: as given, else the first day of training of any district. */
static hu_error *find_start(build *b)
{
    hu_outcomes *o = b->out;
    const hu_table *table = b->places.table;
    o->start = o->from = o->until = INT64_MIN;
    HU_TRY(option_day(b->options->start, "start", &o->start));
    HU_TRY(option_day(b->options->from, "from", &o->from));
    HU_TRY(option_day(b->options->until, "until", &o->until));
    const hu_column *on = hu_table_find(table, "trained_on");
    for (size_t i = 0; on && !b->options->start && i < b->places.n; i++) {
        int64_t day;
        HU_TRY(outcomes_day(table, on, i, &day));
        if (day != INT64_MIN && (o->start == INT64_MIN || day < o->start))
            o->start = day;
    }
    if (o->start == INT64_MIN)
        return hu_fail(HU_USAGE,
                       "%s: no day of training in column \"trained_on\": give the day on which the trial started",
                       table->source);
    return NULL;
}

hu_error *hu_outcomes_build(const hu_outcome_sources *sources, const hu_outcome_options *options, hu_arena *arena,
                            hu_outcomes **outcomes)
{
    build b = {.sources = sources, .options = options, .arena = arena, .out = HU_NEW(arena, hu_outcomes)};
    if (options->within < 0)
        return hu_fail(HU_USAGE, "referrals completed within %d days: expected a number above zero", options->within);
    b.out->within = options->within ? options->within : 30;
    HU_TRY(read_places(&b));
    HU_TRY(find_start(&b));
    b.out->districts = hu_table_new(arena, "districts.csv", b.places.n);
    static const char *const kept[] = {"district_id", "district", "pair",       "stratum",  "trained",
                                       "trained_on",  "officers", "population", "latitude", "longitude"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        copy_column(&b, b.out->districts, b.places.table, kept[i], NULL);
    if (sources->incidents)
        HU_TRY(outcomes_incidents(&b));
    if (sources->referrals)
        HU_TRY(outcomes_referrals(&b));
    if (sources->scores)
        HU_TRY(outcomes_scores(&b));
    if (sources->surveys)
        HU_TRY(outcomes_surveys(&b));
    if (sources->prosecutors)
        HU_TRY(outcomes_prosecutors(&b));
    *outcomes = b.out;
    return NULL;
}
