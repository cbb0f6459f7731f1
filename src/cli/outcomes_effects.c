/* Effects of the community trial on districts' means. */

#include "outcomes.h"

#include "huella/numerics/families.h"

#include <math.h>
#include <string.h>

static bool complete(const hu_table *table, const char *name)
{
    const hu_column *column = hu_table_find(table, name);
    for (size_t i = 0; column && i < table->rows; i++)
        if (isnan(column->numbers[i]))
            return false;
    return column != NULL;
}

static const char *strata_of(const hu_table *table)
{
    return hu_table_find(table, "pair") ? "pair" : hu_table_find(table, "stratum") ? "stratum" : NULL;
}

static bool is_bound(const char *name)
{
    size_t length = strlen(name);
    return length > 6 && (strcmp(name + length - 6, "_lower") == 0 || strcmp(name + length - 6, "_upper") == 0);
}

static hu_error *one_effect(const hu_run *run, const hu_table *table, const hu_outcome_entry *entry,
                            outcome_effect *out, const char **se_type)
{
    const char *before = hu_printf(run->arena, "%s_before", entry->name);
    hu_trial *trial;
    out->baseline = complete(table, before);
    hu_trial_columns columns = {.outcomes = (const char *const[]){entry->name, NULL},
                                .treatment = "trained",
                                .strata = strata_of(table),
                                .covariates = out->baseline ? (const char *const[]){before, NULL} : NULL};
    hu_trial_options o = {
        .adjust = out->baseline ? HU_ANCOVA : HU_UNADJUSTED, .seed = run->seed, .threads = run->threads};
    hu_error *error = hu_trial_estimate(table, &columns, &o, run->arena, &trial);
    if (error && (error->code == HU_EMPTY || error->code == HU_SINGULAR)) {
        out->why_not = hu_strdup(run->arena, error->message);
        hu_error_free(error);
        return NULL;
    }
    HU_TRY(error);
    out->effect = &trial->effects[0];
    *se_type = trial->se_type;
    return NULL;
}

static const hu_outcome_entry *find(const hu_outcomes *o, const char *name)
{
    for (size_t i = 0; i < o->n; i++)
        if (strcmp(o->entries[i].name, name) == 0)
            return &o->entries[i];
    return NULL;
}

/* Differences of arms' means when every unknown referral is what makes it smallest, and largest: Manski (2003). */
static void bound(const hu_outcomes *o, const hu_outcome_entry *entry, outcome_effect *out)
{
    const hu_outcome_entry *lower = find(o, "false_positive_lower"), *upper = find(o, "false_positive_upper");
    out->least = out->most = NAN;
    if (strcmp(entry->name, "false_positive") != 0 || !lower || !upper)
        return;
    out->least = lower->mean[1] - upper->mean[0];
    out->most = upper->mean[1] - lower->mean[0];
}

static void adjust(outcomes_result *r, hu_arena *arena)
{
    size_t n = r->outcomes->n;
    double *p = HU_NEW_ARRAY(arena, double, n);
    for (size_t i = 0; i < n; i++) {
        const hu_trial_effect *e = r->effects[i].effect;
        p[i] = !e || is_bound(r->outcomes->entries[i].name) ? NAN : e->fisher ? e->fisher->p : e->p;
    }
    hu_adjust_p(p, n, HU_HOLM, p);
    for (size_t i = 0; i < n; i++)
        r->effects[i].holm = p[i];
}

static hu_error *ratios(const hu_run *run, const hu_table *table, outcomes_result *r)
{
    static const char *const counts[] = {"persons_identified", "incidents_identified", NULL};
    const hu_outcome_entry *rate = find(r->outcomes, "identification_rate");
    if (!rate || rate->refused || !complete(table, "officer_months"))
        return NULL;
    hu_trial_columns columns = {.outcomes = counts, .treatment = "trained", .strata = strata_of(table)};
    hu_trial_options o = {.seed = run->seed, .threads = run->threads};
    return hu_trial_model(table, &columns, "officer_months", HU_TRIAL_POISSON, &o, run->arena, &r->ratios);
}

hu_error *outcomes_effects(const hu_run *run, outcomes_result *r)
{
    const hu_outcomes *o = r->outcomes;
    r->effects = HU_NEW_ARRAY(run->arena, outcome_effect, o->n);
    for (size_t i = 0; i < o->n; i++) {
        outcome_effect *e = &r->effects[i];
        bound(o, &o->entries[i], e);
        if (o->entries[i].refused)
            e->why_not = o->entries[i].refused;
        else if (!hu_table_find(o->districts, o->entries[i].name))
            e->why_not = "no outcome of districts: regions were trained, see `huella did`";
        else
            HU_TRY(hu_wrap(one_effect(run, o->districts, &o->entries[i], e, &r->se_type), "%s", o->entries[i].name));
    }
    adjust(r, run->arena);
    return ratios(run, o->districts, r);
}
