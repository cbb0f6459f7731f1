/* Records over the API: once however often they are sent, never silently merged, seen by whom they concern. */

#include "serving.h"

static serving s;
static session officer, supervisor, institution;

static int set_up(void **state)
{
    (void)state;
    serving_start(&s);
    officer = serving_sign_in(&s, "officer");
    supervisor = serving_sign_in(&s, "supervisor");
    institution = serving_sign_in(&s, "institution");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serving_stop(&s);
    return 0;
}

static reply put(const session *by, const char *path, const char *body, const char *headers)
{
    return serving_raw(&s, "PUT", path, serving_headers(&s, by, headers), body);
}

static void the_same_record_twice_is_one(void **state)
{
    (void)state;
    const char *body = serving_example(&s, "/api/incidents/{uuid}", "put");
    reply first = put(&officer, "/api/incidents/" UUID_A, body, NULL);
    reply again = put(&officer, "/api/incidents/" UUID_A, body, NULL);
    assert_int_equal(first.status, 201);
    assert_int_equal(again.status, 200);
    assert_non_null(strstr(again.headers, "ETag: \"1\""));
    reply list = serving_ask(&s, &officer, "GET", "/api/incidents", NULL);
    assert_int_equal(json_array_size(json_object_get(list.json, "items")), 1);
    /* a change whose acknowledgement was lost, sent again with the revision it was made from */
    const char *changed = serving_with(&s, body, "{\"narrative\":\"more\"}");
    assert_int_equal(put(&officer, "/api/incidents/" UUID_A, changed, "If-Match: \"1\"\r\n").status, 200);
    again = put(&officer, "/api/incidents/" UUID_A, changed, "If-Match: \"1\"\r\n");
    assert_int_equal(again.status, 200);
    assert_non_null(strstr(again.headers, "ETag: \"2\""));
}

/* Two devices change the same version: the second is told both, member by member, and the first one's stands. */
static void a_stale_change_is_a_conflict(void **state)
{
    (void)state;
    const char *body = serving_example(&s, "/api/incidents/{uuid}", "put"), *path = "/api/incidents/" UUID_A;
    put(&officer, path, body, NULL);
    const char *one = serving_with(&s, body, "{\"narrative\":\"from one\"}");
    const char *two =
        serving_with(&s, body, "{\"narrative\":\"from two\",\"indicators\":{\"ec.documents_taken\":\"no\"}}");
    assert_int_equal(put(&officer, path, one, "If-Match: \"1\"\r\n").status, 200);
    reply r = put(&officer, path, two, "If-Match: \"1\"\r\n");
    assert_int_equal(r.status, 409);
    assert_non_null(strstr(r.headers, "application/problem+json"));
    json_t *differences = json_object_get(r.json, "differences");
    assert_int_equal(json_array_size(differences), 4); /* the narrative, and three answers */
    bool found = false;
    for (size_t i = 0; i < json_array_size(differences); i++) {
        const json_t *d = json_array_get(differences, i);
        if (strcmp(serving_text(d, "member"), "/narrative") == 0) {
            found = true;
            assert_string_equal(serving_text(d, "stored"), "from one");
            assert_string_equal(serving_text(d, "yours"), "from two");
        }
    }
    assert_true(found);
    reply stored = serving_ask(&s, &officer, "GET", path, NULL);
    assert_string_equal(serving_text(stored.json, "narrative"), "from one");
    assert_int_equal(put(&officer, path, two, "If-Match: \"2\"\r\n").status, 200); /* settled */
}

static void a_change_without_a_revision_is_a_conflict(void **state)
{
    (void)state;
    const char *body = serving_example(&s, "/api/incidents/{uuid}", "put");
    put(&officer, "/api/incidents/" UUID_A, body, NULL);
    assert_int_equal(put(&officer, "/api/incidents/" UUID_A, serving_with(&s, body, "{\"place\":\"x\"}"), NULL).status,
                     409);
}

static void what_was_read_can_be_sent_back(void **state)
{
    (void)state;
    serving_incident(&s, &officer, UUID_A, "150116");
    reply r = serving_ask(&s, &officer, "GET", "/api/incidents/" UUID_A, NULL);
    reply back = put(&officer, "/api/incidents/" UUID_A, r.body, "If-Match: \"1\"\r\n");
    assert_int_equal(back.status, 200);
    assert_non_null(strstr(back.headers, "ETag: \"1\"")); /* nothing changed */
    serving_referral(&s, &officer, UUID_A, UUID_B, "cem-demo", false);
    r = serving_ask(&s, &officer, "GET", "/api/referrals/" UUID_B, NULL);
    assert_int_equal(put(&officer, "/api/referrals/" UUID_B, r.body, NULL).status, 200);
}

