/* Ratios, subgroups, spillovers and indices of a trial as JSON: members of the object that is open. */

#include "trial_more.h"

#include "fisher.h"

static void put_numbers(hu_json *json, const char *key, const double *values, size_t n)
{
    hu_json_key(json, key);
    hu_json_array(json);
    for (size_t i = 0; i < n; i++)
        hu_json_number(json, values[i]);
    hu_json_array_end(json);
}

static void put_indices(hu_json *json, const trial_more *more)
{
    hu_json_key(json, "indices");
    hu_json_array(json);
    for (size_t i = 0; i < more->n_indices; i++) {
        const trial_index *x = &more->indices[i];
        hu_json_object(json);
        hu_json_put_text(json, "name", x->name);
        hu_json_put_text(json, "method", more->method);
        hu_json_put_text(json, "reference", more->reference);
        hu_json_put_integer(json, "complete", (int64_t)x->made.complete);
        hu_json_put_integer(json, "partial", (int64_t)x->made.partial);
        hu_json_key(json, "components");
        hu_json_array(json);
        for (size_t j = 0; j < x->k; j++) {
            hu_json_object(json);
            hu_json_put_text(json, "column", x->columns[j]);
            hu_json_put_number(json, "sign", x->sign[j]);
            hu_json_put_number(json, "weight", x->made.weight[j]);
            hu_json_put_number(json, "mean", x->made.mean[j]);
            hu_json_put_number(json, "sd", x->made.sd[j]);
            hu_json_object_end(json);
        }
        hu_json_array_end(json);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put_ratio(hu_json *json, const hu_trial_ratio *e, hu_trial_family family)
{
    hu_json_object(json);
    hu_json_put_text(json, "outcome", e->outcome);
    hu_json_put_integer(json, "n", (int64_t)e->n);
    hu_json_put_integer(json, "uninformative", (int64_t)e->uninformative);
    put_numbers(json, family == HU_TRIAL_LOGIT ? "shares" : "rates", e->rate, 2);
    hu_json_put_number(json, "ratio", e->ratio);
    hu_json_put_interval(json, "ci", e->lower, e->upper);
    hu_json_put_number(json, "log_ratio", e->log_ratio);
    hu_json_put_number(json, "se", e->se);
    hu_json_put_number(json, "df", e->df);
    hu_json_put_number(json, "p", e->p);
    hu_json_put_number(json, family == HU_TRIAL_NEGBIN ? "alpha" : "dispersion", e->dispersion);
    if (family == HU_TRIAL_LOGIT) {
        hu_json_key(json, "marginal_effect");
        hu_json_object(json);
        hu_json_put_number(json, "estimate", e->marginal);
        hu_json_put_number(json, "se", e->marginal_se);
        hu_json_put_interval(json, "ci", e->marginal_lower, e->marginal_upper);
        hu_json_object_end(json);
    }
    if (e->fisher)
        hu_json_put_fisher(json, "fisher", e->fisher);
    if (e->note)
        hu_json_put_text(json, "note", e->note);
    hu_json_object_end(json);
}

static void put_ratios(hu_json *json, const hu_trial_ratios *r)
{
    static const char *const names[] = {"poisson", "negbin", "logit"};
    hu_json_key(json, "model");
    hu_json_object(json);
    hu_json_put_text(json, "family", names[r->family]);
    hu_json_put_text(json, "exposure", r->exposure);
    hu_json_put_text(json, "se_type", r->se_type);
    hu_json_key(json, "outcomes");
    hu_json_array(json);
    for (size_t j = 0; j < r->n; j++)
        put_ratio(json, &r->effects[j], r->family);
    hu_json_array_end(json);
    hu_json_object_end(json);
}

static void put_group(hu_json *json, const hu_trial_group *g)
{
    const hu_trial_effect *e = g->effect;
    hu_json_object(json);
    hu_json_put_text(json, "group", g->name);
    if (e) {
        hu_json_put_integer(json, "n", (int64_t)e->n);
        hu_json_put_number(json, "control_mean", e->control_mean);
        hu_json_put_number(json, "estimate", e->estimate);
        hu_json_put_number(json, "se", e->se);
        hu_json_put_number(json, "df", e->df);
        hu_json_put_interval(json, "ci", e->lower, e->upper);
        hu_json_put_number(json, "p", e->p);
        if (e->fisher)
            hu_json_put_fisher(json, "fisher", e->fisher);
    }
    if (g->note)
        hu_json_put_text(json, "note", g->note);
    hu_json_object_end(json);
}

static void put_groups(hu_json *json, const hu_trial_groups *g)
{
    hu_json_key(json, "subgroups");
    hu_json_object(json);
    hu_json_put_text(json, "by", g->by);
    hu_json_key(json, "outcomes");
    hu_json_array(json);
    for (size_t j = 0; j < g->n; j++) {
        const hu_trial_interaction *o = &g->outcomes[j];
        hu_json_object(json);
        hu_json_put_text(json, "outcome", o->outcome);
        hu_json_key(json, "groups");
        hu_json_array(json);
        for (size_t i = 0; i < g->n_groups; i++)
            put_group(json, &o->groups[i]);
        hu_json_array_end(json);
        hu_json_key(json, "interaction");
        hu_json_object(json);
        hu_json_put_number(json, "difference", o->difference);
        hu_json_put_number(json, "se", o->se);
        hu_json_put_interval(json, "ci", o->lower, o->upper);
        hu_json_put_number(json, "f", o->wald);
        hu_json_put_number(json, "df1", o->df1);
        hu_json_put_number(json, "df2", o->df2);
        hu_json_put_number(json, "p", o->p);
        if (o->fisher)
            hu_json_put_fisher(json, "fisher", o->fisher);
        hu_json_put_number(json, "fisher_p_at_estimate", o->p_at_estimate);
        hu_json_object_end(json);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_object_end(json);
}

static void put_contrast(hu_json *json, const char *key, const hu_contrast_effect *e)
{
    hu_json_key(json, key);
    hu_json_object(json);
    hu_json_put_number(json, "estimate", e->estimate);
    hu_json_put_number(json, "se", e->se);
    hu_json_put_interval(json, "ci", e->lower, e->upper);
    hu_json_put_number(json, "p", e->p);
    hu_json_object_end(json);
}

static void put_spillover_outcome(hu_json *json, const hu_spillover_outcome *o)
{
    hu_json_object(json);
    hu_json_put_text(json, "outcome", o->outcome);
    hu_json_key(json, "effects");
    hu_json_array(json);
    for (size_t k = 0; k < 4; k++) {
        const hu_spillover_contrast *c = &o->contrasts[k];
        hu_json_object(json);
        hu_json_put_text(json, "effect", c->name);
        hu_json_put_integer(json, "units", (int64_t)c->units);
        hu_json_put_integer(json, "in", (int64_t)c->in_to);
        hu_json_put_integer(json, "against", (int64_t)c->in_from);
        put_contrast(json, "hajek", &c->hajek);
        put_contrast(json, "horvitz_thompson", &c->horvitz_thompson);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    if (o->test) {
        hu_json_put_fisher(json, "no_spillover", o->test);
        hu_json_put_integer(json, "focal_units", (int64_t)o->focal);
    }
    hu_json_object_end(json);
}

static void put_spillovers(hu_json *json, const hu_spillovers *s)
{
    static const char *const conditions[] = {"alone", "exposed", "treated", "treated_exposed"};
    hu_json_key(json, "spillovers");
    hu_json_object(json);
    hu_json_put_integer(json, "units", (int64_t)s->units);
    hu_json_put_integer(json, "neighbours", (int64_t)s->edges);
    hu_json_put_integer(json, "without_neighbour", (int64_t)s->lonely);
    hu_json_put_integer(json, "unknown_pairs", (int64_t)s->unknown);
    hu_json_put_integer(json, "assignments", (int64_t)s->assignments);
    hu_json_put_bool(json, "exact", s->exact);
    hu_json_key(json, "conditions");
    hu_json_object(json);
    for (int c = 0; c < HU_CONDITIONS; c++) {
        hu_json_key(json, conditions[c]);
        hu_json_object(json);
        hu_json_put_integer(json, "units", (int64_t)s->in[c]);
        hu_json_put_integer(json, "impossible", (int64_t)s->never[c]);
        hu_json_put_number(json, "least_probability", s->least[c]);
        hu_json_object_end(json);
    }
    hu_json_object_end(json);
    hu_json_key(json, "outcomes");
    hu_json_array(json);
    for (size_t j = 0; j < s->n; j++)
        put_spillover_outcome(json, &s->outcomes[j]);
    hu_json_array_end(json);
    hu_json_object_end(json);
}

void trial_more_json(hu_json *json, const trial_more *more)
{
    if (more->n_indices)
        put_indices(json, more);
    if (more->ratios)
        put_ratios(json, more->ratios);
    if (more->groups)
        put_groups(json, more->groups);
    if (more->spillovers)
        put_spillovers(json, more->spillovers);
}
