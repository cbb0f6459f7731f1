/* Results of `huella survival` as JSON, as in the contract. */

#include "print.h"
#include "survival.h"

#include <math.h>

static void put_test(hu_json *json, const hu_test *test)
{
    hu_json_object(json);
    hu_json_put_text(json, "name", test->name);
    hu_json_put_number(json, "statistic", test->statistic);
    hu_json_put_integer(json, "df", test->df);
    hu_json_put_number(json, "p", test->p);
    hu_json_object_end(json);
}

static void put_coefficient(hu_json *json, const hu_hazard_ratio *c)
{
    hu_json_object(json);
    hu_json_put_text(json, "name", c->name);
    hu_json_put_number(json, "estimate", c->estimate);
    hu_json_put_number(json, "se", c->se);
    hu_json_put_number(json, "se_robust", c->se_robust);
    hu_json_put_interval(json, "ci", c->lower, c->upper);
    hu_json_put_number(json, "p", c->p);
    hu_json_put_number(json, "hazard_ratio", exp(c->estimate));
    hu_json_object_end(json);
}

static void put_cox(hu_json *json, const survival_output *o)
{
    const hu_cox_result *r = o->cox;
    hu_json_put_text(json, "ties", o->ties == HU_BRESLOW ? "breslow" : "efron");
    hu_json_key(json, "coefficients");
    hu_json_array(json);
    for (size_t j = 0; j < r->k; j++)
        put_coefficient(json, &r->coefficients[j]);
    hu_json_array_end(json);
    hu_json_put_interval(json, "loglik", r->loglik[0], r->loglik[1]);
    hu_json_put_integer(json, "iterations", r->iterations);
    hu_json_key(json, "tests");
    hu_json_array(json);
    put_test(json, &r->likelihood_ratio);
    put_test(json, &r->score);
    put_test(json, &r->wald);
    hu_json_array_end(json);
    if (!r->proportional)
        return;
    hu_json_key(json, "proportional_hazards");
    hu_json_array(json);
    for (size_t j = 0; j <= r->k; j++)
        put_test(json, &r->proportional[j]);
    hu_json_array_end(json);
}

static const char *label(const survival_output *o, size_t stratum)
{
    return o->data->label ? o->data->label[stratum] : NULL;
}

static void put_point(hu_json *json, const survival_output *o, const hu_curve_point *p)
{
    hu_json_object(json);
    hu_json_put_text(json, "stratum", label(o, p->stratum));
    if (o->data->causes > 1)
        hu_json_put_number(json, "cause", p->cause ? o->data->cause[p->cause] : 0);
    hu_json_put_number(json, "time", p->time);
    hu_json_put_number(json, "at_risk", p->at_risk);
    hu_json_put_number(json, "events", p->events);
    hu_json_put_number(json, "estimate", p->estimate);
    hu_json_put_number(json, "se", p->se);
    hu_json_put_interval(json, "ci", p->lower, p->upper);
    hu_json_object_end(json);
}

static void put_curves(hu_json *json, const survival_output *o)
{
    hu_json_key(json, "curves");
    hu_json_array(json);
    for (size_t i = 0; i < o->curves->n; i++)
        if (o->cause == 0 || o->curves->points[i].cause == o->cause)
            put_point(json, o, &o->curves->points[i]);
    hu_json_array_end(json);
}

static void put_logrank(hu_json *json, const survival_output *o)
{
    hu_json_key(json, "logrank");
    hu_json_object(json);
    hu_json_put_number(json, "statistic", o->logrank->statistic);
    hu_json_put_integer(json, "df", o->logrank->df);
    hu_json_put_number(json, "p", o->logrank->p);
    hu_json_key(json, "groups");
    hu_json_array(json);
    for (size_t s = 0; s < o->data->strata; s++) {
        hu_json_object(json);
        hu_json_put_text(json, "stratum", label(o, s));
        hu_json_put_number(json, "observed", o->logrank->observed[s]);
        hu_json_put_number(json, "expected", o->logrank->expected[s]);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_object_end(json);
}

static void put_mean(hu_json *json, const survival_output *o, size_t stratum, const hu_effect *effect, bool difference)
{
    hu_json_object(json);
    hu_json_put_text(json, "stratum", label(o, stratum));
    if (difference)
        hu_json_put_text(json, "reference", label(o, 0));
    hu_json_put_number(json, "estimate", effect->estimate);
    hu_json_put_number(json, "se", effect->se);
    hu_json_put_interval(json, "ci", effect->lower, effect->upper);
    if (difference)
        hu_json_put_number(json, "p", effect->p);
    hu_json_object_end(json);
}

static void put_rmst(hu_json *json, const survival_output *o)
{
    hu_json_put_number(json, "until", o->rmst->until);
    hu_json_key(json, "means");
    hu_json_array(json);
    for (size_t s = 0; s < o->data->strata; s++)
        put_mean(json, o, s, &o->rmst->mean[s], false);
    hu_json_array_end(json);
    hu_json_key(json, "differences");
    hu_json_array(json);
    for (size_t s = 1; s < o->data->strata; s++)
        put_mean(json, o, s, &o->rmst->difference[s], true);
    hu_json_array_end(json);
}

void hu_survival_json(hu_json *json, const void *output)
{
    const survival_output *o = output;
    hu_json_object(json);
    hu_json_put_text(json, "estimator", o->estimator);
    hu_json_put_integer(json, "n", (int64_t)o->data->n);
    hu_json_put_integer(json, "cases", (int64_t)o->data->cases);
    hu_json_put_integer(json, "events", (int64_t)(o->cox ? o->cox->events : o->data->events));
    hu_json_put_integer(json, "clusters", (int64_t)o->data->clusters);
    hu_json_put_integer(json, "dropped", (int64_t)o->data->dropped);
    if (o->cox)
        put_cox(json, o);
    if (o->curves)
        put_curves(json, o);
    if (o->logrank)
        put_logrank(json, o);
    if (o->rmst)
        put_rmst(json, o);
    hu_json_put_notes(json, o->se_type, o->warnings, o->n_warnings);
    hu_json_object_end(json);
}
