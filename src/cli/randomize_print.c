/* What huella randomize prints. */

#include "randomize.h"

#include <math.h>
#include <string.h>

static const char *block_name(const hu_draw *draw)
{
    return draw->setup.method == HU_DRAW_PAIRS ? "pair" : draw->stratum_name ? draw->setup.strata : NULL;
}

static const char *block_of(const hu_draw *draw, size_t i, hu_arena *arena)
{
    return draw->setup.method == HU_DRAW_PAIRS ? hu_printf(arena, "%u", draw->stratum[i] + 1) : draw->stratum_name[i];
}

void randomize_write_csv(FILE *out, const hu_draw *draw)
{
    HU_SCRATCH(scratch);
    hu_print_csv_text(out, draw->setup.unit);
    if (block_name(draw)) {
        fputc(',', out);
        hu_print_csv_text(out, block_name(draw));
    }
    fprintf(out, ",%s,assigned\n", hu_ledger_arm_column);
    for (size_t i = 0; i < draw->units; i++) {
        hu_print_csv_text(out, draw->unit[i]);
        if (block_name(draw)) {
            fputc(',', out);
            hu_print_csv_text(out, block_of(draw, i, scratch));
        }
        fputc(',', out);
        hu_print_csv_text(out, draw->setup.arms[draw->arm[i]]);
        fprintf(out, ",%u\n", draw->arm[i]);
    }
}

static const char *method_in_words(const hu_draw *draw, hu_arena *arena)
{
    switch (draw->setup.method) {
    case HU_DRAW_COMPLETE:
        return "complete randomization";
    case HU_DRAW_STRATIFIED:
        return hu_printf(arena, "within %zu strata of %s", draw->strata, draw->setup.strata);
    case HU_DRAW_PAIRS:
        return hu_printf(arena, "within %zu optimal pairs", draw->strata);
    case HU_DRAW_RERANDOMIZED:
        return hu_printf(arena, "re-randomized until M <= %.4g (%.3g %% of allocations%s), accepted at try %llu",
                         draw->setup.threshold, 100 * draw->setup.acceptance,
                         draw->exact_acceptance ? "" : ", by chi-square", (unsigned long long)draw->attempts);
    case HU_DRAW_MINIMISATION:
        return hu_printf(arena, "minimisation of %zu factors, coin %g", draw->factors, draw->setup.coin);
    }
    return "";
}

static void print_balance(FILE *out, const hu_draw *draw, const hu_draw_balance *b)
{
    char p[16];
    if (b->n == 0)
        return;
    fprintf(out, "\n  %-18s", "means");
    for (size_t a = 0; a < draw->arms; a++)
        fprintf(out, " %12s", draw->setup.arms[a]);
    fprintf(out, " %12s %10s %8s\n", "difference", "normalised", "p");
    for (size_t j = 0; j < b->n; j++) {
        fprintf(out, "  %-18s", b->rows[j].covariate);
        for (size_t a = 0; a < draw->arms; a++)
            fprintf(out, " %12.5g", b->rows[j].mean[a]);
        fprintf(out, " %12.4g %10.3f %8s\n", b->rows[j].difference, b->rows[j].normalised, hu_p_text(b->rows[j].p, p));
    }
    if (!isnan(b->joint_p))
        fprintf(out, "  all together: M = %.4g, p %s over %s%llu allocations of this design\n", b->joint,
                hu_p_text(b->joint_p, p), b->exact ? "all " : "", (unsigned long long)b->assignments);
}

static void print_table(const hu_run *run, const randomize_result *r)
{
    const hu_draw *draw = r->draw;
    size_t count[HU_DRAW_ARMS] = {0};
    for (size_t i = 0; i < draw->units; i++)
        count[draw->arm[i]]++;
    fprintf(run->out, "%zu units to %zu arms: %s\n", draw->units, draw->arms, method_in_words(draw, run->arena));
    for (size_t a = 0; a < draw->arms; a++)
        fprintf(run->out, "%s%s %zu", a ? ", " : "", draw->setup.arms[a], count[a]);
    fputs(r->sealed ? "; sealed: --reveal opens the arm of an enrolled unit\n" : "\n", run->out);
    if (r->balance)
        print_balance(run->out, draw, r->balance);
    if (r->balance && r->balance->exact && r->balance->assignments < 40)
        fprintf(run->out, "note: with %llu possible allocations no two-sided exact test has a p below %.3g\n",
                (unsigned long long)r->balance->assignments, 2.0 / (double)r->balance->assignments);
    fprintf(run->out, "\n%s%s%s\nhead %s\n", r->ledger->path, r->assignments ? ", " : "",
            r->assignments ? r->assignments : "", r->ledger->head);
}

