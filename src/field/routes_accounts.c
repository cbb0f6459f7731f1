/* Accounts and offices, by an administrator, who sees no records. */

#include "inside.h"
#include "routes.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

static const shape account_shape[] = {
    {.name = "username", .type = SHAPE_TEXT, .required = true, .limit = 40},
    {.name = "password",
     .type = SHAPE_TEXT,
     .required = true,
     .limit = HU_PASSWORD_MOST,
     .help = "To begin with: it must be changed at the first sign-in."},
    {.name = "role",
     .type = SHAPE_CHOICE,
     .required = true,
     .values = "officer|supervisor|institution|researcher|administrator|auditor"},
    {.name = "district", .type = SHAPE_DISTRICT},
    {.name = "institution", .type = SHAPE_TEXT, .limit = 60},
    {0},
};

static const char account_example[] =
    "{\"username\":\"officer-17\",\"password\":\"three words to begin\",\"role\":\"officer\",\"district\":\"150116\"}";

static hu_error *commit_add(call *c)
{
    HU_BUF(text);
    hu_json json;
    const char *id = "";
    hu_new_account account = {.username = call_text(c, "username"),
                              .password = call_text(c, "password"),
                              .role = hu_role_of(call_text(c, "role")),
                              .district = call_text(c, "district"),
                              .institution = call_text(c, "institution"),
                              .must_change = true};
    HU_TRY(hu_account_add(c->store, &account, c->now, c->arena, &id));
    HU_TRY(call_audit(c, "account.add", id, hu_printf(c->arena, "{\"role\":\"%s\"}", hu_role_name(account.role))));
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "id", id);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_CREATED, &text);
    return NULL;
}

