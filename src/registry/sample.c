/* Samples of judgments to label by hand: designs, their frames, what was drawn. */

#include "huella/registry/sample.h"

#include "huella/registry/database.h"

#include <math.h>
#include <string.h>

const char *const hu_sampling_variables[] = {"court_level", "kind",       "year", "region",
                                             "verdict",     "confidence", "scan", NULL};

/* A value of the decision as the reader found it. */
#define DECISION(key)                                                                                  \
    "coalesce((SELECT json_extract(f.value, '$') FROM findings f WHERE f.judgment_id = j.judgment_id " \
    "AND f.key = 'decision." key "'), 'none')"
#define VERDICTS "FROM findings f WHERE f.judgment_id = j.judgment_id AND f.key GLOB 'defendants[[]*].verdict'"

static const char *const expressions[] = {
    DECISION("court_level"),
    DECISION("kind"),
    "substr(" DECISION("date") ", 1, 4)",
    DECISION("region"),
    "(SELECT CASE count(DISTINCT f.value) WHEN 0 THEN 'none' WHEN 1 THEN json_extract(min(f.value), '$') "
    "ELSE 'mixed' END " VERDICTS ")",
    "(SELECT CASE WHEN count(*) = 0 THEN 'none' WHEN min(f.confidence) >= 0.9 THEN 'high' "
    "WHEN min(f.confidence) >= 0.7 THEN 'middle' ELSE 'low' END " VERDICTS ")",
    "CASE WHEN json_extract(j.json, '$.ocr') THEN 'scan' ELSE 'text' END",
};

static hu_error *expression_of(const char *variable, const char **expression)
{
    for (size_t i = 0; hu_sampling_variables[i]; i++)
        if (strcmp(hu_sampling_variables[i], variable) == 0) {
            *expression = expressions[i];
            return NULL;
        }
    const char *meant = hu_closest(variable, hu_sampling_variables);
    return hu_fail(HU_USAGE,
                   "--strata %s: expected some of court_level, kind, year, region, verdict, confidence, scan%s%s",
                   variable, meant ? "; probably " : "", meant ? meant : "");
}

hu_error *hu_store_sampling_units(hu_store *store, const char *const *variables, size_t n_variables, hu_arena *arena,
                                  hu_table **units)
{
    HU_BUF(sql);
    hu_buf_add_text(&sql, "SELECT j.sha256, j.document, ''");
    for (size_t i = 0; i < n_variables; i++) {
        const char *expression;
        HU_TRY(expression_of(variables[i], &expression));
        hu_buf_printf(&sql, " || '%s' || %s", i ? " / " : "", expression);
    }
    hu_buf_add_text(&sql, " AS stratum FROM judgments j WHERE j.judgment_id NOT IN (SELECT judgment_id FROM "
                          "duplicates) ORDER BY j.sha256");
    return hu_store_query(store, arena, units, sql.data, 0, NULL);
}

hu_error *hu_store_sampling_design(hu_store *store, const char *strata, hu_arena *arena, hu_sampling_design *design)
{
    sqlite3_stmt *statement;
    bool row;
    *design = (hu_sampling_design){0};
    HU_TRY(hu_db_bind(store, &statement,
                      "SELECT design_id, strata, seed, reader, draws FROM sampling_designs "
                      "WHERE ?1 IS NULL OR strata = ?1 ORDER BY design_id DESC LIMIT 1",
                      "t", strata));
    HU_TRY(hu_db_step(store, statement, &row));
    if (row)
        *design = (hu_sampling_design){.id = sqlite3_column_int64(statement, 0),
                                       .strata = hu_db_text(statement, 1, arena),
                                       .seed = hu_db_text(statement, 2, arena),
                                       .reader = hu_db_text(statement, 3, arena),
                                       .draws = sqlite3_column_int64(statement, 4)};
    sqlite3_reset(statement);
    return NULL;
}

