/* Results of `huella survival`: tables for people, CSV for spreadsheets. */

#include "survival.h"

#include "print.h"

#include <math.h>

static const char *label(const survival_output *o, size_t stratum)
{
    return o->data->label ? o->data->label[stratum] : NULL;
}

static bool printed(const survival_output *o, const hu_curve_point *p)
{
    return o->cause == 0 || p->cause == o->cause;
}

/* ---- CSV ---- */

static void cox_csv(FILE *out, const hu_cox_result *r)
{
    fputs("name,estimate,se,se_robust,ci_lower,ci_upper,p,hazard_ratio\n", out);
    for (size_t j = 0; j < r->k; j++) {
        const hu_hazard_ratio *c = &r->coefficients[j];
        const double values[] = {c->estimate, c->se, c->se_robust, c->lower, c->upper, c->p, exp(c->estimate)};
        hu_print_csv_text(out, c->name);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            hu_print_csv_number(out, values[i]);
        fputc('\n', out);
    }
}

static void curves_csv(FILE *out, const survival_output *o)
{
    bool causes = o->data->causes > 1;
    fprintf(out, "stratum,%stime,at_risk,events,estimate,se,ci_lower,ci_upper\n", causes ? "cause," : "");
    for (size_t i = 0; i < o->curves->n; i++) {
        const hu_curve_point *p = &o->curves->points[i];
        if (!printed(o, p))
            continue;
        const double values[] = {p->time, p->at_risk, p->events, p->estimate, p->se, p->lower, p->upper};
        hu_print_csv_text(out, label(o, p->stratum));
        if (causes)
            hu_print_csv_number(out, p->cause ? o->data->cause[p->cause] : 0);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            hu_print_csv_number(out, values[v]);
        fputc('\n', out);
    }
}

static void mean_csv(FILE *out, const char *kind, const char *stratum, const hu_effect *e)
{
    const double values[] = {e->estimate, e->se, e->lower, e->upper, e->p};
    fprintf(out, "%s,", kind);
    hu_print_csv_text(out, stratum);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        hu_print_csv_number(out, values[i]);
    fputc('\n', out);
}

static void rmst_csv(FILE *out, const survival_output *o)
{
    fputs("kind,stratum,estimate,se,ci_lower,ci_upper,p\n", out);
    for (size_t s = 0; s < o->data->strata; s++)
        mean_csv(out, "mean", label(o, s), &o->rmst->mean[s]);
    for (size_t s = 1; s < o->data->strata; s++)
        mean_csv(out, "difference", label(o, s), &o->rmst->difference[s]);
}

/* ---- tables ---- */

static void table_test(FILE *out, const char *question, const hu_test *test)
{
    char p[16];
    if (isnan(test->statistic))
        return;
    fprintf(out, "  %-40s chi2(%d) = %8.3f   p %s\n", question, test->df, test->statistic, hu_p_text(test->p, p));
}

static void cox_table(FILE *out, const survival_output *o)
{
    const hu_cox_result *r = o->cox;
    hu_print_head(out, "covariate", "log ratio");
    for (size_t j = 0; j < r->k; j++) {
        const hu_hazard_ratio *c = &r->coefficients[j];
        hu_print_row(out, c->name, c->estimate, r->robust ? c->se_robust : c->se, c->lower, c->upper, c->p);
    }
    fprintf(out, "\n  %-22s %10s   %-22s\n", "covariate", "ratio", "95 % interval");
    for (size_t j = 0; j < r->k; j++) {
        const hu_hazard_ratio *c = &r->coefficients[j];
        if (!isnan(c->estimate))
            fprintf(out, "  %-22s %10.4f   [%9.4f, %9.4f]\n", c->name, exp(c->estimate), exp(c->lower), exp(c->upper));
    }
    fprintf(out, "\n  Log likelihood %.4f without covariates, %.4f with them; ties after %s\n", r->loglik[0],
            r->loglik[1], o->ties == HU_BRESLOW ? "Breslow" : "Efron");
    table_test(out, "All zero? Likelihood ratio:", &r->likelihood_ratio);
    table_test(out, "All zero? Score:", &r->score);
    table_test(out, "All zero? Wald:", &r->wald);
    if (!r->proportional)
        return;
    fputs("\nDo hazard ratios stay the same over time?\n", out);
    for (size_t j = 0; j <= r->k; j++)
        if (j < r->k || r->k > 1)
            table_test(out, j < r->k ? r->proportional[j].name : "all together", &r->proportional[j]);
}