static void bodies_are_refused_with_their_place(void **state)
{
    (void)state;
    const char *body = serving_example(&s, "/api/incidents/{uuid}", "put"), *path = "/api/incidents/" UUID_A;
    static const struct {
        const char *members, *says;
    } bad[] = {
        {"{\"district\":\"1501\"}", "/district"},
        {"{\"origin\":\"dream\"}", "/origin"},
        {"{\"surprise\":1}", "/surprise"},
        {"{\"occurred_at\":\"yesterday\"}", "/occurred_at"},
        {"{\"occurred_at\":\"2031-01-01T00:00:00Z\"}", "/occurred_at"},
        {"{\"indicators\":{\"no.such\":\"yes\"}}", "/indicators/no.such"},
        {"{\"indicators\":{\"ec.documents_taken\":\"maybe\"}}", "/indicators/ec.documents_taken"},
        {"{\"persons\":[{\"id\":\"x\"}]}", "/persons/0/id"},
        {"{\"actions\":[\"none\",\"none\"]}", "/actions/1"},
        {"{\"point\":{\"lat\":91,\"lon\":0}}", "/point/lat"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reply r = put(&officer, path, serving_with(&s, body, bad[i].members), NULL);
        assert_int_equal(r.status, 422);
        check_contains(serving_text(r.json, "detail"), bad[i].says);
    }
    assert_int_equal(put(&officer, path, "{", NULL).status, 400);
    assert_int_equal(put(&officer, path, "{}", NULL).status, 422);
    assert_int_equal(put(&officer, "/api/incidents/not-a-uuid", body, NULL).status, 400);
    assert_int_equal(serving_raw(&s, "PUT", path,
                                 hu_printf(s.arena, "Cookie: %s\r\nX-CSRF-Token: %s\r\nContent-Type: text/plain\r\n",
                                           officer.cookie, officer.csrf),
                                 body)
                         .status,
                     415);
    HU_BUF(long_body);
    for (int i = 0; i < (1 << 20) / 16 + 10; i++)
        hu_buf_add_text(&long_body, "                ");
    assert_int_equal(put(&officer, path, long_body.data, NULL).status, 413);
    assert_int_equal(serving_ask(&s, &officer, "GET", path, NULL).status, 404);
}

static void pages_go_through_everything_once(void **state)
{
    (void)state;
    for (int i = 0; i < 7; i++)
        serving_incident(&s, &officer, hu_printf(s.arena, "1111111%d-1111-4111-8111-111111111111", i), "150116");
    const char *path = "/api/incidents?limit=3";
    size_t seen = 0;
    for (int page = 0; page < 5; page++) {
        reply r = serving_ask(&s, &supervisor, "GET", path, NULL);
        assert_int_equal(r.status, 200);
        seen += json_array_size(json_object_get(r.json, "items"));
        const char *next = json_string_value(json_object_get(r.json, "next"));
        if (!next)
            break;
        path = hu_printf(s.arena, "/api/incidents?limit=3&cursor=%s", next);
    }
    assert_int_equal(seen, 7);
    assert_int_equal(serving_ask(&s, &supervisor, "GET", "/api/incidents?limit=0", NULL).status, 400);
    assert_int_equal(serving_ask(&s, &supervisor, "GET", "/api/incidents?cursor=x", NULL).status, 400);
}

static void an_office_sees_no_narrative(void **state)
{
    (void)state;
    serving_incident(&s, &officer, UUID_A, "150116");
    serving_referral(&s, &officer, UUID_A, UUID_B, "cem-demo", false);
    assert_int_equal(serving_ask(&s, &institution, "GET", "/api/incidents/" UUID_A, NULL).status, 404); /* a draft */
    serving_ask(&s, &officer, "POST", "/api/referrals/" UUID_B "/transitions", "{\"to\":\"sent\"}");
    reply r = serving_ask(&s, &institution, "GET", "/api/incidents/" UUID_A, NULL);
    assert_int_equal(r.status, 200);
    static const char *const hidden[] = {"narrative", "place", "point", "recorded_by", "extra", "inferences"};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_null(json_object_get(r.json, hidden[i]));
    r = serving_ask(&s, &institution, "GET", "/api/referrals/" UUID_B, NULL);
    assert_null(json_object_get(r.json, "recorded_by"));
    assert_null(strstr(r.body, officer.account));
    session other = serving_sign_in(&s, "institution2");
    assert_int_equal(serving_ask(&s, &other, "GET", "/api/incidents/" UUID_A, NULL).status, 404);
}

static void referrals_move_by_the_rules(void **state)
{
    (void)state;
    serving_incident(&s, &officer, UUID_A, "150116");
    serving_referral(&s, &officer, UUID_A, UUID_B, "cem-demo", true);
    const char *path = "/api/referrals/" UUID_B "/transitions";
    assert_int_equal(serving_ask(&s, &officer, "POST", path, "{\"to\":\"accepted\"}").status, 403);   /* the office's */
    assert_int_equal(serving_ask(&s, &institution, "POST", path, "{\"to\":\"closed\"}").status, 409); /* too early */
    serving_clock += 2 * 3600;
    assert_int_equal(serving_ask(&s, &institution, "POST", path, "{\"to\":\"accepted\",\"note\":\"come\"}").status,
                     200);
    assert_int_equal(serving_ask(&s, &institution, "POST", path, "{\"to\":\"accepted\"}").status, 200); /* once */
    serving_clock += 3600;
    reply r = serving_ask(&s, &institution, "POST", path, "{\"to\":\"service_given\"}");
    assert_int_equal(json_array_size(json_object_get(r.json, "way")), 4);
    assert_string_equal(serving_text(r.json, "completion"), "completed");
    const json_t *quality = json_object_get(r.json, "quality");
    assert_true(json_is_true(json_object_get(quality, "accepted_in_time")));
    assert_true(json_is_true(json_object_get(quality, "right_institution")));
    const json_t *clocks = json_object_get(r.json, "clocks");
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        const json_t *clock = json_array_get(clocks, i);
        double hours = json_number_value(json_object_get(clock, "hours"));
        bool observed = json_is_true(json_object_get(clock, "observed"));
        const char *key = serving_text(clock, "clock");
        if (strcmp(key, "acceptance") == 0 || strcmp(key, "receipt") == 0)
            assert_true(observed && hours == 2); /* accepting it is receiving it */
        if (strcmp(key, "service") == 0)
            assert_true(observed && hours == 1);
        if (strcmp(key, "closure") == 0)
            assert_true(!observed && hours == 3);
    }
    assert_int_equal(serving_ask(&s, &officer, "PUT", "/api/referrals/" UUID_B, "{}").status, 422);
    const char *changed = serving_with(&s, serving_example(&s, "/api/referrals/{uuid}", "put"),
                                       "{\"incident\":\"" UUID_A "\",\"reason\":\"another\"}");
    assert_int_equal(put(&officer, "/api/referrals/" UUID_B, changed, "If-Match: \"4\"\r\n").status, 409); /* sent */
}

