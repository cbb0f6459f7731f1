/* Results of `huella outcomes`. */

#include "fisher.h"
#include "outcomes.h"

#include "huella/base/date.h"

#include <math.h>
#include <string.h>

static const char *iso(int64_t day, char text[16])
{
    if (day == INT64_MIN)
        return "";
    hu_date_format_iso(hu_date_from_days(day), text);
    return text;
}

static void coverage(FILE *out, const hu_outcomes *o)
{
    fprintf(out, "\n  %-24s %19s %19s   %s\n", "outcome", "control", "trained", "values (districts)");
    for (size_t i = 0; i < o->n; i++) {
        const hu_outcome_entry *e = &o->entries[i];
        fprintf(out, "  %-24s ", e->name);
        for (int arm = 0; arm < 2; arm++) {
            char text[48];
            if (isnan(e->mean[arm]) && isnan(e->before[arm]))
                strcpy(text, "-");
            else if (isnan(e->mean[arm]))
                snprintf(text, sizeof text, "-, was %.4g", e->before[arm]);
            else if (isnan(e->before[arm]))
                snprintf(text, sizeof text, "%.4g", e->mean[arm]);
            else
                snprintf(text, sizeof text, "%.4g, was %.4g", e->mean[arm], e->before[arm]);
            fprintf(out, "%19s ", text);
        }
        fprintf(out, "  %zu (%zu), %zu (%zu)\n", e->n[0], e->districts[0], e->n[1], e->districts[1]);
        if (e->refused)
            fprintf(out, "    no effect may be taken from it: %s\n", e->refused);
    }
}

static void effects(FILE *out, const outcomes_result *r)
{
    const hu_outcomes *o = r->outcomes;
    char exact[16], holm[16];
    fputs("\nEffects on districts' means", out);
    hu_print_head(out, "outcome", "effect");
    for (size_t i = 0; i < o->n; i++) {
        const outcome_effect *e = &r->effects[i];
        const hu_trial_effect *t = e->effect;
        if (!t) {
            fprintf(out, "  %-22s refused: %s\n", o->entries[i].name, e->why_not);
            continue;
        }
        hu_print_row(out, o->entries[i].name, t->estimate, t->se, t->lower, t->upper, t->p);
        if (t->fisher)
            fprintf(out, "    exact p %s over %llu assignments, Holm %s, not rejected %.4f to %.4f%s\n",
                    hu_p_text(t->fisher->p, exact), (unsigned long long)t->fisher->assignments,
                    isnan(e->holm) ? "-" : hu_p_text(e->holm, holm), t->fisher->lower, t->fisher->upper,
                    e->baseline ? "; adjusted for before" : "");
        if (!isnan(e->least))
            fprintf(out, "    whatever the unknown are: difference of means from %.4f to %.4f\n", e->least, e->most);
    }
    for (size_t j = 0; r->ratios && j < r->ratios->n; j++) {
        const hu_trial_ratio *t = &r->ratios->effects[j];
        fprintf(out, "\n  ratio of rates, %s: %.3f [%.3f, %.3f], p %s", t->outcome, t->ratio, t->lower, t->upper,
                hu_p_text(t->p, holm));
        if (t->fisher)
            fprintf(out, "; exact p %s, not rejected %.3f to %.3f", hu_p_text(t->fisher->p, exact), t->fisher->lower,
                    t->fisher->upper);
    }
    fprintf(out, "\n\nErrors: %s.\n", r->se_type ? r->se_type : "none");
}

static void table(FILE *out, const outcomes_result *r)
{
    const hu_outcomes *o = r->outcomes;
    char a[16], b[16], c[16];
    fprintf(out, "Outcomes of %zu districts; the trial started %s, observed %s to %s\n", o->districts->rows,
            iso(o->start, a), iso(o->from, b), iso(o->until, c));
    coverage(out, o);
    for (size_t i = 0; i < o->n_reliability; i++)
        fprintf(out, "\n%s", o->reliability[i]);
    if (o->has_rating)
        fprintf(out, "\ndocumentation: Krippendorff's alpha %.3f [%.3f, %.3f] over %zu incidents", o->rating.alpha,
                o->rating.lower, o->rating.upper, o->rating.units);
    if (r->effects)
        effects(out, r);
    fprintf(out, "\nTables and codebook: %s\n", r->folder);
}

static void put_arms(hu_json *json, const char *key, const double values[2])
{
    hu_json_key(json, key);
    hu_json_object(json);
    hu_json_put_number(json, "control", values[0]);
    hu_json_put_number(json, "trained", values[1]);
    hu_json_object_end(json);
}

