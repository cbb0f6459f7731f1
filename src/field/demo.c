/* A demo municipality: two districts, two offices, an account for each role; its words are in rules/demo.yaml. */

#include "huella/base/file.h"
#include "inside.h"

#include <sodium.h>
#include <string.h>

typedef struct demo {
    hu_field *field;
    hu_arena *arena;
    const hu_node *root;
    hu_demo_account *accounts;
    size_t n;
} demo;

/* Five groups of letters and digits that are not mistaken for one another: 100 bits. */
static const char *random_password(hu_arena *arena)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    char *text = hu_alloc(arena, 25);
    for (int i = 0; i < 24; i++)
        text[i] = i % 5 == 4 ? '-' : letters[randombytes_uniform(sizeof letters - 1)];
    return text;
}

static const char *optional(const hu_node *map, const char *key)
{
    const hu_node *node = hu_node_get(map, key);
    return node ? node->text : NULL;
}

static hu_error *add_offices(const demo *d, hu_store *store)
{
    const hu_node *list;
    HU_TRY(rules_list(d->root, "institutions", &list));
    for (size_t i = 0; i < list->count; i++) {
        const char *id = "", *agency = "", *name = "";
        HU_TRY(rules_text(list->items[i], "id", &id));
        HU_TRY(rules_text(list->items[i], "agency", &agency));
        HU_TRY(rules_text(list->items[i], "name", &name));
        HU_TRY(hu_db_run(store, "INSERT INTO institutions (institution_id, agency, name, district) VALUES (?, ?, ?, ?)",
                         "tttt", id, agency, name, optional(list->items[i], "district")));
    }
    return NULL;
}

static hu_error *add_accounts(demo *d, hu_store *store)
{
    const hu_node *list;
    HU_TRY(rules_list(d->root, "accounts", &list));
    d->accounts = HU_NEW_ARRAY(d->arena, hu_demo_account, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const char *username = "", *role = "", *id;
        HU_TRY(rules_text(list->items[i], "username", &username));
        HU_TRY(rules_text(list->items[i], "role", &role));
        hu_demo_account *account = &d->accounts[d->n++];
        *account = (hu_demo_account){role, username, random_password(d->arena), optional(list->items[i], "district")};
        hu_new_account made = {.username = username,
                               .password = account->password,
                               .role = hu_role_of(role),
                               .district = account->district,
                               .institution = optional(list->items[i], "institution")};
        HU_TRY(hu_account_add(store, &made, d->field->options.now(), d->arena, &id));
    }
    return NULL;
}

static hu_error *fill(hu_store *store, void *data)
{
    demo *d = data;
    sqlite3_stmt *row;
    bool used;
    HU_TRY(hu_db_first(store, &row, &used, "SELECT 1 FROM accounts LIMIT 1", ""));
    hu_db_done(row);
    if (used)
        return hu_fail(HU_STORE, "%s holds accounts already: --demo fills an empty store; name another by --study",
                       d->field->options.store);
    HU_TRY(add_offices(d, store));
    return add_accounts(d, store);
}

hu_error *hu_field_fill_demo(hu_field *field, hu_arena *arena, hu_demo_account **accounts, size_t *n)
{
    hu_node *root;
    demo d = {.field = field, .arena = arena};
    HU_TRY(hu_yaml_load(hu_path_join(arena, field->options.rules_dir, "demo.yaml"), arena, &root));
    d.root = root;
    HU_TRY(field_write(field, fill, &d));
    *accounts = d.accounts;
    *n = d.n;
    return NULL;
}
