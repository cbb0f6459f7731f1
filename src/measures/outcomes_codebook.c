/* The codebook of a trial's outcomes. */

#include "outcomes.h"

#include "huella/base/date.h"

#include <math.h>
#include <string.h>

hu_table *hu_outcomes_codebook(const hu_outcomes *o, hu_arena *arena)
{
    static const char *const texts[] = {"outcome", "label",      "unit",           "definition",
                                        "source",  "unit_table", "effect_refused", "note"};
    static const char *const numbers[] = {
        "better",       "n_control",    "n_trained",      "districts_control", "districts_trained",
        "mean_control", "mean_trained", "before_control", "before_trained"};
    hu_table *table = hu_table_new(arena, "codebook.csv", o->n);
    for (size_t c = 0; c < sizeof texts / sizeof *texts; c++) {
        hu_str *cells = hu_table_add_texts(table, arena, texts[c])->texts;
        for (size_t i = 0; i < o->n; i++) {
            const hu_outcome_entry *e = &o->entries[i];
            const char *const values[] = {e->name,   e->label,      e->unit,    e->definition,
                                          e->source, e->unit_table, e->refused, e->note};
            cells[i] = values[c] ? hu_str_of(values[c]) : (hu_str){0};
        }
    }
    for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++) {
        double *cells = hu_table_add_numbers(table, arena, numbers[c])->numbers;
        for (size_t i = 0; i < o->n; i++) {
            const hu_outcome_entry *e = &o->entries[i];
            const double values[] = {e->better,
                                     (double)e->n[0],
                                     (double)e->n[1],
                                     (double)e->districts[0],
                                     (double)e->districts[1],
                                     e->mean[0],
                                     e->mean[1],
                                     e->before[0],
                                     e->before[1]};
            cells[i] = values[c];
        }
    }
    return table;
}

static void day(hu_buf *out, const char *what, int64_t days)
{
    char iso[16];
    if (days == INT64_MIN)
        return;
    hu_date_format_iso(hu_date_from_days(days), iso);
    hu_buf_printf(out, "%s %s", what, iso);
}

static void number(hu_buf *out, double value)
{
    if (isnan(value))
        hu_buf_add_text(out, "—");
    else
        hu_buf_printf(out, "%.4g", value);
}

static void entry(const hu_outcome_entry *e, hu_buf *out)
{
    hu_buf_printf(out, "\n## %s (`%s`)\n%s\n\n", e->label, e->name, e->definition);
    hu_buf_printf(out, "- Unit: %s; %s is better.\n- Source: %s.\n", e->unit, e->better > 0 ? "more" : "less",
                  e->source);
    if (e->unit_table)
        hu_buf_printf(out, "- One value a unit: %s.\n", e->unit_table);
    hu_buf_printf(
        out,
        "- Coverage after the start: %zu values in %zu control districts, %zu in %zu trained ones.\n- Means: ", e->n[0],
        e->districts[0], e->n[1], e->districts[1]);
    for (int arm = 0; arm < 2; arm++) {
        hu_buf_add_text(out, arm ? "; trained " : "control ");
        number(out, e->before[arm]);
        hu_buf_add_text(out, " before, ");
        number(out, e->mean[arm]);
        hu_buf_add_text(out, " after");
    }
    hu_buf_add_text(out, ".\n");
    if (e->note)
        hu_buf_printf(out, "- Read with care: %s\n", e->note);
    if (e->refused)
        hu_buf_printf(out, "- **No effect may be taken from it: %s.**\n", e->refused);
}

void hu_outcomes_markdown(const hu_outcomes *o, hu_buf *out)
{
    hu_buf_add_text(out, "# Codebook of outcomes\n\n");
    day(out, "The trial started on", o->start);
    day(out, "; observed from", o->from);
    day(out, " to", o->until);
    hu_buf_add_text(
        out,
        ". Columns stand in `districts.csv` under the names below, and `NAME_before` where there is a baseline.\n");
    for (size_t i = 0; i < o->n; i++)
        entry(&o->entries[i], out);
    if (o->n_reliability || o->has_rating)
        hu_buf_add_text(out, "\n## Reliability\n");
    for (size_t i = 0; i < o->n_reliability; i++)
        hu_buf_printf(out, "- %s\n", o->reliability[i]);
    if (o->has_rating)
        hu_buf_printf(out,
                      "- documentation: Krippendorff's alpha (interval) %.3f [%.3f, %.3f] over %zu incidents rated by "
                      "two or more.\n",
                      o->rating.alpha, o->rating.lower, o->rating.upper, o->rating.units);
}
