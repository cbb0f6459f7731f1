/* Exports of surveys beside their form. */

#include "huella/measures/survey.h"

#include "huella/base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 32 };

/* ---- which column is which field ---- */

/* "group/name" and "group-name" are alike. */
static bool same_path(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !((*a == '/' || *a == '-') && (*b == '/' || *b == '-')))
            return false;
    return *a == *b;
}

/* Whether `name` is the end of `path` after a separator. */
static bool ends_path(const char *path, const char *name)
{
    size_t p = strlen(path), n = strlen(name);
    return n < p && strcmp(path + p - n, name) == 0 && (path[p - n - 1] == '/' || path[p - n - 1] == '-');
}

/* How well a column's name fits a field's: 0 not at all; better ones are larger. */
static int fit(const char *column, const hu_form_field *field)
{
    if (same_path(column, field->path))
        return 4;
    if (strcmp(column, field->name) == 0)
        return 3;
    return ends_path(column, field->name) ? 2 : 0;
}

static const hu_form_field *best_field(const hu_form *form, const char *column)
{
    const hu_form_field *best = NULL;
    int most = 0;
    for (size_t f = 0; f < form->n; f++) {
        int how = form->fields[f].kind == HU_FIELD_NOTE ? 0 : fit(column, &form->fields[f]);
        if (how > most) {
            most = how;
            best = &form->fields[f];
        }
    }
    return best;
}

/* "name/choice", "name_choice", "name.choice": the field and the choice. */
static bool is_answer(const hu_form *form, const char *column, hu_arena *scratch, hu_survey_column *out)
{
    for (const char *p = column + strlen(column); p > column; p--) {
        if (*p != '/' && *p != '_' && *p != '.' && *p != '-')
            continue;
        const hu_form_field *field = best_field(form, hu_strndup(scratch, column, (size_t)(p - column)));
        if (!field || field->kind != HU_FIELD_SEVERAL)
            continue;
        for (size_t c = 0; c < field->list->n; c++)
            if (strcmp(p + 1, field->list->choices[c].name) == 0 || strcmp(p + 1, field->list->choices[c].label) == 0) {
                out->field = field;
                out->choice = c;
                return true;
            }
    }
    return false;
}

/* "name_3" of a field in a repeat; "name[3]". */
static bool is_instance(const hu_form *form, const char *column, hu_arena *scratch, hu_survey_column *out)
{
    size_t end = strlen(column), digits = end;
    while (digits > 0 && column[digits - 1] >= '0' && column[digits - 1] <= '9')
        digits--;
    if (digits == end || digits < 2 || column[digits - 1] != '_' || end - digits > 6)
        return false;
    const hu_form_field *field = best_field(form, hu_strndup(scratch, column, digits - 1));
    if (!field || !field->repeat)
        return false;
    out->field = field;
    out->instance = strtoul(column + digits, NULL, 10);
    return true;
}

static const hu_column *first_of(const hu_table *table, const char *const *names)
{
    for (; *names; names++) {
        const hu_column *column = hu_table_find(table, *names);
        if (column)
            return column;
    }
    return NULL;
}

hu_error *hu_survey_match(const hu_table *table, const hu_form *form, hu_arena *arena, hu_survey **out)
{
    static const char *const keys[] = {"KEY", "instanceID", "meta/instanceID", "meta-instanceID", "_uuid", "_index",
                                       "_id", NULL};
    static const char *const parents[] = {"PARENT_KEY", "_submission__uuid", "_parent_index", NULL};
    HU_SCRATCH(scratch);
    hu_survey *s = *out = HU_NEW(arena, hu_survey);
    *s = (hu_survey){table, form, HU_NEW_ARRAY(arena, hu_survey_column, table->n_columns), first_of(table, keys),
                     first_of(table, parents)};
    size_t matched = 0;
    for (size_t c = 0; c < table->n_columns; c++) {
        hu_survey_column *one = &s->columns[c];
        const char *name = table->columns[c].name;
        *one = (hu_survey_column){&table->columns[c], best_field(form, name), SIZE_MAX, 0};
        if (!one->field && !is_answer(form, name, scratch, one))
            is_instance(form, name, scratch, one);
        matched += one->field != NULL;
    }
    if (matched == 0)
        return hu_fail(HU_BAD_INPUT,
                       "%s: no column belongs to the form %s: expected its fields, like \"%s\"; columns are %s",
                       table->source, form->source, form->n ? form->fields[0].name : "", hu_table_names(table, arena));
    return NULL;
}

