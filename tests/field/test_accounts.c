/* Signing in: lock-out, one-time codes, sessions that end; the description of the API against what is served. */

#include "serving.h"

#include "huella/field/accounts.h"
#include "huella/field/audit.h"

#include <liboath/oath.h>

static serving s;

static int set_up(void **state)
{
    (void)state;
    serving_start(&s);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_stop(&s);
    return 0;
}

static void five_failures_rest_the_account(void **state)
{
    (void)state;
    const char *right = serving_password(&s, "officer");
    for (int i = 0; i < 5; i++)
        assert_int_equal(serving_try_sign_in(&s, "officer", "wrong wrong wrong").status, 401);
    assert_int_equal(serving_try_sign_in(&s, "officer", right).status, 429); /* the right one too */
    assert_int_equal(serving_try_sign_in(&s, "officer2", serving_password(&s, "officer2")).status, 200);
    serving_clock += 60;
    assert_int_equal(serving_try_sign_in(&s, "officer", "wrong wrong wrong").status, 401);
    serving_clock += 61; /* now it rests two minutes */
    assert_int_equal(serving_try_sign_in(&s, "officer", right).status, 429);
    serving_clock += 60;
    assert_int_equal(serving_try_sign_in(&s, "officer", right).status, 200);
    for (int i = 0; i < 4; i++) /* and the count began anew */
        assert_int_equal(serving_try_sign_in(&s, "officer", "wrong wrong wrong").status, 401);
    assert_int_equal(serving_try_sign_in(&s, "officer", right).status, 200);
}

static void unknown_names_are_answered_like_wrong_passwords(void **state)
{
    (void)state;
    reply unknown = serving_try_sign_in(&s, "nobody-here", "wrong wrong wrong");
    reply wrong = serving_try_sign_in(&s, "officer", "wrong wrong wrong");
    assert_int_equal(unknown.status, wrong.status);
    assert_string_equal(unknown.body, wrong.body);
}

static void an_address_may_not_try_without_end(void **state)
{
    (void)state;
    int refused = 0;
    for (int i = 0; i < 40; i++)
        refused +=
            serving_ask(&s, NULL, "POST", "/api/session", "{\"username\":\"no-one\",\"password\":\"x\"}").status == 429;
    assert_int_equal(refused, 10);
}

static void sessions_end(void **state)
{
    (void)state;
    session a = serving_sign_in(&s, "officer"), b = serving_sign_in(&s, "officer");
    assert_int_equal(serving_ask(&s, &a, "DELETE", "/api/session", NULL).status, 204);
    assert_int_equal(serving_ask(&s, &a, "GET", "/api/session", NULL).status, 401);
    assert_int_equal(serving_ask(&s, &b, "GET", "/api/session", NULL).status, 200);
    serving_clock += HU_SESSION_IDLE - 1;
    assert_int_equal(serving_ask(&s, &b, "GET", "/api/session", NULL).status, 200); /* and is in use until now */
    serving_sign_in(&s, "officer2");                                                /* written after that use was */
    assert_int_equal(serving_ask(&s, &b, "GET", "/api/session", NULL).status, 200);
    serving_clock += HU_SESSION_IDLE + 1;
    assert_int_equal(serving_ask(&s, &b, "GET", "/api/session", NULL).status, 401);
}

static void a_disabled_account_is_out_at_once(void **state)
{
    (void)state;
    session officer = serving_sign_in(&s, "officer"), administrator = serving_sign_in(&s, "administrator");
    const char *path = hu_printf(s.arena, "/api/accounts/%s", officer.account);
    assert_int_equal(serving_ask(&s, &administrator, "PATCH", path, "{\"disabled\":true}").status, 204);
    assert_int_equal(serving_ask(&s, &officer, "GET", "/api/session", NULL).status, 401);
    assert_int_equal(serving_try_sign_in(&s, "officer", serving_password(&s, "officer")).status, 401);
    path = hu_printf(s.arena, "/api/accounts/%s", administrator.account);
    assert_int_equal(serving_ask(&s, &administrator, "PATCH", path, "{\"disabled\":true}").status, 409);
}

