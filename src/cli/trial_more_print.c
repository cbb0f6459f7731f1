/* Ratios, subgroups, spillovers and indices of a trial, for people. */

#include "trial_more.h"

#include <math.h>

static void exact_line(FILE *out, const char *what, const hu_fisher *f)
{
    char p[16];
    fprintf(out, "    %s: p %s over %s%llu assignments", what, hu_p_text(f->p, p), f->exact ? "all " : "",
            (unsigned long long)f->assignments);
    if (!f->exact)
        fprintf(out, " drawn, within %.4f", 1.96 * f->mc_error);
    if (f->level > 0)
        fprintf(out, "; not rejected: %.4f to %.4f", f->lower, f->upper);
    fputc('\n', out);
}

static void index_rows(FILE *out, const trial_more *more)
{
    for (size_t i = 0; i < more->n_indices; i++) {
        const trial_index *x = &more->indices[i];
        fprintf(out, "\nIndex %s (%s, reference %s; %zu rows complete, %zu partly)\n", x->name, more->method,
                more->reference, x->made.complete, x->made.partial);
        for (size_t j = 0; j < x->k; j++)
            fprintf(out, "  %s%-21s weight %7.4f   mean %10.4f   sd %10.4f\n", x->sign[j] < 0 ? "-" : " ",
                    x->columns[j], x->made.weight[j], x->made.mean[j], x->made.sd[j]);
    }
}

static void ratio_rows(FILE *out, const hu_trial_ratios *r)
{
    static const char *const titles[] = {"Ratios of rates (Poisson quasi-likelihood)",
                                         "Ratios of rates (negative binomial quasi-likelihood)",
                                         "Ratios of odds (logit)"};
    fprintf(out, "\n%s%s%s; errors are of the logarithm", titles[r->family], r->exposure ? " per " : "",
            r->exposure ? r->exposure : "");
    hu_print_head(out, "outcome", "ratio");
    for (size_t j = 0; j < r->n; j++) {
        const hu_trial_ratio *e = &r->effects[j];
        hu_print_row(out, e->outcome, e->ratio, e->se, e->lower, e->upper, e->p);
        if (e->note)
            fprintf(out, "    %s\n", e->note);
        fprintf(out, "    %s: control %.4f, treatment %.4f; %s %.3f\n", r->family == HU_TRIAL_LOGIT ? "share" : "rate",
                e->rate[0], e->rate[1], r->family == HU_TRIAL_NEGBIN ? "alpha" : "dispersion", e->dispersion);
        if (e->uninformative)
            fprintf(out, "    %zu rows are of strata that say nothing about a ratio\n", e->uninformative);
        if (r->family == HU_TRIAL_LOGIT)
            fprintf(out, "    average marginal effect %.4f (%.4f) [%.4f, %.4f]\n", e->marginal, e->marginal_se,
                    e->marginal_lower, e->marginal_upper);
        if (e->fisher)
            exact_line(out, "Mantel-Haenszel's ratio", e->fisher);
    }
}

static void group_rows(FILE *out, const hu_trial_groups *g)
{
    for (size_t j = 0; j < g->n; j++) {
        const hu_trial_interaction *o = &g->outcomes[j];
        char p[16];
        fprintf(out, "\n%s by %s", o->outcome, g->by);
        hu_print_head(out, "subgroup", "effect");
        for (size_t i = 0; i < g->n_groups; i++) {
            const hu_trial_effect *e = o->groups[i].effect;
            if (e)
                hu_print_row(out, o->groups[i].name, e->estimate, e->se, e->lower, e->upper, e->p);
            else
                fprintf(out, "  %-22s %s\n", o->groups[i].name, o->groups[i].note);
        }
        if (g->n_groups == 2)
            hu_print_row(out, "difference", o->difference, o->se, o->lower, o->upper, o->p);
        else
            fprintf(out, "  All effects equal: F(%.0f, %.1f) = %.3f, p %s\n", o->df1, o->df2, o->wald,
                    hu_p_text(o->p, p));
        if (o->fisher)
            exact_line(out, "One constant effect, whatever it is", o->fisher);
    }
}

static void spillover_rows(FILE *out, const hu_spillovers *s)
{
    static const char *const conditions[] = {"alone", "exposed", "treated alone", "treated and exposed"};
    fprintf(
        out,
        "\nSpillovers: %zu units, %zu pairs of neighbours, %zu units without any; exposure over %s%llu assignments\n",
        s->units, s->edges, s->lonely, s->exact ? "all " : "", (unsigned long long)s->assignments);
    if (s->unknown)
        fprintf(out, "  %zu pairs name a unit that is not in the trial\n", s->unknown);
    for (int c = 0; c < HU_CONDITIONS; c++) {
        fprintf(out, "  %-22s %3zu units; impossible for %zu", conditions[c], s->in[c], s->never[c]);
        if (s->never[c] < s->units)
            fprintf(out, ", else at least %.3f probable", s->least[c]);
        fputc('\n', out);
    }
    for (size_t j = 0; j < s->n; j++) {
        const hu_spillover_outcome *o = &s->outcomes[j];
        fprintf(out, "\n%s (Hájek's estimator; Horvitz and Thompson's below it)", o->outcome);
        hu_print_head(out, "effect", "estimate");
        for (int k = 0; k < 4; k++) {
            const hu_contrast_effect *a = &o->contrasts[k].hajek, *b = &o->contrasts[k].horvitz_thompson;
            hu_print_row(out, o->contrasts[k].name, a->estimate, a->se, a->lower, a->upper, a->p);
            hu_print_row(out, "", b->estimate, b->se, b->lower, b->upper, b->p);
        }
        if (o->test)
            exact_line(out, "No spillover at all", o->test);
    }
}

void trial_more_print(FILE *out, const trial_more *more)
{
    index_rows(out, more);
    if (more->ratios)
        ratio_rows(out, more->ratios);
    if (more->groups)
        group_rows(out, more->groups);
    if (more->spillovers)
        spillover_rows(out, more->spillovers);
}
