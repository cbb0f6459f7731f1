/* From the store to what a report shows. Every list comes in order of case_id, so that they are joined by one pass. */

#include "study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char cases_sql[] = "SELECT case_id, opened, closed, charge FROM cases ORDER BY case_id";
static const char judgments_sql[] =
    "SELECT l.case_id AS case_id, j.document AS document, j.pages AS pages, "
    "(SELECT value FROM findings f WHERE f.judgment_id = j.judgment_id AND f.key = 'decision.date') AS date, "
    "(SELECT value FROM findings f WHERE f.judgment_id = j.judgment_id AND f.key = 'decision.kind') AS kind, "
    "(SELECT value FROM findings f WHERE f.judgment_id = j.judgment_id AND f.key = 'decision.court_level') AS level "
    "FROM links l JOIN judgments j ON j.judgment_id = l.judgment_id ORDER BY l.case_id, date, j.document";
static const char findings_sql[] =
    "SELECT o.case_id AS case_id, o.outcome AS outcome, f.key AS key, f.value AS value, f.confidence AS confidence, "
    "f.rule AS rule, f.quote AS quote, f.page AS page, j.document AS document, "
    "substr(j.text, max(1, f.quote_start - 159), min(f.quote_start, 160)) AS before, "
    "substr(j.text, f.quote_end + 1, 160) AS after "
    "FROM outcome_findings o JOIN findings f ON f.finding_id = o.finding_id "
    "JOIN judgments j ON j.judgment_id = f.judgment_id "
    "ORDER BY o.case_id, o.outcome, j.document, f.key";

/* A query's result with its columns at hand by name. */
static const char *text_at(const hu_table *table, const char *column, size_t row, hu_arena *arena)
{
    return hu_table_text(table, hu_table_find(table, column), row, arena);
}

static double number_at(const hu_table *table, const char *column, size_t row)
{
    const hu_column *found = hu_table_find(table, column);
    return found->type == HU_NUMBER ? found->numbers[row] : NAN;
}

/* A finding's value as text: JSON strings lose their quotes, all else stays as it is. */
static const char *plain_value(const char *json, hu_arena *arena)
{
    if (!json)
        return NULL;
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    const char *text = json_string_value(value);
    if (!text)
        text = json_string_value(json_object_get(value, "offence"));
    const char *plain = text ? hu_strdup(arena, text) : json;
    json_decref(value);
    return plain;
}

/* A number in a finding is shown to four digits: 0.46153846153846156 says no more. */
static const char *shown_value(const char *json, hu_arena *arena)
{
    const char *plain = plain_value(json, arena);
    char *end = NULL;
    double number = plain ? strtod(plain, &end) : 0;
    return plain && end != plain && !*end && strchr(plain, '.') ? hu_printf(arena, "%.4g", number) : plain;
}

static bool ends_sentence(const char *at)
{
    return *at == '\n' || ((*at == '.' || *at == ';' || *at == ':') && (at[1] == ' ' || at[1] == '\n'));
}

/* What stands before a quote, from the beginning of its sentence. */
static const char *from_sentence(const char *before)
{
    const char *start = before;
    for (const char *at = before; at && *at; at++)
        if (ends_sentence(at))
            start = at + 1;
    return start ? start + strspn(start, " \n") : NULL;
}

/* What stands after a quote, to the end of its sentence. */
static const char *to_sentence(const char *after, hu_arena *arena)
{
    size_t length = 0;
    if (!after)
        return NULL;
    while (after[length] && !ends_sentence(after + length))
        length++;
    return hu_strndup(arena, after, length + (after[length] && after[length] != '\n'));
}

static bool is_excluded(const hu_results *results, const char *region)
{
    for (size_t i = 0; results->excluded && results->excluded[i]; i++)
        if (strcmp(results->excluded[i], region) == 0)
            return true;
    return false;
}

static int cohort_of(double cohort, int delay)
{
    return isfinite(cohort) ? (int)cohort + delay : STUDY_NEVER;
}

