/* Referrals: completion with open ones as censored, false positives with the unknown as bounds, quality. */

#include "outcomes.h"

#include "huella/causal/within.h"

#include <math.h>
#include <string.h>

typedef struct referrals {
    const hu_table *table;
    size_t n;
    uint32_t *district;
    uint8_t *after;
    double *days, *completed; /* to completion, or to the end of observation */
    double *found;            /* 1 a case, 0 none, NaN unknown; NULL without the column */
} referrals;

static hu_error *read_days(build *b, referrals *r, const hu_column *sent, const hu_column *done, int64_t *from,
                           int64_t *to)
{
    int64_t last = b->out->until;
    for (size_t i = 0; i < r->n; i++) {
        HU_TRY(outcomes_day(r->table, sent, i, &from[i]));
        HU_TRY(outcomes_day(r->table, done, i, &to[i]));
        if (from[i] == INT64_MIN)
            return hu_table_fail(r->table, HU_BAD_INPUT, i, "referred_on", "the day is missing");
        if (to[i] != INT64_MIN && to[i] < from[i])
            return hu_table_fail(r->table, HU_BAD_INPUT, i, "completed_on", "it is before referred_on");
        last = from[i] > last ? from[i] : last;
        last = to[i] > last ? to[i] : last;
    }
    if (b->out->until == INT64_MIN)
        b->out->until = last;
    for (size_t i = 0; i < r->n; i++) {
        r->after[i] = from[i] >= b->out->start;
        r->completed[i] = to[i] != INT64_MIN;
        r->days[i] = (double)((to[i] != INT64_MIN ? to[i] : last) - from[i]);
    }
    return NULL;
}

static hu_error *read_referrals(build *b, referrals *r)
{
    HU_SCRATCH(scratch);
    hu_table *table;
    hu_column *place, *sent, *done;
    HU_TRY(outcomes_read(b, b->sources->referrals, &table));
    HU_TRY(hu_table_column(table, "district_id", &place));
    HU_TRY(hu_table_column(table, "referred_on", &sent));
    HU_TRY(hu_table_column(table, "completed_on", &done));
    size_t n = table->rows;
    *r = (referrals){.table = table,
                     .n = n,
                     .district = HU_NEW_ARRAY(b->arena, uint32_t, n),
                     .after = HU_NEW_ARRAY(b->arena, uint8_t, n),
                     .days = HU_NEW_ARRAY(b->arena, double, n),
                     .completed = HU_NEW_ARRAY(b->arena, double, n)};
    for (size_t i = 0; i < n; i++)
        HU_TRY(outcomes_district(b, table, place, i, &r->district[i]));
    const hu_column *found = hu_table_find(table, "case_found");
    if (found) {
        r->found = HU_NEW_ARRAY(b->arena, double, n);
        for (size_t i = 0; i < n; i++)
            HU_TRY(outcomes_yes(table, found, i, &r->found[i]));
    }
    return read_days(b, r, sent, done, HU_NEW_ARRAY(scratch, int64_t, n), HU_NEW_ARRAY(scratch, int64_t, n));
}

/* Completed within h: pseudo-values of Kaplan and Meier's estimate within arm and period, NaN where nobody of these is
 * followed so long. */
static hu_error *completed_within(build *b, const referrals *r, double **out)
{
    HU_SCRATCH(scratch);
    static const char *const names[] = {"days", "completed", "after", "trained", "row"};
    hu_table *table = hu_table_new(scratch, r->table->source, r->n);
    double *columns[5];
    for (size_t c = 0; c < 5; c++)
        columns[c] = hu_table_add_numbers(table, scratch, names[c])->numbers;
    *out = HU_NEW_ARRAY(b->arena, double, r->n);
    for (size_t i = 0; i < r->n; i++) {
        const double row[] = {r->days[i], r->completed[i], r->after[i], b->places.trained[r->district[i]], (double)i};
        for (size_t c = 0; c < 5; c++)
            columns[c][i] = row[c];
        (*out)[i] = NAN;
    }
    hu_within_result *result;
    hu_within_columns which = {.stop = "days", .event = "completed", .time = "after", .cohort = "trained"};
    hu_error *error = hu_resolved_within(table, &which, b->out->within, HU_CENSORING_PSEUDO, scratch, &result);
    if (error && error->code == HU_EMPTY) { /* nobody is followed that long: nothing is known */
        hu_error_free(error);
        return NULL;
    }
    HU_TRY(error);
    const double *row = hu_table_find(result->table, "row")->numbers,
                 *y = hu_table_find(result->table, result->outcome)->numbers;
    for (size_t i = 0; i < result->table->rows; i++)
        (*out)[(size_t)row[i]] = y[i];
    return NULL;
}

