/* The steps of an allocation as entries of its ledger. */

#include "ledger_parts.h"

#include "huella/base/file.h"

#include <sodium.h>
#include <string.h>

const char *const hu_ledger_arm_column = "arm";

/* --- what is hashed and sealed --- */

static void hash_text(const char *text, size_t length, const unsigned char *key, size_t key_length, char hex[65])
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, length, key, key_length);
    sodium_bin2hex(hex, 65, hash, sizeof hash);
}

static void nonce_bytes(const hu_ledger_key *key, unsigned char bytes[32])
{
    sodium_hex2bin(bytes, 32, key->nonce, 64, NULL, NULL, NULL);
}

void ledger_commitment(const hu_ledger_key *key, char hex[65])
{
    char text[128];
    int length =
        snprintf(text, sizeof text, "huella commitment\n%llu\n%s\n", (unsigned long long)key->seed, key->nonce);
    hash_text(text, (size_t)length, NULL, 0, hex);
}

uint64_t ledger_draw_seed(const hu_ledger_key *key, const char *beacon)
{
    HU_BUF(text);
    unsigned char hash[crypto_generichash_BYTES];
    uint64_t seed = 0;
    if (!beacon || !*beacon)
        return key->seed;
    hu_buf_printf(&text, "huella beacon\n%llu\n%s\n%s\n", (unsigned long long)key->seed, key->nonce, beacon);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text.data, text.length, NULL, 0);
    for (size_t i = 0; i < 8; i++)
        seed = seed << 8 | hash[i];
    return seed;
}

void ledger_digest(const hu_draw *draw, const hu_ledger_key *key, char hex[65])
{
    HU_BUF(text);
    unsigned char nonce[32];
    nonce_bytes(key, nonce);
    for (size_t i = 0; i < draw->units; i++)
        hu_buf_printf(&text, "%zu:%s=%u\n", strlen(draw->unit[i]), draw->unit[i], draw->arm[i]);
    hash_text(text.data, text.length, nonce, sizeof nonce, hex);
}

/* secretbox's key: the nonce, under a purpose of its own. */
static void seal_key(const hu_ledger_key *key, unsigned char out[crypto_secretbox_KEYBYTES])
{
    unsigned char nonce[32];
    nonce_bytes(key, nonce);
    crypto_generichash(out, crypto_secretbox_KEYBYTES, (const unsigned char *)"huella seal", 11, nonce, sizeof nonce);
}

enum { SEALED = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + 1 };

json_t *ledger_seal(uint32_t arm, const hu_ledger_key *key)
{
    unsigned char box[SEALED], secret[crypto_secretbox_KEYBYTES], plain = (unsigned char)arm;
    char hex[2 * SEALED + 1];
    seal_key(key, secret);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, &plain, 1, box, secret);
    sodium_memzero(secret, sizeof secret);
    return json_string(sodium_bin2hex(hex, sizeof hex, box, sizeof box));
}

hu_error *ledger_unseal(const char *hex, const hu_ledger_key *key, uint32_t *arm)
{
    unsigned char box[SEALED], secret[crypto_secretbox_KEYBYTES], plain = 0;
    size_t length = 0;
    seal_key(key, secret);
    bool opened = sodium_hex2bin(box, sizeof box, hex, strlen(hex), NULL, &length, NULL) == 0 && length == SEALED &&
                  crypto_secretbox_open_easy(&plain, box + crypto_secretbox_NONCEBYTES,
                                             SEALED - crypto_secretbox_NONCEBYTES, box, secret) == 0;
    sodium_memzero(secret, sizeof secret);
    *arm = plain;
    return opened
               ? NULL
               : hu_fail(HU_BAD_INPUT, "a sealed arm cannot be opened by this key: the key belongs to another draw, or "
                                       "the ledger was changed");
}

/* --- entries --- */

static json_t *texts(const char *const *list)
{
    json_t *out = json_array();
    for (; list && *list; list++)
        json_array_append_new(out, json_string(*list));
    return out;
}

static json_t *setup_json(const hu_draw_setup *s)
{
    json_t *out = json_object();
    json_object_set_new(out, "method", json_string(hu_draw_method_name(s->method)));
    json_object_set_new(out, "arms", texts(s->arms));
    json_object_set_new(out, "unit", json_string(s->unit));
    json_object_set_new(out, "strata", s->strata ? json_string(s->strata) : json_null());
    json_object_set_new(out, "balance", texts(s->balance));
    json_object_set_new(out, "threshold", json_real(s->threshold));
    json_object_set_new(out, "acceptance", json_real(s->acceptance));
    json_object_set_new(out, "coin", json_real(s->coin));
    return out;
}

static json_t *rows_json(const hu_draw *draw)
{
    json_t *out = json_array();
    for (size_t i = 0; i < draw->units; i++) {
        json_t *row = json_array();
        json_array_append_new(row, json_string(draw->unit[i]));
        json_array_append_new(row, json_string(draw->row_hash[i]));
        json_array_append_new(out, row);
    }
    return out;
}

