/* huella pilot: go, amend or stop, by criteria that were written down before. */

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/design/pilot.h"
#include "huella/report/people.h"
#include "huella/report/pilot_page.h"
#include "huella/version.h"
#include "print.h"

#include <math.h>

static const hu_option options[] = {
    {"criteria", HU_OPT_TEXT, "FILE", NULL, "The progression criteria (YAML), written down before the pilot."},
    {"html", HU_OPT_TEXT, "FILE", NULL, "Write the decision page as well."},
    {"decimal-comma", HU_OPT_FLAG, NULL, NULL, "Decimals in the CSV are read with a comma: 1234,5."},
    {0},
};

typedef struct pilot {
    const hu_pilot_criteria *criteria;
    const hu_pilot_result *results;
    hu_pilot_decision decision;
    hu_arena *arena;
} pilot;

static const char *short_number(hu_arena *arena, double value)
{
    return isnan(value) ? "–" : hu_printf(arena, "%.3g", value);
}

static const char *spread_text(hu_arena *arena, const hu_pilot_result *r)
{
    if (isnan(r->spread))
        return NULL;
    return hu_printf(arena, "%s %.3g (%.3g to %.3g)", r->criterion->kind == HU_PILOT_RATE ? "cv of rates" : "icc",
                     r->spread, r->spread_lower, r->spread_upper);
}

static const char *trial_text(const pilot *p, const hu_pilot_result *r)
{
    const hu_pilot_criteria *c = p->criteria;
    if (!c->trial || isnan(r->mde))
        return NULL;
    const char *text = hu_printf(
        p->arena, "%zu clusters detect %.3g with power %g (%s to %s at the ends of the interval)", c->clusters, r->mde,
        c->power, short_number(p->arena, r->mde_lower), short_number(p->arena, r->mde_upper));
    return isnan(r->power)
               ? text
               : hu_printf(p->arena, "%s; an effect of %g has power %.2f", text, r->criterion->effect, r->power);
}

static const char *basis_text(hu_arena *arena, const hu_pilot_result *r)
{
    const char *text = hu_printf(arena, "%zu rows", r->n);
    if (r->clusters)
        text = hu_printf(arena, "%s in %zu clusters, design effect %.2f", text, r->clusters, r->deff);
    return r->dropped ? hu_printf(arena, "%s; %zu without a value", text, r->dropped) : text;
}

/* --- print --- */

static void print_table(FILE *out, const pilot *p)
{
    const hu_pilot_criteria *c = p->criteria;
    fprintf(out, "%s: %s\n\n  %-24s %-8s %9s   %-19s %8s %8s %7s %7s\n", c->title, hu_pilot_decision_name(p->decision),
            "indicator", "decision", "estimate", hu_printf(p->arena, "%g %% interval", 100 * c->level), "go", "stop",
            "P(go)", "P(stop)");
    for (size_t i = 0; i < c->n; i++) {
        const hu_pilot_result *r = &p->results[i];
        fprintf(out, "  %-24s %-8s %9.4g   [%8.4g,%8.4g] %8.4g %8.4g %7.3f %7.3f\n", r->criterion->name,
                hu_pilot_decision_name(r->decision), r->estimate, r->lower, r->upper, r->criterion->go,
                r->criterion->stop, r->p_go, r->p_stop);
    }
    fprintf(out, "\n%s\n", hu_pilot_rule_in_words(c, p->arena));
    for (size_t i = 0; i < c->n; i++) {
        const hu_pilot_result *r = &p->results[i];
        const char *spread = spread_text(p->arena, r), *trial = trial_text(p, r);
        fprintf(out, "%s: %s%s%s%s%s\n", r->criterion->name, basis_text(p->arena, r), spread ? "; " : "",
                spread ? spread : "", trial ? "; " : "", trial ? trial : "");
    }
}

static void put_spread(hu_json *json, const hu_pilot_result *r)
{
    hu_json_key(json, r->criterion->kind == HU_PILOT_RATE ? "between_cv" : "icc");
    hu_json_object(json);
    hu_json_put_number(json, "estimate", r->spread);
    hu_json_put_interval(json, "ci", r->spread_lower, r->spread_upper);
    hu_json_object_end(json);
}

