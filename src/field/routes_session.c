/* Signing in and out; one's own password and one-time codes. */

#include "inside.h"
#include "routes.h"

#include <microhttpd.h>
#include <string.h>

static const shape sign_in_shape[] = {
    {.name = "username", .type = SHAPE_TEXT, .required = true, .limit = 60},
    {.name = "password", .type = SHAPE_TEXT, .required = true, .limit = HU_PASSWORD_MOST},
    {.name = "totp", .type = SHAPE_TEXT, .limit = 6, .help = "One-time code, where the account asks for one."},
    {0},
};

static const char sign_in_example[] = "{\"username\":\"officer\",\"password\":\"correct horse battery\"}";

static hu_error *prepare_sign_in(call *c)
{
    hu_sign_in *in = HU_NEW(c->arena, hu_sign_in);
    if (!limiter_take(&c->field->sign_ins, hu_exchange_address(c->exchange), c->now)) {
        hu_exchange_set_header(c->exchange, "Retry-After", "60");
        return call_refuse(c, MHD_HTTP_TOO_MANY_REQUESTS, "too many sign-ins from this address: wait a minute");
    }
    *in = (hu_sign_in){
        .username = call_text(c, "username"), .password = call_text(c, "password"), .code = call_text(c, "totp")};
    HU_TRY(hu_sign_in_check(c->field->vault, c->store, c->now, c->arena, in));
    c->prepared = in;
    return NULL;
}

static void put_account(const hu_account *who, hu_json *json)
{
    hu_json_put_text(json, "account", who->id);
    hu_json_put_text(json, "username", who->username);
    hu_json_put_text(json, "role", hu_role_name(who->role));
    hu_json_put_text(json, "district", who->district);
    hu_json_put_text(json, "institution", who->institution);
    hu_json_put_bool(json, "must_change_password", who->must_change);
}

static void answer_session(call *c, int status)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "csrf", hu_session_csrf(c->token, c->arena));
    put_account(&c->account, &json);
    hu_json_object_end(&json);
    call_answer(c, status, &text);
}

static void set_cookie(call *c, const char *value, long seconds)
{
    bool secure = hu_service_is_secure(c->field->service);
    hu_exchange_set_header(c->exchange, "Set-Cookie",
                           hu_printf(c->arena, "%s=%s; Path=/; Max-Age=%ld; HttpOnly; SameSite=Strict%s",
                                     secure ? "__Host-huella" : "huella", value, seconds, secure ? "; Secure" : ""));
}

static hu_error *commit_sign_in(call *c)
{
    hu_sign_in *in = c->prepared;
    bool found, stale;
    HU_TRY(hu_sign_in_finish(c->store, c->now, c->arena, in, &c->token));
    if (in->id)
        c->account.id = in->id;
    HU_TRY(call_audit(c, in->result == HU_SIGNED_IN ? "session.open" : "session.refuse", "", NULL));
    switch (in->result) {
    case HU_SIGNED_IN:
        HU_TRY(hu_session_find(c->store, c->token, c->now, c->arena, &c->account, &found, &stale));
        set_cookie(c, c->token, HU_SESSION_LIFE);
        answer_session(c, MHD_HTTP_OK);
        break;
    case HU_SIGN_IN_LOCKED:
        hu_exchange_set_header(c->exchange, "Retry-After", "60");
        call_problem(c, MHD_HTTP_TOO_MANY_REQUESTS, "the account rests after too many failures: try again later");
        break;
    case HU_SIGN_IN_NEEDS_CODE:
        call_problem(c, MHD_HTTP_UNAUTHORIZED, "totp: the account asks for a one-time code");
        break;
    default:
        call_problem(c, MHD_HTTP_UNAUTHORIZED, "username, password or code is wrong");
    }
    return NULL;
}

static hu_error *get(call *c)
{
    answer_session(c, MHD_HTTP_OK);
    return NULL;
}

static hu_error *commit_sign_out(call *c)
{
    HU_TRY(hu_session_end(c->store, c->token));
    HU_TRY(call_audit(c, "session.close", "", NULL));
    set_cookie(c, "", 0);
    hu_exchange_set_header(c->exchange, "Clear-Site-Data", "\"cache\"");
    call_done(c);
    return NULL;
}

/* ---- one's own password and codes ---- */

static const shape password_shape[] = {
    {.name = "current", .type = SHAPE_TEXT, .required = true, .limit = HU_PASSWORD_MOST},
    {.name = "new", .type = SHAPE_TEXT, .required = true, .limit = HU_PASSWORD_MOST},
    {0},
};

static const char password_example[] = "{\"current\":\"correct horse battery\",\"new\":\"staple of another kind\"}";

/* Who is at the keyboard shows it again before something grave: the password is asked for once more. */
static hu_error *check_current(call *c)
{
    hu_sign_in in = {.username = c->account.username, .password = call_text(c, "current")};
    HU_TRY(hu_sign_in_check(c->field->vault, c->store, c->now, c->arena, &in));
    bool right = in.result == HU_SIGNED_IN || in.result == HU_SIGN_IN_NEEDS_CODE;
    return right ? NULL : call_refuse(c, MHD_HTTP_FORBIDDEN, "/current: this is not the password");
}

static hu_error *prepare_password(call *c)
{
    const char *hash = "";
    HU_TRY(check_current(c));
    HU_TRY(hu_password_hash(call_text(c, "new"), c->arena, &hash));
    c->prepared = (void *)hash;
    return NULL;
}

static hu_error *commit_password(call *c)
{
    HU_TRY(hu_account_set_password(c->store, c->account.id, c->prepared, false));
    HU_TRY(call_audit(c, "account.password", c->account.id, NULL));
    set_cookie(c, "", 0);
    call_done(c);
    return NULL;
}

static const shape totp_shape[] = {
    {.name = "current", .type = SHAPE_TEXT, .required = true, .limit = HU_PASSWORD_MOST},
    {0},
};

static const char totp_example[] = "{\"current\":\"correct horse battery\"}";

static hu_error *commit_totp(call *c)
{
    HU_BUF(text);
    hu_json json;
    const char *secret = "", *address = "";
    HU_TRY(hu_totp_new(c->account.username, c->arena, &secret, &address));
    HU_TRY(hu_account_set_totp(c->field->vault, c->store, c->account.id, secret));
    HU_TRY(call_audit(c, "account.totp", c->account.id, NULL));
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "secret", secret);
    hu_json_put_text(&json, "address", address);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

const route routes_session[] = {
    {"POST", "/api/session", HU_ACT_OPEN, prepare_sign_in, commit_sign_in, sign_in_shape, sign_in_example, .slow = true,
     .temporary = true, .summary = "Sign in: sets the cookie, returns the token to send as X-CSRF-Token."},
    {"GET", "/api/session", HU_ACT_SELF, get, .temporary = true, .summary = "Who is signed in, and the token."},
    {"DELETE", "/api/session", HU_ACT_SELF, NULL, commit_sign_out, .temporary = true, .summary = "Sign out."},
    {"PUT", "/api/session/password", HU_ACT_SELF, prepare_password, commit_password, password_shape, password_example,
     .slow = true, .temporary = true, .summary = "Change one's password; ends every session of the account."},
    {"POST", "/api/session/totp", HU_ACT_SELF, check_current, commit_totp, totp_shape, totp_example, .slow = true,
     .summary = "A new secret for one-time codes, shown once; from now on signing in asks for a code."},
    {0},
};
