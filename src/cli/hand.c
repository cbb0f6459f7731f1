/* --hand and --probability of every command that estimates an effect on an outcome that a machine read. */

#include "hand.h"

#include <math.h>

hu_error *hu_hand_columns_of(const hu_run *run, const char *const **names)
{
    static const char *const with_hand[] = {"probability", "predictors", "correction"};
    size_t n;
    const char **predictors = hu_opt_list(run, "predictors", &n);
    const char **all = HU_NEW_ARRAY(run->arena, const char *, n + 3);
    *names = all;
    if (!hu_opt_given(run, "hand")) {
        for (size_t i = 0; i < sizeof with_hand / sizeof *with_hand; i++)
            if (hu_opt_given(run, with_hand[i]))
                return hu_fail(HU_USAGE, "--%s needs --hand, the column of hand labels", with_hand[i]);
        return NULL;
    }
    HU_TRY(hu_wrap(hu_opt_require(run, (const char *const[]){"probability", NULL}),
                   "--hand corrects by the probability with which a row was drawn (huella sample prints it)"));
    *all++ = hu_opt_text(run, "hand");
    *all++ = hu_opt_text(run, "probability");
    for (size_t i = 0; i < n; i++)
        *all++ = predictors[i];
    return NULL;
}

hu_error *hu_correct_by_hand(const hu_run *run, const char *outcome, hu_reestimate *estimate, const void *context,
                             const hu_table **table, const hu_corrected **correction)
{
    *correction = NULL;
    if (!hu_opt_given(run, "hand"))
        return NULL;
    hu_hand_columns columns = {.read = outcome,
                               .hand = hu_opt_text(run, "hand"),
                               .probability = hu_opt_text(run, "probability"),
                               .predictors = hu_opt_list(run, "predictors", NULL)};
    hu_correction_options options = {.method = hu_opt_is(run, "correction", "ppi") ? HU_PPI : HU_DSL,
                                     .seed = run->seed};
    if (hu_opt_is(run, "correction", "ppi") && columns.predictors[0])
        return hu_fail(HU_USAGE,
                       "--predictors are of --correction dsl; prediction-powered inference takes the reading alone");
    hu_corrected *found = HU_NEW(run->arena, hu_corrected);
    HU_TRY(hu_correct_reading(*table, &columns, &options, estimate, context, run->arena, found));
    *table = found->table;
    *correction = found;
    return NULL;
}

/* ---- as it is printed ---- */

static void put_effect(hu_json *json, const char *key, const hu_effect *effect)
{
    hu_json_key(json, key);
    hu_json_object(json);
    hu_json_put_number(json, "estimate", effect->estimate);
    hu_json_put_number(json, "se", effect->se);
    hu_json_put_interval(json, "ci", effect->lower, effect->upper);
    hu_json_put_number(json, "p", effect->p);
    hu_json_object_end(json);
}

void hu_json_put_correction(hu_json *json, const hu_corrected *c)
{
    if (!c)
        return;
    hu_json_key(json, "reading_errors");
    hu_json_object(json);
    hu_json_put_text(json, "method", c->method == HU_PPI ? "ppi" : "dsl");
    hu_json_put_integer(json, "rows", (int64_t)c->rows);
    hu_json_put_integer(json, "labelled", (int64_t)c->labelled);
    hu_json_put_integer(json, "unread", (int64_t)c->unread);
    hu_json_put_integer(json, "unread_known", (int64_t)c->unread_known);
    hu_json_put_number(json, "agreement", c->agreement);
    put_effect(json, "naive", &c->naive);
    put_effect(json, "hand_only", &c->hand_only);
    put_effect(json, "corrected", &c->corrected);
    if (c->method == HU_PPI)
        hu_json_put_number(json, "lambda", c->lambda);
    hu_json_put_number(json, "label_variance", c->label_variance);
    hu_json_put_number(json, "more_labels", c->more_labels);
    hu_json_object_end(json);
}

static void print_effect(FILE *out, const char *label, const hu_effect *e)
{
    hu_print_row(out, label, e->estimate, e->se, e->lower, e->upper, e->p);
}

void hu_print_correction(FILE *out, const hu_corrected *c)
{
    if (!c)
        return;
    double share = 100 * c->label_variance / (c->corrected.se * c->corrected.se);
    fprintf(out, "\nErrors of reading: %zu of %zu rows have a hand label; label and reading correlate by %.2f.\n",
            c->labelled, c->rows, c->agreement);
    hu_print_head(out, "outcome", "effect");
    print_effect(out, "as read", &c->naive);
    print_effect(out, "hand labels alone", &c->hand_only);
    print_effect(out, c->method == HU_PPI ? "corrected (PPI)" : "corrected (DSL)", &c->corrected);
    fprintf(out, "Labelling a sample makes %.0f %% of the corrected effect's variance. ", share);
    if (isfinite(c->more_labels))
        fprintf(out, "%.0f labels more would halve its interval.\n", c->more_labels);
    else
        fprintf(out, "Labelling every row would narrow its interval by %.0f %%.\n",
                100 * (1 - sqrt(fmax(1 - share / 100, 0))));
    if (c->unread)
        fprintf(out, "Rows without a reading are left out: %zu; people found a value in %zu of them.\n", c->unread,
                c->unread_known);
}
