/* What imputation prints: the mean effect, the event study, the test of effects before treatment. */

#include "did.h"

#include <math.h>

static void put_effect(hu_json *json, const hu_effect *effect)
{
    hu_json_put_number(json, "estimate", effect->estimate);
    hu_json_put_number(json, "se", effect->se);
    hu_json_put_interval(json, "ci", effect->lower, effect->upper);
    hu_json_put_number(json, "p", effect->p);
}

/* A result, and the randomization test beside it. */
typedef struct tested {
    const hu_imputation_result *result;
    const did_permutation *permutation;
} tested;

static void body(hu_json *json, const void *context)
{
    const tested *t = context;
    const hu_imputation_result *result = t->result;
    hu_json_object(json);
    hu_json_put_did_counts(json, "imputation", result->n, result->units, result->clusters, result->dropped);
    hu_json_put_integer(json, "treated", (int64_t)result->treated);
    hu_json_put_integer(json, "untreated", (int64_t)result->untreated);
    hu_json_put_integer(json, "not_imputed", (int64_t)result->not_imputed);
    hu_json_key(json, "static");
    hu_json_object(json);
    put_effect(json, &result->overall);
    hu_json_object_end(json);
    hu_json_key(json, "event_study");
    hu_json_array(json);
    for (size_t i = 0; i < result->n_event_study; i++) {
        hu_json_object(json);
        hu_json_put_number(json, "event_time", result->event_study[i].at);
        put_effect(json, &result->event_study[i].effect);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_key(json, "pretrend");
    hu_json_object(json);
    hu_json_put_number(json, "statistic", result->pretrend_statistic);
    hu_json_put_integer(json, "df", result->pretrend_df);
    hu_json_put_number(json, "p", result->pretrend_p);
    hu_json_object_end(json);
    hu_json_put_permutation(json, t->permutation);
    hu_json_put_notes(json, result->se_type, (const char *const *)result->warnings, result->n_warnings);
    hu_json_object_end(json);
}

static void csv_row(FILE *out, const char *kind, double at, const hu_effect *e)
{
    const double values[] = {at, e->estimate, e->se, e->lower, e->upper, e->p};
    hu_print_csv_text(out, kind);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        hu_print_csv_number(out, values[i]);
    fputc('\n', out);
}

static void csv(FILE *out, const tested *t)
{
    const hu_imputation_result *result = t->result;
    fputs("kind,event_time,estimate,se,ci_lower,ci_upper,p\n", out);
    csv_row(out, "static", NAN, &result->overall);
    for (size_t i = 0; i < result->n_event_study; i++)
        csv_row(out, "event_study", result->event_study[i].at, &result->event_study[i].effect);
    if (!t->permutation->result)
        return;
    hu_effect fisher = hu_permutation_effect(t->permutation);
    csv_row(out, "fisher", NAN, &fisher);
}

static void table(const hu_run *run, const char *title, const tested *t)
{
    const hu_imputation_result *result = t->result;
    FILE *out = run->out;
    char text[32];
    const hu_effect *e = &result->overall;
    hu_print_did_counts(out, title, result->n, result->units, result->clusters, result->dropped);
    hu_print_head(out, "average over", "effect");
    hu_print_row(out, "all treated rows", e->estimate, e->se, e->lower, e->upper, e->p);
    hu_print_head(out, "event time", "effect");
    for (size_t i = 0; i < result->n_event_study; i++) {
        double at = result->event_study[i].at;
        if (i && at >= 0 && result->event_study[i - 1].at < 0)
            fputs("  - - treatment - -\n", out);
        e = &result->event_study[i].effect;
        hu_print_row(out, hu_format_double(at, text), e->estimate, e->se, e->lower, e->upper, e->p);
    }
    if (result->pretrend_df)
        fprintf(out, "\nEffects before treatment, all zero? chi2(%d) = %.3f, p %s\n", result->pretrend_df,
                result->pretrend_statistic, hu_p_text(result->pretrend_p, text));
    hu_print_permutation(run, t->permutation);
    hu_print_notes(out, result->se_type, (const char *const *)result->warnings, result->n_warnings);
}

void hu_print_imputation(const hu_run *run, const char *title, const hu_imputation_result *result,
                         const did_permutation *permutation)
{
    const tested t = {result, permutation};
    if (run->format == HU_FORMAT_TABLE)
        table(run, title, &t);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, &t);
    else
        hu_print_json(run, body, &t);
}
