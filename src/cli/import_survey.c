/* huella import --survey: an export of a survey and its form, to tables with labels. */

#include "survey.h"

#include "print.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/base/yaml.h"

#include <string.h>
#include <strings.h>

/* What --mapping says: columns to leave out, columns by new names, the same value in every row. */
typedef struct mapping {
    const char **drop;
    const hu_node *columns, *values; /* NULL = all as they are */
} mapping;

static hu_error *read_mapping(const hu_run *run, mapping *m)
{
    static const char *const keys[] = {"drop", "columns", "values", NULL};
    const char *path = hu_opt_text(run, "mapping");
    hu_node *root;
    *m = (mapping){0};
    if (!path)
        return NULL;
    HU_TRY(hu_yaml_load(path, run->arena, &root));
    if (root->kind != HU_MAP)
        return hu_node_fail(root, "expected a map with the keys columns, values and drop");
    HU_TRY(hu_node_check_keys(root, keys));
    m->columns = hu_node_get(root, "columns");
    m->values = hu_node_get(root, "values");
    const hu_node *drop = hu_node_get(root, "drop");
    if ((m->columns && m->columns->kind != HU_MAP) || (m->values && m->values->kind != HU_MAP))
        return hu_node_fail(root, "columns and values: expected a map from new names to the export's, and to values");
    if (drop && drop->kind != HU_LIST)
        return hu_node_fail(drop, "expected a list of columns to be left out");
    m->drop = HU_NEW_ARRAY(run->arena, const char *, (drop ? drop->count : 0) + 1);
    for (size_t i = 0; drop && i < drop->count; i++)
        HU_TRY(hu_node_text(drop->items[i], &m->drop[i]));
    return NULL;
}

/* The clean column of a name in the export or the form. */
static hu_error *clean_column(const hu_survey *survey, const hu_survey_import *clean, const hu_node *name, size_t *at)
{
    const char *text;
    HU_TRY(hu_node_text(name, &text));
    const hu_column *raw = hu_table_find(survey->table, text);
    raw = raw ? raw : hu_survey_find(survey, text, strlen(text));
    for (size_t c = 0; c < clean->table->n_columns; c++)
        if (strcmp(clean->table->columns[c].name, text) == 0 ||
            (raw && strcmp(clean->table->columns[c].name, raw->name) == 0)) {
            *at = c;
            return NULL;
        }
    return hu_node_fail(name, "no column \"%s\" in %s: columns are %s", text, survey->table->source,
                        hu_table_names(clean->table, clean->table->arena));
}

static void copy_column(const hu_run *run, hu_table *to, const char *name, const hu_column *from)
{
    hu_column *column =
        from->type == HU_TEXT ? hu_table_add_texts(to, run->arena, name) : hu_table_add_numbers(to, run->arena, name);
    if (from->type == HU_TEXT)
        memcpy(column->texts, from->texts, to->rows * sizeof *column->texts);
    else
        memcpy(column->numbers, from->numbers, to->rows * sizeof *column->numbers);
}

/* Only the columns that the mapping names, by their new names. */
static hu_error *apply(const hu_run *run, const hu_survey *survey, const mapping *m, hu_survey_import *clean)
{
    if (!m->columns && !m->values)
        return NULL;
    size_t n = m->columns ? m->columns->count : clean->table->n_columns, more = m->values ? m->values->count : 0;
    hu_table *out = hu_table_new(run->arena, clean->table->source, clean->table->rows);
    hu_dta_column_labels *labels = HU_NEW_ARRAY(run->arena, hu_dta_column_labels, n + more + 1);
    uint32_t *rows = HU_NEW_ARRAY(run->arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        if (m->columns)
            HU_TRY(clean_column(survey, clean, m->columns->items[i], &at));
        labels[i] = clean->labels.column[at];
        rows[i] = (uint32_t)at;
        copy_column(run, out, m->columns ? m->columns->keys[i]->text : clean->table->columns[at].name,
                    &clean->table->columns[at]);
    }
    for (size_t i = 0; i < more; i++) {
        const char *text;
        HU_TRY(hu_node_text(m->values->items[i], &text));
        hu_str *cells = hu_table_add_texts(out, run->arena, m->values->keys[i]->text)->texts;
        for (size_t r = 0; r < out->rows; r++)
            cells[r] = hu_str_of(text);
    }
    clean->codebook = hu_table_rows(clean->codebook, rows, n, run->arena);
    for (size_t i = 0; i < n; i++)
        hu_table_find(clean->codebook, "column")->texts[i] = hu_str_of(out->columns[i].name);
    clean->table = out;
    clean->labels.column = labels;
    return NULL;
}