static hu_error *add_completion(build *b, const referrals *r, hu_table *table, measured *v)
{
    double *within;
    size_t open = 0;
    HU_TRY(completed_within(b, r, &within));
    for (size_t i = 0; i < r->n; i++)
        open += !r->completed[i] && r->days[i] < b->out->within;
    outcomes_put(b, table, "days", r->days);
    outcomes_put(b, table, "completed", r->completed);
    outcomes_put(b, table, "referral_completed", within);
    v->value = within;
    outcomes_add(
        b,
        (hu_outcome_entry){.name = "referral_completed",
                           .label = "Completed referrals",
                           .unit = hu_printf(b->arena, "share within %d days", b->out->within),
                           .definition = hu_printf(
                               b->arena,
                               "Referrals completed (the person received the service) within %d days. Those still open "
                               "that were followed for less (%zu) are censored, not failed: each referral counts by "
                               "its pseudo-value of Kaplan and Meier's estimate within arm and period, which without "
                               "open ones is 0 or 1. A district's value is the mean over its referrals.",
                               b->out->within, open),
                           .source = "referrals: referred_on, completed_on",
                           .unit_table = "referrals.csv: referral_completed",
                           .better = 1},
        v);
    return NULL;
}

/* Three readings of "unknown": left out, taken for a match, taken for none. */
static void add_false_positives(build *b, const referrals *r, hu_table *table, measured *v)
{
    static const char *const names[] = {"false_positive", "false_positive_lower", "false_positive_upper"};
    static const char *const how[] = {
        "Referrals that match no trafficking case in the administrative records, among those whose match is known. "
        "Unknown "
        "is not false: read it between its bounds.",
        "The same with every unknown referral taken to match a case: the lower bound of the share.",
        "The same with every unknown referral taken to match none: the upper bound of the share."};
    for (int k = 0; k < 3; k++) {
        double *value = HU_NEW_ARRAY(b->arena, double, r->n);
        for (size_t i = 0; i < r->n; i++)
            value[i] = !isnan(r->found[i]) ? 1 - r->found[i] : k == 0 ? NAN : (double)(k - 1);
        outcomes_put(b, table, names[k], value);
        v->value = value;
        outcomes_add(b,
                     (hu_outcome_entry){.name = names[k],
                                        .label = k == 0   ? "False-positive referrals"
                                                 : k == 1 ? "False-positive referrals, lower bound"
                                                          : "False-positive referrals, upper bound",
                                        .unit = "share of referrals",
                                        .definition = how[k],
                                        .source = "referrals: case_found (yes, no, unknown)",
                                        .unit_table = hu_printf(b->arena, "referrals.csv: %s", names[k]),
                                        .better = -1},
                     v);
    }
}

/* The share of what a good referral has, over what is recorded of it. */
static hu_error *add_quality(build *b, const referrals *r, hu_table *table, measured *v)
{
    static const char *const known[] = {"right_institution", "sheet_complete", "consent_recorded", "accompanied", NULL};
    const char *const *names = b->options->quality_items ? b->options->quality_items : known;
    double *sum = HU_NEW_ARRAY(b->arena, double, r->n), *count = HU_NEW_ARRAY(b->arena, double, r->n);
    const char *list = NULL;
    for (size_t j = 0; names[j]; j++) {
        bool reversed = names[j][0] == '-';
        hu_column *column = hu_table_find(r->table, names[j] + reversed);
        if (!column && b->options->quality_items)
            HU_TRY(hu_table_column(r->table, names[j] + reversed, &column));
        if (!column)
            continue;
        list = list ? hu_printf(b->arena, "%s, %s", list, names[j]) : names[j];
        for (size_t i = 0; i < r->n; i++) {
            double yes;
            HU_TRY(outcomes_yes(r->table, column, i, &yes));
            sum[i] += isnan(yes) ? 0 : reversed ? 1 - yes : yes;
            count[i] += !isnan(yes);
        }
    }
    if (!list)
        return NULL;
    for (size_t i = 0; i < r->n; i++)
        sum[i] /= count[i];
    outcomes_put(b, table, "referral_quality", sum);
    v->value = sum;
    outcomes_add(b,
                 (hu_outcome_entry){
                     .name = "referral_quality",
                     .label = "Quality of referrals",
                     .unit = "share of criteria met",
                     .definition = hu_printf(b->arena, "Share of the criteria met among those recorded: %s.", list),
                     .source = hu_printf(b->arena, "referrals: %s", list),
                     .unit_table = "referrals.csv: referral_quality",
                     .better = 1},
                 v);
    return NULL;
}

hu_error *outcomes_referrals(build *b)
{
    referrals r;
    HU_TRY(read_referrals(b, &r));
    measured v = {.n = r.n, .district = r.district, .after = r.after};
    HU_TRY(outcomes_sources(b, r.table, &v));
    hu_table *table = outcomes_unit_table(b, HU_OF_REFERRALS, r.table, "referral_id", r.n, NULL, r.district);
    double *after = HU_NEW_ARRAY(b->arena, double, r.n);
    for (size_t i = 0; i < r.n; i++)
        after[i] = r.after[i];
    outcomes_put(b, table, "after", after);
    HU_TRY(add_completion(b, &r, table, &v));
    HU_TRY(add_quality(b, &r, table, &v));
    if (r.found)
        add_false_positives(b, &r, table, &v);
    return NULL;
}
