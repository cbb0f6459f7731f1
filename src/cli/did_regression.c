/* Coefficients: of two-way fixed effects, of Sun & Abraham. */

#include "did.h"
#include "wild.h"

#include <math.h>

typedef struct regression {
    const char *estimator;
    const hu_regression *result;
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
        hu_json_put_number(json, "p", c->p);
        if (c->wild)
            hu_json_put_wild(json, c->wild);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_put_notes(json, result->se_type, (const char *const *)result->warnings, result->n_warnings);
    hu_json_object_end(json);
}

static void csv(FILE *out, const hu_regression *result)
{
    fputs("name,estimate,se,ci_lower,ci_upper,p,df,wild_p,wild_ci_lower,wild_ci_upper\n", out);
    for (size_t j = 0; j < result->n_coefficients; j++) {
        const hu_coefficient *c = &result->coefficients[j];
        const double values[] = {c->estimate,
                                 c->se,
                                 c->lower,
                                 c->upper,
                                 c->p,
                                 c->df,
                                 c->wild ? c->wild->p : NAN,
                                 c->wild ? c->wild->lower : NAN,
                                 c->wild ? c->wild->upper : NAN};
        hu_print_csv_text(out, c->name);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            hu_print_csv_number(out, values[i]);
        fputc('\n', out);
    }
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

static void table(const hu_run *run, const char *title, const hu_regression *result)
{
    FILE *out = run->out;
    hu_print_did_counts(out, title, result->n, result->units, result->clusters, result->dropped);
    hu_print_head(out, "coefficient", "effect");
    for (size_t j = 0; j < result->n_coefficients; j++) {
        const hu_coefficient *c = &result->coefficients[j];
        hu_print_row(out, c->name, c->estimate, c->se, c->lower, c->upper, c->p);
    }
    wild_rows(run, result);
    hu_print_notes(out, result->se_type, (const char *const *)result->warnings, result->n_warnings);
}

void hu_print_regression(const hu_run *run, const char *estimator, const char *title, const hu_regression *result)
{
    if (run->format == HU_FORMAT_TABLE)
        table(run, title, result);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, result);
    else
        hu_print_json(run, body, &(regression){estimator, result});
}