const hu_column *hu_survey_find(const hu_survey *s, const char *field, size_t length)
{
    for (size_t c = 0; c < s->table->n_columns; c++) {
        const hu_survey_column *one = &s->columns[c];
        if (one->field && one->choice == SIZE_MAX && one->instance <= 1 && strlen(one->field->name) == length &&
            memcmp(one->field->name, field, length) == 0)
            return one->column;
    }
    return NULL;
}

/* ---- clean tables ---- */

typedef struct cleaner {
    const hu_survey *survey;
    hu_arena *arena;
    hu_survey_import *out;
    hu_str *kinds, *labels, *values; /* of the codebook, by column */
    size_t room;
} cleaner;

static void note(cleaner *c, const char *text)
{
    c->out->notes = hu_regrow(c->arena, c->out->notes, c->out->n_notes, c->out->n_notes + 1, sizeof *c->out->notes);
    c->out->notes[c->out->n_notes++] = text;
}

/* A name of 32 letters, digits and _, that no column has yet. */
static const char *safe_name(const cleaner *c, const char *name)
{
    char safe[LONGEST_NAME + 1];
    size_t n = 0;
    if (!((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z')))
        safe[n++] = 'v';
    for (; *name && n < LONGEST_NAME; name++) {
        bool fine = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') || (*name >= '0' && *name <= '9');
        if (!((unsigned char)*name >= 0x80 && (*name & 0x40) == 0)) /* one _ for a letter of several bytes */
            safe[n++] = fine ? *name : '_';
    }
    safe[n] = '\0';
    for (size_t k = 2; hu_table_find(c->out->table, safe); k++) {
        char tail[16];
        size_t length = (size_t)snprintf(tail, sizeof tail, "_%zu", k);
        memcpy(safe + (n + length > LONGEST_NAME ? LONGEST_NAME - length : n), tail, length + 1);
    }
    return hu_strdup(c->arena, safe);
}

/* A new column of the clean table, with what the codebook says of it. */
static hu_column *add(cleaner *c, const char *name, bool numbers, const char *kind, const char *label,
                      const hu_choice_list *list)
{
    hu_table *table = c->out->table;
    size_t at = table->n_columns;
    if (at == c->room) {
        size_t room = 2 * c->room;
        c->kinds = hu_regrow(c->arena, c->kinds, at, room, sizeof *c->kinds);
        c->labels = hu_regrow(c->arena, c->labels, at, room, sizeof *c->labels);
        c->values = hu_regrow(c->arena, c->values, at, room, sizeof *c->values);
        c->out->labels.column = hu_regrow(c->arena, c->out->labels.column, at, room, sizeof *c->out->labels.column);
        c->room = room;
    }
    HU_BUF(values);
    hu_dta_column_labels *labels = &c->out->labels.column[at];
    *labels = (hu_dta_column_labels){.label = label};
    if (list && numbers) {
        labels->n = list->n;
        labels->codes = HU_NEW_ARRAY(c->arena, int32_t, list->n);
        labels->texts = HU_NEW_ARRAY(c->arena, const char *, list->n);
        for (size_t i = 0; i < list->n; i++) {
            labels->codes[i] = (int32_t)hu_choice_code(list, i);
            labels->texts[i] = list->choices[i].label;
            hu_buf_printf(&values, "%s%d = %s", i ? "; " : "", labels->codes[i], list->choices[i].label);
        }
    }
    c->kinds[at] = hu_str_of(kind);
    c->labels[at] = label ? hu_str_of(label) : (hu_str){0};
    c->values[at] = values.length ? hu_str_of(hu_strdup(c->arena, values.data)) : (hu_str){0};
    const char *safe = safe_name(c, name);
    return numbers ? hu_table_add_numbers(table, c->arena, safe) : hu_table_add_texts(table, c->arena, safe);
}

static hu_str cell(const cleaner *c, const hu_column *column, size_t row)
{
    const char *text = hu_table_text(c->survey->table, column, row, c->arena);
    return text ? hu_str_trim(hu_str_of(text)) : (hu_str){0};
}

static void unlisted(cleaner *c, const hu_column *column, size_t row, hu_str text, bool first)
{
    char excerpt[80];
    c->out->unlisted++;
    if (!first)
        return;
    hu_error *error = hu_table_fail(c->survey->table, HU_BAD_INPUT, row, column->name,
                                    "\"%s\" is no choice of its list", hu_excerpt(text, excerpt));
    note(c, hu_strdup(c->arena, error->message));
    hu_error_free(error);
}

static void put_choice(cleaner *c, const hu_survey_column *one)
{
    const hu_form_field *f = one->field;
    double *codes = add(c, one->column->name, true, "select_one", f->label, f->list)->numbers;
    bool first = true;
    for (size_t r = 0; r < c->survey->table->rows; r++) {
        hu_str text = cell(c, one->column, r);
        size_t choice = text.length ? hu_choice_find(f->list, text) : SIZE_MAX;
        if (choice != SIZE_MAX) {
            codes[r] = hu_choice_code(f->list, choice);
        } else if (text.length) {
            unlisted(c, one->column, r, text, first);
            first = false;
        }
    }
}

/* Whether the export has this answer in a column of its own already. */
static bool has_answer(const hu_survey *s, const hu_form_field *field, size_t choice)
{
    for (size_t c = 0; c < s->table->n_columns; c++)
        if (s->columns[c].field == field && s->columns[c].choice == choice)
            return true;
    return false;
}

static bool chosen(const hu_choice_list *list, hu_str answers, size_t choice)
{
    const char *at = answers.data, *end = answers.data + answers.length;
    while (at < end) {
        const char *next = memchr(at, ' ', (size_t)(end - at));
        next = next ? next : end;
        hu_str word = {at, (size_t)(next - at)};
        if (word.length && hu_choice_find(list, word) == choice)
            return true;
        at = next + 1;
    }
    return false;
}

/* The answers as they stand, then a column of 0 and 1 for each choice that has none. */
static void put_several(cleaner *c, const hu_survey_column *one)
{
    const hu_form_field *f = one->field;
    size_t rows = c->survey->table->rows;
    hu_str *texts = add(c, one->column->name, false, "select_multiple", f->label, NULL)->texts;
    for (size_t r = 0; r < rows; r++)
        texts[r] = cell(c, one->column, r);
    for (size_t k = 0; k < f->list->n; k++) {
        if (has_answer(c->survey, f, k))
            continue;
        const char *label = hu_printf(c->arena, "%s: %s", f->label ? f->label : f->name, f->list->choices[k].label);
        double *is = add(c, hu_printf(c->arena, "%s_%s", one->column->name, f->list->choices[k].name), true, "chosen",
                         label, NULL)
                         ->numbers;
        for (size_t r = 0; r < rows; r++)
            if (texts[r].data) /* adding columns moves no cells */
                is[r] = chosen(f->list, texts[r], k);
    }
}

static void put_answer(cleaner *c, const hu_survey_column *one)
{
    const hu_form_field *f = one->field;
    const char *label =
        hu_printf(c->arena, "%s: %s", f->label ? f->label : f->name, f->list->choices[one->choice].label);
    double *is = add(c, one->column->name, true, "chosen", label, NULL)->numbers;
    for (size_t r = 0; r < c->survey->table->rows; r++) {
        hu_str text = cell(c, one->column, r);
        if (text.length)
            is[r] = !(hu_str_is(text, "0") || hu_str_is(text, "FALSE") || hu_str_is(text, "False") ||
                      hu_str_is(text, "false"));
    }
}

static void put_plain(cleaner *c, const hu_survey_column *one)
{
    const hu_form_field *f = one->field;
    const hu_column *from = one->column;
    size_t rows = c->survey->table->rows;
    const char *kind = f ? f->type : "export";
    if (from->type == HU_NUMBER || (f && f->kind == HU_FIELD_NUMBER)) {
        hu_column *numbers;
        hu_error *error = hu_table_numbers(c->survey->table, from->name, &numbers);
        if (!error) {
            memcpy(add(c, from->name, true, kind, f ? f->label : NULL, NULL)->numbers, numbers->numbers,
                   rows * sizeof(double));
            return;
        }
        note(c, hu_strdup(c->arena, error->message)); /* a number that is none: kept as text */
        hu_error_free(error);
    }
    hu_str *texts = add(c, from->name, false, kind, f ? f->label : NULL, NULL)->texts;
    for (size_t r = 0; r < rows; r++)
        texts[r] = cell(c, from, r);
}

static bool listed(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static hu_table *make_codebook(cleaner *c)
{
    const hu_table *t = c->out->table;
    hu_table *book = hu_table_new(c->arena, "codebook", t->n_columns);
    hu_str *name = hu_table_add_texts(book, c->arena, "column")->texts,
           *kind = hu_table_add_texts(book, c->arena, "type")->texts,
           *label = hu_table_add_texts(book, c->arena, "label")->texts,
           *values = hu_table_add_texts(book, c->arena, "values")->texts;
    double *n = hu_table_add_numbers(book, c->arena, "n")->numbers,
           *missing = hu_table_add_numbers(book, c->arena, "missing")->numbers;
    for (size_t i = 0; i < t->n_columns; i++) {
        name[i] = hu_str_of(t->columns[i].name);
        kind[i] = c->kinds[i];
        label[i] = c->labels[i];
        values[i] = c->values[i];
        n[i] = missing[i] = 0;
        for (size_t r = 0; r < t->rows; r++)
            (*(hu_table_missing(&t->columns[i], r) ? &missing[i] : &n[i]))++;
    }
    return book;
}

hu_error *hu_survey_clean(const hu_survey *survey, const char *const *drop, hu_arena *arena, hu_survey_import *out)
{
    const hu_table *from = survey->table;
    hu_column *needed;
    *out = (hu_survey_import){.table = hu_table_new(arena, from->source, from->rows)};
    size_t room = from->n_columns + 1; /* at least: several answers become more columns */
    cleaner c = {.survey = survey,
                 .arena = arena,
                 .out = out,
                 .kinds = HU_NEW_ARRAY(arena, hu_str, room),
                 .labels = HU_NEW_ARRAY(arena, hu_str, room),
                 .values = HU_NEW_ARRAY(arena, hu_str, room),
                 .room = room};
    out->labels.column = HU_NEW_ARRAY(arena, hu_dta_column_labels, room);
    for (const char *const *name = drop; name && *name; name++)
        HU_TRY(hu_table_column(from, *name, &needed));
    for (size_t i = 0; i < from->n_columns; i++) {
        const hu_survey_column *one = &survey->columns[i];
        if (listed(drop, one->column->name))
            continue;
        if (one->choice != SIZE_MAX)
            put_answer(&c, one);
        else if (one->field && one->field->kind == HU_FIELD_ONE)
            put_choice(&c, one);
        else if (one->field && one->field->kind == HU_FIELD_SEVERAL)
            put_several(&c, one);
        else
            put_plain(&c, one);
    }
    out->codebook = make_codebook(&c);
    return NULL;
}

/* ---- repeats ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

hu_error *hu_survey_check_parents(const hu_survey *submissions, const hu_survey *repeat)
{
    HU_SCRATCH(scratch);
    const hu_table *table = submissions->table, *rows = repeat->table;
    /* Kobo counts rows (_index, _parent_index), the others name them */
    const hu_column *key = repeat->parent && strcmp(repeat->parent->name, "_parent_index") == 0
                               ? hu_table_find(table, "_index")
                               : submissions->key;
    if (!repeat->parent || !key)
        return hu_fail(HU_BAD_INPUT,
                       "%s: expected a column that names the submission of each row (PARENT_KEY, "
                       "_submission__uuid or _parent_index), and it in %s",
                       rows->source, table->source);
    const char **keys = HU_NEW_ARRAY(scratch, const char *, table->rows + 1);
    size_t n = 0;
    for (size_t r = 0; r < table->rows; r++) {
        const char *text = hu_table_text(table, key, r, scratch);
        if (text)
            keys[n++] = text;
    }
    qsort(keys, n, sizeof *keys, by_text);
    for (size_t r = 0; r < rows->rows; r++) {
        const char *text = hu_table_text(rows, repeat->parent, r, scratch);
        if (!text || !bsearch(&text, keys, n, sizeof *keys, by_text))
            return hu_table_fail(rows, HU_BAD_INPUT, r, repeat->parent->name,
                                 "\"%s\" is no submission of %s (column %s)", text ? text : "", table->source,
                                 key->name);
    }
    return NULL;
}
