/* huella train: trained readers beside the rules, from documents labelled by hand. */

#include "labelled.h"
#include "rows.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/learning/train.h"

#include <math.h>
#include <string.h>

static double shown(const hu_run *run, double value)
{
    return run->format == HU_FORMAT_TABLE && isfinite(value) ? round(value * 1000) / 1000 : value;
}

static hu_table *keys_table(hu_run *run, const hu_training *training)
{
    static const char *const names[] = {"known", "rules", "model", "both", "mended", "spoiled", "add_from", "drop_to"};
    hu_table *table = hu_table_new(run->arena, "train", training->n_rows);
    hu_table_add_texts(table, run->arena, "key");
    for (size_t c = 0; c < sizeof names / sizeof *names; c++)
        hu_table_add_numbers(table, run->arena, names[c]);
    hu_table_add_texts(table, run->arena, "reads");
    for (size_t r = 0; r < training->n_rows; r++) {
        const hu_trained_row *row = &training->rows[r];
        bool adds = row->used && row->add_from <= 1, drops = row->used && row->drop_to >= 0;
        const double values[] = {(double)row->known,         shown(run, row->rules),    shown(run, row->model),
                                 shown(run, row->both),      (double)row->mended,       (double)row->spoiled,
                                 adds ? row->add_from : NAN, drops ? row->drop_to : NAN};
        table->columns[0].texts[r] = hu_str_of(row->key);
        for (size_t c = 0; c < sizeof names / sizeof *names; c++)
            table->columns[c + 1].numbers[r] = values[c];
        table->columns[table->n_columns - 1].texts[r] = hu_str_of(row->used ? "rules and model" : "rules");
    }
    return table;
}

typedef struct macro_f1 {
    double rules, model, both;
} macro_f1;

/* The means over keys that are known somewhere. */
static macro_f1 macro_of(const hu_training *training)
{
    macro_f1 sum = {0};
    double n = 0;
    for (size_t r = 0; r < training->n_rows; r++) {
        const hu_trained_row *row = &training->rows[r];
        if (!row->known)
            continue;
        sum.rules += row->rules;
        sum.model += row->model;
        sum.both += row->both;
        n++;
    }
    return (macro_f1){sum.rules / n, sum.model / n, sum.both / n};
}

/* F1 against the number of documents that each fold is trained on. */
static hu_error *curve(hu_run *run, const hu_training_document *documents, size_t count, hu_table **table)
{
    enum { POINTS = 5 };
    static const char *const names[] = {"documents", "rules", "model", "both"};
    *table = hu_table_new(run->arena, "curve", POINTS);
    for (size_t c = 0; c < 4; c++)
        hu_table_add_numbers(*table, run->arena, names[c]);
    size_t most = count - (count + 9) / 10;
    for (size_t i = 0; i < POINTS; i++) {
        HU_SCRATCH(scratch);
        hu_training *training;
        size_t size = most * (i + 1) / POINTS;
        hu_training_options options = {.threads = run->threads, .documents = size, .seed = run->seed};
        HU_TRY(hu_train(documents, count, &options, scratch, &training));
        macro_f1 f1 = macro_of(training);
        const double values[] = {(double)size, f1.rules, f1.model, f1.both};
        for (size_t c = 0; c < 4; c++)
            (*table)->columns[c].numbers[i] = shown(run, values[c]);
    }
    return NULL;
}

static void print(hu_run *run, const hu_training *training, const hu_table *keys, const hu_table *points)
{
    macro_f1 f1 = macro_of(training);
    if (run->format == HU_FORMAT_CSV) {
        hu_csv_write(run->out, points ? points : keys);
    } else if (run->format == HU_FORMAT_TABLE) {
        hu_print_rows(run->out, keys, 0);
        fprintf(run->out, "\n%zu documents. Macro-F1 in cross-validation: rules %.3f, model %.3f, both %.3f.\n",
                training->n_documents, f1.rules, f1.model, f1.both);
        if (points) {
            fputc('\n', run->out);
            hu_print_rows(run->out, points, 0);
        }
    } else {
        HU_BUF(text);
        hu_json json;
        hu_json_start(&json, &text);
        json.pretty = run->format == HU_FORMAT_JSON;
        hu_json_object(&json);
        hu_json_put_text(&json, "trained_on", training->name);
        hu_json_put_number(&json, "rules", f1.rules);
        hu_json_put_number(&json, "model", f1.model);
        hu_json_put_number(&json, "both", f1.both);
        hu_json_put_rows(&json, "keys", keys);
        if (points)
            hu_json_put_rows(&json, "curve", points);
        hu_json_object_end(&json);
        fprintf(run->out, "%s\n", text.data);
    }
}

static hu_error *train_and_print(hu_run *run, const labelled_set *set)
{
    hu_training_document *documents = HU_NEW_ARRAY(run->arena, hu_training_document, set->count);
    for (size_t i = 0; i < set->count; i++)
        documents[i] = (hu_training_document){set->items[i].document, set->items[i].known, set->items[i].read};
    hu_training *training;
    hu_table *points = NULL;
    HU_TRY(hu_train(documents, set->count, &(hu_training_options){.threads = run->threads}, run->arena, &training));
    if (hu_opt_flag(run, "curve"))
        HU_TRY(curve(run, documents, set->count, &points));
    print(run, training, keys_table(run, training), points);
    if (!hu_opt_given(run, "model"))
        return NULL;
    HU_BUF(text);
    hu_training_write(training, &text);
    return hu_write_file(hu_opt_text(run, "model"), text.data, text.length);
}

static hu_error *run_train(hu_run *run)
{
    labelled_set set;
    hu_error *error = labelled_open(run, &(labelled_options){.keep = true, .rules_alone = true}, &set);
    if (!error)
        error = train_and_print(run, &set);
    labelled_close(&set);
    return error;
}

static const hu_option train_options[] = {
    {"model", HU_OPT_TEXT, "FILE", NULL, "Write the model; model.json in the rules' folder is read beside the rules."},
    {"curve", HU_OPT_FLAG, NULL, NULL, "The learning curve: F1 against the number of labelled documents."},
    {0},
};

const hu_command hu_command_train = {
    .name = "train",
    .summary = "train readers of practices and agencies beside the rules",
    .usage = "PATH… [--model FILE]",
    .description =
        "Trains one linear model a practice and agency on documents labelled by hand (NAME.gold.json beside NAME.txt, "
        "as `huella label --export` writes them): stems and pairs of stems of a sentence, its part of the judgment "
        "and its place; logistic regression with an L2 penalty; calibrated probabilities.\n\n"
        "Rules and model are combined so: what the rules found stays unless the model's probability is at most "
        "drop_to; what they did not find at all is added from add_from. Both thresholds are chosen in "
        "cross-validation over whole documents, and the combination is judged on documents that neither the model "
        "nor the choice has seen. A key where it does not beat the rules is left to the rules and is not in the "
        "file.\n\n"
        "Prints, for each key, the documents that have it and F1 of the rules, of the model and of both, in "
        "cross-validation; mended and spoiled count documents on which both together differ from the rules.",
    .example = "  huella train labelled/ --format table --curve\n  huella train labelled/ --model model.json",
    .options = train_options,
    .min_files = 1,
    .max_files = SIZE_MAX,
    .run = run_train,
};