static void late_steps_surface(void **state)
{
    (void)state;
    serving_incident(&s, &officer, UUID_A, "150116");
    serving_referral(&s, &officer, UUID_A, UUID_B, "cem-demo", true);
    reply r = serving_ask(&s, &supervisor, "GET", "/api/referrals?overdue=1", NULL);
    assert_int_equal(json_array_size(json_object_get(r.json, "items")), 0);
    serving_clock += 9 * 3600; /* eight hours to be received */
    r = serving_ask(&s, &supervisor, "GET", "/api/referrals?overdue=1", NULL);
    assert_int_equal(json_array_size(json_object_get(r.json, "items")), 1);
}

static void an_identity_is_shown_for_a_reason(void **state)
{
    (void)state;
    const char *path = "/api/identities/" UUID_PERSON;
    const char *reason = serving_headers(&s, &institution, "X-Reason: to call the person back\r\n");
    serving_incident(&s, &officer, UUID_A, "150116");
    serving_referral(&s, &officer, UUID_A, UUID_B, "cem-demo", true);
    const char *body =
        serving_with(&s, serving_example(&s, "/api/identities/{uuid}", "put"), "{\"incident\":\"" UUID_A "\"}");
    assert_int_equal(put(&officer, path, body, NULL).status, 201);
    assert_int_equal(serving_ask(&s, &officer, "GET", path, NULL).status, 400); /* without a reason */
    assert_int_equal(serving_raw(&s, "GET", path, reason, "").status, 404);     /* sent is not received */
    serving_ask(&s, &institution, "POST", "/api/referrals/" UUID_B "/transitions", "{\"to\":\"received\"}");
    assert_int_equal(serving_raw(&s, "GET", path, reason, "").status, 200);
    /* consent is withdrawn: the office is refused from now on */
    reply r = serving_ask(&s, &officer, "GET", "/api/incidents/" UUID_A, NULL);
    json_t *incident = json_deep_copy(r.json);
    json_object_set_new(json_array_get(json_object_get(incident, "persons"), 0), "consent", json_string("refused"));
    char *refused = json_dumps(incident, JSON_COMPACT);
    assert_int_equal(put(&officer, "/api/incidents/" UUID_A, refused, "If-Match: \"1\"\r\n").status, 200);
    free(refused);
    json_decref(incident);
    assert_int_equal(serving_raw(&s, "GET", path, reason, "").status, 403);
}

static void counts_are_counted_once(void **state)
{
    (void)state;
    const char *body = serving_with(&s, serving_example(&s, "/api/encounters/{uuid}", "put"), "{\"number\":3}");
    assert_int_equal(put(&officer, "/api/encounters/" UUID_A, body, NULL).status, 201);
    assert_int_equal(put(&officer, "/api/encounters/" UUID_A, body, NULL).status, 200);
    assert_int_equal(put(&officer, "/api/encounters/" UUID_A, serving_with(&s, body, "{\"number\":4}"), NULL).status,
                     409);
    reply r = serving_ask(&s, &supervisor, "GET", "/api/encounters", NULL);
    assert_int_equal(json_integer_value(json_object_get(r.json, "encounter")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_record_twice_is_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stale_change_is_a_conflict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_change_without_a_revision_is_a_conflict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_read_can_be_sent_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bodies_are_refused_with_their_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_go_through_everything_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_office_sees_no_narrative, set_up, tear_down),
        cmocka_unit_test_setup_teardown(referrals_move_by_the_rules, set_up, tear_down),
        cmocka_unit_test_setup_teardown(late_steps_surface, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_identity_is_shown_for_a_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_are_counted_once, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
