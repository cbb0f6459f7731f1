/* The file: a chain of lines, written whole; and the key beside it. */

#include "ledger_parts.h"

#include "huella/base/file.h"
#include "huella/base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t most_bytes = (size_t)1 << 30;

static void hash_line(const char *line, size_t length, char hex[65])
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)line, length, NULL, 0);
    sodium_bin2hex(hex, 65, hash, sizeof hash);
}

const char *ledger_text(const json_t *entry, const char *key)
{
    const char *text = json_string_value(json_object_get(entry, key));
    return text ? text : "";
}

static void let_go(void *entry)
{
    json_decref(entry);
}

static hu_error *add_line(hu_ledger *ledger, const char *line, size_t length, bool ended)
{
    json_t *entry = NULL;
    if (!ended)
        return hu_fail_at(HU_BAD_INPUT, ledger->path, (long)ledger->n + 1, NULL,
                          "the last line is cut off: expected a whole entry; put back a copy of the ledger");
    hu_error *error = hu_json_parse(line, length, ledger->path, &entry);
    if (error) {
        hu_error_free(error);
        return hu_fail_at(HU_BAD_INPUT, ledger->path, (long)ledger->n + 1, NULL,
                          "is no JSON object: expected an entry of a ledger, as `huella randomize` writes it");
    }
    ledger->entries = hu_regrow(ledger->arena, ledger->entries, ledger->n, ledger->n + 1, sizeof(json_t *));
    ledger->entries[ledger->n++] = entry;
    hu_arena_at_end(ledger->arena, let_go, entry);
    if (strcmp(ledger_text(entry, "previous"), ledger->head) != 0)
        return hu_fail_at(
            HU_BAD_INPUT, ledger->path, (long)ledger->n, NULL,
            "the chain is broken: this line does not follow from the one before it: an entry was changed, "
            "taken out or put in after it was written");
    hash_line(line, length, ledger->head);
    return NULL;
}

hu_error *hu_ledger_load(const char *path, hu_arena *arena, hu_ledger **out)
{
    hu_ledger *ledger = *out = HU_NEW(arena, hu_ledger);
    if (sodium_init() < 0)
        return hu_fail(HU_IO, "libsodium cannot start: the system gives no random numbers");
    ledger->path = hu_strdup(arena, path);
    ledger->arena = arena;
    memset(ledger->head, '0', 64);
    ledger->text = "";
    if (!hu_file_exists(path))
        return NULL;
    hu_file file;
    HU_TRY(hu_file_open(path, most_bytes, &file));
    ledger->text = hu_strndup(arena, file.data, file.length);
    ledger->length = file.length;
    hu_file_close(&file);
    const char *at = ledger->text, *end = at + ledger->length;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        HU_TRY(add_line(ledger, at, (size_t)((stop ? stop : end) - at), stop != NULL));
        at = stop + 1;
    }
    return NULL;
}

const json_t *hu_ledger_find(const hu_ledger *ledger, const char *kind, const char *unit)
{
    for (size_t i = ledger->n; i > 0; i--) {
        const json_t *entry = ledger->entries[i - 1];
        if (strcmp(ledger_text(entry, "entry"), kind) == 0 && (!unit || strcmp(ledger_text(entry, "unit"), unit) == 0))
            return entry;
    }
    return NULL;
}

/* Under a lock, and only if the file is still what was loaded: two writers cannot lose each other's entries. */
static hu_error *write_whole(const hu_ledger *ledger, const hu_buf *text)
{
    hu_file now = {0};
    int lock = open(ledger->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0)
        return hu_fail_system(errno, "opening %s", ledger->path);
    hu_error *error = flock(lock, LOCK_EX) == 0 ? hu_file_open(ledger->path, most_bytes, &now)
                                                : hu_fail_system(errno, "locking %s", ledger->path);
    if (!error && (now.length != ledger->length || memcmp(now.data, ledger->text, now.length) != 0))
        error = hu_fail(HU_STORE, "%s was written by somebody else at the same time: run this again", ledger->path);
    hu_file_close(&now);
    if (!error)
        error = hu_write_file(ledger->path, text->data, text->length);
    close(lock);
    return error;
}

