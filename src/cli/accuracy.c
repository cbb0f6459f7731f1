/* huella accuracy: what the reader finds against what people labelled by hand, or what a simulated study wrote. */

#include "accuracy.h"
#include "labelled.h"
#include "rows.h"

#include "huella/base/csv.h"
#include "huella/learning/accuracy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The mean F1 of the variables of a group that are known or read anywhere; NaN when there is none. */
static double macro_f1(const hu_accuracy *rows, size_t count, const char *prefix)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(rows[i].variable, prefix, strlen(prefix)) == 0) {
            sum += rows[i].f1;
            n++;
        }
    return n ? sum / (double)n : NAN;
}

/* A table row for each of `count` rows; `groups` names the group of each, NULL = not parted. */
static hu_table *table_of(hu_run *run, const hu_accuracy *rows, const char *const *groups, size_t count)
{
    static const char *const numbers[] = {
        "known",        "read",         "right", "precision", "precision_lower", "precision_upper", "recall",
        "recall_lower", "recall_upper", "f1",    NULL};
    bool rounded = run->format == HU_FORMAT_TABLE;
    hu_table *table = hu_table_new(run->arena, "accuracy", count);
    hu_column *names = hu_table_add_texts(table, run->arena, "variable");
    for (size_t r = 0; r < count; r++)
        names->texts[r] = hu_str_of(rows[r].variable);
    hu_column *parts = groups ? hu_table_add_texts(table, run->arena, hu_opt_text(run, "by")) : NULL;
    for (size_t r = 0; parts && r < count; r++)
        parts->texts[r] = hu_str_of(groups[r]);
    for (size_t k = 0; numbers[k]; k++) {
        hu_column *column = hu_table_add_numbers(table, run->arena, numbers[k]);
        for (size_t r = 0; r < count; r++) {
            const hu_accuracy *row = &rows[r];
            const double values[] = {
                (double)row->known,   (double)row->read, (double)row->correct, row->precision,    row->precision_lower,
                row->precision_upper, row->recall,       row->recall_lower,    row->recall_upper, row->f1};
            column->numbers[r] = rounded && isfinite(values[k]) ? round(values[k] * 1000) / 1000 : values[k];
        }
    }
    return table;
}

static void print_json(hu_run *run, const hu_table *table, size_t documents, double practices, double agencies)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    json.pretty = run->format == HU_FORMAT_JSON;
    hu_json_object(&json);
    hu_json_put_integer(&json, "documents", (int64_t)documents);
    hu_json_key(&json, "macro_f1");
    hu_json_object(&json);
    hu_json_put_number(&json, "practices", practices);
    hu_json_put_number(&json, "agencies", agencies);
    hu_json_object_end(&json);
    hu_json_key(&json, "variables");
    hu_json_array(&json);
    for (size_t r = 0; r < table->rows; r++) {
        hu_json_object(&json);
        hu_json_row(&json, table, r);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
}

/* ---- groups of documents ---- */

