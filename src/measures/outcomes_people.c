/* Officers' knowledge and attitudes, the community's trust, prosecutors' knowledge. */

#include "outcomes.h"

#include "huella/numerics/factor.h"

#include <math.h>
#include <string.h>

/* A column of numbers, or a scale over items; *values NULL where there is neither. */
static hu_error *column_or_scale(build *b, const hu_table *table, const char *name, const char *const *items, bool test,
                                 double **out, double **se)
{
    hu_column *column;
    *out = *se = NULL;
    if (items && items[0]) {
        *out = HU_NEW_ARRAY(b->arena, double, table->rows);
        *se = HU_NEW_ARRAY(b->arena, double, table->rows);
        return outcomes_scale(b, table, name, items, test, *out, *se);
    }
    if (!hu_table_find(table, name))
        return NULL;
    HU_TRY(hu_table_numbers(table, name, &column));
    *out = column->numbers;
    return NULL;
}

typedef struct people { /* a row a person and wave */
    const hu_table *table;
    uint32_t *district;
    uint8_t *after;
    hu_factor person;
} people;

static hu_error *read_people(build *b, const char *path, const char *id, people *p)
{
    hu_table *table;
    hu_column *place, *wave, *who;
    HU_TRY(outcomes_read(b, path, &table));
    HU_TRY(hu_table_column(table, id, &who));
    HU_TRY(hu_table_column(table, "district_id", &place));
    HU_TRY(hu_table_column(table, "wave", &wave));
    *p = (people){
        table, HU_NEW_ARRAY(b->arena, uint32_t, table->rows), HU_NEW_ARRAY(b->arena, uint8_t, table->rows), {0}};
    for (size_t i = 0; i < table->rows; i++) {
        HU_TRY(outcomes_district(b, table, place, i, &p->district[i]));
        HU_TRY(outcomes_wave(table, wave, i, &p->after[i]));
        if (hu_table_missing(who, i))
            return hu_table_fail(table, HU_BAD_INPUT, i, id, "it is missing");
    }
    hu_factor_column(who, NULL, table->rows, b->arena, &p->person);
    return NULL;
}

/* 1 + the row of each officer's waves; 0 where there is none. */
static hu_error *find_waves(const people *p, uint32_t *at)
{
    for (size_t i = 0; i < p->table->rows; i++) {
        uint32_t *cell = &at[2 * p->person.code[i] + p->after[i]];
        if (*cell)
            return hu_table_fail(p->table, HU_BAD_INPUT, i, "officer_id", "this officer stands twice in this wave");
        *cell = (uint32_t)i + 1;
    }
    return NULL;
}

/* Officers stand once: columns of the wave after, and NAME_before. */
static hu_table *officers(build *b, const people *p, const uint32_t *at)
{
    size_t n = p->person.levels;
    uint32_t *row = HU_NEW_ARRAY(b->arena, uint32_t, n), *district = HU_NEW_ARRAY(b->arena, uint32_t, n);
    for (size_t u = 0; u < n; u++) {
        row[u] = p->person.first[u];
        district[u] = p->district[at[2 * u + 1] ? at[2 * u + 1] - 1 : row[u]];
    }
    return outcomes_unit_table(b, HU_OF_OFFICERS, p->table, "officer_id", n, row, district);
}

static void put_waves(build *b, hu_table *table, const uint32_t *at, const char *name, const double *value)
{
    for (int wave = 1; wave >= 0; wave--) {
        double *column = HU_NEW_ARRAY(b->arena, double, table->rows);
        for (size_t u = 0; u < table->rows; u++)
            column[u] = at[2 * u + (size_t)wave] ? value[at[2 * u + (size_t)wave] - 1] : NAN;
        outcomes_put(b, table, wave ? name : hu_printf(b->arena, "%s_before", name), column);
    }
}

hu_error *outcomes_scores(build *b)
{
    people p;
    double *value = NULL, *se = NULL;
    const hu_outcome_options *o = b->options;
    HU_TRY(read_people(b, b->sources->scores, "officer_id", &p));
    uint32_t *at = HU_NEW_ARRAY(b->arena, uint32_t, 2 * p.person.levels + 1);
    HU_TRY(find_waves(&p, at));
    hu_table *table = officers(b, &p, at);
    measured v = {.n = p.table->rows, .district = p.district, .after = p.after};
    HU_TRY(column_or_scale(b, p.table, "knowledge", o->knowledge_items, true, &value, &se));
    if (value) {
        v.value = value;
        put_waves(b, table, at, "knowledge", value);
        if (se && !isnan(se[0]))
            put_waves(b, table, at, "knowledge_se", se);
        outcomes_add(
            b,
            (hu_outcome_entry){.name = "knowledge",
                               .label = "Officers' knowledge",
                               .unit = se ? "standard deviations of ability" : "points of the test",
                               .definition = se ? "Score of the knowledge test from its items (see reliability); "
                                                  "both waves are on one scale. A district's value is the mean of "
                                                  "its officers."
                                                : "Score of the knowledge test. A district's value is the mean of "
                                                  "its officers.",
                               .source = se ? "scores: items of the test, wave" : "scores: knowledge, wave",
                               .unit_table = "officers.csv: knowledge",
                               .better = 1},
            &v);
    }
    HU_TRY(column_or_scale(b, p.table, "attitude", o->attitude_items, false, &value, &se));
    if (!value)
        return NULL;
    v.value = value;
    put_waves(b, table, at, "attitude", value);
    outcomes_add(b,
                 (hu_outcome_entry){.name = "attitude",
                                    .label = "Officers' attitudes",
                                    .unit = "points of the scale",
                                    .definition =
                                        "Mean of the attitude items, those asked the other way round turned. A "
                                        "district's value is the mean of its officers.",
                                    .source = se ? "scores: items of attitude, wave" : "scores: attitude, wave",
                                    .unit_table = "officers.csv: attitude",
                                    .better = 1,
                                    .note = "Self-reported: who was trained knows what should be answered."},
                 &v);
    return NULL;
}

