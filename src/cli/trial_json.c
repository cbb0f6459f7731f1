/* Results of `huella trial` as JSON, with the keys of the contract. */

#include "fisher.h"
#include "trial.h"

#include "hand.h"
#include "wild.h"

#include <math.h>

static void put_late(hu_json *json, const hu_late *late)
{
    static const char *const shapes[] = {"interval", "outside", "line"};
    hu_json_key(json, "late");
    hu_json_object(json);
    hu_json_put_number(json, "estimate", late->estimate);
    hu_json_put_number(json, "se", late->se);
    hu_json_put_number(json, "df", late->df);
    hu_json_put_interval(json, "ci", late->lower, late->upper);
    hu_json_put_number(json, "p", late->p);
    hu_json_key(json, "first_stage");
    hu_json_object(json);
    hu_json_put_number(json, "estimate", late->first_stage);
    hu_json_put_number(json, "se", late->first_stage_se);
    hu_json_put_number(json, "f", late->first_stage_f);
    hu_json_object_end(json);
    hu_json_key(json, "anderson_rubin");
    hu_json_object(json);
    hu_json_put_text(json, "set", shapes[late->shape]);
    hu_json_put_interval(json, "ci", late->ar_lower, late->ar_upper);
    hu_json_object_end(json);
    hu_json_object_end(json);
}

static void put_attrition(hu_json *json, const hu_trial_effect *e)
{
    hu_json_key(json, "attrition");
    hu_json_object(json);
    hu_json_put_number(json, "control", e->attrition[0]);
    hu_json_put_number(json, "treatment", e->attrition[1]);
    hu_json_put_number(json, "difference", e->attrition_difference);
    hu_json_put_number(json, "se", e->attrition_se);
    hu_json_put_number(json, "p", e->attrition_p);
    hu_json_object_end(json);
    if (!e->lee)
        return;
    hu_json_key(json, "lee");
    hu_json_object(json);
    hu_json_put_number(json, "lower", e->lee->lower);
    hu_json_put_number(json, "upper", e->lee->upper);
    hu_json_put_number(json, "trimmed", e->lee->trimmed);
    hu_json_put_text(json, "trimmed_arm", e->lee->of_treatment ? "treatment" : "control");
    hu_json_object_end(json);
}

/* The members of an outcome, within an object that is open; "adjusted" stands elsewhere. */
static void put_effect(hu_json *json, const hu_trial_effect *e)
{
    hu_json_put_text(json, "outcome", e->outcome);
    hu_json_put_integer(json, "n", (int64_t)e->n);
    hu_json_put_integer(json, "treated", (int64_t)e->treated);
    if (e->clusters)
        hu_json_put_integer(json, "clusters", (int64_t)e->clusters);
    hu_json_put_integer(json, "dropped", (int64_t)e->dropped);
    hu_json_put_number(json, "control_mean", e->control_mean);
    hu_json_put_number(json, "estimate", e->estimate);
    hu_json_put_number(json, "se", e->se);
    hu_json_put_number(json, "df", e->df);
    hu_json_put_interval(json, "ci", e->lower, e->upper);
    hu_json_put_number(json, "p", e->p);
    if (e->fisher)
        hu_json_put_fisher(json, "fisher", e->fisher);
    if (e->wild)
        hu_json_put_wild(json, e->wild);
    if (e->late)
        put_late(json, e->late);
    if (e->attrited[0] + e->attrited[1])
        put_attrition(json, e);
}

/* The adjusted p-values and where they stand. */
static const struct {
    const char *key;
    size_t offset;
} adjusted[] = {{"holm", offsetof(hu_trial_effect, holm)},
                {"bh", offsetof(hu_trial_effect, bh)},
                {"romano_wolf", offsetof(hu_trial_effect, romano_wolf)},
                {"westfall_young", offsetof(hu_trial_effect, westfall_young)},
                {"hochberg", offsetof(hu_trial_effect, hochberg)},
                {"bonferroni", offsetof(hu_trial_effect, bonferroni)},
                {"by", offsetof(hu_trial_effect, by)}};

static double adjusted_p(const hu_trial_effect *effect, size_t a)
{
    return *(const double *)(const void *)((const char *)effect + adjusted[a].offset);
}

/* In the first place lists in the order of outcomes; in each outcome its own. */
static void put_adjusted(hu_json *json, const hu_trial_effect *effects, size_t n, bool lists)
{
    hu_json_key(json, "adjusted");
    hu_json_object(json);
    for (size_t a = 0; a < sizeof adjusted / sizeof *adjusted; a++) {
        hu_json_key(json, adjusted[a].key);
        if (lists)
            hu_json_array(json);
        for (size_t j = 0; j < n; j++)
            hu_json_number(json, adjusted_p(&effects[j], a));
        if (lists)
            hu_json_array_end(json);
    }
    hu_json_object_end(json);
}

static void put_outcomes(hu_json *json, const hu_trial *trial)
{
    hu_json_key(json, "outcomes");
    hu_json_array(json);
    for (size_t j = 0; j < trial->n_effects; j++) {
        hu_json_object(json);
        put_effect(json, &trial->effects[j]);
        put_adjusted(json, &trial->effects[j], 1, false);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put_balance(hu_json *json, const hu_trial *trial)
{
    hu_json_key(json, "balance");
    hu_json_array(json);
    for (size_t j = 0; j < trial->n_balance; j++) {
        const hu_balance_row *row = &trial->balance[j];
        hu_json_object(json);
        hu_json_put_text(json, "covariate", row->covariate);
        hu_json_put_number(json, "control_mean", row->mean[0]);
        hu_json_put_number(json, "treatment_mean", row->mean[1]);
        hu_json_put_number(json, "control_sd", row->sd[0]);
        hu_json_put_number(json, "treatment_sd", row->sd[1]);
        hu_json_put_number(json, "normalised_difference", row->normalised);
        hu_json_put_number(json, "difference", row->difference);
        hu_json_put_number(json, "se", row->se);
        hu_json_put_number(json, "p", row->p);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    if (trial->joint_balance)
        hu_json_put_fisher(json, "joint_balance", trial->joint_balance);
}

void hu_json_put_trial(hu_json *json, const void *context)
{
    const trial_printed *printed = context;
    const hu_trial *trial = printed->trial;
    hu_json_object(json);
    hu_json_put_text(json, "estimator", "trial");
    put_effect(json, &trial->effects[0]);
    hu_json_put_integer(json, "units", (int64_t)trial->units);
    hu_json_put_integer(json, "treated_units", (int64_t)trial->treated_units);
    if (trial->design)
        hu_json_put_text(json, "design", trial->design);
    if (trial->strata)
        hu_json_put_integer(json, "strata", (int64_t)trial->strata);
    if (trial->n_effects > 1) {
        put_adjusted(json, trial->effects, trial->n_effects, true);
        put_outcomes(json, trial);
    }
    if (trial->n_balance)
        put_balance(json, trial);
    trial_more_json(json, printed->more);
    hu_json_put_correction(json, printed->correction);
    hu_json_put_notes(json, trial->se_type, (const char *const *)trial->warnings, trial->n_warnings);
    hu_json_object_end(json);
}
