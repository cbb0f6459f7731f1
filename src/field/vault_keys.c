/* The file of keys: read, made, added to. */

#include "vault_keys.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_MASTERS = 1000, HEX = 2 * HU_VAULT_KEY };

typedef struct master {
    int64_t id;
    unsigned char key[HU_VAULT_KEY];
} master;

struct hu_vault {
    unsigned char root[HU_VAULT_KEY];
    master *masters;
    size_t n;
};

int64_t vault_newest(const hu_vault *vault)
{
    return vault->masters[vault->n - 1].id;
}

const unsigned char *vault_master(const hu_vault *vault, int64_t id)
{
    for (size_t i = vault->n; i-- > 0;)
        if (vault->masters[i].id == id)
            return vault->masters[i].key;
    return NULL;
}

void hu_vault_close(hu_vault *vault)
{
    if (!vault)
        return;
    if (vault->masters)
        sodium_memzero(vault->masters, vault->n * sizeof *vault->masters);
    free(vault->masters);
    sodium_memzero(vault, sizeof *vault);
    free(vault);
}

static bool parse_key(const json_t *value, unsigned char key[HU_VAULT_KEY])
{
    const char *text = json_string_value(value);
    size_t length = 0;
    return text && strlen(text) == HEX && sodium_hex2bin(key, HU_VAULT_KEY, text, HEX, NULL, &length, NULL) == 0 &&
           length == HU_VAULT_KEY;
}

static hu_error *parse(hu_vault *vault, const json_t *root, const char *path)
{
    const json_t *list = json_object_get(root, "masters");
    size_t n = json_array_size(list);
    if (!parse_key(json_object_get(root, "root"), vault->root) || !n || n > MOST_MASTERS)
        return hu_fail(HU_BAD_INPUT, "%s: expected a file of keys, as `huella serve` makes it", path);
    vault->masters = hu_xcalloc(n, sizeof *vault->masters);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        master *to = &vault->masters[vault->n++];
        to->id = json_integer_value(json_object_get(one, "id"));
        if (to->id <= 0 || (i && to->id <= vault->masters[i - 1].id) ||
            !parse_key(json_object_get(one, "key"), to->key))
            return hu_fail(HU_BAD_INPUT, "%s: master key %zu is not whole", path, i + 1);
    }
    return NULL;
}

static void print_key(hu_json *json, const char *name, const unsigned char *key)
{
    char hex[HEX + 1];
    sodium_bin2hex(hex, sizeof hex, key, HU_VAULT_KEY);
    hu_json_put_text(json, name, hex);
    sodium_memzero(hex, sizeof hex);
}

static void print(const hu_vault *vault, hu_buf *out)
{
    hu_json json;
    hu_json_start(&json, out);
    hu_json_object(&json);
    print_key(&json, "root", vault->root);
    hu_json_key(&json, "masters");
    hu_json_array(&json);
    for (size_t i = 0; i < vault->n; i++) {
        hu_json_object(&json);
        hu_json_put_integer(&json, "id", vault->masters[i].id);
        print_key(&json, "key", vault->masters[i].key);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    hu_buf_add_char(out, '\n');
}

/* Written beside and renamed, for its owner's eyes only from the first byte on. */
static hu_error *save(const hu_vault *vault, const char *path)
{
    HU_SCRATCH(arena);
    HU_BUF(text);
    const char *temporary = hu_printf(arena, "%s.new", path);
    print(vault, &text);
    unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool whole = fd >= 0 && write(fd, text.data, text.length) == (ssize_t)text.length && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    sodium_memzero(text.data, text.length);
    if (!whole || rename(temporary, path) != 0) {
        if (whole)
            reason = errno;
        unlink(temporary);
        return hu_fail_system(reason, "writing the file of keys %s", path);
    }
    return NULL;
}

static void add_random(hu_vault *vault)
{
    vault->masters = hu_xrealloc(vault->masters, (vault->n + 1) * sizeof *vault->masters);
    master *added = &vault->masters[vault->n];
    added->id = vault->n ? vault->masters[vault->n - 1].id + 1 : 1;
    randombytes_buf(added->key, sizeof added->key);
    vault->n++;
}

hu_error *vault_hold(const char *path, bool exclusive, int *descriptor)
{
    *descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (*descriptor < 0)
        return hu_fail_system(errno, "opening the file of keys %s", path);
    if (flock(*descriptor, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
        return NULL;
    close(*descriptor);
    *descriptor = -1;
    return hu_fail(HU_STORE,
                   exclusive ? "%s: a server works with this file of keys: end `huella serve`, and try again"
                             : "%s: master keys are being rotated: wait until that has ended, and try again",
                   path);
}

hu_error *vault_add_master(hu_vault *vault, const char *path)
{
    if (vault->n >= MOST_MASTERS)
        return hu_fail(HU_LIMIT, "%s holds %zu master keys already", path, vault->n);
    add_random(vault);
    return save(vault, path);
}

static hu_error *make(hu_vault *vault, const char *path)
{
    randombytes_buf(vault->root, sizeof vault->root);
    add_random(vault);
    return save(vault, path);
}

static hu_error *load(hu_vault *vault, const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && (status.st_mode & 077))
        return hu_fail(HU_BAD_INPUT, "%s: others may read the file of keys: chmod 600 %s", path, path);
    json_t *root;
    HU_TRY(hu_json_load(path, &root));
    hu_error *error = parse(vault, root, path);
    json_decref(root);
    return error;
}

hu_error *hu_vault_open(const char *path, bool create, hu_vault **vault)
{
    *vault = NULL;
    if (sodium_init() < 0)
        return hu_fail(HU_IO, "the system gives no random numbers");
    hu_vault *opened = hu_xcalloc(1, sizeof *opened);
    hu_error *error = NULL;
    if (hu_file_exists(path))
        error = load(opened, path);
    else if (create)
        error = make(opened, path);
    else
        error = hu_fail(HU_BAD_INPUT,
                        "%s: the file of keys is not there: without it nothing that is sealed can be read; "
                        "--keys names it",
                        path);
    if (error)
        hu_vault_close(opened);
    else
        *vault = opened;
    return error;
}

void hu_vault_mac(const hu_vault *vault, const char *purpose, const hu_str *parts, size_t n, unsigned char mac[HU_MAC])
{
    char context[crypto_kdf_CONTEXTBYTES] = {0};
    unsigned char key[crypto_auth_hmacsha256_KEYBYTES];
    memcpy(context, purpose, strnlen(purpose, sizeof context));
    crypto_kdf_derive_from_key(key, sizeof key, 1, context, vault->root);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, sizeof key);
    for (size_t i = 0; i < n; i++) {
        uint64_t length = parts[i].length;
        unsigned char prefix[8];
        for (int b = 0; b < 8; b++)
            prefix[b] = (unsigned char)(length >> (8 * b));
        crypto_auth_hmacsha256_update(&state, prefix, sizeof prefix);
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].data, parts[i].length);
    }
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(key, sizeof key);
}
