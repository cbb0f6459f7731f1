/* How commands ask for the wild cluster bootstrap and show it. */

#include "wild.h"

#include <math.h>

hu_error *hu_wild_options_of(const hu_run *run, hu_wild_options *options)
{
    int64_t draws = hu_opt_given(run, "draws") ? hu_opt_integer(run, "draws") : 0;
    if (hu_opt_given(run, "draws") && (draws < 100 || draws > 1 << 22))
        return hu_fail(HU_USAGE, "--draws: %lld is not from 100 to %d, what the wild bootstrap takes", (long long)draws,
                       1 << 22);
    *options = (hu_wild_options){.weights = hu_opt_is(run, "wild", "webb") ? HU_WEBB : HU_RADEMACHER,
                                 .unrestricted = hu_opt_is(run, "restricted", "no"),
                                 .draws = (size_t)draws,
                                 .seed = run->seed,
                                 .threads = run->threads};
    return NULL;
}

void hu_json_put_wild(hu_json *json, const hu_wild *wild)
{
    hu_json_key(json, "wild");
    hu_json_object(json);
    hu_json_put_number(json, "p", wild->p);
    hu_json_put_number(json, "p_equal_tail", wild->p_equal_tail);
    hu_json_put_interval(json, "ci", wild->lower, wild->upper);
    hu_json_put_integer(json, "draws", (int64_t)wild->draws);
    hu_json_put_bool(json, "exact", wild->exact);
    if (!wild->exact)
        hu_json_put_number(json, "mc_error", wild->mc_error);
    hu_json_object_end(json);
}

void hu_print_wild_head(FILE *out, const hu_run *run, const hu_wild *wild)
{
    fprintf(out, "\nWild cluster bootstrap, %s, %s, %zu %s\n",
            hu_opt_is(run, "wild", "webb") ? "Webb's weights" : "Rademacher signs",
            hu_opt_is(run, "restricted", "no") ? "unrestricted" : "restricted", wild->draws,
            wild->exact ? "sign vectors, all there are" : "draws");
}

void hu_print_wild_row(FILE *out, const char *label, const hu_wild *wild)
{
    char text[16];
    fprintf(out, "  %-22s %21s   [%9.4f, %9.4f]  %8s\n", label, "", wild->lower, wild->upper, hu_p_text(wild->p, text));
}
