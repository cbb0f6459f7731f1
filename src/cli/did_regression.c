/* Coefficients: of two-way fixed effects, of Sun & Abraham. */

#include "did.h"
#include "wild.h"

#include <math.h>

typedef struct regression {
    const char *estimator;
    const hu_regression *result;
    const did_permutation *permutation;
} regression;

static void body(hu_json *json, const void *context)
{
    const regression *r = context;
    const hu_regression *result = r->result;
    hu_json_object(json);
    hu_json_put_did_counts(json, r->estimator, result->n, result->units, result->clusters, result->dropped);
    hu_json_key(json, "coefficients");
    hu_json_array(json);
    for (size_t j = 0; j < result->n_coefficients; j++) {
        const hu_coefficient *c = &result->coefficients[j];
        hu_json_object(json);
        hu_json_put_text(json, "name", c->name);
        hu_json_put_number(json, "estimate", c->estimate);
        hu_json_put_number(json, "se", c->se);
        hu_json_put_interval(json, "ci", c->lower, c->upper);
        hu_json_put_number(json, "df", c->df);
        if (result->ci_type)
            hu_json_put_number(json, "se_small_sample", c->se_small_sample);
        hu_json_put_number(json, "p", c->p);
        if (c->wild)
            hu_json_put_wild(json, c->wild);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    if (result->ci_type)
        hu_json_put_text(json, "ci_type", result->ci_type);
    hu_json_put_permutation(json, r->permutation);
    hu_json_put_notes(json, result->se_type, (const char *const *)result->warnings, result->n_warnings);
    hu_json_object_end(json);
}

static void csv_row(FILE *out, const char *name, const hu_effect *e, double df, const hu_wild *wild)
{
    const double values[] = {e->estimate,
                             e->se,
                             e->lower,
                             e->upper,
                             e->p,
                             df,
                             wild ? wild->p : NAN,
                             wild ? wild->lower : NAN,
                             wild ? wild->upper : NAN};
    hu_print_csv_text(out, name);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        hu_print_csv_number(out, values[i]);
    fputc('\n', out);
}

static void csv(FILE *out, const regression *r)
{
    const hu_regression *result = r->result;
    fputs("name,estimate,se,ci_lower,ci_upper,p,df,wild_p,wild_ci_lower,wild_ci_upper\n", out);
    for (size_t j = 0; j < result->n_coefficients; j++) {
        const hu_coefficient *c = &result->coefficients[j];
        csv_row(out, c->name, &(hu_effect){c->estimate, c->se, c->lower, c->upper, c->p, NAN, NAN}, c->df, c->wild);
    }
    if (!r->permutation->result)
        return;
    hu_effect fisher = hu_permutation_effect(r->permutation);
    csv_row(out, "fisher", &fisher, NAN, NULL);
}

static void wild_rows(const hu_run *run, const hu_regression *result)
{
    bool first = true;
    for (size_t j = 0; j < result->n_coefficients; j++) {
        const hu_coefficient *c = &result->coefficients[j];
        if (!c->wild)
            continue;
        if (first)
            hu_print_wild_head(run->out, run, c->wild);
        first = false;
        hu_print_wild_row(run->out, c->name, c->wild);
    }
}

static void table(const hu_run *run, const char *title, const regression *r)
{
    FILE *out = run->out;
    const hu_regression *result = r->result;
    hu_print_did_counts(out, title, result->n, result->units, result->clusters, result->dropped);
    hu_print_head(out, "coefficient", "effect");
    for (size_t j = 0; j < result->n_coefficients; j++) {
        const hu_coefficient *c = &result->coefficients[j];
        hu_print_row(out, c->name, c->estimate, c->se, c->lower, c->upper, c->p);
    }
    if (result->ci_type)
        fprintf(out, "\nIntervals and p: %s; the errors shown are the plain ones.\n", result->ci_type);
    wild_rows(run, result);
    hu_print_permutation(run, r->permutation);
    hu_print_notes(out, result->se_type, (const char *const *)result->warnings, result->n_warnings);
}

void hu_print_regression(const hu_run *run, const char *estimator, const char *title, const hu_regression *result,
                         const did_permutation *permutation)
{
    const regression r = {estimator, result, permutation};
    if (run->format == HU_FORMAT_TABLE)
        table(run, title, &r);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, &r);
    else
        hu_print_json(run, body, &r);
}
