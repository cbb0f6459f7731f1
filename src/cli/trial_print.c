/* Results of `huella trial` for people and spreadsheets. */

#include "trial.h"

#include "hand.h"
#include "wild.h"

#include <math.h>

static void count_line(FILE *out, const hu_trial *t)
{
    fprintf(out, "%zu rows, %zu units assigned (%zu to treatment)", t->rows, t->units, t->treated_units);
    if (t->strata)
        fprintf(out, " in %zu strata", t->strata);
    fprintf(out, "; %zu rows with a missing value left out\n", t->dropped);
}

static const char *how_many(const hu_fisher *f, char text[96])
{
    if (f->exact)
        snprintf(text, 96, "all %llu assignments", (unsigned long long)f->assignments);
    else
        snprintf(text, 96, "%llu assignments drawn, p within %.4f", (unsigned long long)f->assignments,
                 1.96 * f->mc_error);
    return text;
}

static void fisher_rows(FILE *out, const hu_trial *t)
{
    char p[16], text[96];
    if (!t->effects[0].fisher)
        return;
    fprintf(out, "\nRandomization test: %s%s%s\n", how_many(t->effects[0].fisher, text),
            t->design ? " of the ledger's design: " : "", t->design ? t->design : "");
    for (size_t j = 0; j < t->n_effects; j++) {
        const hu_fisher *f = t->effects[j].fisher;
        fprintf(out, "  %-22s %21s   [%9.4f, %9.4f]  %8s\n", t->effects[j].outcome, "", f->lower, f->upper,
                hu_p_text(f->p, p));
    }
}

static void wild_rows(const hu_run *run, const hu_trial *t)
{
    const hu_wild *headed = NULL; /* an outcome without an error has none */
    for (size_t j = 0; j < t->n_effects; j++) {
        if (!t->effects[j].wild)
            continue;
        if (!headed)
            hu_print_wild_head(run->out, run, t->effects[j].wild);
        headed = t->effects[j].wild;
        hu_print_wild_row(run->out, t->effects[j].outcome, headed);
    }
}

static void late_rows(FILE *out, const hu_trial *t)
{
    if (!t->effects[0].late)
        return;
    fputs("\nEffect of treatment received (assignment as the instrument)", out);
    hu_print_head(out, "outcome", "effect");
    for (size_t j = 0; j < t->n_effects; j++) {
        const hu_late *l = t->effects[j].late;
        hu_print_row(out, t->effects[j].outcome, l->estimate, l->se, l->lower, l->upper, l->p);
        if (l->shape == HU_AR_LINE)
            fputs("    Anderson-Rubin: no value is rejected\n", out);
        else
            fprintf(out, "    Anderson-Rubin: %s %.4f and %.4f\n",
                    l->shape == HU_AR_INTERVAL ? "between" : "below and above, outside", l->ar_lower, l->ar_upper);
    }
    fprintf(out, "  First stage %.4f (F = %.1f).\n", t->effects[0].late->first_stage,
            t->effects[0].late->first_stage_f);
}

static void family_rows(FILE *out, const hu_trial *t)
{
    if (t->n_effects < 2)
        return;
    fprintf(out, "\nAdjusted for %zu outcomes\n  %-22s %9s %9s %12s %15s\n", t->n_effects, "outcome", "Holm", "BH",
            "Romano-Wolf", "Westfall-Young");
    for (size_t j = 0; j < t->n_effects; j++) {
        const hu_trial_effect *e = &t->effects[j];
        char a[16], b[16], c[16], d[16];
        fprintf(out, "  %-22s %9s %9s %12s %15s\n", e->outcome, hu_p_text(e->holm, a), hu_p_text(e->bh, b),
                hu_p_text(e->romano_wolf, c), hu_p_text(e->westfall_young, d));
    }
}

/* A share in per cent, without the sign of what rounds to nothing. */
static double percent(double share)
{
    return fabs(share) < 0.0005 ? 0 : 100 * share;
}