/* Points with events, from `from` on, that belong to one curve. */
static size_t curve_end(const survival_output *o, size_t from, size_t *with_events)
{
    const hu_curve_point *points = o->curves->points;
    size_t i = from;
    *with_events = 0;
    for (; i < o->curves->n && points[i].stratum == points[from].stratum && points[i].cause == points[from].cause; i++)
        *with_events += points[i].events > 0;
    return i;
}

static void curve_table(FILE *out, const survival_output *o, size_t from, size_t to, size_t with_events)
{
    enum { MOST = 20 }; /* rows a person reads; CSV and JSON have all */
    const hu_curve_point *first = &o->curves->points[from];
    char cause[32];
    size_t every = (with_events + MOST - 1) / MOST, seen = 0;
    fputs("\n", out);
    if (label(o, first->stratum))
        fprintf(out, "  %s", label(o, first->stratum));
    if (o->data->causes > 1)
        fprintf(out, "  %s%s", first->cause ? "ended by cause " : "not ended yet",
                first->cause ? hu_format_double(o->data->cause[first->cause], cause) : "");
    fprintf(out, "%s  %zu times with events%s\n", label(o, first->stratum) || o->data->causes > 1 ? ":" : "",
            with_events, every > 1 ? ", some of them shown" : "");
    fprintf(out, "  %10s %10s %8s %10s %10s   %s\n", "time", "at risk", "events", "estimate", "error", "95 % interval");
    for (size_t i = from; i < to; i++) {
        const hu_curve_point *p = &o->curves->points[i];
        if (p->events == 0)
            continue;
        if (seen++ % every != 0 && seen != with_events)
            continue;
        fprintf(out, "  %10g %10g %8g %10.4f", p->time, p->at_risk, p->events, p->estimate);
        if (isnan(p->se))
            fputs("          -\n", out);
        else
            fprintf(out, " %10.4f   [%9.4f, %9.4f]\n", p->se, p->lower, p->upper);
    }
}

static void curves_table(FILE *out, const survival_output *o)
{
    size_t with_events;
    for (size_t i = 0, end; i < o->curves->n; i = end) {
        end = curve_end(o, i, &with_events);
        if (printed(o, &o->curves->points[i]))
            curve_table(out, o, i, end, with_events);
    }
    if (!o->logrank)
        return;
    char p[16];
    fprintf(out, "\nAre they the same? Log-rank chi2(%d) = %.3f, p %s\n", o->logrank->df, o->logrank->statistic,
            hu_p_text(o->logrank->p, p));
    for (size_t s = 0; s < o->data->strata; s++)
        fprintf(out, "  %-22s %10.0f events, %10.1f expected\n", o->data->label[s], o->logrank->observed[s],
                o->logrank->expected[s]);
}

static void table_effect(FILE *out, const char *name, const hu_effect *e)
{
    hu_print_row(out, name ? name : "all", e->estimate, e->se, e->lower, e->upper, e->p);
}

static void rmst_table(FILE *out, const survival_output *o)
{
    fprintf(out, "Up to %g\n", o->rmst->until);
    hu_print_head(out, "mean time", "time");
    for (size_t s = 0; s < o->data->strata; s++)
        table_effect(out, label(o, s), &o->rmst->mean[s]);
    if (o->data->strata < 2)
        return;
    fprintf(out, "\n  Differences from %s\n", label(o, 0));
    for (size_t s = 1; s < o->data->strata; s++)
        table_effect(out, label(o, s), &o->rmst->difference[s]);
}

static void print_table(FILE *out, const survival_output *o)
{
    const hu_survival *data = o->data;
    fprintf(out, "%s\n%zu cases in %zu rows, %zu events, %zu clusters; %zu rows with a missing value left out\n",
            o->title, data->cases, data->n, o->cox ? o->cox->events : data->events, data->clusters, data->dropped);
    if (o->cox)
        cox_table(out, o);
    else if (o->curves)
        curves_table(out, o);
    else
        rmst_table(out, o);
    hu_print_notes(out, o->se_type, o->warnings, o->n_warnings);
}

void hu_print_survival(const hu_run *run, const survival_output *o)
{
    if (run->format == HU_FORMAT_TABLE)
        print_table(run->out, o);
    else if (run->format != HU_FORMAT_CSV)
        hu_print_json(run, hu_survival_json, o);
    else if (o->cox)
        cox_csv(run->out, o->cox);
    else if (o->curves)
        curves_csv(run->out, o);
    else
        rmst_csv(run->out, o);
}
