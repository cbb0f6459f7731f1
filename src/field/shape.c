/* Checking a JSON body against its table. */

#include "shape.h"

#include "huella/base/instant.h"
#include "huella/field/accounts.h"

#include <string.h>

enum { LONGEST_KEY = 100, LONGEST_VALUE = 2000 };

/* Where a value stands: a chain back to the body's root. */
typedef struct place {
    const struct place *above;
    const char *key; /* NULL: an item of a list, at `index` */
    size_t index;
} place;

static hu_error *check_members(const shape *members, const json_t *value, const place *here);

static void print_place(const place *here, hu_buf *out)
{
    const place *chain[16];
    size_t n = 0;
    for (; here && here->above && n < 16; here = here->above)
        chain[n++] = here;
    while (n-- > 0)
        if (chain[n]->key)
            hu_buf_printf(out, "/%s", chain[n]->key);
        else
            hu_buf_printf(out, "/%zu", chain[n]->index);
}

__attribute__((format(printf, 2, 3))) static hu_error *refuse(const place *here, const char *expected, ...)
{
    HU_SCRATCH(arena);
    HU_BUF(pointer);
    char shown[80];
    va_list args;
    va_start(args, expected);
    const char *text = hu_vprintf(arena, expected, args);
    va_end(args);
    print_place(here, &pointer);
    return hu_fail(HU_BAD_INPUT, "%s: expected %s", hu_excerpt((hu_str){pointer.data, pointer.length}, shown), text);
}

/* Whether `word` is one of "a|b|c". */
static bool is_one_of(const char *word, const char *values)
{
    size_t length = strlen(word);
    for (const char *v = values; length; v++) {
        size_t n = strcspn(v, "|");
        if (n == length && strncmp(v, word, n) == 0)
            return true;
        v += n;
        if (!*v)
            break;
    }
    return false;
}

static hu_error *check_text(const shape *member, const json_t *value, const place *here)
{
    const char *text = json_string_value(value);
    if (!text || hu_utf8_count(text, strlen(text)) > (size_t)member->limit || (member->required && !*text)) {
        return refuse(here, "text of %s%ld characters", member->required ? "1 to " : "at most ", member->limit);
    }
    return NULL;
}

static hu_error *check_number(const shape *member, const json_t *value, const place *here)
{
    bool fits = member->type == SHAPE_INTEGER ? json_is_integer(value) : json_is_number(value);
    double number = json_number_value(value);
    if (!fits || !(number >= (double)member->least && number <= (double)member->limit)) {
        return refuse(here, "%s from %ld to %ld", member->type == SHAPE_INTEGER ? "a whole number" : "a number",
                      member->least, member->limit);
    }
    return NULL;
}

static bool is_district(const char *text)
{
    return strlen(text) == 6 && strspn(text, "0123456789") == 6;
}

/* Text of a form of its own. */
static hu_error *check_form(const shape *member, const json_t *value, const place *here)
{
    const char *text = json_string_value(value);
    int64_t instant;
    switch (member->type) {
    case SHAPE_INSTANT:
        return text && hu_instant_parse(hu_str_of(text), &instant)
                   ? NULL
                   : refuse(here, "an instant, as 2027-03-05T14:30:00Z or 2027-03-05T09:30:00-05:00");
    case SHAPE_UUID:
        return text && hu_uuid_valid(text) ? NULL : refuse(here, "a UUID in small letters");
    default:
        return text && is_district(text) ? NULL : refuse(here, "a ubigeo of six digits");
    }
}

static hu_error *check_choices(const shape *member, const json_t *value, const place *here)
{
    size_t i;
    const json_t *item;
    if (!json_is_array(value))
        return refuse(here, "a list");
    json_array_foreach(value, i, item) {
        place at = {here, NULL, i};
        const char *text = json_string_value(item);
        if (!text || !is_one_of(text, member->values))
            return refuse(&at, "one of %s", member->values);
        for (size_t j = 0; j < i; j++)
            if (strcmp(json_string_value(json_array_get(value, j)), text) == 0)
                return refuse(&at, "each at most once");
    }
    return NULL;
}

static hu_error *check_list(const shape *member, const json_t *value, const place *here)
{
    size_t i;
    const json_t *item;
    if (!json_is_array(value) || json_array_size(value) > (size_t)member->limit)
        return refuse(here, "a list of at most %ld", member->limit);
    json_array_foreach(value, i, item) {
        place at = {here, NULL, i};
        HU_TRY(check_members(member->of, item, &at));
    }
    return NULL;
}

static hu_error *check_map(const shape *member, const json_t *value, const place *here)
{
    const char *key;
    json_t *item;
    if (!json_is_object(value) || json_object_size(value) > (size_t)member->limit)
        return refuse(here, "an object of at most %ld members", member->limit);
    json_object_foreach((json_t *)value, key, item) {
        place at = {here, key, 0};
        const char *text = json_string_value(item);
        if (strlen(key) > LONGEST_KEY)
            return refuse(&at, "a shorter name");
        if (member->values && (!text || !is_one_of(text, member->values)))
            return refuse(&at, "one of %s", member->values);
        if (!member->values && !json_is_number(item) && !json_is_boolean(item) &&
            !(text && strlen(text) <= LONGEST_VALUE))
            return refuse(&at, "a text of at most 2000 bytes, a number, true or false");
    }
    return NULL;
}

static hu_error *check_one(const shape *member, const json_t *value, const place *here)
{
    const char *text = json_string_value(value);
    switch (member->type) {
    case SHAPE_TEXT:
        return check_text(member, value, here);
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
        return check_number(member, value, here);
    case SHAPE_READ_ONLY:
        return NULL;
    case SHAPE_BOOL:
        return json_is_boolean(value) ? NULL : refuse(here, "true or false");
    case SHAPE_CHOICE:
        return text && is_one_of(text, member->values) ? NULL : refuse(here, "one of %s", member->values);
    case SHAPE_CHOICES:
        return check_choices(member, value, here);
    case SHAPE_OBJECT:
        return check_members(member->of, value, here);
    case SHAPE_LIST:
        return check_list(member, value, here);
    case SHAPE_MAP:
        return check_map(member, value, here);
    default:
        return check_form(member, value, here);
    }
}

static hu_error *check_members(const shape *members, const json_t *value, const place *here)
{
    const char *key;
    json_t *item;
    if (!json_is_object(value))
        return refuse(here, "an object");
    json_object_foreach((json_t *)value, key, item) {
        const shape *member = members;
        place at = {here, key, 0};
        while (member->name && strcmp(member->name, key) != 0)
            member++;
        if (!member->name)
            return refuse(&at, "no member of this name");
        HU_TRY(check_one(member, item, &at));
    }
    for (const shape *member = members; member->name; member++)
        if (member->required && !json_object_get(value, member->name)) {
            place at = {here, member->name, 0};
            return refuse(&at, "this member to be there");
        }
    return NULL;
}

hu_error *shape_check(const shape *members, const json_t *value)
{
    place root = {0};
    return check_members(members, value, &root);
}