/* What parts the documents: a value of the labels, so that what was read wrongly moves nothing. */
static const char *group_of(const hu_run *run, const labelled *item)
{
    const char *by = hu_opt_text(run, "by");
    const json_t *decision = json_object_get(item->known, "decision");
    const json_t *value = json_object_get(decision, strcmp(by, "year") == 0 ? "date" : by);
    const char *text = json_is_string(value) ? json_string_value(value) : "unknown";
    if (strcmp(by, "scan") == 0)
        return item->ocr ? "scan" : "text";
    return strcmp(by, "year") == 0 && json_is_string(value) ? hu_printf(run->arena, "%.4s", text) : text;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The groups that there are, in order, each once. */
static const char **list_groups(const labelled_set *set, size_t *count)
{
    const char **all = HU_NEW_ARRAY(set->run->arena, const char *, set->count);
    for (size_t i = 0; i < set->count; i++)
        all[i] = group_of(set->run, &set->items[i]);
    if (set->count)
        qsort(all, set->count, sizeof *all, by_text);
    *count = 0;
    for (size_t i = 0; i < set->count; i++)
        if (!*count || strcmp(all[*count - 1], all[i]) != 0)
            all[(*count)++] = all[i];
    return all;
}

/* ---- scoring ---- */

/* Scores the documents of a group; NULL = all. */
static hu_error *score_group(const labelled_set *set, const char *group, const hu_accuracy **rows, size_t *count)
{
    hu_scorer *scorer = hu_scorer_new(set->run->arena);
    for (size_t i = 0; i < set->count; i++) {
        const labelled *item = &set->items[i];
        if (!group || strcmp(group_of(set->run, item), group) == 0)
            HU_TRY(hu_wrap(hu_scorer_add(scorer, item->read, item->known), "%s", item->gold));
    }
    hu_scorer_rows(scorer, rows, count);
    return NULL;
}

static hu_error *score_by(const labelled_set *set, hu_table **table)
{
    hu_arena *arena = set->run->arena;
    size_t n_groups, n = 0;
    const char **groups = list_groups(set, &n_groups), **names = NULL;
    hu_accuracy *all = NULL;
    for (size_t g = 0; g < n_groups; g++) {
        const hu_accuracy *rows;
        size_t count;
        HU_TRY(score_group(set, groups[g], &rows, &count));
        all = hu_regrow(arena, all, n, n + count, sizeof *all);
        names = hu_regrow(arena, names, n, n + count, sizeof *names);
        for (size_t r = 0; r < count; r++, n++) {
            all[n] = rows[r];
            names[n] = groups[g];
        }
    }
    *table = table_of(set->run, all, names, n);
    return NULL;
}

static hu_error *score(const labelled_set *set)
{
    hu_run *run = set->run;
    const hu_accuracy *rows;
    size_t count;
    HU_TRY(score_group(set, NULL, &rows, &count));
    double practices = macro_f1(rows, count, "practices."), agencies = macro_f1(rows, count, "agencies.");
    hu_table *table = table_of(run, rows, NULL, count);
    if (hu_opt_given(run, "by"))
        HU_TRY(score_by(set, &table));
    if (run->format == HU_FORMAT_CSV) {
        hu_csv_write(run->out, table);
    } else if (run->format == HU_FORMAT_TABLE) {
        hu_print_rows(run->out, table, 0);
        fprintf(run->out, "\n%zu documents. Macro-F1: practices %.3f, agencies %.3f. Intervals: Wilson, 95 %%.\n",
                set->count, practices, agencies);
    } else {
        print_json(run, table, set->count, practices, agencies);
    }
    return NULL;
}

static hu_error *run_accuracy(hu_run *run)
{
    labelled_set set;
    if (hu_opt_flag(run, "agreement"))
        return print_agreement(run);
    if (!run->n_files)
        return hu_fail(HU_USAGE, "PATH is missing: a folder of labelled documents, or --agreement");
    hu_error *error = labelled_open(run, &(labelled_options){.scans = hu_opt_flag(run, "scans")}, &set);
    if (!error)
        error = score(&set);
    labelled_close(&set);
    return error;
}

static const hu_option accuracy_options[] = {
    {"scans", HU_OPT_FLAG, NULL, NULL, "Score a simulated study's scans too; recognising a page takes about a second."},
    {"by", HU_OPT_CHOICE, "court_level|year|kind|region|scan", NULL,
     "Score each group of documents by itself, parted by what is known of them."},
    {"agreement", HU_OPT_FLAG, NULL, NULL,
     "Instead: how far the labellers in the study's store agree, with kappa, per variable."},
    {0},
};

const hu_command hu_command_accuracy = {
    .name = "accuracy",
    .summary = "what is read against what is known, per variable",
    .usage = "PATH… [--by VARIABLE] | --agreement [--study DIR]",
    .description =
        "Reads every judgment below the paths that has its truth beside it (NAME.gold.json or NAME.json beside "
        "NAME.txt or NAME.pdf) and scores each variable: how many values are known, how many were read, how many of "
        "these are right; precision, recall, F1, with Wilson intervals. A folder with a truth.json is a simulated "
        "study: its judgments with a text layer, and with --scans all, are scored against it.\n\n"
        "A gold file holds the keys of `huella read` with plain values. One that is broken is named with its key, and "
        "the exit status is 3.\n\n"
        "--agreement compares what several people labelled with `huella label`: Cohen's kappa of two, Fleiss's of "
        "more, with the jackknife's interval.",
    .example = "  huella accuracy labelled/ --format table\n  huella accuracy labelled/ --by court_level --format csv\n"
               "  huella accuracy --agreement --study mystudy",
    .options = accuracy_options,
    .max_files = SIZE_MAX,
    .run = run_accuracy,
};
