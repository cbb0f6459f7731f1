/* Findings of `huella check`. */

#include "check.h"
#include "print.h"

#include <math.h>

static const char *const severities[] = {"", "correct", "look at", "know"};

/* The line of a finding's row in the export; 0 without one. */
static long line_of(const check_result *r, const hu_finding *f)
{
    const hu_table *t = r->survey->table;
    if (f->row == SIZE_MAX)
        return 0;
    return t->lines ? (long)t->lines[f->row] : t->first_line ? t->first_line + (long)f->row : (long)f->row + 1;
}

static void finding_line(FILE *out, const check_result *r, const hu_finding *f)
{
    fprintf(out, "  %-8s %-11s", severities[f->severity], f->check);
    if (f->row != SIZE_MAX)
        fprintf(out, " line %ld", line_of(r, f));
    if (f->id)
        fprintf(out, ", %s", f->id);
    if (f->enumerator && f->row != SIZE_MAX)
        fprintf(out, " (%s)", f->enumerator);
    fprintf(out, "%s%s: %s; expected %s\n", f->row != SIZE_MAX ? ", " : " ", f->column ? f->column : "", f->what,
            f->expected);
}

static void findings(FILE *out, const check_result *r, const hu_finding *all, size_t n)
{
    for (size_t i = 0; i < n && (!r->limit || i < r->limit); i++)
        finding_line(out, r, &all[i]);
    if (r->limit && n > r->limit)
        fprintf(out, "  … and %zu more: --limit 0 or --format csv\n", n - r->limit);
}

static void back_table(FILE *out, const hu_backchecked *b)
{
    char t[16], rank[16];
    fprintf(out, "\nBack-check: %zu respondents asked twice, %zu not found\n", b->pairs, b->unmatched);
    fprintf(out, "  %-24s %6s %7s %8s %11s %8s %8s %12s\n", "question", "pairs", "differ", "rate", "difference", "t p",
            "rank p", "reliability");
    for (size_t i = 0; i < b->n; i++) {
        const hu_backcheck_row *w = &b->rows[i];
        fprintf(out, "  %-24s %6zu %7zu %7.1f%%", w->column, w->pairs, w->differ, 100 * w->rate);
        if (!isnan(w->difference))
            fprintf(out, " %11.4g %8s %8s %12.3f", w->difference, hu_p_text(w->t_p, t), hu_p_text(w->rank_p, rank),
                    w->reliability);
        fputc('\n', out);
    }
    for (size_t i = 0; i < b->n_persons; i++)
        fprintf(out, "  %-24s %6zu %7zu %7.1f%%\n", b->persons[i].enumerator, b->persons[i].values,
                b->persons[i].differ, 100 * b->persons[i].rate);
}

static void table(FILE *out, const check_result *r)
{
    size_t n[4] = {0};
    for (size_t i = 0; i < r->checked.n; i++)
        n[r->checked.findings[i].severity]++;
    fprintf(out, "%zu rows: %zu findings to correct, %zu to look at, %zu to know\n\n", r->checked.rows, n[1], n[2],
            n[3]);
    findings(out, r, r->checked.findings, r->checked.n);
    if (r->checked.n_enumerators)
        fprintf(out, "\n  %-24s %6s %9s %9s %9s\n", "enumerator", "rows", "findings", "minutes", "missing");
    for (size_t i = 0; i < r->checked.n_enumerators; i++) {
        const hu_enumerator_row *e = &r->checked.enumerators[i];
        fprintf(out, "  %-24s %6zu %9zu", e->name, e->n, e->findings);
        if (isnan(e->minutes))
            fprintf(out, " %9s", "-");
        else
            fprintf(out, " %9.1f", e->minutes);
        fprintf(out, " %8.1f%%\n", 100 * e->missing);
    }
    if (!r->has_back)
        return;
    back_table(out, &r->back);
    findings(out, r, r->back.findings, r->back.n_findings);
}

static void csv_findings(FILE *out, const check_result *r, const hu_finding *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const hu_finding *f = &all[i];
        const char *const texts[] = {f->id, f->enumerator, f->column, f->what, f->expected};
        fprintf(out, "%d,%s,", (int)f->severity, f->check);
        if (f->row != SIZE_MAX)
            fprintf(out, "%ld", line_of(r, f));
        for (size_t t = 0; t < 5; t++) {
            fputc(',', out);
            hu_print_csv_text(out, texts[t]);
        }
        fputc('\n', out);
    }
}

