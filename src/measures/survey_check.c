/* High-frequency checks: duplicates, and what puts the rest together. */

#include "survey_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static hu_error *find_columns(const hu_survey *s, checker *c)
{
    const hu_survey_check_options *o = &c->options;
    hu_column *column;
    for (const char *const *name = o->ids; name && *name; name++)
        c->n_ids++;
    c->ids = HU_NEW_ARRAY(c->arena, const hu_column *, c->n_ids + 1);
    for (size_t i = 0; i < c->n_ids; i++) {
        HU_TRY(hu_table_column(s->table, o->ids[i], &column));
        c->ids[i] = column;
    }
    if (o->enumerator) {
        HU_TRY(hu_table_column(s->table, o->enumerator, &column));
        c->enumerator = column;
    }
    return NULL;
}

hu_error *checker_start(const hu_survey *survey, const hu_survey_check_options *options, hu_arena *arena, checker *c)
{
    size_t rows = survey->table->rows;
    *c = (checker){.survey = survey,
                   .options = *options,
                   .arena = arena,
                   .relevant = HU_NEW_ARRAY(arena, size_t, rows + 1),
                   .empty = HU_NEW_ARRAY(arena, size_t, rows + 1)};
    c->options.shortest = options->shortest > 0 ? options->shortest : 5;
    c->options.most_missing = options->most_missing > 0 ? options->most_missing : 0.3;
    c->options.iqr = options->iqr > 0 ? options->iqr : 1.5;
    c->options.sd = options->sd > 0 ? options->sd : 3;
    return find_columns(survey, c);
}

hu_str checker_cell(const checker *c, const hu_column *column, size_t row, hu_arena *arena)
{
    const char *text = hu_table_text(c->survey->table, column, row, arena);
    hu_str cell = text ? hu_str_trim(hu_str_of(text)) : (hu_str){0};
    return cell.length ? cell : (hu_str){0};
}

const char *checker_id(const checker *c, const hu_table *table, size_t row, hu_arena *arena)
{
    HU_BUF(text);
    if (c->n_ids == 0)
        return c->survey->key ? hu_table_text(table, c->survey->key, row, arena) : NULL;
    for (size_t i = 0; i < c->n_ids; i++) {
        const hu_column *column = hu_table_find(table, c->ids[i]->name);
        const char *part = column ? hu_table_text(table, column, row, arena) : NULL;
        if (!part)
            return NULL;
        hu_buf_printf(&text, "%s%s", i ? " / " : "", part);
    }
    return hu_strdup(arena, text.data);
}

void checker_add(checker *c, hu_finding finding)
{
    if (c->n == c->room) {
        c->room = c->room ? 2 * c->room : 64;
        c->findings = hu_regrow(c->arena, c->findings, c->n, c->room, sizeof finding);
    }
    if (finding.row != SIZE_MAX) {
        finding.id = checker_id(c, c->survey->table, finding.row, c->arena);
        if (c->enumerator)
            finding.enumerator = hu_table_text(c->survey->table, c->enumerator, finding.row, c->arena);
    }
    c->findings[c->n++] = finding;
}

static int by_rank(const void *a, const void *b)
{
    const hu_finding *x = a, *y = b;
    if (x->severity != y->severity)
        return x->severity < y->severity ? -1 : 1;
    int check = strcmp(x->check, y->check);
    if (check)
        return check;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return strcmp(x->column ? x->column : "", y->column ? y->column : "");
}

void checker_sort(hu_finding *findings, size_t n)
{
    if (n)
        qsort(findings, n, sizeof *findings, by_rank);
}

/* ---- duplicates ---- */

typedef struct named {
    const char *name;
    size_t row;
} named;

static int by_name(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : x->row < y->row ? -1 : x->row > y->row;
}

