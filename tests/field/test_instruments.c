/* What measures: the rubric and its blinded raters, the knowledge test in two forms, the trust survey, the board. */

#include "serving.h"

static serving s;

static reply expect(const session *by, int status, const char *method, const char *path, const char *body)
{
    reply r = serving_ask(&s, by, method, path, body);
    if (r.status != status)
        fail_msg("%s %s: %d, expected %d: %s", method, path, r.status, status, r.body);
    return r;
}

static const char *uuid(unsigned n)
{
    return hu_printf(s.arena, "c%07x-1111-4111-8111-111111111111", n);
}

/* Incidents with a word that would tell their district if it were shown where it is blinded. */
static void record(const session *officer, unsigned first, unsigned n)
{
    const char *example = serving_example(&s, "/api/incidents/{uuid}", "put");
    for (unsigned i = first; i < first + n; i++)
        expect(officer, 201, "PUT", hu_printf(s.arena, "/api/incidents/%s", uuid(i)), example);
}

/* ---- documentation quality ---- */

static void a_rater_sees_what_was_drawn_for_him_and_no_more(void **state)
{
    (void)state;
    session officer = serving_sign_in(&s, "officer"), researcher = serving_sign_in(&s, "researcher");
    session raters[] = {serving_sign_in(&s, "supervisor"), serving_sign_in(&s, "supervisor2")};
    record(&officer, 1, 4);
    reply drawn = expect(&researcher, 201, "POST", "/api/quality/sample", "{\"size\":3,\"seed\":5}");
    assert_int_equal(json_integer_value(json_object_get(drawn.json, "drawn")), 3);
    assert_int_equal(json_integer_value(json_object_get(drawn.json, "of")), 4);
    const char *score = serving_example(&s, "/api/quality/items/{uuid}", "put");
    for (size_t k = 0; k < 2; k++) {
        json_t *items = json_object_get(expect(&raters[k], 200, "GET", "/api/quality/items", NULL).json, "items"), *one;
        size_t i;
        assert_int_equal(json_array_size(items), 3); /* two raters in all: each scores every incident drawn */
        json_array_foreach(items, i, one) {
            const char *path = hu_printf(s.arena, "/api/quality/items/%s", serving_text(one, "id"));
            reply shown = expect(&raters[k], 200, "GET", path, NULL);
            assert_true(*serving_text(shown.json, "narrative"));
            static const char *const blinded[] = {"district",    "place",       "point",
                                                  "occurred_at", "recorded_at", "recorded_by"};
            for (size_t b = 0; b < sizeof blinded / sizeof *blinded; b++)
                assert_null(json_object_get(shown.json, blinded[b]));
            expect(&raters[1 - k], 404, "GET", path, NULL);
            expect(&raters[1 - k], 404, "PUT", path, score);
            expect(&raters[k], 422, "PUT", path, "{\"scores\":{\"own_words\":\"2\"}}");
            expect(&raters[k], 204, "PUT", path, score);
        }
    }
    reply agreement = expect(&researcher, 200, "GET", "/api/quality/agreement", NULL);
    json_t *first = json_array_get(json_object_get(agreement.json, "criteria"), 0);
    assert_int_equal(json_integer_value(json_object_get(first, "pairs")), 3);
    drawn = expect(&researcher, 201, "POST", "/api/quality/sample", "{\"size\":3,\"seed\":5}");
    assert_int_equal(json_integer_value(json_object_get(drawn.json, "drawn")), 1); /* nobody is drawn twice */
}

static void the_rubric_names_the_checks_that_fail(void **state)
{
    (void)state;
    session officer = serving_sign_in(&s, "officer");
    record(&officer, 20, 1);
    reply r = expect(&officer, 200, "GET", hu_printf(s.arena, "/api/incidents/%s/quality", uuid(20)), NULL);
    assert_true(json_is_object(r.json) && json_object_size(r.json) > 0);
}

/* ---- the knowledge test ---- */