static hu_error *load_cases(hu_store *store, const hu_results *results, hu_arena *arena, report_study *study)
{
    hu_table *table = NULL, *more = NULL;
    HU_TRY(hu_store_analysis_table(store, results->period, arena, &table));
    HU_TRY(hu_store_query(store, arena, &more, cases_sql, 0, NULL));
    if (more->rows != table->rows)
        return hu_fail(HU_BUG, "the analysis table has %zu rows for %zu cases", table->rows, more->rows);
    study->n_cases = table->rows;
    study->cases = HU_NEW_ARRAY(arena, study_case, table->rows);
    for (size_t i = 0; i < table->rows; i++) {
        double *values = HU_NEW_ARRAY(arena, double, results->n_outcomes);
        for (size_t o = 0; o < results->n_outcomes; o++)
            values[o] = number_at(table, results->outcomes[o].name, i);
        study_case *one = &study->cases[i];
        *one = (study_case){.id = text_at(table, "case_id", i, arena),
                            .region = text_at(table, "region", i, arena),
                            .opened = text_at(more, "opened", i, arena),
                            .closed = text_at(more, "closed", i, arena),
                            .charge = text_at(more, "charge", i, arena),
                            .period = (int)number_at(table, "period", i),
                            .cohort = cohort_of(number_at(table, "cohort", i), results->delay),
                            .values = values};
        one->used = one->period >= results->from && one->period <= results->to && !is_excluded(results, one->region);
    }
    return NULL;
}

/* The next case at or after `*at` with this id, or NULL; ids come in order. */
static study_case *advance(report_study *study, size_t *at, const char *id)
{
    while (*at < study->n_cases && strcmp(study->cases[*at].id, id) < 0)
        ++*at;
    return *at < study->n_cases && strcmp(study->cases[*at].id, id) == 0 ? &study->cases[*at] : NULL;
}

static hu_error *load_judgments(hu_store *store, hu_arena *arena, report_study *study)
{
    hu_table *table = NULL;
    size_t at = 0;
    HU_TRY(hu_store_query(store, arena, &table, judgments_sql, 0, NULL));
    study->n_judgments = table->rows;
    study->judgments = HU_NEW_ARRAY(arena, study_judgment, table->rows);
    for (size_t i = 0; i < table->rows; i++) {
        study_judgment *judgment = &study->judgments[i];
        *judgment = (study_judgment){.document = text_at(table, "document", i, arena),
                                     .date = plain_value(text_at(table, "date", i, arena), arena),
                                     .kind = plain_value(text_at(table, "kind", i, arena), arena),
                                     .level = plain_value(text_at(table, "level", i, arena), arena),
                                     .pages = (int)number_at(table, "pages", i)};
        study_case *one = advance(study, &at, text_at(table, "case_id", i, arena));
        if (!one)
            continue;
        if (!one->n_judgments++)
            one->first_judgment = i;
        one->appealed = one->appealed || (judgment->level && strcmp(judgment->level, "first_instance") != 0);
    }
    return NULL;
}

static size_t outcome_index(const hu_results *results, const char *name)
{
    size_t i = 0;
    while (i < results->n_outcomes && strcmp(results->outcomes[i].name, name) != 0)
        i++;
    return i;
}

static hu_error *load_findings(hu_store *store, const hu_results *results, hu_arena *arena, report_study *study)
{
    hu_table *table = NULL;
    size_t at = 0;
    HU_TRY(hu_store_query(store, arena, &table, findings_sql, 0, NULL));
    study->findings = HU_NEW_ARRAY(arena, study_finding, table->rows);
    for (size_t i = 0; i < table->rows; i++) {
        size_t outcome = outcome_index(results, text_at(table, "outcome", i, arena));
        study_case *one = advance(study, &at, text_at(table, "case_id", i, arena));
        double page = number_at(table, "page", i);
        if (!one || outcome == results->n_outcomes)
            continue; /* an outcome that the plan does not ask for */
        if (!one->n_findings++)
            one->first_finding = study->n_findings;
        study->findings[study->n_findings++] =
            (study_finding){.outcome = outcome,
                            .key = text_at(table, "key", i, arena),
                            .value = shown_value(text_at(table, "value", i, arena), arena),
                            .rule = text_at(table, "rule", i, arena),
                            .before = from_sentence(text_at(table, "before", i, arena)),
                            .quote = text_at(table, "quote", i, arena),
                            .after = to_sentence(text_at(table, "after", i, arena), arena),
                            .document = text_at(table, "document", i, arena),
                            .confidence = number_at(table, "confidence", i),
                            .page = isfinite(page) ? (int)page : 0};
    }
    return NULL;
}

