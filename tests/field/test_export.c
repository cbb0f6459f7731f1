/* What researchers are given: nobody stands alone in it, nothing that was written down is in it, and the trail tells.
 */

#include "serving.h"

static void put_incident(serving *s, const session *officer, unsigned i)
{
    static const char *const origins[] = {"patrol", "call"}, *const ages[] = {"9-17", "21-23", "30-38"};
    const char *body = serving_with(
        s, serving_example(s, "/api/incidents/{uuid}", "put"),
        hu_printf(s->arena,
                  "{\"district\":\"150116\",\"occurred_at\":\"2026-0%u-1%uT10:00:00-05:00\",\"origin\":\"%s\","
                  "\"persons\":[{\"id\":\"d%07u-1111-4111-8111-111111111111\",\"age_group\":\"%s\",\"sex\":\"female\","
                  "\"nationality\":\"VEN\",\"consent\":\"given\"}]}",
                  1 + i % 2, i % 9, origins[i % 2], i, ages[i % 3]));
    reply r = serving_ask(s, officer, "PUT", hu_printf(s->arena, "/api/incidents/a%07u-1111-4111-8111-111111111111", i),
                          body);
    assert_int_equal(r.status, 201);
}

static void nobody_stands_alone(void **state)
{
    (void)state;
    serving s;
    serving_start(&s);
    session officer = serving_sign_in(&s, "officer"), researcher = serving_sign_in(&s, "researcher");
    for (unsigned i = 0; i < 5; i++)
        put_incident(&s, &officer, i);
    reply few = serving_ask(&s, &researcher, "GET", "/api/export/persons", NULL);
    assert_int_equal(few.status, 200);
    assert_int_equal(json_array_size(json_object_get(few.json, "rows")), 0);
    assert_int_equal(json_integer_value(json_object_get(few.json, "left_out")), 5);
    for (unsigned i = 5; i < 80; i++)
        put_incident(&s, &officer, i);
    static const char *const paths[] = {"/api/export/persons", "/api/export/incidents"};
    for (size_t p = 0; p < 2; p++) {
        reply r = serving_ask(&s, &researcher, "GET", paths[p], NULL);
        assert_int_equal(r.status, 200);
        const json_t *rows = json_object_get(r.json, "rows");
        size_t n = json_array_size(rows);
        assert_int_equal(n + (size_t)json_integer_value(json_object_get(r.json, "left_out")), 80);
        assert_true(n >= 76); /* at most one in twenty is left out */
        for (size_t i = 0; i < n; i++) {
            size_t like = 0;
            for (size_t j = 0; j < n; j++)
                like += json_equal(json_array_get(rows, i), json_array_get(rows, j)) != 0;
            assert_true(like >= 11);
        }
        static const char *const secret[] = {"narrative", "papers were kept", "second floor", "-1111-4111-"};
        for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
            assert_null(strstr(r.body, secret[i]));
    }
    hu_field_close(s.field);
    s.field = NULL;
    check_run run = CHECK_HUELLA(s.arena, "audit", "--study", s.folder, "--format", "csv");
    check_contains(run.out, "export.read,/api/export/persons");
    serving_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_stands_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