static void put_balance(hu_json *json, const hu_draw *draw, const hu_draw_balance *b)
{
    hu_json_key(json, "balance");
    hu_json_array(json);
    for (size_t j = 0; j < b->n; j++) {
        hu_json_object(json);
        hu_json_put_text(json, "covariate", b->rows[j].covariate);
        hu_json_key(json, "means");
        hu_json_object(json);
        for (size_t a = 0; a < draw->arms; a++)
            hu_json_put_number(json, draw->setup.arms[a], b->rows[j].mean[a]);
        hu_json_object_end(json);
        hu_json_put_number(json, "difference", b->rows[j].difference);
        hu_json_put_number(json, "normalised", b->rows[j].normalised);
        hu_json_put_number(json, "p", b->rows[j].p);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_key(json, "joint");
    hu_json_object(json);
    hu_json_put_number(json, "distance", b->joint);
    hu_json_put_number(json, "p", b->joint_p);
    hu_json_put_integer(json, "assignments", (int64_t)b->assignments);
    hu_json_put_bool(json, "exact", b->exact);
    hu_json_object_end(json);
}

static void put_units(hu_json *json, const hu_draw *draw, hu_arena *arena)
{
    hu_json_key(json, "assignments");
    hu_json_array(json);
    for (size_t i = 0; i < draw->units; i++) {
        hu_json_object(json);
        hu_json_put_text(json, "unit", draw->unit[i]);
        if (block_name(draw))
            hu_json_put_text(json, draw->setup.method == HU_DRAW_PAIRS ? "pair" : "stratum", block_of(draw, i, arena));
        hu_json_put_text(json, "arm", draw->setup.arms[draw->arm[i]]);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put_result(hu_json *json, const void *context)
{
    HU_SCRATCH(scratch);
    const randomize_result *r = context;
    const hu_draw *draw = r->draw;
    hu_json_object(json);
    hu_json_put_text(json, "method", hu_draw_method_name(draw->setup.method));
    hu_json_put_integer(json, "units", (int64_t)draw->units);
    if (draw->setup.method == HU_DRAW_RERANDOMIZED) {
        hu_json_put_number(json, "threshold", draw->setup.threshold);
        hu_json_put_number(json, "acceptance", draw->setup.acceptance);
        hu_json_put_integer(json, "attempts", (int64_t)draw->attempts);
    }
    hu_json_put_bool(json, "sealed", r->sealed);
    if (r->balance)
        put_balance(json, draw, r->balance);
    if (!r->sealed)
        put_units(json, draw, scratch);
    hu_json_put_text(json, "ledger", r->ledger->path);
    hu_json_put_text(json, "head", r->ledger->head);
    hu_json_object_end(json);
}

hu_error *randomize_print(const hu_run *run, const randomize_result *result)
{
    if (run->format == HU_FORMAT_TABLE)
        print_table(run, result);
    else if (run->format != HU_FORMAT_CSV)
        hu_print_json(run, put_result, result);
    else if (result->sealed)
        return hu_fail(HU_USAGE,
                       "a sealed draw has no table of assignments to print: it is drawn, --open will show it");
    else
        randomize_write_csv(run->out, result->draw);
    return NULL;
}

typedef struct printed_check {
    const hu_ledger *ledger;
    const hu_ledger_check *check;
} printed_check;

static void put_texts(hu_json *json, const char *key, const char *const *texts, size_t n)
{
    hu_json_key(json, key);
    hu_json_array(json);
    for (size_t i = 0; i < n; i++)
        hu_json_text(json, texts[i]);
    hu_json_array_end(json);
}

static void put_check(hu_json *json, const void *context)
{
    const printed_check *p = context;
    hu_json_object(json);
    hu_json_put_bool(json, "identical", p->check->n == 0 && p->check->draw);
    put_texts(json, "differences", p->check->findings, p->check->n);
    put_texts(json, "notes", p->check->notes, p->check->n_notes);
    hu_json_put_text(json, "ledger", p->ledger->path);
    hu_json_put_text(json, "head", p->ledger->head);
    hu_json_object_end(json);
}

void randomize_print_check(const hu_run *run, const hu_ledger *ledger, const hu_ledger_check *check)
{
    if (run->format != HU_FORMAT_TABLE) {
        hu_print_json(run, put_check, &(printed_check){ledger, check});
        return;
    }
    for (size_t i = 0; i < check->n; i++)
        fprintf(run->out, "differs: %s\n", check->findings[i]);
    for (size_t i = 0; i < check->n_notes; i++)
        fprintf(run->out, "note: %s\n", check->notes[i]);
    if (check->n)
        fprintf(run->out, "%s: does not hold\n", ledger->path);
    else if (check->draw)
        fprintf(run->out, "%s: %zu entries, the draw of %zu units run again: identical\n", ledger->path, ledger->n,
                check->draw->units);
    else
        fprintf(run->out, "%s: %zu entries, the chain is whole\n", ledger->path, ledger->n);
    fprintf(run->out, "head %s\n", ledger->head);
}
