/* huella backup and huella restore: a copy of the store to keep elsewhere, and back. */

#include "command.h"

#include "huella/base/file.h"
#include "huella/field/backup.h"

#include <string.h>

/* The first line of the file; NULL where none is named. A passphrase on the command line could be read by others. */
static hu_error *passphrase_of(hu_run *run, const char **passphrase)
{
    const char *path = hu_opt_text(run, "passphrase-file");
    hu_file file;
    *passphrase = NULL;
    if (!path)
        return NULL;
    HU_TRY(hu_file_open(path, 4096, &file));
    const char *end = memchr(file.data, '\n', file.length);
    size_t length = end ? (size_t)(end - file.data) : file.length;
    *passphrase = hu_strndup(run->arena, file.data, length);
    hu_file_close(&file);
    if (length < 12)
        return hu_fail(HU_BAD_INPUT, "%s: the passphrase has %zu bytes; expected 12 or more in the first line", path,
                       length);
    return NULL;
}

static const char *keys_path(hu_run *run)
{
    const char *path = hu_opt_text(run, "keys");
    return path ? path : hu_path_join(run->arena, run->study, "huella.keys");
}

static hu_error *run_backup(hu_run *run)
{
    hu_backup_options options = {0};
    hu_store *store;
    HU_TRY(passphrase_of(run, &options.passphrase));
    if (hu_opt_flag(run, "with-keys"))
        options.keys = keys_path(run);
    HU_TRY(hu_store_open_existing(run->store, &store));
    hu_error *error = hu_backup_write(store, run->files[0], &options);
    hu_store_close(store);
    if (!error)
        fprintf(run->out, "%s\n", run->files[0]);
    return error;
}

static hu_error *run_restore(hu_run *run)
{
    const char *passphrase, *store = run->store;
    bool with_keys;
    HU_TRY(passphrase_of(run, &passphrase));
    if (strncmp(store, "sqlite:", 7) != 0)
        return hu_fail(HU_USAGE, "--store %s: expected sqlite:FILE", store);
    HU_TRY(hu_make_folder(run->study));
    HU_TRY(hu_backup_restore(run->files[0], passphrase, store + 7, keys_path(run), &with_keys));
    fprintf(run->out, "%s\n", store + 7);
    if (with_keys)
        fprintf(run->out, "%s\n", keys_path(run));
    hu_say(run, "`huella audit verify` says whether its trail holds");
    return NULL;
}

static const hu_option backup_options[] = {
    {"passphrase-file", HU_OPT_TEXT, "FILE", NULL, "Encrypt by the passphrase in the first line of FILE."},
    {"with-keys", HU_OPT_FLAG, NULL, NULL, "Put the file of keys into the encrypted copy."},
    {"keys", HU_OPT_TEXT, "FILE", NULL, "The file of keys; default DIR/huella.keys."},
    {0},
};

const hu_command hu_command_backup = {
    .name = "backup",
    .summary = "a copy of the store, made while it is in use",
    .usage = "FILE [--passphrase-file FILE [--with-keys]] [--study DIR]",
    .description =
        "Writes a copy of the store as it is at one moment, while `huella serve` may go on, checks it, and puts it in "
        "its "
        "place whole or not at all. Nothing is written over.\n\n"
        "With --passphrase-file the copy is encrypted (Argon2id, XChaCha20-Poly1305), and --with-keys puts the file of "
        "keys into it: without that file nothing that is sealed can be read, so keep a copy of it somewhere. Without a "
        "passphrase the copy is a SQLite file in which records stay sealed, but not districts, times and states.\n\n"
        "What is erased later (crypto-shredding) can still be read from earlier copies: delete these too.",
    .example = "  huella backup /media/usb/2026-05-04.huella --passphrase-file pass --with-keys --study comuna",
    .options = backup_options,
    .min_files = 1,
    .max_files = 1,
    .run = run_backup,
};

static const hu_option restore_options[] = {
    {"passphrase-file", HU_OPT_TEXT, "FILE", NULL, "The passphrase stands in the first line of FILE."},
    {"keys", HU_OPT_TEXT, "FILE", NULL, "Where the file of keys goes; default DIR/huella.keys."},
    {0},
};

const hu_command hu_command_restore = {
    .name = "restore",
    .summary = "bring a backup back as the store of a folder",
    .usage = "FILE [--passphrase-file FILE] --study DIR",
    .description = "Brings a copy that `huella backup` made back as DIR/huella.db, and the file of keys where the copy "
                   "holds it. The copy is checked first: one that was altered or cut off is refused, and nothing is "
                   "left. A store or file of keys that is there already is not written over.",
    .example = "  huella restore /media/usb/2026-05-04.huella --passphrase-file pass --study comuna",
    .options = restore_options,
    .min_files = 1,
    .max_files = 1,
    .run = run_restore,
};
