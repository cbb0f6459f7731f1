/* What huella power prints and draws. */

#include "power.h"

#include "plot.h"

#include <math.h>
#include <string.h>

static const char *const outcome_names[] = {"continuous", "binary", "count"};

static void print_header(FILE *out, const power_result *r)
{
    const hu_power_design *d = &r->design;
    if (r->rollout) {
        fprintf(out,
                "Rollout: %zu regions, %zu cases; shares of variance %g between regions, %g between their periods\n",
                r->shape.regions, r->shape.rows, r->shape.icc, r->shape.icc_period);
        return;
    }
    fprintf(out, "Trial: %zu clusters, %zu treated, of %g units", d->clusters, d->treated, d->size);
    if (d->size_cv > 0)
        fprintf(out, " (cv %g)", d->size_cv);
    if (d->strata > 1)
        fprintf(out, ", %zu %s that explain %g", d->strata, d->strata * 2 == d->clusters ? "pairs" : "strata",
                d->strata_share);
    if (d->baseline != 0)
        fprintf(out, ", baseline correlation %g", d->baseline);
    fprintf(out, "\n%s outcome", outcome_names[d->outcome]);
    if (d->outcome != HU_POWER_CONTINUOUS)
        fprintf(out, ", %g in control", d->mean);
    else
        fprintf(out, ", sd %g", d->sd);
    fprintf(out, d->outcome == HU_POWER_COUNT ? ", cv between clusters %g\n" : ", icc %g\n",
            d->outcome == HU_POWER_COUNT ? d->between_cv : d->icc);
    if (r->source)
        fprintf(out, "variance and correlation from %s\n", r->source);
}

static void print_table(FILE *out, const power_result *r)
{
    print_header(out, r);
    fprintf(out, "\n  %12s", "effect");
    if (r->analytic)
        fprintf(out, " %10s", "formula");
    if (r->points)
        fprintf(out, " %12s %10s", "simulation", "+/-");
    fputc('\n', out);
    if (!isnan(r->null_rejected))
        fprintf(out, r->analytic ? "  %12d %10s %12.3f %10.3f\n" : "  %12d%s %12.3f %10.3f\n", 0, "", r->null_rejected,
                r->null_error);
    for (size_t i = 0; i < r->n; i++) {
        fprintf(out, "  %12.4g", r->effects[i]);
        if (r->analytic)
            fprintf(out, " %10.3f", r->analytic[i]);
        if (r->points)
            fprintf(out, " %12.3f %10.3f", r->points[i].power, r->points[i].mc_error);
        fputc('\n', out);
    }
    fputc('\n', out);
    fprintf(out, "Minimum detectable effect at power %g:", r->wanted);
    if (!isnan(r->mde))
        fprintf(out, " %.4g by formula%s", r->mde, isnan(r->mde_simulated) ? "" : ",");
    if (!isnan(r->mde_simulated))
        fprintf(out, " %.4g by simulation (give or take %.2g)", r->mde_simulated, r->mde_error);
    fputs(isnan(r->mde) && isnan(r->mde_simulated) ? " none of these.\n" : ".\n", out);
}

static void print_rest(FILE *out, const power_result *r)
{
    if (!isnan(r->mde_icc_upper))
        fprintf(out, "At the ends of the pilot's interval (%.3g to %.3g): %.4g to %.4g.\n", r->icc_lower, r->icc_upper,
                r->mde_icc_lower, r->mde_icc_upper);
    if (r->vary)
        power_vary_print(out, r);
    if (r->assignments)
        fprintf(out, "Each of %zu trials is tested over %s%llu assignments.\n", r->points[0].studies,
                r->exact ? "all " : "", (unsigned long long)r->assignments);
}

static void put_design(hu_json *json, const power_result *r)
{
    const hu_power_design *d = &r->design;
    hu_json_put_text(json, "design", r->rollout ? "rollout" : "trial");
    if (r->rollout) {
        hu_json_put_integer(json, "regions", (int64_t)r->shape.regions);
        hu_json_put_integer(json, "cases", (int64_t)r->shape.rows);
        hu_json_put_number(json, "mean", r->shape.mean);
        hu_json_put_number(json, "sd", r->shape.sd);
        hu_json_put_number(json, "icc", r->shape.icc);
        hu_json_put_number(json, "icc_period", r->shape.icc_period);
        return;
    }
    hu_json_put_text(json, "outcome", outcome_names[d->outcome]);
    hu_json_put_integer(json, "clusters", (int64_t)d->clusters);
    hu_json_put_integer(json, "treated", (int64_t)d->treated);
    hu_json_put_number(json, "size", d->size);
    hu_json_put_number(json, "size_cv", d->size_cv);
    if (d->outcome == HU_POWER_CONTINUOUS)
        hu_json_put_number(json, "sd", d->sd);
    else
        hu_json_put_number(json, "mean", d->mean);
    if (d->outcome == HU_POWER_COUNT)
        hu_json_put_number(json, "between_cv", d->between_cv);
    else
        hu_json_put_number(json, "icc", d->icc);
    hu_json_put_number(json, "baseline", d->baseline);
    hu_json_put_integer(json, "strata", (int64_t)d->strata);
    hu_json_put_number(json, "strata_share", d->strata_share);
    hu_json_put_number(json, "df", hu_power_df(d));
    hu_json_put_number(json, "alpha", d->alpha);
}