static void find_twins(checker *c, const char *column, named *names, size_t n)
{
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 1; i < n; i++)
        if (strcmp(names[i].name, names[i - 1].name) == 0)
            checker_add(c, (hu_finding){.check = "duplicate",
                                        .severity = HU_MUST_BE_CORRECTED,
                                        .row = names[i].row,
                                        .column = column,
                                        .what = hu_printf(c->arena, "\"%s\" stands in another row too", names[i].name),
                                        .expected = "one row each"});
}

static void duplicates(checker *c)
{
    const hu_table *t = c->survey->table;
    named *names = HU_NEW_ARRAY(c->arena, named, t->rows + 1);
    size_t n = 0;
    for (size_t r = 0; c->survey->key && r < t->rows; r++) {
        const char *key = hu_table_text(t, c->survey->key, r, c->arena);
        if (key)
            names[n++] = (named){key, r};
    }
    if (n)
        find_twins(c, c->survey->key->name, names, n);
    n = 0;
    for (size_t r = 0; c->n_ids && r < t->rows; r++) {
        const char *id = checker_id(c, t, r, c->arena);
        if (id)
            names[n++] = (named){id, r};
        else
            checker_add(c, (hu_finding){.check = "required",
                                        .severity = HU_MUST_BE_CORRECTED,
                                        .row = r,
                                        .column = c->ids[0]->name,
                                        .what = "the respondent is not named",
                                        .expected = "an identifier"});
    }
    if (n)
        find_twins(c, c->n_ids == 1 ? c->ids[0]->name : hu_printf(c->arena, "%s and others", c->ids[0]->name), names,
                   n);
}

/* ---- enumerators ---- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void describe_enumerators(checker *c, hu_survey_checked *out)
{
    const hu_table *t = c->survey->table;
    named *names = HU_NEW_ARRAY(c->arena, named, t->rows + 1);
    double *minutes = HU_NEW_ARRAY(c->arena, double, t->rows + 1);
    size_t n = 0;
    for (size_t r = 0; c->enumerator && r < t->rows; r++) {
        const char *name = hu_table_text(t, c->enumerator, r, c->arena);
        if (name)
            names[n++] = (named){name, r};
    }
    if (!n)
        return;
    qsort(names, n, sizeof *names, by_name);
    out->enumerators = HU_NEW_ARRAY(c->arena, hu_enumerator_row, n);
    for (size_t from = 0, to; from < n; from = to) {
        hu_enumerator_row *row = &out->enumerators[out->n_enumerators++];
        size_t timed = 0;
        double missing = 0, counted = 0;
        *row = (hu_enumerator_row){.name = names[from].name, .minutes = NAN};
        for (to = from; to < n && strcmp(names[to].name, names[from].name) == 0; to++) {
            size_t r = names[to].row;
            row->n++;
            if (c->minutes && !isnan(c->minutes[r]))
                minutes[timed++] = c->minutes[r];
            if (c->relevant[r]) {
                missing += (double)c->empty[r] / (double)c->relevant[r];
                counted++;
            }
        }
        qsort(minutes, timed, sizeof *minutes, by_size);
        if (timed)
            row->minutes = (minutes[(timed - 1) / 2] + minutes[timed / 2]) / 2;
        row->missing = missing / counted;
        for (size_t f = 0; f < c->n; f++)
            row->findings += c->findings[f].row != SIZE_MAX && c->findings[f].enumerator &&
                             strcmp(c->findings[f].enumerator, row->name) == 0;
    }
}

hu_error *hu_survey_check(const hu_survey *survey, const hu_survey_check_options *options, hu_arena *arena,
                          hu_survey_checked *out)
{
    checker c;
    HU_TRY(checker_start(survey, options, arena, &c));
    *out = (hu_survey_checked){.rows = survey->table->rows};
    duplicates(&c);
    check_against_form(&c);
    HU_TRY(check_values(&c));
    describe_enumerators(&c, out);
    checker_sort(c.findings, c.n);
    out->findings = c.findings;
    out->n = c.n;
    return NULL;
}