static bool is_dta(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcasecmp(path + n - 4, ".dta") == 0;
}

static hu_error *write_clean(const char *path, const hu_survey_import *clean)
{
    return is_dta(path) ? hu_dta_write_labelled(path, clean->table, &clean->labels)
                        : hu_table_write(path, clean->table);
}

/* "answers.csv" and "codebook" become "answers_codebook.csv". */
static char *beside(const hu_run *run, const char *path, const char *what)
{
    const char *name = hu_path_name(path), *dot = strrchr(name, '.');
    return hu_printf(run->arena, "%.*s_%s%s", (int)(dot ? (size_t)(dot - path) : strlen(path)), path, what,
                     dot ? dot : ".csv");
}

static void say_notes(const hu_run *run, const hu_survey_import *clean)
{
    for (size_t i = 0; i < clean->n_notes; i++)
        hu_say(run, "huella: note: %s", clean->notes[i]);
    if (clean->unlisted)
        hu_say(run, "huella: note: %zu answers are no choice of their list and were left missing", clean->unlisted);
}

/* Rows of repeats, each to a table of its own beside the first. */
static hu_error *repeats(const hu_run *run, const hu_survey *survey, const hu_form *form, const char *to, size_t *rows)
{
    size_t n;
    const char **files = hu_opt_list(run, "repeat", &n);
    for (size_t i = 0; i < n; i++) {
        hu_survey *repeat;
        hu_survey_import clean;
        HU_TRY(survey_open(run, files[i], form, &repeat));
        HU_TRY(hu_survey_check_parents(survey, repeat));
        HU_TRY(hu_survey_clean(repeat, NULL, run->arena, &clean));
        say_notes(run, &clean);
        const char *name = hu_path_name(files[i]), *dot = strrchr(name, '.');
        name = hu_strndup(run->arena, name, dot ? (size_t)(dot - name) : strlen(name));
        HU_TRY(write_clean(beside(run, to, name), &clean));
        *rows += clean.table->rows;
    }
    return NULL;
}

static void print_summary(const hu_run *run, const char *to, const hu_survey_import *clean, size_t repeat_rows)
{
    if (run->format == HU_FORMAT_TABLE) {
        fprintf(run->out, "%zu submissions with %zu columns written to %s, and its codebook beside it\n",
                clean->table->rows, clean->table->n_columns, to);
        if (repeat_rows)
            fprintf(run->out, "%zu rows of repeats, each with its submission\n", repeat_rows);
        return;
    }
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "file", to);
    hu_json_put_integer(&json, "submissions", (int64_t)clean->table->rows);
    hu_json_put_integer(&json, "columns", (int64_t)clean->table->n_columns);
    hu_json_put_integer(&json, "repeat_rows", (int64_t)repeat_rows);
    hu_json_put_integer(&json, "unlisted_answers", (int64_t)clean->unlisted);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
}

hu_error *import_survey(hu_run *run)
{
    hu_form *form;
    hu_survey *survey;
    hu_survey_import clean;
    mapping m;
    size_t repeat_rows = 0;
    HU_TRY(hu_opt_require(run, (const char *const[]){"form", NULL}));
    HU_TRY(survey_form(run, &form));
    HU_TRY(survey_open(run, hu_opt_text(run, "survey"), form, &survey));
    HU_TRY(read_mapping(run, &m));
    HU_TRY(hu_survey_clean(survey, m.drop, run->arena, &clean));
    say_notes(run, &clean);
    const char *to =
        hu_opt_given(run, "to") ? hu_opt_text(run, "to") : hu_path_join(run->arena, run->study, "survey.csv");
    HU_TRY(repeats(run, survey, form, to, &repeat_rows));
    HU_TRY(apply(run, survey, &m, &clean));
    HU_TRY(write_clean(to, &clean));
    const char *book = beside(run, to, "codebook");
    HU_TRY(hu_table_write(is_dta(book) ? hu_printf(run->arena, "%.*s.csv", (int)strlen(book) - 4, book) : book,
                          clean.codebook));
    print_summary(run, to, &clean, repeat_rows);
    return NULL;
}