/* An account whose password an administrator chose does nothing before its owner chose another. */
static void a_given_password_is_changed_first(void **state)
{
    (void)state;
    session administrator = serving_sign_in(&s, "administrator");
    const char *made = "{\"username\":\"new-officer\",\"password\":\"three words to begin\",\"role\":\"officer\","
                       "\"district\":\"150116\"}";
    assert_int_equal(serving_ask(&s, &administrator, "POST", "/api/accounts", made).status, 201);
    s.accounts = hu_regrow(s.arena, s.accounts, s.n_accounts, s.n_accounts + 1, sizeof *s.accounts);
    s.accounts[s.n_accounts++] = (hu_demo_account){"officer", "new-officer", "three words to begin", "150116"};
    session officer = serving_sign_in(&s, "new-officer");
    assert_int_equal(serving_ask(&s, &officer, "GET", "/api/incidents", NULL).status, 403);
    assert_int_equal(serving_ask(&s, &officer, "PUT", "/api/session/password",
                                 "{\"current\":\"three words to begin\",\"new\":\"short\"}")
                         .status,
                     422);
    assert_int_equal(serving_ask(&s, &officer, "PUT", "/api/session/password",
                                 "{\"current\":\"three words to begin\",\"new\":\"words of my own choice\"}")
                         .status,
                     204);
    assert_int_equal(serving_ask(&s, &officer, "GET", "/api/session", NULL).status, 401); /* signed out everywhere */
    s.accounts[s.n_accounts - 1].password = "words of my own choice";
    officer = serving_sign_in(&s, "new-officer");
    assert_int_equal(serving_ask(&s, &officer, "GET", "/api/incidents", NULL).status, 200);
}

static const char *code_at(const char *secret, int64_t instant)
{
    char *bytes, *code = hu_alloc(s.arena, 7);
    size_t length;
    assert_int_equal(oath_base32_decode(secret, strlen(secret), &bytes, &length), OATH_OK);
    assert_int_equal(oath_totp_generate(bytes, length, instant, 30, 0, 6, code), OATH_OK);
    free(bytes);
    return code;
}

static reply sign_in_with(const char *code)
{
    serving_clock += 30;
    return serving_ask(&s, NULL, "POST", "/api/session",
                       hu_printf(s.arena, "{\"username\":\"supervisor\",\"password\":\"%s\",\"totp\":\"%s\"}",
                                 serving_password(&s, "supervisor"), code));
}

static void a_code_works_once(void **state)
{
    (void)state;
    const char *password = serving_password(&s, "supervisor");
    session by = serving_sign_in(&s, "supervisor");
    reply r = serving_ask(&s, &by, "POST", "/api/session/totp", hu_printf(s.arena, "{\"current\":\"%s\"}", password));
    assert_int_equal(r.status, 200);
    const char *secret = serving_text(r.json, "secret");
    r = serving_try_sign_in(&s, "supervisor", password);
    assert_int_equal(r.status, 401);
    assert_int_equal(strncmp(serving_text(r.json, "detail"), "totp:", 5), 0);
    const char *code = code_at(secret, serving_clock + 30);
    assert_int_equal(sign_in_with(code).status, 200);
    assert_int_equal(sign_in_with(code).status, 401); /* still within its time, but used */
    assert_int_equal(sign_in_with("000000").status, 401);
    assert_int_equal(sign_in_with(code_at(secret, serving_clock + 300)).status, 401); /* from the future */
    assert_int_equal(sign_in_with(code_at(secret, serving_clock + 30)).status, 200);
}

/* The test vectors of RFC 6238 (SHA-1), appendix B, the last six digits. */
static void codes_are_those_of_the_standard(void **state)
{
    (void)state;
    const char *secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; /* "12345678901234567890" */
    assert_int_equal(hu_totp_step(secret, "287082", 59), 1);
    assert_int_equal(hu_totp_step(secret, "081804", 1111111109), 37037036);
    assert_int_equal(hu_totp_step(secret, "005924", 1234567890), 41152263);
    assert_int_equal(hu_totp_step(secret, "005925", 1234567890), -1);
    assert_int_equal(hu_totp_step(secret, "x05924", 1234567890), -1);
}

/* ---- the description, against what is served ---- */

