/* Results of `huella scale`. */

#include "scale.h"

#include <math.h>

static void agreement_line(FILE *out, const scale_result *s)
{
    const hu_krippendorff *k = &s->agreement;
    fprintf(
        out,
        "Krippendorff's alpha (%s): %.4f [%.4f, %.4f]; %zu units, %zu ratings by %zu raters; %.1f %% of pairs alike\n",
        s->level, k->alpha, k->lower, k->upper, k->units, k->values, s->raters, 100 * k->agreement);
}

static void table(FILE *out, const scale_result *s)
{
    if (s->k) {
        const hu_item_analysis *a = &s->items;
        fprintf(out, "%zu persons, %zu of them with all %zu items; mean %.4f, sd %.4f\n", a->n, a->complete, s->k,
                a->mean, a->sd);
        fprintf(out, "Cronbach's alpha: %.4f [%.4f, %.4f]\n\n", a->alpha, a->lower, a->upper);
        fprintf(out, "  %-20s %6s %8s %8s %8s %8s %8s", "item", "n", "mean", "sd", "rest r", "upper27", "without");
        fputs(s->has_irt ? "    slope (error)  difficulty\n" : "\n", out);
    }
    for (size_t j = 0; j < s->k; j++) {
        const hu_item *i = &s->items.items[j];
        fprintf(out, "  %-20s %6zu %8.3f %8.3f %8.3f %8.3f %8.3f", s->names[j], i->n, i->mean, i->sd, i->rest,
                i->discrimination, i->alpha_without);
        if (s->has_irt && s->irt.items[j].used)
            fprintf(out, "   %6.3f (%5.3f)     %7.3f", s->irt.items[j].a, s->irt.items[j].a_se,
                    s->irt.items[j].difficulty);
        else if (s->has_irt)
            fputs("   all answers alike", out);
        fputc('\n', out);
    }
    if (s->has_irt)
        fprintf(out, "\nScores of %zu persons, reliability %.3f; log-likelihood %.3f with %zu parameters (AIC %.1f)\n",
                s->irt.persons, s->irt.reliability, s->irt.log_likelihood, s->irt.parameters,
                2 * (double)s->irt.parameters - 2 * s->irt.log_likelihood);
    if (s->has_agreement)
        agreement_line(out, s);
}

static void csv(FILE *out, const scale_result *s)
{
    fputs("item,n,mean,sd,rest_correlation,discrimination,alpha_without,slope,slope_se,intercept,intercept_se,"
          "difficulty\n",
          out);
    for (size_t j = 0; j < s->k; j++) {
        const hu_item *i = &s->items.items[j];
        const hu_irt_item *r = s->has_irt ? &s->irt.items[j] : &(hu_irt_item){false, NAN, NAN, NAN, NAN, NAN};
        const double values[] = {(double)i->n, i->mean, i->sd, i->rest, i->discrimination, i->alpha_without,
                                 r->a,         r->a_se, r->d,  r->d_se, r->difficulty};
        hu_print_csv_text(out, s->names[j]);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            hu_print_csv_number(out, values[v]);
        fputc('\n', out);
    }
}

static void put_item(hu_json *json, const scale_result *s, size_t j)
{
    const hu_item *i = &s->items.items[j];
    hu_json_object(json);
    hu_json_put_text(json, "item", s->names[j]);
    hu_json_put_integer(json, "n", (int64_t)i->n);
    hu_json_put_number(json, "mean", i->mean);
    hu_json_put_number(json, "sd", i->sd);
    hu_json_put_number(json, "rest_correlation", i->rest);
    hu_json_put_number(json, "discrimination", i->discrimination);
    hu_json_put_number(json, "alpha_without", i->alpha_without);
    if (s->has_irt) {
        const hu_irt_item *r = &s->irt.items[j];
        hu_json_put_number(json, "slope", r->a);
        hu_json_put_number(json, "slope_se", r->a_se);
        hu_json_put_number(json, "intercept", r->d);
        hu_json_put_number(json, "intercept_se", r->d_se);
        hu_json_put_number(json, "difficulty", r->difficulty);
    }
    hu_json_object_end(json);
}

static void put_agreement(hu_json *json, const scale_result *s)
{
    hu_json_key(json, "agreement");
    hu_json_object(json);
    hu_json_put_text(json, "level", s->level);
    hu_json_put_number(json, "alpha", s->agreement.alpha);
    hu_json_put_interval(json, "ci", s->agreement.lower, s->agreement.upper);
    hu_json_put_number(json, "observed_disagreement", s->agreement.observed);
    hu_json_put_number(json, "expected_disagreement", s->agreement.expected);
    hu_json_put_number(json, "share_alike", s->agreement.agreement);
    hu_json_put_integer(json, "units", (int64_t)s->agreement.units);
    hu_json_put_integer(json, "ratings", (int64_t)s->agreement.values);
    hu_json_put_integer(json, "raters", (int64_t)s->raters);
    hu_json_object_end(json);
}

static void put(hu_json *json, const void *context)
{
    const scale_result *s = context;
    hu_json_object(json);
    if (s->k) {
        hu_json_put_integer(json, "persons", (int64_t)s->items.n);
        hu_json_put_integer(json, "complete", (int64_t)s->items.complete);
        hu_json_put_number(json, "mean", s->items.mean);
        hu_json_put_number(json, "sd", s->items.sd);
        hu_json_put_number(json, "alpha", s->items.alpha);
        hu_json_put_interval(json, "alpha_ci", s->items.lower, s->items.upper);
        hu_json_key(json, "items");
        hu_json_array(json);
        for (size_t j = 0; j < s->k; j++)
            put_item(json, s, j);
        hu_json_array_end(json);
    }
    if (s->has_irt) {
        hu_json_put_number(json, "log_likelihood", s->irt.log_likelihood);
        hu_json_put_integer(json, "parameters", (int64_t)s->irt.parameters);
        hu_json_put_number(json, "reliability", s->irt.reliability);
    }
    if (s->has_agreement)
        put_agreement(json, s);
    hu_json_object_end(json);
}

void scale_print(const hu_run *run, const scale_result *s)
{
    if (run->format == HU_FORMAT_TABLE)
        table(run->out, s);
    else if (run->format == HU_FORMAT_CSV && s->k)
        csv(run->out, s);
    else
        hu_print_json(run, put, s);
}