static hu_error *put_design(hu_store *store, hu_sampling_design *design, const hu_sampling_place *frame, size_t n_frame)
{
    HU_TRY(hu_db_run(store, "INSERT INTO sampling_designs (strata, seed, reader, draws) VALUES (?, ?, ?, 0)", "ttt",
                     design->strata, design->seed, design->reader));
    design->id = sqlite3_last_insert_rowid(store->db);
    for (size_t i = 0; i < n_frame; i++) {
        HU_TRY(hu_db_run(store,
                         "INSERT INTO sampling_strata (design_id, stratum, population, drawn) VALUES (?, ?, 1, 0) "
                         "ON CONFLICT (design_id, stratum) DO UPDATE SET population = population + 1",
                         "it", design->id, frame[i].stratum));
        HU_TRY(hu_db_run(store,
                         "INSERT INTO sampling_frame (design_id, stratum, position, sha256, document) "
                         "VALUES (?, ?, ?, ?, ?)",
                         "itItt", design->id, frame[i].stratum, (int64_t)frame[i].position, frame[i].sha256,
                         frame[i].document));
    }
    return NULL;
}

hu_error *hu_store_put_sampling_design(hu_store *store, hu_sampling_design *design, const hu_sampling_place *frame,
                                       size_t n_frame)
{
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    return hu_db_end(store, nested, put_design(store, design, frame, n_frame));
}

hu_error *hu_store_sampling_strata(hu_store *store, int64_t design, hu_arena *arena, hu_table **strata)
{
    const char *id = hu_printf(arena, "%lld", (long long)design);
    return hu_store_query(store, arena, strata,
                          "SELECT stratum, population, drawn FROM sampling_strata WHERE design_id = CAST(? AS INTEGER) "
                          "ORDER BY stratum",
                          1, &id);
}

/* The probability of one judgment over all designs; a single design's is exact, not 1 - (1 - p). */
static hu_error *probability_of(hu_store *store, const char *sha256, double *probability)
{
    sqlite3_stmt *statement;
    double missed = 1, last = 0;
    int designs = 0;
    HU_TRY(hu_db_bind(store, &statement,
                      "SELECT CAST(s.drawn AS REAL) / s.population FROM sampling_frame f JOIN sampling_strata s "
                      "ON s.design_id = f.design_id AND s.stratum = f.stratum WHERE f.sha256 = ? ORDER BY s.design_id",
                      "t", sha256));
    for (bool row;; designs++) {
        HU_TRY(hu_db_step(store, statement, &row));
        if (!row)
            break;
        last = sqlite3_column_double(statement, 0);
        missed *= 1 - last;
    }
    *probability = designs == 1 ? last : 1 - missed;
    return NULL;
}

static hu_error *refresh_sample(hu_store *store)
{
    HU_SCRATCH(scratch);
    hu_table *taken;
    HU_TRY(hu_store_query(store, scratch, &taken,
                          "SELECT sha256, max(document) AS document FROM sampling_frame WHERE draw IS NOT NULL "
                          "GROUP BY sha256 ORDER BY sha256",
                          0, NULL));
    for (size_t r = 0; r < taken->rows; r++) {
        const char *sha256 = hu_table_text(taken, &taken->columns[0], r, scratch);
        double probability = 0;
        HU_TRY(probability_of(store, sha256, &probability));
        HU_TRY(hu_db_run(store,
                         "INSERT INTO sample (sha256, document, probability) VALUES (?, ?, ?) "
                         "ON CONFLICT (sha256) DO UPDATE SET probability = excluded.probability",
                         "ttd", sha256, hu_table_text(taken, &taken->columns[1], r, scratch), probability));
    }
    return NULL;
}

static hu_error *draw(hu_store *store, int64_t design, const char *const *strata, const size_t *drawn, size_t n_strata)
{
    HU_TRY(hu_db_run(store, "UPDATE sampling_designs SET draws = draws + 1 WHERE design_id = ?", "i", design));
    for (size_t h = 0; h < n_strata; h++) {
        HU_TRY(hu_db_run(store, "UPDATE sampling_strata SET drawn = ? WHERE design_id = ? AND stratum = ?", "iit",
                         (int64_t)drawn[h], design, strata[h]));
        HU_TRY(hu_db_run(store,
                         "UPDATE sampling_frame SET draw = (SELECT draws FROM sampling_designs WHERE design_id = ?1) "
                         "WHERE design_id = ?1 AND stratum = ?2 AND position <= ?3 AND draw IS NULL",
                         "iti", design, strata[h], (int64_t)drawn[h]));
    }
    return refresh_sample(store);
}

hu_error *hu_store_sampling_draw(hu_store *store, int64_t design, const char *const *strata, const size_t *drawn,
                                 size_t n_strata)
{
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    return hu_db_end(store, nested, draw(store, design, strata, drawn, n_strata));
}