hu_ledger_state hu_ledger_state_of(const hu_ledger *ledger)
{
    const json_t *draw = hu_ledger_find(ledger, "draw", NULL);
    if (!hu_ledger_find(ledger, "commit", NULL))
        return HU_LEDGER_EMPTY;
    if (!draw)
        return HU_LEDGER_COMMITTED;
    return json_object_get(draw, "seed") || hu_ledger_find(ledger, "open", NULL) ? HU_LEDGER_PUBLIC : HU_LEDGER_SEALED;
}

bool hu_ledger_sealed(const hu_ledger *ledger)
{
    return json_is_true(json_object_get(hu_ledger_find(ledger, "commit", NULL), "sealed"));
}

/* The step that is due in this state; `what` was asked for. */
static hu_error *expect(const hu_ledger *ledger, hu_ledger_state state, const char *what)
{
    static const char *const stands[] = {"holds no commitment yet: --commit makes one",
                                         "is committed and not drawn: --draw is due",
                                         "is drawn and sealed: --enrol, --reveal or --open are due",
                                         "is drawn and open: --verify runs it again; a new draw needs a new ledger"};
    hu_ledger_state now = hu_ledger_state_of(ledger);
    return now == state ? NULL : hu_fail(HU_BAD_INPUT, "%s: %s: the ledger %s", ledger->path, what, stands[now]);
}

hu_error *hu_ledger_commit(hu_ledger *ledger, const hu_draw *draw, const hu_draw_setup *asked, const hu_ledger_key *key,
                           bool sealed, const char *source, const char *sha256, const char *time)
{
    char commitment[65];
    HU_TRY(expect(ledger, HU_LEDGER_EMPTY, "no second commitment"));
    json_t *entry = json_object(), *input = json_object();
    ledger_commitment(key, commitment);
    json_object_set_new(entry, "commitment", json_string(commitment));
    json_object_set_new(entry, "sealed", json_boolean(sealed));
    json_object_set_new(entry, "design", setup_json(asked));
    json_object_set_new(input, "file", json_string(source));
    json_object_set_new(input, "sha256", json_string(sha256));
    json_object_set_new(input, "rows", rows_json(draw));
    json_object_set_new(entry, "input", input);
    return ledger_append(ledger, entry, "commit", time);
}

static json_t *seed_json(const hu_ledger_key *key)
{
    char number[32];
    snprintf(number, sizeof number, "%llu", (unsigned long long)key->seed);
    return json_string(number);
}

static json_t *unit_json(const hu_draw *draw, size_t i, const hu_ledger_key *sealed_by)
{
    json_t *out = json_object();
    json_object_set_new(out, "unit", json_string(draw->unit[i]));
    if (draw->setup.method == HU_DRAW_PAIRS)
        json_object_set_new(out, "pair", json_integer(draw->stratum[i] + 1));
    else if (draw->stratum_name)
        json_object_set_new(out, "stratum", json_string(draw->stratum_name[i]));
    if (sealed_by)
        json_object_set_new(out, "sealed", ledger_seal(draw->arm[i], sealed_by));
    else
        json_object_set_new(out, "arm", json_string(draw->setup.arms[draw->arm[i]]));
    return out;
}

hu_error *hu_ledger_draw(hu_ledger *ledger, hu_draw *draw, const hu_ledger_key *key, const char *beacon,
                         const char *time)
{
    char commitment[65], digest[65];
    HU_TRY(expect(ledger, HU_LEDGER_COMMITTED, "no draw"));
    ledger_commitment(key, commitment);
    const json_t *commit = hu_ledger_find(ledger, "commit", NULL);
    if (strcmp(commitment, ledger_text(commit, "commitment")) != 0)
        return hu_fail(HU_BAD_INPUT,
                       "%s: seed and nonce are not those that were committed to: expected the key file that "
                       "was written with the commitment",
                       ledger->path);
    HU_TRY(hu_draw_run(draw, ledger_draw_seed(key, beacon), ledger->arena));
    bool sealed = json_is_true(json_object_get(commit, "sealed"));
    json_t *entry = json_object(), *units = json_array();
    if (beacon)
        json_object_set_new(entry, "beacon", json_string(beacon));
    if (!sealed) {
        json_object_set_new(entry, "seed", seed_json(key));
        json_object_set_new(entry, "nonce", json_string(key->nonce));
    }
    if (draw->setup.method == HU_DRAW_RERANDOMIZED)
        json_object_set_new(entry, "threshold", json_real(draw->setup.threshold));
    if (!sealed)
        json_object_set_new(entry, "attempts", json_integer((json_int_t)draw->attempts));
    for (size_t i = 0; i < draw->units; i++)
        json_array_append_new(units, unit_json(draw, i, sealed ? key : NULL));
    json_object_set_new(entry, "units", units);
    ledger_digest(draw, key, digest);
    json_object_set_new(entry, "digest", json_string(digest));
    return ledger_append(ledger, entry, "draw", time);
}

