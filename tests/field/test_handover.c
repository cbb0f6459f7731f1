/* Hand-over sheets: an office without an account answers, each step once, by the latest sheet only. */

#include "serving.h"

static serving s;
static session officer;
static const char *secret;

static reply print_sheet(void)
{
    reply r = serving_ask(&s, &officer, "POST", "/api/referrals/" UUID_B "/sheet", NULL);
    assert_int_equal(r.status, 200);
    const char *link = strstr(r.headers, "X-Handover-Link: /h/");
    assert_non_null(link);
    link += strlen("X-Handover-Link: /h/");
    secret = hu_strndup(s.arena, link, strcspn(link, "\r"));
    return r;
}

static int set_up(void **state)
{
    (void)state;
    serving_start(&s);
    officer = serving_sign_in(&s, "officer");
    serving_incident(&s, &officer, UUID_A, "150116");
    serving_referral(&s, &officer, UUID_A, UUID_B, "cem-demo", true);
    print_sheet();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_stop(&s);
    return 0;
}

static reply answer(const char *link, const char *to)
{
    serving_clock += 60;
    return serving_ask(&s, NULL, "POST", hu_printf(s.arena, "/api/handover/%s", link),
                       hu_printf(s.arena, "{\"to\":\"%s\",\"signed_by\":\"Duty desk\"}", to));
}

static const char *state_now(void)
{
    return serving_text(serving_ask(&s, &officer, "GET", "/api/referrals/" UUID_B, NULL).json, "state");
}

static void the_sheet_is_a_page_without_a_name(void **state)
{
    (void)state;
    reply r = print_sheet();
    assert_int_equal(strncmp(r.body, "%PDF-", 5), 0);
    check_contains(r.headers, "Content-Type: application/pdf");
    assert_int_equal(serving_ask(&s, &officer, "POST", "/api/referrals/" UUID_C "/sheet", NULL).status, 404);
    serving_referral(&s, &officer, UUID_A, UUID_C, "cem-demo", false);
    assert_int_equal(serving_ask(&s, &officer, "POST", "/api/referrals/" UUID_C "/sheet", NULL).status, 409);
}

static void an_office_answers_step_by_step(void **state)
{
    (void)state;
    assert_int_equal(answer(secret, "received").status, 200);
    assert_int_equal(answer(secret, "accepted").status, 200);
    assert_int_equal(answer(secret, "service_given").status, 200);
    assert_int_equal(answer(secret, "closed").status, 200);
    assert_string_equal(state_now(), "closed");
    reply r = serving_ask(&s, &officer, "GET", "/api/referrals/" UUID_B, NULL);
    const json_t *way = json_object_get(r.json, "way");
    assert_int_equal(json_array_size(way), 6);
    assert_string_equal(serving_text(json_array_get(way, 2), "by"), "sheet");
    check_contains(serving_text(json_array_get(way, 2), "note"), "Duty desk");
}

/* The same answer sent again changes nothing, whatever happened in between. */
static void a_replay_takes_no_step(void **state)
{
    (void)state;
    assert_int_equal(answer(secret, "received").status, 200);
    assert_int_equal(answer(secret, "received").status, 409);
    assert_int_equal(answer(secret, "accepted").status, 200);
    assert_int_equal(answer(secret, "received").status, 409);
    assert_int_equal(answer(secret, "accepted").status, 409);
    assert_string_equal(state_now(), "accepted");
    reply r = serving_ask(&s, &officer, "GET", "/api/referrals/" UUID_B, NULL);
    assert_int_equal(json_array_size(json_object_get(r.json, "way")), 4);
}

static void a_sheet_takes_only_the_offices_steps(void **state)
{
    (void)state;
    assert_int_equal(answer(secret, "withdrawn").status, 403);
    assert_int_equal(answer(secret, "closed").status, 409);
    assert_int_equal(answer(secret, "nothing").status, 409);
    assert_string_equal(state_now(), "sent");
}

static void a_later_sheet_takes_the_place_of_the_earlier(void **state)
{
    (void)state;
    const char *first = secret;
    print_sheet();
    assert_int_equal(answer(first, "received").status, 410);
    assert_int_equal(answer(secret, "received").status, 200);
}

static void links_expire(void **state)
{
    (void)state;
    serving_clock += 30 * 24 * 3600;
    assert_int_equal(answer(secret, "received").status, 410);
}

/* Any other letter in any place: refused by its signature. */
static void a_guessed_link_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < strlen(secret); i += 5) {
        char *guess = hu_strdup(s.arena, secret);
        guess[i] = guess[i] == 'A' ? 'B' : 'A';
        assert_int_equal(answer(guess, "received").status, 410);
    }
    assert_int_equal(answer("AAAA", "received").status, 410);
    assert_string_equal(state_now(), "sent");
}

static void guessing_is_slowed_down(void **state)
{
    (void)state;
    int refused = 0;
    for (int i = 0; i < 30; i++)
        refused += serving_ask(&s, NULL, "GET", "/api/handover/x", NULL).status == 429;
    assert_true(refused >= 9);
}

static reply form(const char *body)
{
    serving_clock += 60;
    return serving_raw(&s, "POST", hu_printf(s.arena, "/h/%s", secret),
                       "Content-Type: application/x-www-form-urlencoded\r\n", body);
}

static void the_page_works_without_scripts(void **state)
{
    (void)state;
    reply r = serving_ask(&s, NULL, "GET", hu_printf(s.arena, "/h/%s", secret), NULL);
    assert_int_equal(r.status, 200);
    check_contains(r.headers, "Content-Type: text/html");
    check_contains(r.body, "value=\"received\"");
    assert_null(strstr(r.body, "withdrawn"));
    assert_null(strstr(r.body, "<script"));
    assert_null(strstr(r.body, "legal help")); /* the reason is on the paper, not on the page */
    assert_int_equal(form("to=received").status, 422);
    r = form("to=received&signed_by=Ana+%3Cb%3E&note=%C3%A1&note=x");
    assert_int_equal(r.status, 200);
    assert_string_equal(state_now(), "received");
    assert_int_equal(form("to=received&signed_by=Ana").status, 409);
    assert_int_equal(form("to=%FF&signed_by=%00").status, 422);
    r = serving_ask(&s, &officer, "GET", "/api/referrals/" UUID_B, NULL);
    check_contains(serving_text(json_array_get(json_object_get(r.json, "way"), 2), "note"), "Ana <b>: á");
    r = serving_ask(&s, NULL, "GET", "/h/x", NULL);
    assert_int_equal(r.status, 410);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_sheet_is_a_page_without_a_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_office_answers_step_by_step, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_replay_takes_no_step, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_sheet_takes_only_the_offices_steps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_later_sheet_takes_the_place_of_the_earlier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(links_expire, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_guessed_link_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(guessing_is_slowed_down, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_page_works_without_scripts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
