/*
 * Which case a judgment belongs to, by the court file number (expediente) that stands in both.
 *
 * A number identifies a case when it carries the court's code: every court counts for itself. A judgment is linked to
 * the case whose number agrees in every part; else to the only case whose number, year and court agree (the incident
 * differs between folders of one file, organ and sequence between instances). Where several cases would do, none is
 * taken. The Supreme Court numbers its own files: its decisions are linked by the number of origin, when the judgment
 * gives it (decision.origin_expediente).
 */

#include "huella/registry/database.h"
#include "expediente.h"
#include "values.h"

#include <stdlib.h>

typedef struct numbered_case {
    hu_expediente number;
    const char *case_id;
} numbered_case;

typedef struct numbered_cases {
    numbered_case *items; /* sorted by number */
    size_t count;
} numbered_cases;

/* What is known of a judgment's number. */
typedef struct judgment_number {
    int64_t judgment, finding; /* finding 0: none */
    hu_expediente number;
    bool identifies;
} judgment_number;

static int by_number(const void *a, const void *b)
{
    return hu_expediente_compare(&((const numbered_case *)a)->number, &((const numbered_case *)b)->number);
}

static hu_error *load_cases(hu_store *store, hu_arena *arena, numbered_cases *cases)
{
    hu_table *table;
    HU_TRY(hu_store_query(store, arena, &table, "SELECT case_id, expediente FROM cases ORDER BY case_id", 0, NULL));
    *cases = (numbered_cases){HU_NEW_ARRAY(arena, numbered_case, table->rows), 0};
    const hu_column *expediente = hu_table_find(table, "expediente");
    for (size_t r = 0; r < table->rows; r++) {
        hu_expediente number;
        if (expediente->type == HU_TEXT && hu_expediente_parse(expediente->texts[r], &number) &&
            hu_expediente_identifies(&number))
            cases->items[cases->count++] =
                (numbered_case){number, hu_table_text(table, hu_table_find(table, "case_id"), r, arena)};
    }
    qsort(cases->items, cases->count, sizeof *cases->items, by_number);
    return NULL;
}

/* The first case whose number is not before this one. */
static size_t lower_bound(const numbered_cases *cases, const hu_expediente *number)
{
    size_t low = 0, high = cases->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hu_expediente_compare(&cases->items[middle].number, number) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The case of a number, or NULL with the number of cases that it would fit. */
static const numbered_case *find_case(const numbered_cases *cases, const hu_expediente *number, size_t *candidates,
                                      const char **method)
{
    const numbered_case *same = NULL, *identical = NULL;
    size_t n_same = 0, n_identical = 0;
    for (size_t i = lower_bound(cases, number); i < cases->count; i++) {
        if (!hu_expediente_same(&cases->items[i].number, number))
            break;
        same = &cases->items[i];
        n_same++;
        if (hu_expediente_identical(&same->number, number)) {
            identical = same;
            n_identical++;
        }
    }
    *method = n_identical ? "full_number" : "number_year_court";
    *candidates = n_identical ? n_identical : n_same;
    return *candidates != 1 ? NULL : n_identical ? identical : same;
}

/* Takes a number found in the judgment, unless a better one is there already. */
static void consider(judgment_number *found, int64_t finding, const char *json)
{
    HU_SCRATCH(scratch);
    hu_expediente number;
    if (!finding || found->identifies)
        return;
    found->finding = found->finding ? found->finding : finding;
    const char *text = hu_value_text(json, scratch);
    if (!text || !hu_expediente_parse(hu_str_of(text), &number) || !hu_expediente_identifies(&number))
        return;
    found->finding = finding;
    found->number = number;
    found->identifies = true;
}

static hu_error *put_unlinked(hu_store *store, const judgment_number *found, size_t candidates, hu_link_counts *counts)
{
    const char *reason = "unmatched";
    if (!found->finding) {
        reason = "without_expediente";
        counts->without_expediente++;
    } else if (!found->identifies) {
        reason = "not_identifying";
        counts->not_identifying++;
    } else if (candidates > 1) {
        reason = "ambiguous";
        counts->ambiguous++;
    } else {
        counts->unmatched++;
    }
    return hu_db_run(store, "INSERT INTO unlinked (judgment_id, reason, finding_id, candidates) VALUES (?, ?, ?, ?)",
                     "itIi", found->judgment, reason, found->finding ? found->finding : -1, (int64_t)candidates);
}

static hu_error *link_one(hu_store *store, const numbered_cases *cases, const judgment_number *found,
                          hu_link_counts *counts)
{
    size_t candidates = 0;
    const char *method = NULL;
    const numbered_case *matched = found->identifies ? find_case(cases, &found->number, &candidates, &method) : NULL;
    counts->judgments++;
    if (!matched)
        return put_unlinked(store, found, candidates, counts);
    counts->linked++;
    return hu_db_run(store, "INSERT INTO links (judgment_id, case_id, method, finding_id) VALUES (?, ?, ?, ?)", "itti",
                     found->judgment, matched->case_id, method, found->finding);
}

/* Number of origin before own number: on appeal to the Supreme Court only the former tells the case. */
static const char numbers_sql[] =
    "SELECT j.judgment_id, o.finding_id, o.value, e.finding_id, e.value FROM judgments j "
    "LEFT JOIN findings o ON o.judgment_id = j.judgment_id AND o.key = 'decision.origin_expediente' "
    "LEFT JOIN findings e ON e.judgment_id = j.judgment_id AND e.key = 'decision.expediente' "
    "WHERE NOT EXISTS (SELECT 1 FROM duplicates d WHERE d.judgment_id = j.judgment_id) ORDER BY j.judgment_id";

static hu_error *link_all(hu_store *store, hu_arena *arena, hu_link_counts *counts)
{
    numbered_cases cases;
    HU_TRY(load_cases(store, arena, &cases));
    HU_TRY(hu_store_find_duplicates(store, &counts->duplicates));
    counts->judgments = counts->duplicates;
    HU_TRY(hu_db_run(store, "DELETE FROM outcomes", ""));
    HU_TRY(hu_db_run(store, "DELETE FROM links", ""));
    HU_TRY(hu_db_run(store, "DELETE FROM unlinked", ""));
    sqlite3_stmt *statement;
    HU_TRY(hu_db_bind(store, &statement, numbers_sql, ""));
    for (bool row;;) {
        HU_TRY(hu_db_step(store, statement, &row));
        if (!row)
            break;
        judgment_number found = {.judgment = sqlite3_column_int64(statement, 0)};
        consider(&found, sqlite3_column_int64(statement, 1), (const char *)sqlite3_column_text(statement, 2));
        consider(&found, sqlite3_column_int64(statement, 3), (const char *)sqlite3_column_text(statement, 4));
        HU_TRY(link_one(store, &cases, &found, counts));
    }
    HU_TRY(hu_db_bind(store, &statement, "SELECT count(DISTINCT case_id) FROM links", ""));
    bool row;
    HU_TRY(hu_db_step(store, statement, &row));
    counts->cases_with_judgment = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return NULL;
}

hu_error *hu_link_by_expediente(hu_store *store, hu_link_counts *counts)
{
    HU_SCRATCH(arena);
    bool nested;
    *counts = (hu_link_counts){0};
    HU_TRY(hu_db_begin(store, &nested));
    return hu_db_end(store, nested, link_all(store, arena, counts));
}
