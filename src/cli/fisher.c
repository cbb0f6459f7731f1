/* Randomization tests as every command takes and prints them. */

#include "fisher.h"

#include "huella/base/file.h"
#include "huella/base/number.h"
#include "huella/report/figure.h"

#include <math.h>
#include <string.h>

hu_error *hu_opt_permutations(const hu_run *run, hu_assignment_options *options, bool *asked)
{
    enum { MOST = HU_ASSIGNMENTS_LIMIT };
    const char *text = hu_opt_text(run, "permutations");
    const char *plot = hu_opt_text(run, "plot-permutations");
    hu_plot_kind kind;
    *options = (hu_assignment_options){.seed = run->seed};
    *asked = text != NULL;
    if (plot && !text)
        return hu_fail(HU_USAGE, "--plot-permutations needs --permutations");
    if (plot)
        HU_TRY(hu_wrap(hu_plot_kind_of(plot, &kind), "--plot-permutations"));
    if (!text)
        return NULL;
    options->exact = strcmp(text, "exact") == 0;
    if (options->exact)
        return NULL;
    hu_number number = {0};
    double draws = hu_number_parse(hu_str_of(text), '.', &number) ? number.value : NAN;
    if (!(draws >= 1 && draws <= MOST) || draws != floor(draws))
        return hu_fail(HU_USAGE,
                       "--permutations: \"%s\" is neither \"exact\" (every possible assignment) nor a number of random "
                       "ones from 1 to 10,000,000",
                       text);
    options->draws = (uint64_t)draws;
    return NULL;
}

void hu_json_put_fisher(hu_json *json, const char *key, const hu_fisher *fisher)
{
    hu_json_key(json, key);
    hu_json_object(json);
    hu_json_put_number(json, "p", fisher->p);
    hu_json_put_number(json, "p_upper", fisher->p_upper);
    hu_json_put_number(json, "p_lower", fisher->p_lower);
    hu_json_put_integer(json, "assignments", (int64_t)fisher->assignments);
    hu_json_put_bool(json, "exact", fisher->exact);
    hu_json_put_number(json, "mc_error", fisher->mc_error);
    hu_json_put_number(json, "statistic", fisher->observed);
    if (fisher->undefined)
        hu_json_put_integer(json, "undefined", (int64_t)fisher->undefined);
    if (fisher->level > 0) {
        hu_json_put_interval(json, "ci", fisher->lower, fisher->upper);
        hu_json_put_number(json, "level", fisher->level);
    }
    hu_json_object_end(json);
}

void hu_print_fisher(FILE *out, const char *what, const hu_fisher *f)
{
    char p[32];
    snprintf(p, sizeof p, f->p < 1e-4 ? "%.2g" : "%.4f", f->p);
    fprintf(out, "\nFisher test of %s: p %s over %s%llu assignments", what, p, f->exact ? "all " : "",
            (unsigned long long)f->assignments);
    if (!f->exact)
        fprintf(out, " drawn at random (give or take %.4f)", f->mc_error);
    fputs(".\n", out);
    if (f->undefined)
        fprintf(out, "Under %llu assignments the statistic does not exist; they count as extreme.\n",
                (unsigned long long)f->undefined);
    if (f->level > 0)
        fprintf(out, "Constant effects that it does not reject at %.0f %%: from %.4f to %.4f.\n", 100 * f->level,
                f->lower, f->upper);
}

hu_error *hu_plot_fisher(const hu_run *run, const char *title, const double *draws, const hu_fisher *fisher)
{
    const char *path = hu_opt_text(run, "plot-permutations");
    hu_figure figure = {.title = title, .x_label = "Estimate / error", .y_label = "Percent of assignments"};
    HU_BUF(drawing);
    if (!path)
        return NULL;
    HU_TRY(hu_plot_kind_of(path, &figure.kind));
    HU_TRY(hu_draw_distribution(&figure, draws, fisher->assignments, fisher->observed,
                                hu_printf(run->arena, "p = %.3g", fisher->p), &drawing));
    return hu_write_file(path, drawing.data, drawing.length);
}