static void put_curve(hu_json *json, const power_result *r)
{
    hu_json_key(json, "curve");
    hu_json_array(json);
    for (size_t i = 0; i < r->n; i++) {
        hu_json_object(json);
        hu_json_put_number(json, "effect", r->effects[i]);
        if (r->analytic)
            hu_json_put_number(json, "power", r->analytic[i]);
        if (r->points) {
            hu_json_put_number(json, "simulated", r->points[i].power);
            hu_json_put_number(json, "mc_error", r->points[i].mc_error);
            hu_json_put_integer(json, "studies", (int64_t)r->points[i].studies);
        }
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put_result(hu_json *json, const void *context)
{
    const power_result *r = context;
    hu_json_object(json);
    put_design(json, r);
    put_curve(json, r);
    if (r->vary)
        power_vary_json(json, r);
    hu_json_key(json, "mde");
    hu_json_object(json);
    hu_json_put_number(json, "at_power", r->wanted);
    if (!r->rollout)
        hu_json_put_number(json, "formula", r->mde);
    if (r->points) {
        hu_json_put_number(json, "simulated", r->mde_simulated);
        hu_json_put_number(json, "mc_error", r->mde_error);
    }
    if (!isnan(r->mde_icc_upper))
        hu_json_put_interval(json, "at_icc_interval", r->mde_icc_lower, r->mde_icc_upper);
    hu_json_object_end(json);
    if (r->points) {
        hu_json_key(json, "null");
        hu_json_object(json);
        hu_json_put_number(json, "rejected", r->null_rejected);
        hu_json_put_number(json, "mc_error", r->null_error);
        hu_json_object_end(json);
    }
    if (r->assignments) {
        hu_json_put_integer(json, "assignments", (int64_t)r->assignments);
        hu_json_put_bool(json, "exact", r->exact);
    }
    hu_json_object_end(json);
}

static void print_csv(FILE *out, const power_result *r)
{
    char text[32];
    fputs("effect,power,simulated,mc_error\n", out);
    for (size_t i = 0; i < r->n; i++) {
        fputs(hu_format_double(r->effects[i], text), out);
        hu_print_csv_number(out, r->analytic ? r->analytic[i] : NAN);
        hu_print_csv_number(out, r->points ? r->points[i].power : NAN);
        hu_print_csv_number(out, r->points ? r->points[i].mc_error : NAN);
        fputc('\n', out);
    }
}

void power_print(const hu_run *run, const power_result *r)
{
    if (run->format == HU_FORMAT_CSV) {
        print_csv(run->out, r);
        return;
    }
    if (run->format != HU_FORMAT_TABLE) {
        hu_print_json(run, put_result, r);
        return;
    }
    print_table(run->out, r);
    print_rest(run->out, r);
}

static hu_error *draw_curves(const hu_figure *figure, const void *context, hu_buf *out)
{
    const power_result *r = context;
    HU_SCRATCH(scratch);
    double *column[4];
    hu_series series[2];
    size_t n = 0;
    for (size_t c = 0; c < 4; c++)
        column[c] = HU_NEW_ARRAY(scratch, double, r->n);
    for (size_t i = 0; i < r->n && r->points; i++) {
        column[0][i] = r->points[i].power;
        column[1][i] = fmax(0, r->points[i].power - 1.96 * r->points[i].mc_error);
        column[2][i] = fmin(1, r->points[i].power + 1.96 * r->points[i].mc_error);
    }
    if (r->analytic) {
        series[n] = (hu_series){.label = "formula",
                                .n = r->n,
                                .x = r->effects,
                                .estimate = r->analytic,
                                .lower = r->analytic,
                                .upper = r->analytic};
        n++;
    }
    if (r->points) {
        series[n] = (hu_series){.label = "simulation",
                                .n = r->n,
                                .x = r->effects,
                                .estimate = column[0],
                                .lower = column[1],
                                .upper = column[2]};
        n++;
    }
    return hu_draw_power(figure, series, n, r->wanted, out);
}

hu_error *power_plot(const hu_run *run, const power_result *r)
{
    return hu_plot_file(run, "Power by effect", r->rollout ? "Effect of training" : "Effect of treatment", "Power",
                        r->vary ? power_vary_draw : draw_curves, r);
}