static int compare_regions(const void *a, const void *b)
{
    const study_region *x = a, *y = b;
    if (x->cohort != y->cohort)
        return x->cohort < y->cohort ? -1 : 1;
    return strcmp(x->folded, y->folded);
}

static hu_error *load_regions(hu_store *store, const hu_results *results, hu_arena *arena, report_study *study)
{
    hu_table *table = NULL;
    HU_TRY(hu_store_query(store, arena, &table, "SELECT region, trained_on FROM rollout ORDER BY region", 0, NULL));
    study->n_regions = table->rows;
    study->regions = HU_NEW_ARRAY(arena, study_region, table->rows);
    for (size_t i = 0; i < table->rows; i++) {
        study_region *region = &study->regions[i];
        const char *trained = text_at(table, "trained_on", i, arena);
        hu_date date;
        *region = (study_region){.name = text_at(table, "region", i, arena), .cohort = STUDY_NEVER};
        if (trained && hu_date_parse_iso(hu_str_of(trained), &date))
            region->cohort = hu_period_of(date, results->period) + results->delay;
        char *folded;
        size_t length;
        hu_fold(region->name, strlen(region->name), arena, &folded, &length, NULL);
        region->folded = hu_strndup(arena, folded, length);
        region->excluded = is_excluded(results, region->name);
        for (size_t c = 0; c < study->n_cases; c++)
            region->n_cases += study->cases[c].used && strcmp(study->cases[c].region, region->name) == 0;
    }
    qsort(study->regions, study->n_regions, sizeof *study->regions, compare_regions);
    study->cohorts = HU_NEW_ARRAY(arena, int, study->n_regions);
    study->first_training = STUDY_NEVER;
    for (size_t i = 0; i < study->n_regions; i++) {
        const study_region *region = &study->regions[i];
        if (region->excluded)
            continue;
        if (!study->n_cohorts || study->cohorts[study->n_cohorts - 1] != region->cohort)
            study->cohorts[study->n_cohorts++] = region->cohort;
    }
    if (study->n_cohorts)
        study->first_training = study->cohorts[0];
    return NULL;
}

static hu_error *load_counts(hu_store *store, hu_arena *arena, report_study *study)
{
    hu_table *table = NULL;
    HU_TRY(hu_store_query(store, arena, &table,
                          "SELECT (SELECT count(*) FROM judgments) AS judgments, "
                          "(SELECT count(*) FROM prosecutors) AS prosecutors, "
                          "(SELECT count(trained_on) FROM prosecutors) AS trained",
                          0, NULL));
    study->n_read = (size_t)number_at(table, "judgments", 0);
    study->n_prosecutors = (size_t)number_at(table, "prosecutors", 0);
    study->n_trained_prosecutors = (size_t)number_at(table, "trained", 0);
    HU_TRY(hu_store_query(store, arena, &table, "SELECT document, reason FROM unreadable ORDER BY document", 0, NULL));
    study->n_unreadable = table->rows;
    study->unreadable = HU_NEW_ARRAY(arena, study_unreadable, table->rows);
    for (size_t i = 0; i < table->rows; i++)
        study->unreadable[i] =
            (study_unreadable){text_at(table, "document", i, arena), text_at(table, "reason", i, arena)};
    return NULL;
}

hu_error *report_study_load(hu_store *store, const hu_results *results, hu_arena *arena, report_study **study_out)
{
    report_study *study = HU_NEW(arena, report_study);
    HU_TRY(load_cases(store, results, arena, study));
    HU_TRY(load_judgments(store, arena, study));
    HU_TRY(load_findings(store, results, arena, study));
    HU_TRY(load_regions(store, results, arena, study));
    HU_TRY(load_counts(store, arena, study));
    *study_out = study;
    return NULL;
}

bool study_case_after(const report_study *study, const study_case *one)
{
    int since = one->cohort == STUDY_NEVER ? study->first_training : one->cohort;
    return since != STUDY_NEVER && one->period >= since;
}