static void put_result(hu_json *json, const pilot *p, const hu_pilot_result *r)
{
    hu_json_object(json);
    hu_json_put_text(json, "name", r->criterion->name);
    hu_json_put_text(json, "label", r->criterion->label);
    hu_json_put_text(json, "kind", hu_pilot_kind_name(r->criterion->kind));
    hu_json_put_text(json, "decision", hu_pilot_decision_name(r->decision));
    hu_json_put_number(json, "estimate", r->estimate);
    hu_json_put_interval(json, "ci", r->lower, r->upper);
    hu_json_put_number(json, "go", r->criterion->go);
    hu_json_put_number(json, "stop", r->criterion->stop);
    hu_json_put_bool(json, "at_most", r->criterion->at_most);
    hu_json_put_number(json, "p_go", r->p_go);
    hu_json_put_number(json, "p_stop", r->p_stop);
    hu_json_put_integer(json, "n", (int64_t)r->n);
    hu_json_put_integer(json, "dropped", (int64_t)r->dropped);
    hu_json_put_integer(json, "clusters", (int64_t)r->clusters);
    hu_json_put_number(json, "total", r->events);
    hu_json_put_number(json, "exposure", r->exposure);
    hu_json_put_number(json, "sd", r->sd);
    hu_json_put_number(json, "size", r->size);
    hu_json_put_number(json, "deff", r->deff);
    put_spread(json, r);
    if (p->criteria->trial && !isnan(r->mde)) {
        hu_json_key(json, "trial");
        hu_json_object(json);
        hu_json_put_integer(json, "clusters", (int64_t)p->criteria->clusters);
        hu_json_put_number(json, "at_power", p->criteria->power);
        hu_json_put_number(json, "mde", r->mde);
        hu_json_put_interval(json, "mde_at_ci", r->mde_lower, r->mde_upper);
        hu_json_put_number(json, "effect", r->criterion->effect);
        hu_json_put_number(json, "power", r->power);
        hu_json_object_end(json);
    }
    hu_json_object_end(json);
}

static void put_pilot(hu_json *json, const void *context)
{
    const pilot *p = context;
    hu_json_object(json);
    hu_json_put_text(json, "title", p->criteria->title);
    hu_json_put_text(json, "decision", hu_pilot_decision_name(p->decision));
    hu_json_put_text(json, "rule", hu_pilot_rule_in_words(p->criteria, p->arena));
    hu_json_put_number(json, "level", p->criteria->level);
    hu_json_key(json, "indicators");
    hu_json_array(json);
    for (size_t i = 0; i < p->criteria->n; i++)
        put_result(json, p, &p->results[i]);
    hu_json_array_end(json);
    hu_json_object_end(json);
}

static void print_csv(FILE *out, const pilot *p)
{
    fputs("indicator,decision,estimate,lower,upper,go,stop,p_go,p_stop,n,clusters,spread\n", out);
    for (size_t i = 0; i < p->criteria->n; i++) {
        const hu_pilot_result *r = &p->results[i];
        const double before[] = {r->estimate,        r->lower, r->upper, r->criterion->go,
                                 r->criterion->stop, r->p_go,  r->p_stop};
        hu_print_csv_text(out, r->criterion->name);
        fprintf(out, ",%s", hu_pilot_decision_name(r->decision));
        for (size_t v = 0; v < sizeof before / sizeof *before; v++)
            hu_print_csv_number(out, before[v]);
        fprintf(out, ",%zu,%zu", r->n, r->clusters);
        hu_print_csv_number(out, r->spread);
        fputc('\n', out);
    }
}

/* --- the page --- */

static hu_error *hash_of(const char *path, hu_arena *arena, const char **hex)
{
    hu_file file;
    char *out = HU_NEW_ARRAY(arena, char, 65);
    HU_TRY(hu_file_open(path, 0, &file));
    hu_sha256_hex(file.data, file.length, out);
    hu_file_close(&file);
    *hex = out;
    return NULL;
}

static const char *shown(const pilot *p, const hu_pilot_result *r, double value)
{
    return r->criterion->kind == HU_PILOT_PROPORTION ? hu_people_percent(p->arena, value, 1)
                                                     : hu_printf(p->arena, "%.4g", value);
}

