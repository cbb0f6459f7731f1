/* What the rollout estimator prints. */

#include "rollout.h"

#include "hand.h"

#include <math.h>

static const char *const estimands[] = {"simple", "cohort", "calendar", "eventstudy"};
static const char *const in_words[] = {"over treated units and periods", "over cohorts", "over periods",
                                       "by time since treatment"};

typedef struct rollout {
    const hu_rollout_options *options;
    const hu_rollout_result *result;
    const hu_corrected *correction;
} rollout;

static const char *beta_name(const hu_rollout_options *o)
{
    return o->beta == HU_BETA_EFFICIENT ? "efficient" : o->beta == HU_BETA_DID ? "did" : "number";
}

static const char *ci_type(const hu_rollout_estimate *e)
{
    return isinf(e->df) ? "refined error, normal"
                        : "Neyman's error, t with Welch & Satterthwaite's degrees of freedom: few units";
}

static void put_estimate(hu_json *json, const hu_rollout_estimate *e)
{
    hu_json_put_number(json, "estimate", e->effect.estimate);
    hu_json_put_number(json, "se", e->effect.se);
    hu_json_put_number(json, "se_neyman", e->se_neyman);
    hu_json_put_interval(json, "ci", e->effect.lower, e->effect.upper);
    hu_json_put_number(json, "p", e->effect.p);
    hu_json_put_number(json, "df", e->df); /* null = normal */
    hu_json_put_text(json, "ci_type", ci_type(e));
    hu_json_put_number(json, "beta", e->beta);
    if (e->fisher.assignments)
        hu_json_put_fisher(json, "fisher", &e->fisher);
}

static void put_cohorts(hu_json *json, const hu_rollout_result *result)
{
    hu_json_key(json, "cohorts");
    hu_json_array(json);
    for (size_t g = 0; g < result->n_cohorts; g++) {
        hu_json_object(json);
        hu_json_put_number(json, "cohort", result->cohorts[g].cohort); /* null = never */
        hu_json_put_integer(json, "units", (int64_t)result->cohorts[g].units);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void body(hu_json *json, const void *context)
{
    const rollout *r = context;
    const hu_rollout_result *result = r->result;
    hu_json_object(json);
    hu_json_put_text(json, "estimator", "rollout");
    hu_json_put_text(json, "estimand", estimands[r->options->estimand]);
    hu_json_put_text(json, "beta_type", beta_name(r->options));
    hu_json_put_integer(json, "n", (int64_t)result->n);
    hu_json_put_integer(json, "units", (int64_t)result->units);
    hu_json_put_integer(json, "dropped", (int64_t)result->dropped);
    hu_json_put_integer(json, "incomplete_units", (int64_t)result->incomplete_units);
    put_cohorts(json, result);
    if (r->options->estimand == HU_ROLLOUT_EVENTSTUDY) {
        hu_json_key(json, "eventstudy");
        hu_json_array(json);
        for (size_t k = 0; k < result->n_estimates; k++) {
            hu_json_object(json);
            hu_json_put_number(json, "event_time", result->estimates[k].at);
            put_estimate(json, &result->estimates[k]);
            hu_json_object_end(json);
        }
        hu_json_array_end(json);
        if (result->joint.assignments)
            hu_json_put_fisher(json, "fisher", &result->joint);
    } else {
        put_estimate(json, result->estimates);
    }
    hu_json_put_correction(json, r->correction);
    hu_json_put_notes(json, result->se_type, (const char *const *)result->warnings, result->n_warnings);
    hu_json_object_end(json);
}

static void csv(FILE *out, const rollout *r)
{
    fputs("estimand,event_time,estimate,se,se_neyman,ci_lower,ci_upper,p,beta,fisher_p,assignments\n", out);
    for (size_t k = 0; k < r->result->n_estimates; k++) {
        const hu_rollout_estimate *e = &r->result->estimates[k];
        bool tested = e->fisher.assignments > 0;
        const double values[] = {e->at,
                                 e->effect.estimate,
                                 e->effect.se,
                                 e->se_neyman,
                                 e->effect.lower,
                                 e->effect.upper,
                                 e->effect.p,
                                 e->beta,
                                 tested ? e->fisher.p : NAN,
                                 tested ? (double)e->fisher.assignments : NAN};
        hu_print_csv_text(out, estimands[r->options->estimand]);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            hu_print_csv_number(out, values[i]);
        fputc('\n', out);
    }
}

static void table_cohorts(FILE *out, const hu_rollout_result *result)
{
    char at[32];
    fputs("Cohorts:", out);
    for (size_t g = 0; g < result->n_cohorts; g++)
        fprintf(out, "%s %s (%zu)", g ? "," : "",
                isinf(result->cohorts[g].cohort) ? "never" : hu_format_double(result->cohorts[g].cohort, at),
                result->cohorts[g].units);
    fputs(" units\n", out);
}

static void table(FILE *out, const char *outcome, const rollout *r)
{
    const hu_rollout_result *result = r->result;
    bool study = r->options->estimand == HU_ROLLOUT_EVENTSTUDY;
    char at[32];
    fprintf(out, "Randomized rollout (Roth & Sant'Anna): effect on %s %s, beta %s\n", outcome,
            in_words[r->options->estimand], beta_name(r->options));
    fprintf(out, "%zu rows, %zu units of assignment; %zu rows with a missing value left out\n", result->n,
            result->units, result->dropped);
    table_cohorts(out, result);
    hu_print_head(out, study ? "event time" : "average over", "effect");
    for (size_t k = 0; k < result->n_estimates; k++) {
        const hu_rollout_estimate *e = &result->estimates[k];
        hu_print_row(out, study ? hu_format_double(e->at, at) : estimands[r->options->estimand], e->effect.estimate,
                     e->effect.se, e->effect.lower, e->effect.upper, e->effect.p);
    }
    if (result->n_estimates)
        fprintf(out, "Intervals and p: %s.\n", ci_type(&result->estimates[result->n_estimates - 1]));
    if (!study)
        fprintf(out, "  Neyman's error %.4f; beta %.4f.\n", result->estimates->se_neyman, result->estimates->beta);
    const hu_fisher *fisher = study ? &result->joint : &result->estimates->fisher;
    if (fisher->assignments)
        hu_print_fisher(out, study ? "no effect at any event time" : "no effect on anybody", fisher);
    hu_print_correction(out, r->correction);
    hu_print_notes(out, result->se_type, (const char *const *)result->warnings, result->n_warnings);
}

void hu_print_rollout(const hu_run *run, const char *outcome, const hu_rollout_options *options,
                      const hu_rollout_result *result)
{
    const rollout r = {options, result, run->correction};
    if (run->format == HU_FORMAT_TABLE)
        table(run->out, outcome, &r);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, &r);
    else
        hu_print_json(run, body, &r);
}