hu_error *outcomes_surveys(build *b)
{
    people p;
    double *value = NULL, *se = NULL;
    HU_TRY(read_people(b, b->sources->surveys, "respondent_id", &p));
    size_t n = p.table->rows;
    hu_table *table = outcomes_unit_table(b, HU_OF_RESPONDENTS, p.table, "respondent_id", n, NULL, p.district);
    measured v = {.n = n, .district = p.district, .after = p.after};
    double *after = HU_NEW_ARRAY(b->arena, double, n);
    for (size_t i = 0; i < n; i++)
        after[i] = p.after[i];
    outcomes_put(b, table, "after", after);
    HU_TRY(column_or_scale(b, p.table, "trust", b->options->trust_items, false, &value, &se));
    if (value) {
        outcomes_put(b, table, "trust", value);
        v.value = value;
        outcomes_add(b,
                     (hu_outcome_entry){.name = "trust",
                                        .label = "The community's trust",
                                        .unit = "points of the scale",
                                        .definition =
                                            "Trust in the municipal police as respondents of the district answer; "
                                            "of several items their mean, those asked the other way round turned. "
                                            "A district's value is the mean of its respondents.",
                                        .source = se ? "surveys: items of trust, wave" : "surveys: trust, wave",
                                        .unit_table = "respondents.csv: trust",
                                        .better = 1},
                     &v);
    }
    const hu_column *report = hu_table_find(p.table, "would_report");
    if (!report)
        return NULL;
    value = HU_NEW_ARRAY(b->arena, double, n);
    for (size_t i = 0; i < n; i++)
        HU_TRY(outcomes_yes(p.table, report, i, &value[i]));
    outcomes_put(b, table, "would_report", value);
    v.value = value;
    outcomes_add(
        b,
        (hu_outcome_entry){.name = "would_report",
                           .label = "Would report",
                           .unit = "share of respondents",
                           .definition = "Respondents who would report a suspected case to the municipal police.",
                           .source = "surveys: would_report, wave",
                           .unit_table = "respondents.csv: would_report",
                           .better = 1},
        &v);
    return NULL;
}

/* A row a prosecutor: who, where, the arm, the scores. */
static void prosecutor_rows(build *b, const hu_table *table, const double *arm, const double *score,
                            const double *before)
{
    static const char *const texts[] = {"prosecutor_id", "region"};
    hu_table *out = b->out->units[HU_OF_PROSECUTORS] = hu_table_new(b->arena, "prosecutors.csv", table->rows);
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        const hu_column *column = hu_table_find(table, texts[t]);
        if (column && column->type == HU_TEXT)
            memcpy(hu_table_add_texts(out, b->arena, texts[t])->texts, column->texts, table->rows * sizeof(hu_str));
    }
    outcomes_put(b, out, "trained", arm);
    outcomes_put(b, out, "prosecutor_knowledge", score);
    if (before)
        outcomes_put(b, out, "prosecutor_knowledge_before", before);
}

/* Number and mean of the known values of an arm. */
static double arm_mean(const double *values, const double *arm, size_t rows, int which, size_t *n)
{
    double sum = 0;
    *n = 0;
    for (size_t i = 0; values && i < rows; i++)
        if (arm[i] == which && !isnan(values[i])) {
            sum += values[i];
            (*n)++;
        }
    return sum / (double)*n;
}

/* Prosecutors belong to regions, not to districts of the trial: their table stands alone. */
hu_error *outcomes_prosecutors(build *b)
{
    hu_table *table;
    hu_column *trained_on, *score, *before = NULL;
    HU_TRY(outcomes_read(b, b->sources->prosecutors, &table));
    HU_TRY(hu_table_column(table, "trained_on", &trained_on));
    HU_TRY(hu_table_numbers(table, "score_after", &score));
    if (hu_table_find(table, "score_before"))
        HU_TRY(hu_table_numbers(table, "score_before", &before));
    hu_outcome_entry e = {.name = "prosecutor_knowledge",
                          .label = "Prosecutors' knowledge",
                          .unit = "points of the test",
                          .definition =
                              "Score of the prosecutors' test after training; before it where there is one. A row a "
                              "prosecutor, whose arm is being trained: regions, not districts, were trained.",
                          .source = "prosecutors: score_after, score_before, trained_on",
                          .unit_table = "prosecutors.csv: prosecutor_knowledge",
                          .better = 1};
    double *arm = HU_NEW_ARRAY(b->arena, double, table->rows + 1);
    for (size_t i = 0; i < table->rows; i++)
        arm[i] = !hu_table_missing(trained_on, i);
    for (int a = 0; a < 2; a++) {
        size_t n_before;
        e.mean[a] = arm_mean(score->numbers, arm, table->rows, a, &e.n[a]);
        e.before[a] = arm_mean(before ? before->numbers : NULL, arm, table->rows, a, &n_before);
    }
    if (!e.n[0] && !e.n[1])
        e.refused = "nothing was measured after training";
    else if (!e.n[0] || !e.n[1])
        e.refused = hu_printf(b->arena, "measured in the %s arm only", e.n[0] ? "untrained" : "trained");
    prosecutor_rows(b, table, arm, score->numbers, before ? before->numbers : NULL);
    b->out->entries = hu_regrow(b->arena, b->out->entries, b->out->n, b->out->n + 1, sizeof e);
    b->out->entries[b->out->n++] = e;
    return NULL;
}
