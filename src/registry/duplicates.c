/*
 * Judgments that stand in the study more than once: as another file, a scan, another format.
 *
 * Two judgments are one when their texts are alike (base/similar.h) and nothing that names a decision speaks against
 * it: neither file number, date nor kind may be known in both and differ. Texts that are alike by less than NEARLY_ALL
 * must also agree in file number and date. Courts fill in forms, so likeness alone is no proof.
 */

#include "huella/registry/database.h"

#include "huella/base/similar.h"

#include <stdio.h>
#include <string.h>

static const double LEAST = 0.5, NEARLY_ALL = 0.9;

enum { SHORTEST = 500 }; /* bytes: a text of some lines is like none */
enum { N_NAMES = 3, HEX = 8 * HU_SIGNATURE };

typedef struct judgment {
    int64_t id;
    const char *names[N_NAMES]; /* file number, date, kind, as JSON; NULL = not read */
} judgment;

typedef struct collection {
    judgment *judgments;
    hu_signature *signatures;
    size_t count, room;
} collection;

/* ---- signatures ---- */

static void to_hex(const hu_signature *signature, char out[HEX + 1])
{
    for (size_t i = 0; i < HU_SIGNATURE; i++)
        snprintf(out + 8 * i, 9, "%08x", signature->least[i]);
}

static bool from_hex(const char *text, hu_signature *signature)
{
    if (!text || strlen(text) != HEX)
        return false;
    for (size_t i = 0; i < HU_SIGNATURE; i++) {
        uint32_t value = 0;
        for (size_t k = 0; k < 8; k++) {
            const char *digits = "0123456789abcdef", *digit = strchr(digits, text[8 * i + k]);
            if (!digit)
                return false;
            value = value << 4 | (uint32_t)(digit - digits);
        }
        signature->least[i] = value;
    }
    return true;
}

static hu_error *sign_one(hu_store *store, int64_t id, const char *text)
{
    HU_SCRATCH(scratch);
    char hex[HEX + 1], *folded;
    size_t length;
    hu_signature signature = {0};
    hu_fold(text, strlen(text), scratch, &folded, &length, NULL);
    if (length >= SHORTEST)
        hu_signature_of(folded, length, &signature);
    to_hex(&signature, hex);
    return hu_db_run(store, "INSERT INTO signatures (judgment_id, signature) VALUES (?, ?)", "it", id, hex);
}

/* Texts that have come since the last time. */
static hu_error *sign_new(hu_store *store)
{
    for (int64_t id = 0;;) {
        sqlite3_stmt *statement;
        bool row;
        HU_SCRATCH(scratch);
        HU_TRY(hu_db_bind(store, &statement,
                          "SELECT j.judgment_id, j.text FROM judgments j WHERE j.judgment_id > ? AND NOT EXISTS "
                          "(SELECT 1 FROM signatures s WHERE s.judgment_id = j.judgment_id) "
                          "ORDER BY j.judgment_id LIMIT 1",
                          "i", id));
        HU_TRY(hu_db_step(store, statement, &row));
        if (!row)
            return NULL;
        id = sqlite3_column_int64(statement, 0);
        const char *text = hu_db_text(statement, 1, scratch);
        sqlite3_reset(statement);
        HU_TRY(sign_one(store, id, text ? text : ""));
    }
}

/* ---- groups ---- */

/* In the order of names of files, scans last: the first of a group is the one that counts. */
static const char all_sql[] = "SELECT j.judgment_id, s.signature, n.value, d.value, k.value FROM judgments j "
                              "JOIN signatures s ON s.judgment_id = j.judgment_id "
                              "LEFT JOIN findings n ON n.judgment_id = j.judgment_id AND n.key = 'decision.expediente' "
                              "LEFT JOIN findings d ON d.judgment_id = j.judgment_id AND d.key = 'decision.date' "
                              "LEFT JOIN findings k ON k.judgment_id = j.judgment_id AND k.key = 'decision.kind' "
                              "ORDER BY CASE WHEN j.json LIKE '%\"ocr\":true%' THEN 1 ELSE 0 END, j.document";

static hu_error *load(hu_store *store, hu_arena *arena, collection *all)
{
    sqlite3_stmt *statement;
    HU_TRY(hu_db_bind(store, &statement, all_sql, ""));
    for (bool row;;) {
        HU_TRY(hu_db_step(store, statement, &row));
        if (!row)
            return NULL;
        if (all->count == all->room) {
            size_t room = all->room ? 2 * all->room : 256;
            all->judgments = hu_regrow(arena, all->judgments, all->count, room, sizeof *all->judgments);
            all->signatures = hu_regrow(arena, all->signatures, all->count, room, sizeof *all->signatures);
            all->room = room;
        }
        if (!from_hex((const char *)sqlite3_column_text(statement, 1), &all->signatures[all->count]))
            continue;
        judgment *j = &all->judgments[all->count++];
        *j = (judgment){.id = sqlite3_column_int64(statement, 0)};
        for (int i = 0; i < N_NAMES; i++)
            j->names[i] = hu_db_text(statement, 2 + i, arena);
    }
}

static bool is_same_decision(void *context, size_t a, size_t b, double similarity)
{
    const collection *all = context;
    size_t same[N_NAMES] = {0};
    for (int i = 0; i < N_NAMES; i++) {
        const char *x = all->judgments[a].names[i], *y = all->judgments[b].names[i];
        if (x && y && strcmp(x, y) != 0)
            return false;
        same[i] = x && y;
    }
    return similarity >= NEARLY_ALL || (same[0] && same[1]);
}

static hu_error *find(hu_store *store, hu_arena *arena, size_t *count)
{
    collection all = {0};
    *count = 0;
    HU_TRY(sign_new(store));
    HU_TRY(hu_db_run(store, "DELETE FROM duplicates", ""));
    HU_TRY(load(store, arena, &all));
    size_t *group = HU_NEW_ARRAY(arena, size_t, all.count + 1);
    hu_similar_groups(all.signatures, all.count, LEAST, is_same_decision, &all, group);
    for (size_t i = 0; i < all.count; i++) {
        if (group[i] == i)
            continue;
        double similarity = hu_signature_similarity(&all.signatures[i], &all.signatures[group[i]]);
        HU_TRY(hu_db_run(store, "INSERT INTO duplicates (judgment_id, original_id, similarity) VALUES (?, ?, ?)", "iid",
                         all.judgments[i].id, all.judgments[group[i]].id, similarity));
        ++*count;
    }
    return NULL;
}

hu_error *hu_store_find_duplicates(hu_store *store, size_t *count)
{
    HU_SCRATCH(arena);
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    return hu_db_end(store, nested, find(store, arena, count));
}
