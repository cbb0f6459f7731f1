/* Identification and documentation, from the incidents that officers record. */

#include "outcomes.h"

#include "huella/base/date.h"

#include <math.h>
#include <string.h>

static const double month_days = 365.2425 / 12;

typedef struct incidents {
    const hu_table *table;
    size_t n;
    uint32_t *district;
    uint8_t *after;
    int64_t *day;
    double *persons, *documentation;
} incidents;

/* First day of the month of the first incident, last of that of the last one, unless given. */
static void find_window(const incidents *in, hu_outcomes *out)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < in->n; i++) {
        first = in->day[i] < first ? in->day[i] : first;
        last = in->day[i] > last ? in->day[i] : last;
    }
    hu_date from = hu_date_from_days(first), until = hu_date_from_days(last);
    if (out->from == INT64_MIN)
        out->from = hu_date_to_days((hu_date){from.year, from.month, 1});
    if (out->until == INT64_MIN)
        out->until = hu_date_to_days((hu_date){until.year + until.month / 12, until.month % 12 + 1, 1}) - 1;
}

static hu_error *read_incidents(build *b, incidents *in)
{
    hu_table *table;
    hu_column *place, *day, *persons, *documentation = NULL;
    HU_TRY(outcomes_read(b, b->sources->incidents, &table));
    HU_TRY(hu_table_column(table, "district_id", &place));
    HU_TRY(hu_table_column(table, "occurred_on", &day));
    HU_TRY(hu_table_numbers(table, "persons_identified", &persons));
    if (hu_table_find(table, "documentation"))
        HU_TRY(hu_table_numbers(table, "documentation", &documentation));
    size_t n = table->rows;
    *in = (incidents){.table = table,
                      .n = n,
                      .district = HU_NEW_ARRAY(b->arena, uint32_t, n),
                      .after = HU_NEW_ARRAY(b->arena, uint8_t, n),
                      .day = HU_NEW_ARRAY(b->arena, int64_t, n),
                      .persons = persons->numbers,
                      .documentation = documentation ? documentation->numbers : NULL};
    for (size_t i = 0; i < n; i++) {
        HU_TRY(outcomes_district(b, table, place, i, &in->district[i]));
        HU_TRY(outcomes_day(table, day, i, &in->day[i]));
        if (in->day[i] == INT64_MIN)
            return hu_table_fail(table, HU_BAD_INPUT, i, "occurred_on", "the day is missing");
        if (!(in->persons[i] >= 0))
            return hu_table_fail(table, HU_BAD_INPUT, i, "persons_identified", "expected a number of persons");
        in->after[i] = in->day[i] >= b->out->start;
    }
    return NULL;
}

/* Person-time and events of a district before and after the start. */
static double days_of(const hu_outcomes *out, int after)
{
    int64_t first = after ? out->start : out->from, last = after ? out->until : out->start - 1;
    first = first < out->from ? out->from : first;
    last = last > out->until ? out->until : last;
    return last >= first ? (double)(last - first + 1) : 0;
}

/* Of each district, before (0) and after (1) the start. */
typedef struct identified {
    double *persons[2], *incidents[2]; /* persons identified, incidents with one */
    double *exposure[2];               /* officer-months, or months */
    double *rate[2], *of_population[2];
} identified;

static identified count_identified(build *b, const incidents *in)
{
    const places *p = &b->places;
    identified found;
    for (int after = 0; after < 2; after++) {
        double **const all[] = {&found.persons[after], &found.incidents[after], &found.exposure[after],
                                &found.rate[after], &found.of_population[after]};
        for (size_t a = 0; a < sizeof all / sizeof *all; a++)
            *all[a] = HU_NEW_ARRAY(b->arena, double, p->n);
    }
    for (size_t i = 0; i < in->n; i++) {
        if (in->day[i] < b->out->from || in->day[i] > b->out->until)
            continue;
        found.persons[in->after[i]][in->district[i]] += in->persons[i];
        found.incidents[in->after[i]][in->district[i]] += in->persons[i] > 0;
    }
    for (int after = 0; after < 2; after++)
        for (size_t d = 0; d < p->n; d++) {
            double months = days_of(b->out, after) / month_days, persons = found.persons[after][d];
            double exposure = found.exposure[after][d] = p->officers ? p->officers[d] * months : months;
            found.rate[after][d] = exposure > 0 ? 100 * persons / exposure : NAN;
            found.of_population[after][d] =
                p->population && months > 0 ? 100000 * persons / (p->population[d] * months / 12) : NAN;
        }
    return found;
}

