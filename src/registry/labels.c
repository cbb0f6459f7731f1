/* Hand labels: texts, sheets, values with their words. */

#include "huella/registry/labels.h"

#include "huella/registry/database.h"

#include <string.h>

static hu_error *find_text(hu_store *store, const char *sha256, hu_arena *arena, const char **document,
                           const char **text)
{
    sqlite3_stmt *statement;
    bool row;
    HU_TRY(hu_db_bind(store, &statement, "SELECT document, text FROM label_texts WHERE sha256 = ?", "t", sha256));
    HU_TRY(hu_db_step(store, statement, &row));
    *document = row ? hu_db_text(statement, 0, arena) : NULL;
    *text = row ? hu_db_text(statement, 1, arena) : NULL;
    sqlite3_reset(statement);
    return NULL;
}

hu_error *hu_store_label_text(hu_store *store, const char *sha256, hu_arena *arena, const char **document,
                              const char **text)
{
    HU_TRY(hu_db_run(store,
                     "INSERT INTO label_texts (sha256, document, text) SELECT sha256, document, text FROM judgments "
                     "WHERE sha256 = ? ON CONFLICT DO NOTHING",
                     "t", sha256));
    HU_TRY(find_text(store, sha256, arena, document, text));
    return *text ? NULL : hu_fail(HU_NOT_FOUND, "the store holds no judgment with the hash %s", sha256);
}

