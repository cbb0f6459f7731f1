/* Judgments with their findings, and documents that could not be read. */

#include "huella/registry/database.h"

hu_error *hu_store_has_judgment(hu_store *store, const char *sha256, const char *reader, bool *has)
{
    sqlite3_stmt *statement;
    HU_TRY(
        hu_db_bind(store, &statement, "SELECT 1 FROM judgments WHERE sha256 = ? AND reader = ?", "tt", sha256, reader));
    HU_TRY(hu_db_step(store, statement, has));
    sqlite3_reset(statement);
    return NULL;
}

/* Deletes what was known of a document, by its name or its bytes, and every outcome of the case it was linked to. */
static hu_error *forget(hu_store *store, const char *document, const char *sha256)
{
    HU_TRY(hu_db_run(store,
                     "DELETE FROM outcomes WHERE case_id IN (SELECT l.case_id FROM links l "
                     "JOIN judgments j ON j.judgment_id = l.judgment_id WHERE j.document = ?1 OR j.sha256 = ?2)",
                     "tt", document, sha256));
    HU_TRY(hu_db_run(store, "DELETE FROM judgments WHERE document = ?1 OR sha256 = ?2", "tt", document, sha256));
    return hu_db_run(store, "DELETE FROM unreadable WHERE document = ?", "t", document);
}

static hu_error *put_finding(hu_store *store, int64_t judgment, const hu_stored_finding *finding)
{
    bool quoted = finding->quote && *finding->quote;
    return hu_db_run(store,
                     "INSERT INTO findings (judgment_id, key, value, confidence, rule, quote, quote_start, quote_end, "
                     "page) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "ittdttIII", judgment, finding->key, finding->json, finding->confidence, finding->rule,
                     quoted ? finding->quote : NULL, quoted ? finding->start : -1, quoted ? finding->end : -1,
                     quoted && finding->page > 0 ? finding->page : -1);
}

static hu_error *put_judgment(hu_store *store, const hu_stored_judgment *judgment)
{
    HU_TRY(forget(store, judgment->document, judgment->sha256));
    HU_TRY(hu_db_run(store,
                     "INSERT INTO judgments (document, sha256, reader, pages, characters, text, json) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?)",
                     "tttiitt", judgment->document, judgment->sha256, judgment->reader, judgment->pages,
                     judgment->characters, judgment->text, judgment->json));
    int64_t id = sqlite3_last_insert_rowid(store->db);
    for (size_t i = 0; i < judgment->n_findings; i++)
        HU_TRY(hu_wrap(put_finding(store, id, &judgment->findings[i]), "%s", judgment->findings[i].key));
    return NULL;
}

hu_error *hu_store_put_judgment(hu_store *store, const hu_stored_judgment *judgment)
{
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    return hu_wrap(hu_db_end(store, nested, put_judgment(store, judgment)), "%s", judgment->document);
}

static hu_error *put_unreadable(hu_store *store, const char *document, const char *reason)
{
    HU_TRY(forget(store, document, ""));
    return hu_db_run(store, "INSERT INTO unreadable (document, reason) VALUES (?, ?)", "tt", document, reason);
}

hu_error *hu_store_put_unreadable(hu_store *store, const char *document, const char *reason)
{
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    return hu_wrap(hu_db_end(store, nested, put_unreadable(store, document, reason)), "%s", document);
}

hu_error *hu_store_forget_document(hu_store *store, const char *document)
{
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    return hu_wrap(hu_db_end(store, nested, forget(store, document, "")), "%s", document);
}