hu_error *ledger_append(hu_ledger *ledger, json_t *entry, const char *kind, const char *time)
{
    HU_BUF(text);
    json_t *whole = json_object();
    json_object_set_new(whole, "entry", json_string(kind));
    json_object_set_new(whole, "time", json_string(time));
    json_object_set_new(whole, "version", json_string(HU_VERSION));
    json_object_update(whole, entry);
    json_decref(entry);
    json_object_set_new(whole, "previous", json_string(ledger->head));
    char *line = json_dumps(whole, JSON_COMPACT);
    json_decref(whole);
    if (!line)
        return hu_fail(HU_BAD_INPUT, "%s: a name holds bytes that are not UTF-8 and cannot stand in a ledger",
                       ledger->path);
    size_t length = strlen(line);
    hu_buf_add(&text, ledger->text, ledger->length);
    hu_buf_add(&text, line, length);
    hu_buf_add_char(&text, '\n');
    hu_error *error = write_whole(ledger, &text);
    if (!error) {
        ledger->text = hu_strndup(ledger->arena, text.data, text.length);
        ledger->length = text.length;
        error = add_line(ledger, line, length, true);
    }
    free(line);
    return error;
}

/* --- the key --- */

hu_ledger_key hu_ledger_key_new(uint64_t seed)
{
    unsigned char nonce[32];
    hu_ledger_key key = {.seed = seed};
    randombytes_buf(nonce, sizeof nonce);
    sodium_bin2hex(key.nonce, sizeof key.nonce, nonce, sizeof nonce);
    return key;
}

uint64_t hu_ledger_random_seed(void)
{
    uint64_t seed;
    randombytes_buf(&seed, sizeof seed);
    return seed >> 11;
}

const char *hu_ledger_key_path(const char *ledger, hu_arena *arena)
{
    return hu_printf(arena, "%s.key", ledger);
}

hu_error *hu_ledger_key_write(const char *path, const hu_ledger_key *key)
{
    char text[160];
    int length = snprintf(text, sizeof text, "{\"seed\":\"%llu\",\"nonce\":\"%s\"}\n", (unsigned long long)key->seed,
                          key->nonce);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return hu_fail_system(errno, "making %s, which keeps the seed until the draw is opened", path);
    bool written = write(file, text, (size_t)length) == length && fsync(file) == 0;
    int reason = errno;
    close(file);
    return written ? NULL : hu_fail_system(reason, "writing %s", path);
}

hu_error *ledger_entry_key(const hu_ledger *ledger, const json_t *entry, hu_ledger_key *key)
{
    const char *seed = ledger_text(entry, "seed"), *nonce = ledger_text(entry, "nonce");
    char *end = NULL;
    errno = 0;
    key->seed = strtoull(seed, &end, 10);
    if (!*seed || *end || errno || strlen(nonce) != 64 || strspn(nonce, "0123456789abcdef") != 64)
        return hu_fail(HU_BAD_INPUT,
                       "%s: seed and nonce are not as they were written: expected a whole number and 64 "
                       "hexadecimal digits",
                       ledger->path);
    memcpy(key->nonce, nonce, sizeof key->nonce);
    return NULL;
}

hu_error *hu_ledger_key_read(const char *path, hu_ledger_key *key)
{
    json_t *root = NULL;
    if (!hu_file_exists(path))
        return hu_fail(HU_NOT_FOUND,
                       "%s: no such file: it keeps the seed between commitment and opening, and whoever "
                       "committed has it",
                       path);
    HU_TRY(hu_json_load(path, &root));
    hu_error *error = ledger_entry_key(&(hu_ledger){.path = path}, root, key);
    json_decref(root);
    return error;
}