hu_error *hu_store_put_label_text(hu_store *store, const char *sha256, const char *document, const char *text)
{
    HU_SCRATCH(scratch);
    const char *name, *there;
    HU_TRY(hu_db_run(store, "INSERT INTO label_texts (sha256, document, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                     "ttt", sha256, document, text));
    HU_TRY(find_text(store, sha256, scratch, &name, &there));
    if (there && strcmp(there, text) != 0)
        return hu_fail(HU_BAD_INPUT,
                       "%s was labelled before, as \"%s\", when its text was read otherwise: labels of both cannot "
                       "stand in one store",
                       document, name);
    return NULL;
}

static hu_error *load_labels(hu_store *store, hu_arena *arena, hu_label_sheet *sheet)
{
    sqlite3_stmt *statement;
    HU_TRY(hu_db_bind(store, &statement, "SELECT key, value FROM labels WHERE sha256 = ? AND labeller = ? ORDER BY key",
                      "tt", sheet->sha256, sheet->labeller));
    for (bool row;; sheet->n_labels++) {
        HU_TRY(hu_db_step(store, statement, &row));
        if (!row)
            return NULL;
        sheet->labels = hu_regrow(arena, sheet->labels, sheet->n_labels, sheet->n_labels + 1, sizeof *sheet->labels);
        sheet->labels[sheet->n_labels] =
            (hu_label){.key = hu_db_text(statement, 0, arena), .json = hu_db_text(statement, 1, arena)};
    }
}

static hu_error *load_spans(hu_store *store, hu_arena *arena, hu_label_sheet *sheet)
{
    sqlite3_stmt *statement;
    HU_TRY(hu_db_bind(store, &statement,
                      "SELECT key, quote, quote_start, quote_end FROM label_evidence WHERE sha256 = ? AND labeller = ? "
                      "ORDER BY key, quote_start, quote_end",
                      "tt", sheet->sha256, sheet->labeller));
    for (bool row;; sheet->n_spans++) {
        HU_TRY(hu_db_step(store, statement, &row));
        if (!row)
            return NULL;
        sheet->spans = hu_regrow(arena, sheet->spans, sheet->n_spans, sheet->n_spans + 1, sizeof *sheet->spans);
        sheet->spans[sheet->n_spans] = (hu_label_span){.key = hu_db_text(statement, 0, arena),
                                                       .quote = hu_db_text(statement, 1, arena),
                                                       .start = sqlite3_column_int64(statement, 2),
                                                       .end = sqlite3_column_int64(statement, 3)};
    }
}

static hu_error *load_state(hu_store *store, hu_label_sheet *sheet)
{
    sqlite3_stmt *statement;
    bool row;
    HU_TRY(hu_db_bind(store, &statement, "SELECT revision, done FROM label_sheets WHERE sha256 = ? AND labeller = ?",
                      "tt", sheet->sha256, sheet->labeller));
    HU_TRY(hu_db_step(store, statement, &row));
    sheet->revision = row ? sqlite3_column_int64(statement, 0) : 0;
    sheet->done = row && sqlite3_column_int(statement, 1);
    sqlite3_reset(statement);
    return NULL;
}

hu_error *hu_store_label_sheet(hu_store *store, const char *sha256, const char *labeller, hu_arena *arena,
                               hu_label_sheet *sheet)
{
    *sheet = (hu_label_sheet){.sha256 = hu_strdup(arena, sha256), .labeller = hu_strdup(arena, labeller)};
    HU_TRY(load_state(store, sheet));
    HU_TRY(load_labels(store, arena, sheet));
    return load_spans(store, arena, sheet);
}

static hu_error *put_sheet(hu_store *store, const hu_label_sheet *sheet, bool *conflict)
{
    hu_label_sheet now = {.sha256 = sheet->sha256, .labeller = sheet->labeller};
    HU_TRY(load_state(store, &now));
    *conflict = now.revision != sheet->revision;
    if (*conflict)
        return NULL;
    HU_TRY(hu_db_run(store, "DELETE FROM label_sheets WHERE sha256 = ? AND labeller = ?", "tt", sheet->sha256,
                     sheet->labeller));
    HU_TRY(hu_db_run(store, "INSERT INTO label_sheets (sha256, labeller, revision, done) VALUES (?, ?, ?, ?)", "ttii",
                     sheet->sha256, sheet->labeller, sheet->revision + 1, (int64_t)sheet->done));
    for (size_t i = 0; i < sheet->n_labels; i++)
        HU_TRY(hu_db_run(store, "INSERT INTO labels (sha256, labeller, key, value) VALUES (?, ?, ?, ?)", "tttt",
                         sheet->sha256, sheet->labeller, sheet->labels[i].key, sheet->labels[i].json));
    for (size_t i = 0; i < sheet->n_spans; i++)
        HU_TRY(hu_db_run(store,
                         "INSERT INTO label_evidence (sha256, labeller, key, quote_start, quote_end, quote) "
                         "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                         "tttiit", sheet->sha256, sheet->labeller, sheet->spans[i].key, sheet->spans[i].start,
                         sheet->spans[i].end, sheet->spans[i].quote));
    return NULL;
}

hu_error *hu_store_put_label_sheet(hu_store *store, hu_label_sheet *sheet, bool *conflict)
{
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    HU_TRY(hu_db_end(store, nested, put_sheet(store, sheet, conflict)));
    sheet->revision += !*conflict;
    return NULL;
}

hu_error *hu_store_label_list(hu_store *store, const char *labeller, bool all, hu_arena *arena, hu_table **list)
{
    const char *parameters[] = {labeller, all ? "1" : "0"};
    return hu_store_query(
        store, arena, list,
        "WITH texts AS (SELECT sha256, document FROM sample UNION SELECT sha256, document FROM judgments "
        "WHERE ?2 = '1' OR NOT EXISTS (SELECT 1 FROM sample) UNION SELECT sha256, document FROM label_texts), "
        "named AS (SELECT sha256, min(document) AS document FROM texts GROUP BY sha256) "
        "SELECT n.sha256, n.document, (SELECT min(f.draw) FROM sampling_frame f WHERE f.sha256 = n.sha256) AS draw, "
        "(SELECT count(*) FROM label_sheets s WHERE s.sha256 = n.sha256 AND s.done AND s.labeller <> 'adjudicated') "
        "AS done, (SELECT s.done FROM label_sheets s WHERE s.sha256 = n.sha256 AND s.labeller = ?1) AS mine "
        "FROM named n ORDER BY draw IS NULL, draw, n.sha256",
        2, parameters);
}

hu_error *hu_store_label_sheets(hu_store *store, hu_arena *arena, hu_table **sheets)
{
    return hu_store_query(store, arena, sheets,
                          "SELECT s.sha256, t.document, s.labeller FROM label_sheets s JOIN label_texts t "
                          "ON t.sha256 = s.sha256 WHERE s.done ORDER BY t.document, s.sha256, s.labeller",
                          0, NULL);
}
