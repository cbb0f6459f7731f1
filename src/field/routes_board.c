/* The board of a district: how much was met, recorded, referred, completed, and what is late. */

#include "inside.h"
#include "routes.h"

#include <microhttpd.h>

/* An object of counts, key by key. */
static hu_error *put_counts(call *c, hu_json *json, const char *name, const char *sql, const char *district)
{
    sqlite3_stmt *row;
    bool more = true;
    hu_error *error;
    HU_TRY(hu_db_bind(c->store, &row, sql, "ti", district, c->now));
    hu_json_key(json, name);
    hu_json_object(json);
    while (!(error = hu_db_step(c->store, row, &more)) && more)
        hu_json_put_integer(json, hu_db_text(row, 0, c->arena), sqlite3_column_int64(row, 1));
    hu_json_object_end(json);
    return error;
}

/* ?1 district, NULL = all; ?2 now. No figure below a district: what is counted may be few. */
static hu_error *get(call *c)
{
    static const struct {
        const char *name, *sql;
    } counts[] = {
        {"incidents_by_month", "SELECT strftime('%Y-%m', occurred_at, 'unixepoch'), count(*) FROM incidents "
                               "WHERE (?1 IS NULL OR district = ?1) AND ?2 > 0 GROUP BY 1 ORDER BY 1 DESC LIMIT 24"},
        {"counted", "SELECT kind, sum(number) FROM encounters WHERE (?1 IS NULL OR district = ?1) AND ?2 > 0 "
                    "GROUP BY kind ORDER BY kind"},
        {"referrals_by_state", "SELECT state, count(*) FROM referrals WHERE (?1 IS NULL OR district = ?1) AND ?2 > 0 "
                               "GROUP BY state ORDER BY state"},
        {"overdue_by_institution", "SELECT institution_id, count(*) FROM referrals WHERE (?1 IS NULL OR district = ?1) "
                                   "AND due_at < ?2 GROUP BY institution_id ORDER BY institution_id"},
    };
    HU_BUF(text);
    hu_json json;
    const char *district = hu_permit_reach(HU_ACT_BOARD, c->account.role) == HU_EVERYWHERE ? NULL : c->account.district;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "district", district);
    json_put_instant(&json, "at", c->now);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        HU_TRY(put_counts(c, &json, counts[i].name, counts[i].sql, district));
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

const route routes_board[] = {
    {"GET", "/api/board", HU_ACT_BOARD, get, .slow = true,
     .summary = "Figures of the district (all, for a researcher)."},
    {0},
};