static hu_error *list(call *c)
{
    HU_BUF(text);
    hu_json json;
    sqlite3_stmt *row;
    bool more = true;
    hu_error *error;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_key(&json, "items");
    hu_json_array(&json);
    HU_TRY(hu_db_bind(c->store, &row,
                      "SELECT account_id, username, role, district, institution_id, disabled, locked_until > ?, "
                      "totp IS NOT NULL FROM accounts ORDER BY username",
                      "i", c->now));
    while (!(error = hu_db_step(c->store, row, &more)) && more) {
        hu_json_object(&json);
        hu_json_put_text(&json, "id", hu_db_text(row, 0, c->arena));
        hu_json_put_text(&json, "username", hu_db_text(row, 1, c->arena));
        hu_json_put_text(&json, "role", hu_db_text(row, 2, c->arena));
        hu_json_put_text(&json, "district", hu_db_text(row, 3, c->arena));
        hu_json_put_text(&json, "institution", hu_db_text(row, 4, c->arena));
        hu_json_put_bool(&json, "disabled", sqlite3_column_int(row, 5));
        hu_json_put_bool(&json, "locked", sqlite3_column_int(row, 6));
        hu_json_put_bool(&json, "totp", sqlite3_column_int(row, 7));
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return error;
}

static const shape change_shape[] = {
    {.name = "disabled", .type = SHAPE_BOOL, .help = "True ends every session of the account at once."},
    {.name = "unlock", .type = SHAPE_BOOL, .help = "True: it may try to sign in again now."},
    {.name = "password",
     .type = SHAPE_TEXT,
     .limit = HU_PASSWORD_MOST,
     .help = "A new one, to be changed at the next sign-in."},
    {.name = "remove_totp",
     .type = SHAPE_BOOL,
     .help = "True: signing in asks for no code until a new secret is made."},
    {0},
};

static const char change_example[] = "{\"disabled\":true}";

static hu_error *prepare_change(call *c)
{
    const char *hash = NULL, *password = call_text(c, "password");
    if (password)
        HU_TRY(hu_password_hash(password, c->arena, &hash));
    c->prepared = (void *)hash;
    return NULL;
}

static hu_error *set_disabled(call *c, bool disabled)
{
    if (disabled && strcmp(c->id, c->account.id) == 0)
        return call_refuse(c, MHD_HTTP_CONFLICT, "an administrator does not disable their own account");
    HU_TRY(
        hu_db_run(c->store, "UPDATE accounts SET disabled = ? WHERE account_id = ?", "it", (int64_t)disabled, c->id));
    return disabled ? hu_sessions_end(c->store, c->id, NULL) : NULL;
}

static hu_error *commit_change(call *c)
{
    sqlite3_stmt *row;
    bool found;
    const json_t *disabled = json_object_get(c->body, "disabled");
    HU_TRY(hu_db_first(c->store, &row, &found, "SELECT 1 FROM accounts WHERE account_id = ?", "t", c->id));
    hu_db_done(row);
    if (!found)
        return call_missing(c);
    if (disabled)
        HU_TRY(set_disabled(c, json_is_true(disabled)));
    if (json_is_true(json_object_get(c->body, "unlock")))
        HU_TRY(
            hu_db_run(c->store, "UPDATE accounts SET failed = 0, locked_until = 0 WHERE account_id = ?", "t", c->id));
    if (json_is_true(json_object_get(c->body, "remove_totp")))
        HU_TRY(hu_db_run(c->store, "UPDATE accounts SET totp = NULL WHERE account_id = ?", "t", c->id));
    if (c->prepared)
        HU_TRY(hu_account_set_password(c->store, c->id, c->prepared, true));
    json_object_del(c->body, "password");
    char *detail = json_dumps(c->body, JSON_COMPACT | JSON_SORT_KEYS);
    hu_error *error = call_audit(c, "account.change", c->id, detail);
    free(detail);
    call_done(c);
    return error;
}

/* ---- offices ---- */

static const shape office_shape[] = {
    {.name = "agency", .type = SHAPE_TEXT, .required = true, .limit = 40, .help = "GET /api/referral-rules"},
    {.name = "name", .type = SHAPE_TEXT, .required = true, .limit = 120},
    {.name = "district", .type = SHAPE_DISTRICT},
    {.name = "active", .type = SHAPE_BOOL, .help = "False: takes no new referrals."},
    {0},
};

static const char office_example[] =
    "{\"agency\":\"cem\",\"name\":\"CEM Lince\",\"district\":\"150116\",\"active\":true}";

static hu_error *commit_office(call *c)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *agency = call_text(c, "agency");
    size_t length = strlen(c->id);
    if (!length || length > 60 || strspn(c->id, letters) != length)
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "the office's name: expected small letters, digits and \"-\"");
    if (!hu_referral_has((const char *const *)c->field->rules->referrals->agencies, agency))
        return hu_fail(HU_BAD_INPUT, "/agency: \"%s\" is no agency: GET /api/referral-rules", agency);
    HU_TRY(hu_db_run(c->store,
                     "INSERT INTO institutions (institution_id, agency, name, district, active) VALUES (?, ?, ?, ?, ?) "
                     "ON CONFLICT (institution_id) DO UPDATE SET agency = excluded.agency, name = excluded.name, "
                     "district = excluded.district, active = excluded.active",
                     "tttti", c->id, agency, call_text(c, "name"), call_text(c, "district"),
                     (int64_t)!json_is_false(json_object_get(c->body, "active"))));
    HU_TRY(call_audit(c, "institution.write", c->id, NULL));
    call_done(c);
    return NULL;
}

const route routes_accounts[] = {
    {"GET", "/api/accounts", HU_ACT_ACCOUNTS, list, .summary = "Every account."},
    {"POST", "/api/accounts", HU_ACT_ACCOUNTS, NULL, commit_add, account_shape, account_example,
     .summary = "Make an account."},
    {"PATCH", "/api/accounts/{id}", HU_ACT_ACCOUNTS, prepare_change, commit_change, change_shape, change_example,
     .slow = true, .summary = "Disable, unlock, give a new password, remove one-time codes."},
    {"PUT", "/api/institutions/{id}", HU_ACT_ACCOUNTS, NULL, commit_office, office_shape, office_example,
     .summary = "Make or change an office that receives referrals."},
    {0},
};
