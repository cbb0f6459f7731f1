/* huella audit: the trail of what was done in the field system, listed or verified. */

#include "rows.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/field/audit.h"
#include "huella/registry/store.h"

#include <string.h>

static const char list_sql[] = "SELECT seq, strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') AS at, actor, action, "
                               "object, detail FROM audit WHERE (?1 IS NULL OR object = ?1) AND (?2 IS NULL OR actor = "
                               "?2) ORDER BY seq";

static hu_error *list(hu_run *run, hu_store *store)
{
    hu_table *entries;
    const char *const wanted[] = {hu_opt_text(run, "object"), hu_opt_text(run, "actor")};
    HU_TRY(hu_store_query(store, run->arena, &entries, list_sql, 2, wanted));
    if (run->format == HU_FORMAT_TABLE) {
        hu_print_rows(run->out, entries, 0);
    } else if (run->format == HU_FORMAT_CSV) {
        hu_csv_write(run->out, entries);
    } else if (run->format == HU_FORMAT_JSONL) {
        hu_print_json_lines(run->out, entries);
    } else {
        HU_BUF(text);
        hu_json json;
        hu_json_start(&json, &text);
        hu_json_object(&json);
        hu_json_put_rows(&json, "entries", entries);
        hu_json_object_end(&json);
        fprintf(run->out, "%s\n", text.data);
    }
    return NULL;
}

/* Whether the trail holds the code that was noted earlier; that of a trail that has not begun is all zeros. */
static hu_error *find_head(hu_run *run, hu_store *store, const char *head, bool *holds)
{
    hu_table *found;
    const char *const wanted[] = {head};
    *holds = strspn(head, "0") == strlen(head);
    HU_TRY(
        hu_store_query(store, run->arena, &found, "SELECT seq FROM audit WHERE lower(hex(mac)) = lower(?)", 1, wanted));
    *holds = *holds || found->rows > 0;
    return NULL;
}

static void print_check(hu_run *run, const hu_audit_check *check)
{
    if (run->format == HU_FORMAT_TABLE) {
        if (check->bad)
            fprintf(run->out, "The trail does not hold from entry %lld on: %s.\n", (long long)check->bad, check->why);
        else
            fprintf(run->out,
                    "The trail holds: %lld entries.\nHead: %s\nKeep it elsewhere: --head compares with it later.\n",
                    (long long)check->entries, check->head);
        return;
    }
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_bool(&json, "holds", !check->bad);
    hu_json_put_integer(&json, "entries", check->entries);
    hu_json_key(&json, "bad");
    if (check->bad)
        hu_json_integer(&json, check->bad);
    else
        hu_json_null(&json);
    hu_json_put_text(&json, "why", check->bad ? check->why : NULL);
    hu_json_put_text(&json, "head", check->head);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
}

static hu_error *verify(hu_run *run, hu_store *store, const hu_vault *vault)
{
    hu_audit_check check;
    bool known = true;
    const char *head = hu_opt_text(run, "head");
    HU_TRY(hu_audit_verify(vault, store, &check));
    if (head)
        HU_TRY(find_head(run, store, head, &known));
    if (!known && !check.bad) {
        check.bad = check.entries + 1;
        check.why = "no entry has the code that was noted: entries were cut off the end, or the trail is another's";
    }
    print_check(run, &check);
    run->status = check.bad ? 1 : 0;
    return NULL;
}

static hu_error *open_and_verify(hu_run *run, hu_store *store)
{
    const char *keys = hu_opt_text(run, "keys");
    hu_vault *vault;
    if (!keys)
        keys = hu_path_join(run->arena, run->study, "huella.keys");
    HU_TRY(hu_vault_open(keys, false, &vault));
    hu_error *error = verify(run, store, vault);
    hu_vault_close(vault);
    return error;
}

static hu_error *run_audit(hu_run *run)
{
    const char *what = run->n_files ? run->files[0] : "list";
    bool verifies = strcmp(what, "verify") == 0;
    hu_store *store;
    if (!verifies && strcmp(what, "list") != 0)
        return hu_fail(HU_USAGE, "audit %s: expected verify or list", what);
    HU_TRY(hu_store_open_existing(run->store, &store));
    hu_error *error = verifies ? open_and_verify(run, store) : list(run, store);
    hu_store_close(store);
    return error;
}

static const hu_option options[] = {
    {"keys", HU_OPT_TEXT, "FILE", NULL, "The file of keys; default DIR/huella.keys."},
    {"head", HU_OPT_TEXT, "CODE", NULL, "With verify: the head that an earlier verification printed."},
    {"object", HU_OPT_TEXT, "ID", NULL, "With list: what was done to this record."},
    {"actor", HU_OPT_TEXT, "ID", NULL, "With list: what this account did."},
    {0},
};

const hu_command hu_command_audit = {
    .name = "audit",
    .summary = "the audit trail of the field system: list it, verify it",
    .usage = "[verify | list] [--study DIR]",
    .description =
        "`huella audit` lists what was done, by whom, to which record and when; never what a record holds. `huella "
        "audit "
        "verify` reads the whole trail and checks that no entry was altered, removed, put in or moved: each entry's "
        "code "
        "covers the one before, under a key that stands outside the store. It says the first entry that does not hold, "
        "and exits with 1.\n\n"
        "Whoever keeps an old copy of the store can put it in the place of the new one. Against that, note the head "
        "that "
        "verify prints outside this machine, and give it to --head the next time.",
    .example = "  huella audit verify --study comuna\n  huella audit --study comuna --format csv --out trail.csv",
    .options = options,
    .min_files = 0,
    .max_files = 1,
    .run = run_audit,
};