static void put_effect(hu_json *json, const outcome_effect *e)
{
    const hu_trial_effect *t = e->effect;
    if (!t)
        return;
    hu_json_key(json, "effect");
    hu_json_object(json);
    hu_json_put_number(json, "estimate", t->estimate);
    hu_json_put_number(json, "se", t->se);
    hu_json_put_number(json, "df", t->df);
    hu_json_put_interval(json, "ci", t->lower, t->upper);
    hu_json_put_number(json, "p", t->p);
    hu_json_put_bool(json, "adjusted_for_before", e->baseline);
    if (t->fisher)
        hu_json_put_fisher(json, "fisher", t->fisher);
    hu_json_put_number(json, "holm", e->holm);
    hu_json_object_end(json);
    if (!isnan(e->least))
        hu_json_put_interval(json, "difference_bounds", e->least, e->most);
}

static void put_entry(hu_json *json, const hu_outcome_entry *e, const outcome_effect *effect)
{
    hu_json_object(json);
    hu_json_put_text(json, "outcome", e->name);
    hu_json_put_text(json, "label", e->label);
    hu_json_put_text(json, "unit", e->unit);
    hu_json_put_text(json, "definition", e->definition);
    hu_json_put_text(json, "source", e->source);
    put_arms(json, "mean", e->mean);
    put_arms(json, "before", e->before);
    put_arms(json, "n", (const double[]){(double)e->n[0], (double)e->n[1]});
    put_arms(json, "districts", (const double[]){(double)e->districts[0], (double)e->districts[1]});
    hu_json_put_text(json, "refused", effect && effect->why_not ? effect->why_not : e->refused);
    if (effect)
        put_effect(json, effect);
    hu_json_object_end(json);
}

static void put_ratios(hu_json *json, const hu_trial_ratios *r)
{
    hu_json_key(json, "ratios");
    hu_json_array(json);
    for (size_t j = 0; j < r->n; j++) {
        const hu_trial_ratio *t = &r->effects[j];
        hu_json_object(json);
        hu_json_put_text(json, "outcome", t->outcome);
        hu_json_put_number(json, "ratio", t->ratio);
        hu_json_put_interval(json, "ci", t->lower, t->upper);
        hu_json_put_number(json, "p", t->p);
        if (t->fisher)
            hu_json_put_fisher(json, "fisher", t->fisher);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put(hu_json *json, const void *context)
{
    const outcomes_result *r = context;
    const hu_outcomes *o = r->outcomes;
    char text[16];
    hu_json_object(json);
    hu_json_put_text(json, "folder", r->folder);
    hu_json_put_text(json, "start", iso(o->start, text));
    hu_json_put_text(json, "from", iso(o->from, text));
    hu_json_put_text(json, "until", iso(o->until, text));
    hu_json_put_integer(json, "within_days", o->within);
    hu_json_key(json, "outcomes");
    hu_json_array(json);
    for (size_t i = 0; i < o->n; i++)
        put_entry(json, &o->entries[i], r->effects ? &r->effects[i] : NULL);
    hu_json_array_end(json);
    if (r->ratios)
        put_ratios(json, r->ratios);
    hu_json_key(json, "reliability");
    hu_json_array(json);
    for (size_t i = 0; i < o->n_reliability; i++)
        hu_json_text(json, o->reliability[i]);
    hu_json_array_end(json);
    if (o->has_rating) {
        hu_json_put_number(json, "documentation_alpha", o->rating.alpha);
        hu_json_put_interval(json, "documentation_alpha_ci", o->rating.lower, o->rating.upper);
    }
    if (r->se_type)
        hu_json_put_text(json, "se_type", r->se_type);
    hu_json_object_end(json);
}

static void csv(FILE *out, const outcomes_result *r)
{
    fputs(
        "outcome,control,trained,before_control,before_trained,refused,estimate,se,ci_lower,ci_upper,p,fisher_p,holm\n",
        out);
    for (size_t i = 0; i < r->outcomes->n; i++) {
        const hu_outcome_entry *e = &r->outcomes->entries[i];
        const hu_trial_effect *t = r->effects ? r->effects[i].effect : NULL;
        const double means[] = {e->mean[0], e->mean[1], e->before[0], e->before[1]};
        const double numbers[] = {t ? t->estimate : NAN,
                                  t ? t->se : NAN,
                                  t ? t->lower : NAN,
                                  t ? t->upper : NAN,
                                  t ? t->p : NAN,
                                  t && t->fisher ? t->fisher->p : NAN,
                                  r->effects ? r->effects[i].holm : NAN};
        hu_print_csv_text(out, e->name);
        for (size_t v = 0; v < 4; v++)
            hu_print_csv_number(out, means[v]);
        fputc(',', out);
        hu_print_csv_text(out, e->refused);
        for (size_t v = 0; v < 7; v++)
            hu_print_csv_number(out, numbers[v]);
        fputc('\n', out);
    }
}

void outcomes_print(const hu_run *run, const outcomes_result *r)
{
    if (run->format == HU_FORMAT_TABLE)
        table(run->out, r);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, r);
    else
        hu_print_json(run, put, r);
}