static void attrition_rows(FILE *out, const hu_trial *t)
{
    bool first = true;
    for (size_t j = 0; j < t->n_effects; j++) {
        const hu_trial_effect *e = &t->effects[j];
        char p[16];
        if (e->attrited[0] + e->attrited[1] == 0)
            continue;
        if (first)
            fprintf(out, "\nMissing outcomes\n  %-22s %9s %10s %11s %8s\n", "outcome", "control", "treatment",
                    "difference", "p");
        first = false;
        fprintf(out, "  %-22s %8.1f%% %9.1f%% %10.1f%% %8s\n", e->outcome, 100 * e->attrition[0], 100 * e->attrition[1],
                percent(e->attrition_difference), hu_p_text(e->attrition_p, p));
        if (e->lee)
            fprintf(out, "    Lee's bounds for those observed in either arm: %.4f to %.4f\n", e->lee->lower,
                    e->lee->upper);
    }
}

static void balance_rows(FILE *out, const hu_trial *t)
{
    char p[16], text[96];
    if (t->n_balance == 0)
        return;
    fprintf(out, "\nBalance\n  %-22s %10s %10s %12s %8s\n", "covariate", "control", "treatment", "normalised", "p");
    for (size_t j = 0; j < t->n_balance; j++) {
        const hu_balance_row *r = &t->balance[j];
        fprintf(out, "  %-22s %10.4f %10.4f %12.3f %8s\n", r->covariate, r->mean[0], r->mean[1], r->normalised,
                hu_p_text(r->p, p));
    }
    if (t->joint_balance)
        fprintf(out, "  All together: p %s (%s)\n", hu_p_text(t->joint_balance->p, p),
                how_many(t->joint_balance, text));
}

static void table(const hu_run *run, const char *title, const hu_trial *t, const trial_more *more)
{
    FILE *out = run->out;
    fprintf(out, "%s\n", title);
    count_line(out, t);
    hu_print_head(out, "outcome", "effect");
    for (size_t j = 0; j < t->n_effects; j++) {
        const hu_trial_effect *e = &t->effects[j];
        hu_print_row(out, e->outcome, e->estimate, e->se, e->lower, e->upper, e->p);
    }
    fisher_rows(out, t);
    wild_rows(run, t);
    family_rows(out, t);
    late_rows(out, t);
    attrition_rows(out, t);
    balance_rows(out, t);
    trial_more_print(out, more);
    hu_print_correction(out, run->correction);
    hu_print_notes(out, t->se_type, (const char *const *)t->warnings, t->n_warnings);
}

static void csv(FILE *out, const hu_trial *t)
{
    fputs("outcome,n,control_mean,estimate,se,df,ci_lower,ci_upper,p,fisher_p,fisher_ci_lower,fisher_ci_upper,wild_p,"
          "holm,bh,romano_wolf,westfall_young,late,late_se,attrition_control,attrition_treatment\n",
          out);
    for (size_t j = 0; j < t->n_effects; j++) {
        const hu_trial_effect *e = &t->effects[j];
        const double values[] = {(double)e->n,
                                 e->control_mean,
                                 e->estimate,
                                 e->se,
                                 e->df,
                                 e->lower,
                                 e->upper,
                                 e->p,
                                 e->fisher ? e->fisher->p : NAN,
                                 e->fisher ? e->fisher->lower : NAN,
                                 e->fisher ? e->fisher->upper : NAN,
                                 e->wild ? e->wild->p : NAN,
                                 e->holm,
                                 e->bh,
                                 e->romano_wolf,
                                 e->westfall_young,
                                 e->late ? e->late->estimate : NAN,
                                 e->late ? e->late->se : NAN,
                                 e->attrition[0],
                                 e->attrition[1]};
        hu_print_csv_text(out, e->outcome);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            hu_print_csv_number(out, values[i]);
        fputc('\n', out);
    }
}

void hu_print_trial(const hu_run *run, const char *title, const hu_trial *trial, const trial_more *more)
{
    if (run->format == HU_FORMAT_TABLE)
        table(run, title, trial, more);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, trial);
    else
        hu_print_json(run, hu_json_put_trial, &(trial_printed){trial, more, run->correction});
}