static void add_identification(build *b, const incidents *in, const char *refused)
{
    static const char *const names[] = {"persons_identified", "incidents_identified", "officer_months"};
    identified found = count_identified(b, in);
    double *const *counts[] = {found.persons, found.incidents, found.exposure};
    for (size_t c = 0; c < 3; c++)
        for (int after = 1; after >= 0; after--)
            outcomes_put(b, b->out->districts, after ? names[c] : hu_printf(b->arena, "%s_before", names[c]),
                         counts[c][after]);
    hu_outcome_entry entry = {
        .name = "identification_rate",
        .label = "Identified persons",
        .unit = b->places.officers ? "persons per 100 officer-months" : "persons per 100 months",
        .definition =
            "Persons identified as possibly trafficked in incidents of the window, over the officers of the "
            "district times the window's months (of 30.44 days), times 100. Counts and exposure stand beside it "
            "(persons_identified, incidents_identified, officer_months) for ratios of rates.",
        .source = "incidents: persons_identified, occurred_on; districts: officers",
        .better = 1,
        .note = "More identified persons need not be more trafficking: detection and incidence are not told apart."};
    for (size_t i = 0; i < in->n; i++)
        entry.n[b->places.trained[in->district[i]] == 1] += in->after[i];
    outcomes_add_rates(b, entry, found.rate[0], found.rate[1], refused);
    if (!b->places.population)
        return;
    entry.name = "identification_population";
    entry.label = "Identified persons in the population";
    entry.unit = "persons per 100,000 inhabitants a year";
    entry.definition = "The same persons over the district's inhabitants, a year.";
    entry.source = "incidents: persons_identified, occurred_on; districts: population";
    outcomes_add_rates(b, entry, found.of_population[0], found.of_population[1], refused);
}

static void add_months(build *b, const incidents *in)
{
    const places *p = &b->places;
    hu_date from = hu_date_from_days(b->out->from), until = hu_date_from_days(b->out->until);
    int first = from.year * 12 + from.month - 1, last = until.year * 12 + until.month - 1;
    size_t months = last >= first ? (size_t)(last - first + 1) : 0;
    uint32_t *district = HU_NEW_ARRAY(b->arena, uint32_t, p->n * months + 1);
    double *columns[5];
    for (size_t c = 0; c < 5; c++)
        columns[c] = HU_NEW_ARRAY(b->arena, double, p->n *months + 1);
    for (size_t r = 0; r < p->n * months; r++) {
        int month = first + (int)(r % months);
        hu_date day = {month / 12, month % 12 + 1, 1}, next = {(month + 1) / 12, (month + 1) % 12 + 1, 1};
        district[r] = (uint32_t)(r / months);
        columns[0][r] = month / 12 * 100 + month % 12 + 1;
        columns[1][r] = hu_date_to_days(day) >= b->out->start;
        columns[2][r] = (p->officers ? p->officers[district[r]] : 1) *
                        (double)(hu_date_to_days(next) - hu_date_to_days(day)) / month_days;
    }
    for (size_t i = 0; i < in->n; i++) {
        hu_date day = hu_date_from_days(in->day[i]);
        int month = day.year * 12 + day.month - 1;
        if (month < first || month > last)
            continue;
        size_t r = in->district[i] * months + (size_t)(month - first);
        columns[3][r]++;
        columns[4][r] += in->persons[i];
    }
    static const char *const names[] = {"month", "after", "officer_months", "incidents", "persons_identified"};
    b->out->months = hu_table_new(b->arena, "district_months.csv", p->n * months);
    hu_str *id = hu_table_add_texts(b->out->months, b->arena, "district_id")->texts;
    double *trained = hu_table_add_numbers(b->out->months, b->arena, "trained")->numbers;
    for (size_t r = 0; r < p->n * months; r++) {
        id[r] = hu_str_of(p->id[district[r]]);
        trained[r] = p->trained[district[r]];
    }
    for (size_t c = 0; c < 5; c++)
        outcomes_put(b, b->out->months, names[c], columns[c]);
}

hu_error *outcomes_incidents(build *b)
{
    incidents in;
    HU_TRY(read_incidents(b, &in));
    find_window(&in, b->out);
    if (b->sources->ratings)
        HU_TRY(outcomes_ratings(b, in.table, &in.documentation));
    measured v = {.n = in.n, .district = in.district, .after = in.after, .value = in.persons};
    HU_TRY(outcomes_sources(b, in.table, &v));
    /* no incident is a measurement too, so only the source can be missing in an arm */
    const char *refused = outcomes_refusal(b, &v);
    add_identification(b, &in, refused && strncmp(refused, "source", 6) == 0 ? refused : NULL);
    add_months(b, &in);
    hu_table *table = outcomes_unit_table(b, HU_OF_INCIDENTS, in.table, "incident_id", in.n, NULL, in.district);
    double *after = HU_NEW_ARRAY(b->arena, double, in.n);
    for (size_t i = 0; i < in.n; i++)
        after[i] = in.after[i];
    outcomes_put(b, table, "after", after);
    outcomes_put(b, table, "persons_identified", in.persons);
    if (!in.documentation)
        return NULL;
    outcomes_put(b, table, "documentation", in.documentation);
    v.value = in.documentation;
    outcomes_add(b,
                 (hu_outcome_entry){
                     .name = "documentation",
                     .label = "Quality of documentation",
                     .unit = "points of the rubric",
                     .definition = "Mean score of an incident's report by the rubric; of several raters "
                                   "their mean. A district's value is the mean over its incidents.",
                     .source = b->sources->ratings ? "ratings: incident_id, rater, score" : "incidents: documentation",
                     .unit_table = "incidents.csv: documentation",
                     .better = 1,
                     .note = "Incidents are recorded after training too: who is recorded may change with "
                             "how it is recorded."},
                 &v);
    return NULL;
}
