/* huella keys: the master keys that wrap the keys of records; a new one. */

#include "rows.h"

#include "huella/base/file.h"
#include "huella/base/instant.h"
#include "huella/field/audit.h"
#include "huella/registry/store.h"

#include <string.h>

static const char *keys_path(hu_run *run)
{
    const char *path = hu_opt_text(run, "keys");
    return path ? path : hu_path_join(run->arena, run->study, "huella.keys");
}

static hu_error *note_rotation(const char *path, hu_store *store, int64_t count)
{
    HU_SCRATCH(arena);
    hu_vault *vault;
    HU_TRY(hu_vault_open(path, false, &vault));
    hu_error *error =
        hu_audit_add(vault, store,
                     &(hu_audit_entry){.at = hu_instant_now(),
                                       .actor = "command",
                                       .action = "keys.rotate",
                                       .object = "",
                                       .detail = hu_printf(arena, "{\"records\":%lld}", (long long)count)});
    hu_vault_close(vault);
    return error;
}

static hu_error *rotate(hu_run *run, hu_store *store)
{
    int64_t count = 0;
    HU_TRY(hu_vault_rotate(keys_path(run), store, &count));
    HU_TRY(note_rotation(keys_path(run), store, count));
    if (run->format == HU_FORMAT_TABLE)
        fprintf(run->out, "A new master key wraps the keys of %lld records.\nCopy the file of keys again: %s\n",
                (long long)count, keys_path(run));
    else
        fprintf(run->out, "{\"rotated\":true,\"records\":%lld}\n", (long long)count);
    return NULL;
}

/* How many records each master key wraps; never a key. */
static hu_error *list(hu_run *run, hu_store *store)
{
    hu_table *masters;
    hu_vault *vault;
    HU_TRY(hu_vault_open(keys_path(run), false, &vault));
    hu_vault_close(vault); /* it is there and whole */
    HU_TRY(hu_store_query(store, run->arena, &masters,
                          "SELECT master, count(*) AS records FROM vault_keys GROUP BY master ORDER BY master", 0,
                          NULL));
    if (run->format == HU_FORMAT_TABLE) {
        hu_print_rows(run->out, masters, 0);
        return NULL;
    }
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_rows(&json, "masters", masters);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
    return NULL;
}

static hu_error *run_keys(hu_run *run)
{
    const char *what = run->n_files ? run->files[0] : "list";
    bool rotates = strcmp(what, "rotate") == 0;
    hu_store *store;
    if (!rotates && strcmp(what, "list") != 0)
        return hu_fail(HU_USAGE, "keys %s: expected rotate or list", what);
    HU_TRY(hu_store_open_existing(run->store, &store));
    hu_error *error = rotates ? rotate(run, store) : list(run, store);
    hu_store_close(store);
    return error;
}

static const hu_option options[] = {
    {"keys", HU_OPT_TEXT, "FILE", NULL, "The file of keys; default DIR/huella.keys."},
    {0},
};

const hu_command hu_command_keys = {
    .name = "keys",
    .summary = "the field system's master keys: how many records each wraps, a new one",
    .usage = "[rotate | list] [--study DIR]",
    .description =
        "Every sealed record has a key of its own, wrapped by a master key in a file outside the store. `huella keys "
        "rotate` adds a master key to that file and wraps every record's key by it: after somebody who could read the "
        "file has left, and once a year. Stop `huella serve` first: a server that runs keeps the keys that it opened, "
        "and "
        "the rotation is refused. Interrupted at any moment nothing is lost; run it again.\n\n"
        "Earlier master keys stay in the file, for copies of the store that were made before.",
    .example = "  huella keys --study comuna\n  huella keys rotate --study comuna",
    .options = options,
    .min_files = 0,
    .max_files = 1,
    .run = run_keys,
};