static hu_error *write_page(const hu_run *run, const pilot *p)
{
    HU_BUF(out);
    hu_pilot_row *rows = HU_NEW_ARRAY(run->arena, hu_pilot_row, p->criteria->n);
    for (size_t i = 0; i < p->criteria->n; i++) {
        const hu_pilot_result *r = &p->results[i];
        rows[i] =
            (hu_pilot_row){.indicator = r->criterion->label,
                           .decision = hu_pilot_decision_name(r->decision),
                           .estimate = shown(p, r, r->estimate),
                           .interval = hu_printf(run->arena, "%s to %s", shown(p, r, r->lower), shown(p, r, r->upper)),
                           .go = hu_printf(run->arena, "%s %s", r->criterion->at_most ? "at most" : "at least",
                                           shown(p, r, r->criterion->go)),
                           .stop = hu_printf(run->arena, "%s %s", r->criterion->at_most ? "above" : "below",
                                             shown(p, r, r->criterion->stop)),
                           .posterior = hu_printf(run->arena, "%.2f, %.2f", r->p_go, r->p_stop),
                           .basis = basis_text(run->arena, r),
                           .spread = spread_text(run->arena, r),
                           .trial = trial_text(p, r)};
    }
    hu_pilot_page page = {.title = p->criteria->title,
                          .decision = hu_pilot_decision_name(p->decision),
                          .rule = hu_pilot_rule_in_words(p->criteria, run->arena),
                          .version = hu_version(),
                          .rows = rows,
                          .n = p->criteria->n,
                          .level = p->criteria->level,
                          .inputs = {{hu_path_name(run->files[0])}, {hu_path_name(p->criteria->source)}}};
    HU_TRY(hash_of(run->files[0], run->arena, &page.inputs[0][1]));
    HU_TRY(hash_of(p->criteria->source, run->arena, &page.inputs[1][1]));
    hu_pilot_page_write(&page, &out);
    return hu_write_file(hu_opt_text(run, "html"), out.data, out.length);
}

static hu_error *run_pilot(hu_run *run)
{
    hu_pilot_criteria *criteria;
    hu_pilot_result *results;
    hu_table *table;
    pilot p = {.arena = run->arena};
    HU_TRY(hu_opt_require(run, (const char *const[]){"criteria", NULL}));
    HU_TRY(hu_pilot_load(hu_opt_text(run, "criteria"), run->arena, &criteria));
    hu_csv_options csv = {.decimal_comma = hu_opt_flag(run, "decimal-comma")};
    HU_TRY(hu_table_read(run->files[0], &csv, run->arena, &table));
    HU_TRY(hu_pilot_evaluate(table, criteria, run->arena, &results, &p.decision));
    p.criteria = criteria;
    p.results = results;
    if (run->format == HU_FORMAT_TABLE)
        print_table(run->out, &p);
    else if (run->format == HU_FORMAT_CSV)
        print_csv(run->out, &p);
    else
        hu_print_json(run, put_pilot, &p);
    return hu_opt_given(run, "html") ? write_page(run, &p) : NULL;
}

const hu_command hu_command_pilot = {
    .name = "pilot",
    .summary = "go, amend or stop: a pilot against its progression criteria",
    .usage = "DATA.csv --criteria pilot.yaml [--html page.html]",
    .description =
        "Compares each indicator (a proportion of rows, a rate per exposure, a mean) with the values at which the "
        "criteria "
        "say go and stop, by the rule they state: by the estimate, by the interval that must rule the other value out, "
        "or "
        "by the posterior probability. Intervals are exact (Clopper & Pearson, Garwood) on the sample size that "
        "clusters "
        "leave (Korn & Graubard), t for means; the posterior starts from Jeffreys' prior. All indicators go: go; one "
        "stops: stop; else amend.\n\n"
        "How much clusters differ (the intracluster correlation, for rates the coefficient of variation) stands beside "
        "with its interval, and what it means for the trial: the effect it can detect, at the estimate and at both "
        "ends "
        "of the interval. `huella power --pilot` takes the JSON.\n\n"
        "rules/templates/pilot.yaml shows every key of the criteria. --html writes the decision on one page.\n\n"
        "JSON: \"decision\", \"rule\", \"indicators\": name, kind, decision, estimate, ci, go, stop, p_go, p_stop, n, "
        "clusters, "
        "sd, size, deff, icc or between_cv (estimate, ci), trial (clusters, at_power, mde, mde_at_ci, effect, power).",
    .example = "  huella pilot pilot.csv --criteria pilot.yaml --html decision.html\n"
               "  huella pilot pilot.csv --criteria pilot.yaml --format json --out pilot.json\n"
               "  huella power --pilot pilot.json --indicator completion --clusters 20 --simulate",
    .options = options,
    .min_files = 1,
    .max_files = 1,
    .run = run_pilot,
};