static void put_finding(hu_json *json, const check_result *r, const hu_finding *f)
{
    hu_json_object(json);
    hu_json_put_text(json, "check", f->check);
    hu_json_put_integer(json, "severity", (int64_t)f->severity);
    if (f->row != SIZE_MAX)
        hu_json_put_integer(json, "line", line_of(r, f));
    hu_json_put_text(json, "id", f->id);
    hu_json_put_text(json, "enumerator", f->enumerator);
    hu_json_put_text(json, "column", f->column);
    hu_json_put_text(json, "what", f->what);
    hu_json_put_text(json, "expected", f->expected);
    hu_json_object_end(json);
}

static void put_findings(hu_json *json, const check_result *r, const hu_finding *all, size_t n)
{
    hu_json_key(json, "findings");
    hu_json_array(json);
    for (size_t i = 0; i < n; i++)
        put_finding(json, r, &all[i]);
    hu_json_array_end(json);
}

static void put_enumerators(hu_json *json, const hu_survey_checked *c)
{
    hu_json_key(json, "enumerators");
    hu_json_array(json);
    for (size_t i = 0; i < c->n_enumerators; i++) {
        hu_json_object(json);
        hu_json_put_text(json, "enumerator", c->enumerators[i].name);
        hu_json_put_integer(json, "rows", (int64_t)c->enumerators[i].n);
        hu_json_put_integer(json, "findings", (int64_t)c->enumerators[i].findings);
        hu_json_put_number(json, "median_minutes", c->enumerators[i].minutes);
        hu_json_put_number(json, "missing", c->enumerators[i].missing);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put_back(hu_json *json, const check_result *r)
{
    const hu_backchecked *b = &r->back;
    hu_json_key(json, "back_check");
    hu_json_object(json);
    hu_json_put_integer(json, "pairs", (int64_t)b->pairs);
    hu_json_put_integer(json, "unmatched", (int64_t)b->unmatched);
    hu_json_key(json, "questions");
    hu_json_array(json);
    for (size_t i = 0; i < b->n; i++) {
        const hu_backcheck_row *w = &b->rows[i];
        hu_json_object(json);
        hu_json_put_text(json, "column", w->column);
        hu_json_put_integer(json, "pairs", (int64_t)w->pairs);
        hu_json_put_integer(json, "differ", (int64_t)w->differ);
        hu_json_put_number(json, "rate", w->rate);
        hu_json_put_number(json, "difference", w->difference);
        hu_json_put_number(json, "t_p", w->t_p);
        hu_json_put_number(json, "signed_rank_p", w->rank_p);
        hu_json_put_number(json, "reliability", w->reliability);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_key(json, "enumerators");
    hu_json_array(json);
    for (size_t i = 0; i < b->n_persons; i++) {
        hu_json_object(json);
        hu_json_put_text(json, "enumerator", b->persons[i].enumerator);
        hu_json_put_integer(json, "values", (int64_t)b->persons[i].values);
        hu_json_put_integer(json, "differ", (int64_t)b->persons[i].differ);
        hu_json_put_number(json, "rate", b->persons[i].rate);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    put_findings(json, r, b->findings, b->n_findings);
    hu_json_object_end(json);
}

static void put(hu_json *json, const void *context)
{
    const check_result *r = context;
    hu_json_object(json);
    hu_json_put_integer(json, "rows", (int64_t)r->checked.rows);
    put_findings(json, r, r->checked.findings, r->checked.n);
    put_enumerators(json, &r->checked);
    if (r->has_back)
        put_back(json, r);
    hu_json_object_end(json);
}

void check_print(const hu_run *run, const check_result *r)
{
    if (run->format == HU_FORMAT_TABLE) {
        table(run->out, r);
    } else if (run->format == HU_FORMAT_CSV) {
        fputs("severity,check,line,id,enumerator,column,what,expected\n", run->out);
        csv_findings(run->out, r, r->checked.findings, r->checked.n);
        if (r->has_back)
            csv_findings(run->out, r, r->back.findings, r->back.n_findings);
    } else {
        hu_print_json(run, put, r);
    }
}