static void the_description_is_openapi(void **state)
{
    (void)state;
    reply r = serving_ask(&s, NULL, "GET", "/api/openapi.json", NULL);
    const char *path, *method;
    json_t *operations, *operation;
    assert_string_equal(serving_text(r.json, "openapi"), "3.1.0");
    json_object_foreach(json_object_get(r.json, "paths"), path, operations)
        json_object_foreach(operations, method, operation) {
            const json_t *body = json_object_get(operation, "requestBody");
            const json_t *content = json_object_get(json_object_get(body, "content"), "application/json");
            assert_true(*serving_text(operation, "summary"));
            assert_non_null(json_object_get(operation, "responses"));
            assert_true(!strchr(path, '{') == !json_object_get(operation, "parameters") ||
                        json_object_get(operation, "parameters"));
            if (body) {
                assert_true(json_is_object(json_object_get(content, "example")));
                assert_true(json_is_object(json_object_get(content, "schema")));
            }
            /* what it names is served: nobody signed in is the answer, not "nothing is here" */
            HU_BUF(at);
            for (const char *p = path; *p; p++)
                hu_buf_add_char(&at, strchr("{}", *p) ? 'x' : *p);
            char upper[16] = "";
            for (size_t i = 0; method[i] && i < 15; i++)
                upper[i] = (char)(method[i] & ~0x20);
            int status = serving_ask(&s, NULL, upper, at.data, "{}").status;
            if (status != 401 && status != 200 && status != 422 && status != 410)
                fail_msg("%s %s: %d", upper, path, status);
        }
}

static void other_methods_and_paths_are_refused(void **state)
{
    (void)state;
    assert_int_equal(serving_ask(&s, NULL, "DELETE", "/api/incidents", NULL).status, 405);
    assert_int_equal(serving_ask(&s, NULL, "GET", "/api/nothing", NULL).status, 404);
    assert_int_equal(serving_ask(&s, NULL, "GET", "/../../etc/passwd", NULL).status, 404);
    reply r = serving_ask(&s, NULL, "GET", "/api/health", NULL);
    static const char *const headers[] = {"Content-Security-Policy: default-src 'none'",
                                          "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
                                          "Referrer-Policy: no-referrer", "Cache-Control: no-store"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        check_contains(r.headers, headers[i]);
    assert_null(strstr(r.headers, "unsafe-inline"));
}

/* What was acknowledged is there when the server comes back, and the trail holds over the whole of it. */
static void a_restart_loses_nothing(void **state)
{
    (void)state;
    session officer = serving_sign_in(&s, "officer");
    serving_incident(&s, &officer, UUID_A, "150116");
    hu_field_close(s.field);
    serving_open(&s);
    assert_int_equal(serving_ask(&s, &officer, "GET", "/api/incidents/" UUID_A, NULL).status, 200);
    hu_vault *vault;
    hu_store *store;
    hu_audit_check check;
    CHECK_OK(hu_vault_open(s.keys, false, &vault));
    CHECK_OK(hu_store_open(s.uri, &store));
    CHECK_OK(hu_audit_verify(vault, store, &check));
    assert_int_equal(check.bad, 0);
    assert_int_equal(check.entries, 2); /* signed in, recorded */
    hu_store_close(store);
    hu_vault_close(vault);
}

/* Without the file of keys the store does not open to anybody, and none is made in its place. */
static void a_store_in_use_needs_its_keys(void **state)
{
    (void)state;
    serving_sign_in(&s, "officer");
    hu_field_close(s.field);
    s.field = NULL;
    unlink(s.keys);
    hu_field_options options = {
        .store = s.uri, .rules_dir = getenv("HUELLA_RULES"), .keys = s.keys, .listen = "127.0.0.1:0"};
    CHECK_FAILS(hu_field_open(&options, &s.field), HU_BAD_INPUT, "file of keys is not there");
}

static void addresses_of_others_need_tls(void **state)
{
    (void)state;
    hu_field *field;
    hu_field_options options = {.store = hu_printf(s.arena, "sqlite:%s/second.db", s.folder),
                                .rules_dir = getenv("HUELLA_RULES"),
                                .keys = hu_printf(s.arena, "%s/second.keys", s.folder),
                                .listen = "0.0.0.0:0"};
    CHECK_FAILS(hu_field_open(&options, &field), HU_USAGE, "--tls-cert");
    options.listen = "example.org:443";
    CHECK_FAILS(hu_field_open(&options, &field), HU_USAGE, "no address in numbers");
    options.listen = "8443";
    CHECK_FAILS(hu_field_open(&options, &field), HU_USAGE, "expected ADDRESS:PORT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(five_failures_rest_the_account, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_names_are_answered_like_wrong_passwords, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_address_may_not_try_without_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sessions_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_disabled_account_is_out_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_given_password_is_changed_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_code_works_once, set_up, tear_down),
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test_setup_teardown(the_description_is_openapi, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_methods_and_paths_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_restart_loses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_in_use_needs_its_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_of_others_need_tls, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