static void a_test_is_sat_once_and_does_not_tell_what_is_right(void **state)
{
    (void)state;
    session officer = serving_sign_in(&s, "officer3"), other = serving_sign_in(&s, "officer2");
    const char *path = hu_printf(s.arena, "/api/knowledge/sittings/%s", uuid(40));
    reply begun = expect(&officer, 201, "PUT", path, "{\"wave\":\"pre\"}");
    json_t *items = json_object_get(begun.json, "items"), *one;
    assert_true(json_array_size(items) >= 15);
    assert_null(strstr(begun.body, "\"right\""));
    assert_null(strstr(begun.body, "\"correct\""));
    reply again = expect(&officer, 200, "PUT", path, "{\"wave\":\"pre\"}");
    assert_string_equal(again.body, begun.body); /* the same items in the same order */
    expect(&other, 404, "GET", path, NULL);
    expect(&officer, 409, "PUT", hu_printf(s.arena, "/api/knowledge/sittings/%s", uuid(41)), "{\"wave\":\"pre\"}");
    const char *answers = hu_printf(s.arena, "%s/answers", path);
    expect(&officer, 422, "PUT", answers, "{\"answers\":{\"no-such-item\":\"a\"}}");
    HU_BUF(body);
    size_t i;
    hu_buf_add_text(&body, "{\"answers\":{");
    json_array_foreach(items, i, one)
        hu_buf_printf(&body, "%s\"%s\":\"a\"", i ? "," : "", serving_text(one, "id"));
    hu_buf_add_text(&body, "}}");
    expect(&officer, 204, "PUT", answers, body.data);
    expect(&officer, 409, "PUT", answers, body.data);
    reply after = expect(&officer, 200, "GET", path, NULL);
    assert_null(json_object_get(after.json, "items"));
    /* the other form after the training: no item twice */
    reply post =
        expect(&officer, 201, "PUT", hu_printf(s.arena, "/api/knowledge/sittings/%s", uuid(42)), "{\"wave\":\"post\"}");
    assert_string_not_equal(serving_text(post.json, "form"), serving_text(begun.json, "form"));
}

/* ---- the trust survey ---- */

static void answers_lie_on_the_scale(void **state)
{
    (void)state;
    session officer = serving_sign_in(&s, "officer");
    const char *path = hu_printf(s.arena, "/api/surveys/%s", uuid(60)),
               *good = serving_example(&s, "/api/surveys/{uuid}", "put");
    expect(&officer, 422, "PUT", path, serving_with(&s, good, "{\"answers\":{\"trust_serenazgo\":9}}"));
    expect(&officer, 422, "PUT", path, serving_with(&s, good, "{\"answers\":{\"no_such_question\":1}}"));
    expect(&officer, 403, "PUT", path, serving_with(&s, good, "{\"district\":\"150101\"}"));
    expect(&officer, 201, "PUT", path, good);
    expect(&officer, 200, "PUT", path, good); /* sent again: one survey */
}

static void the_board_counts_the_district(void **state)
{
    (void)state;
    session officer = serving_sign_in(&s, "officer"), supervisor = serving_sign_in(&s, "supervisor"),
            elsewhere = serving_sign_in(&s, "supervisor2");
    reply before = expect(&supervisor, 200, "GET", "/api/board", NULL),
          far = expect(&elsewhere, 200, "GET", "/api/board", NULL);
    record(&officer, 80, 2);
    reply after = expect(&supervisor, 200, "GET", "/api/board", NULL);
    json_int_t sum[3] = {0};
    reply boards[] = {before, after, expect(&elsewhere, 200, "GET", "/api/board", NULL)};
    for (size_t b = 0; b < 3; b++) {
        const char *month;
        json_t *n;
        json_object_foreach(json_object_get(boards[b].json, "incidents_by_month"), month, n)
            sum[b] += json_integer_value(n);
    }
    assert_int_equal(sum[1] - sum[0], 2);
    json_t *months = json_object_get(far.json, "incidents_by_month");
    assert_true(json_equal(months, json_object_get(boards[2].json, "incidents_by_month")));
}

static int start(void **state)
{
    (void)state;
    serving_start(&s);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    serving_stop(&s);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rater_sees_what_was_drawn_for_him_and_no_more),
        cmocka_unit_test(the_rubric_names_the_checks_that_fail),
        cmocka_unit_test(a_test_is_sat_once_and_does_not_tell_what_is_right),
        cmocka_unit_test(answers_lie_on_the_scale),
        cmocka_unit_test(the_board_counts_the_district),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