/* The unit's object in the draw. */
static hu_error *find_unit(const hu_ledger *ledger, const char *unit, const json_t **out)
{
    const json_t *units = json_object_get(hu_ledger_find(ledger, "draw", NULL), "units");
    for (size_t i = 0; i < json_array_size(units); i++) {
        *out = json_array_get(units, i);
        if (strcmp(ledger_text(*out, "unit"), unit) == 0)
            return NULL;
    }
    return hu_fail(HU_NOT_FOUND, "%s: no unit \"%s\" was drawn", ledger->path, unit);
}

hu_error *hu_ledger_enrol(hu_ledger *ledger, const char *unit, const char *time)
{
    const json_t *drawn;
    HU_TRY(expect(ledger, HU_LEDGER_SEALED, "nothing to enrol"));
    HU_TRY(find_unit(ledger, unit, &drawn));
    if (hu_ledger_find(ledger, "enrol", unit))
        return hu_fail(HU_BAD_INPUT, "%s: %s is enrolled already, at %s", ledger->path, unit,
                       ledger_text(hu_ledger_find(ledger, "enrol", unit), "time"));
    json_t *entry = json_object();
    json_object_set_new(entry, "unit", json_string(unit));
    return ledger_append(ledger, entry, "enrol", time);
}

hu_error *hu_ledger_reveal(hu_ledger *ledger, const hu_ledger_key *key, const char *unit, const char *time,
                           const char **arm)
{
    const json_t *drawn, *arms;
    uint32_t index;
    HU_TRY(expect(ledger, HU_LEDGER_SEALED, "nothing to reveal"));
    HU_TRY(find_unit(ledger, unit, &drawn));
    if (!hu_ledger_find(ledger, "enrol", unit))
        return hu_fail(HU_BAD_INPUT,
                       "%s: %s is not enrolled: its arm stays concealed until `huella randomize --enrol %s` "
                       "has recorded that it takes part",
                       ledger->path, unit, unit);
    HU_TRY(hu_wrap(ledger_unseal(ledger_text(drawn, "sealed"), key, &index), "%s: %s", ledger->path, unit));
    arms = json_object_get(json_object_get(hu_ledger_find(ledger, "commit", NULL), "design"), "arms");
    *arm = json_string_value(json_array_get(arms, index));
    if (!*arm)
        return hu_fail(HU_BAD_INPUT, "%s: %s is in an arm that the design does not have", ledger->path, unit);
    if (hu_ledger_find(ledger, "reveal", unit))
        return NULL;
    json_t *entry = json_object();
    json_object_set_new(entry, "unit", json_string(unit));
    json_object_set_new(entry, "arm", json_string(*arm));
    return ledger_append(ledger, entry, "reveal", time);
}

hu_error *hu_ledger_open(hu_ledger *ledger, const hu_draw *draw, const hu_ledger_key *key, const char *time)
{
    HU_TRY(expect(ledger, HU_LEDGER_SEALED, "nothing to open"));
    json_t *entry = json_object(), *units = json_array();
    json_object_set_new(entry, "seed", seed_json(key));
    json_object_set_new(entry, "nonce", json_string(key->nonce));
    json_object_set_new(entry, "attempts", json_integer((json_int_t)draw->attempts));
    for (size_t i = 0; i < draw->units; i++)
        json_array_append_new(units, unit_json(draw, i, NULL));
    json_object_set_new(entry, "units", units);
    return ledger_append(ledger, entry, "open", time);
}

static const char **texts_of(const json_t *list, hu_arena *arena)
{
    const char **out = HU_NEW_ARRAY(arena, const char *, json_array_size(list) + 1);
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_string_value(json_array_get(list, i)))
            out[n++] = hu_strdup(arena, json_string_value(json_array_get(list, i)));
    return out;
}

hu_error *hu_ledger_setup(const hu_ledger *ledger, hu_arena *arena, hu_draw_setup *setup, const char **table)
{
    const json_t *commit = hu_ledger_find(ledger, "commit", NULL), *design = json_object_get(commit, "design");
    const char *strata = json_string_value(json_object_get(design, "strata"));
    const char *file = ledger_text(json_object_get(commit, "input"), "file");
    *setup = (hu_draw_setup){.arms = texts_of(json_object_get(design, "arms"), arena),
                             .unit = hu_strdup(arena, ledger_text(design, "unit")),
                             .strata = strata ? hu_strdup(arena, strata) : NULL,
                             .balance = texts_of(json_object_get(design, "balance"), arena),
                             .threshold = json_number_value(json_object_get(design, "threshold")),
                             .acceptance = json_number_value(json_object_get(design, "acceptance")),
                             .coin = json_number_value(json_object_get(design, "coin"))};
    if (!commit || !hu_draw_method_of(ledger_text(design, "method"), &setup->method) || !*setup->unit || !*file)
        return hu_fail(HU_BAD_INPUT, "%s: holds no commitment to a design: expected a ledger of `huella randomize`",
                       ledger->path);
    const char *slash = strrchr(ledger->path, '/');
    *table = file[0] == '/' || !slash
                 ? hu_strdup(arena, file)
                 : hu_path_join(arena, hu_strndup(arena, ledger->path, (size_t)(slash - ledger->path)), file);
    return NULL;
}
