/* The audit trail: a chain of codes; see audit.h. */

#include "huella/field/audit.h"

#include "huella/registry/database.h"

#include <sodium.h>
#include <string.h>

typedef struct link {
    int64_t seq;
    unsigned char mac[HU_MAC];
} link;

static hu_str number(hu_arena *arena, int64_t value)
{
    return hu_str_of(hu_printf(arena, "%lld", (long long)value));
}

static void next_code(const hu_vault *vault, const link *before, const hu_audit_entry *entry, hu_arena *arena,
                      unsigned char mac[HU_MAC])
{
    hu_str parts[] = {{(const char *)before->mac, HU_MAC},
                      number(arena, before->seq + 1),
                      number(arena, entry->at),
                      hu_str_of(entry->actor),
                      hu_str_of(entry->action),
                      hu_str_of(entry->object),
                      hu_str_of(entry->detail)};
    hu_vault_mac(vault, "audit", parts, sizeof parts / sizeof *parts, mac);
}

static void head_code(const hu_vault *vault, const link *last, hu_arena *arena, unsigned char mac[HU_MAC])
{
    hu_str parts[] = {number(arena, last->seq), {(const char *)last->mac, HU_MAC}};
    hu_vault_mac(vault, "audhead", parts, sizeof parts / sizeof *parts, mac);
}

static hu_error *last_link(hu_store *store, link *last)
{
    sqlite3_stmt *row;
    bool found;
    *last = (link){0};
    HU_TRY(hu_db_first(store, &row, &found, "SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1", ""));
    if (found) {
        last->seq = sqlite3_column_int64(row, 0);
        if (sqlite3_column_bytes(row, 1) == HU_MAC)
            memcpy(last->mac, sqlite3_column_blob(row, 1), HU_MAC);
    }
    hu_db_done(row);
    return NULL;
}

hu_error *hu_audit_add(const hu_vault *vault, hu_store *store, const hu_audit_entry *entry)
{
    HU_SCRATCH(arena);
    link last;
    hu_audit_entry whole = *entry;
    if (!whole.detail)
        whole.detail = "{}";
    HU_TRY(last_link(store, &last));
    link added = {.seq = last.seq + 1};
    next_code(vault, &last, &whole, arena, added.mac);
    HU_TRY(hu_db_run(store,
                     "INSERT INTO audit (seq, at, actor, action, object, detail, mac) VALUES (?, ?, ?, ?, ?, ?, ?)",
                     "iittttb", added.seq, whole.at, whole.actor, whole.action, whole.object, whole.detail,
                     (hu_str){(const char *)added.mac, HU_MAC}));
    unsigned char head[HU_MAC];
    head_code(vault, &added, arena, head);
    return hu_db_run(store,
                     "INSERT INTO audit_head (one, seq, mac) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET "
                     "seq = excluded.seq, mac = excluded.mac",
                     "ib", added.seq, (hu_str){(const char *)head, HU_MAC});
}

/* ---- verifying ---- */

static void check_entry(const hu_vault *vault, sqlite3_stmt *row, link *last, hu_audit_check *check)
{
    HU_SCRATCH(arena);
    hu_audit_entry entry = {.at = sqlite3_column_int64(row, 1),
                            .actor = hu_db_text(row, 2, arena),
                            .action = hu_db_text(row, 3, arena),
                            .object = hu_db_text(row, 4, arena),
                            .detail = hu_db_text(row, 5, arena)};
    int64_t seq = sqlite3_column_int64(row, 0);
    unsigned char mac[HU_MAC];
    check->entries++;
    if (seq != last->seq + 1) {
        check->bad = last->seq + 1;
        check->why = "the entry is missing";
        return;
    }
    next_code(vault, last, &entry, arena, mac);
    if (sqlite3_column_bytes(row, 6) != HU_MAC || sodium_memcmp(mac, sqlite3_column_blob(row, 6), HU_MAC) != 0) {
        check->bad = seq;
        check->why = "the entry was altered, moved or put in, or the file of keys is another's";
        return;
    }
    last->seq = seq;
    memcpy(last->mac, mac, HU_MAC);
}

static hu_error *check_head(const hu_vault *vault, hu_store *store, const link *last, hu_audit_check *check)
{
    HU_SCRATCH(arena);
    sqlite3_stmt *row;
    bool found;
    unsigned char mac[HU_MAC];
    head_code(vault, last, arena, mac);
    HU_TRY(hu_db_first(store, &row, &found, "SELECT seq, mac FROM audit_head", ""));
    bool holds = found ? sqlite3_column_int64(row, 0) == last->seq && sqlite3_column_bytes(row, 1) == HU_MAC &&
                             sodium_memcmp(mac, sqlite3_column_blob(row, 1), HU_MAC) == 0
                       : last->seq == 0;
    if (found)
        hu_db_done(row);
    if (!holds) {
        check->bad = last->seq + 1;
        check->why = "entries were cut off the end, or the head was altered";
    }
    return NULL;
}

hu_error *hu_audit_verify(const hu_vault *vault, hu_store *store, hu_audit_check *check)
{
    sqlite3_stmt *row;
    bool more = true;
    link last = {0};
    *check = (hu_audit_check){0};
    HU_TRY(hu_db_bind(store, &row, "SELECT seq, at, actor, action, object, detail, mac FROM audit ORDER BY seq", ""));
    hu_error *error = NULL;
    while (!check->bad && !(error = hu_db_step(store, row, &more)) && more)
        check_entry(vault, row, &last, check);
    hu_db_done(row);
    if (!error && !check->bad)
        error = check_head(vault, store, &last, check);
    sodium_bin2hex(check->head, sizeof check->head, last.mac, HU_MAC);
    return error;
}
