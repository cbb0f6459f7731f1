/*
 * Who may do what: every route of the description × every role × whose record it is, each with the answer that is
 * expected. The table is written by hand, apart from the program's own (src/field/permit.c): a route that is missing
 * here fails.
 */

#include "serving.h"

/* Who asks. The record is made by `officer` in 150116 and addressed to `institution` (cem-demo). */
static const char *const subjects[] = {
    "officer",                                        /* its own record */
    "officer2",                                       /* same district, another's record */
    "officer3",                                       /* another district */
    "supervisor",                                     /* its district */
    "supervisor2",                                    /* another district */
    "institution",                                    /* addressed to it */
    "institution2",                                   /* addressed to another */
    "researcher",   "administrator", "auditor", NULL, /* nobody is signed in */
};
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

/* {i} an incident · {r} its referral, sent · {n} a new number · {p} its person · {a} an account that nobody needs */
typedef struct row {
    const char *method, *path, *members; /* members that replace those of the example */
    int expected[SUBJECTS];
} row;

/* clang-format off */
static const row rows[] = {
    /* own, same district, other district, supervisor, other, institution, other, researcher, administrator, auditor, nobody */
    {"GET", "/api/health", NULL,                               {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/api/openapi.json", NULL,                         {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/api/session", NULL,                              {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 401}},
    {"GET", "/api/indicators", NULL,                           {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 401}},
    {"GET", "/api/referral-rules", NULL,                       {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 401}},
    {"GET", "/api/institutions", NULL,                         {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 401}},
    {"GET", "/api/permissions", NULL,                          {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 401}},
    {"POST", "/api/session", "{\"username\":\"x.y\"}",         {401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401}},
    {"PUT", "/api/session/password", "{\"current\":\"wrong wrong wrong\"}",
                                                               {403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 401}},
    {"POST", "/api/session/totp", "{\"current\":\"wrong wrong wrong\"}",
                                                               {403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 401}},
    {"PUT", "/api/incidents/{n}", "{}",                        {201, 201, 403, 403, 403, 403, 403, 403, 403, 403, 401}},
    {"PUT", "/api/incidents/{i}", "{}",                        {200, 404, 403, 403, 403, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/incidents/{i}", NULL,                        {200, 404, 404, 200, 404, 200, 404, 403, 403, 403, 401}},
    {"GET", "/api/incidents/{i}/assessment", NULL,             {200, 404, 404, 200, 404, 200, 404, 403, 403, 403, 401}},
    {"GET", "/api/incidents", NULL,                            {200, 200, 200, 200, 200, 200, 200, 403, 403, 403, 401}},
    {"PUT", "/api/identities/{p}", "{}",                       {200, 404, 404, 403, 403, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/identities/{p}", NULL,                       {200, 404, 404, 200, 404, 200, 404, 403, 403, 403, 401}},
    {"PUT", "/api/referrals/{n}", "{}",                        {201, 404, 404, 201, 404, 403, 403, 403, 403, 403, 401}},
    {"PUT", "/api/referrals/{r}", "{}",                        {200, 404, 404, 200, 404, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/referrals/{r}", NULL,                        {200, 404, 404, 200, 404, 200, 404, 403, 403, 403, 401}},
    {"GET", "/api/referrals", NULL,                            {200, 200, 200, 200, 200, 200, 200, 403, 403, 403, 401}},
    {"POST", "/api/referrals/{r}/transitions", "{\"to\":\"lost_contact\"}",
                                                               {200, 404, 404, 200, 404, 200, 404, 404, 404, 404, 401}},
    {"POST", "/api/referrals/{r}/transitions", "{\"to\":\"accepted\"}",
                                                               {403, 404, 404, 403, 404, 200, 404, 404, 404, 404, 401}},
    {"PUT", "/api/encounters/{n}", "{}",                       {201, 201, 201, 403, 403, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/encounters", NULL,                           {200, 200, 200, 200, 200, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/accounts", NULL,                             {403, 403, 403, 403, 403, 403, 403, 403, 200, 403, 401}},
    {"POST", "/api/accounts", "{}",                            {403, 403, 403, 403, 403, 403, 403, 403, 201, 403, 401}},
    {"PATCH", "/api/accounts/{a}", "{\"disabled\":false}",     {403, 403, 403, 403, 403, 403, 403, 403, 204, 403, 401}},
    {"PUT", "/api/institutions/new-office", "{}",              {403, 403, 403, 403, 403, 403, 403, 403, 204, 403, 401}},
    {"GET", "/api/metrics", NULL,                              {403, 403, 403, 403, 403, 403, 403, 403, 200, 200, 401}},
    {"POST", "/api/referrals/{r}/sheet", NULL,                 {200, 404, 404, 200, 404, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/handover/{token}", NULL,                     {410, 410, 410, 410, 410, 410, 410, 410, 410, 410, 410}},
    {"POST", "/api/handover/{token}", "{}",                    {410, 410, 410, 410, 410, 410, 410, 410, 410, 410, 410}},
    {"GET", "/h/{token}", NULL,                                {410, 410, 410, 410, 410, 410, 410, 410, 410, 410, 410}},
    {"POST", "/h/{token}", NULL,                               {410, 410, 410, 410, 410, 410, 410, 410, 410, 410, 410}},
    {"GET", "/api/quality/rubric", NULL,                       {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 401}},
    {"GET", "/api/incidents/{i}/quality", NULL,                {200, 404, 404, 200, 404, 403, 403, 403, 403, 403, 401}},
    {"POST", "/api/quality/sample", "{}",                      {403, 403, 403, 403, 403, 403, 403, 201, 403, 403, 401}},
    {"GET", "/api/quality/items", NULL,                        {403, 403, 403, 200, 200, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/quality/items/{n}", NULL,                    {403, 403, 403, 404, 404, 403, 403, 403, 403, 403, 401}},
    {"PUT", "/api/quality/items/{n}", "{}",                    {403, 403, 403, 404, 404, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/quality/agreement", NULL,                    {403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 401}},
    {"PUT", "/api/knowledge/sittings/{n}", "{}",               {201, 201, 201, 201, 201, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/knowledge/sittings/{n}", NULL,               {404, 404, 404, 404, 404, 403, 403, 403, 403, 403, 401}},
    {"PUT", "/api/knowledge/sittings/{n}/answers", "{}",       {404, 404, 404, 404, 404, 403, 403, 403, 403, 403, 401}},
    {"GET", "/api/surveys/questionnaire", NULL,                {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 401}},
    {"PUT", "/api/surveys/{n}", "{}",                          {201, 201, 403, 201, 403, 403, 403, 201, 403, 403, 401}},
    {"GET", "/api/board", NULL,                                {403, 403, 403, 200, 200, 403, 403, 200, 403, 403, 401}},
    {"GET", "/api/export/incidents", NULL,                     {403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 401}},
    {"GET", "/api/export/persons", NULL,                       {403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 401}},
    {"DELETE", "/api/session", NULL,                           {204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 401}},
};
/* clang-format on */

static serving s;
static session sessions[SUBJECTS];
static reply description;
static unsigned made;

static const char *number(char group)
{
    return hu_printf(s.arena, "%c%07x-1111-4111-8111-111111111111", group, made);
}

/* The person's number differs from case to case, as in life. */
static const char *person(void)
{
    return hu_printf(s.arena, "d%07x-1111-4111-8111-111111111111", made);
}

static const char *persons(void)
{
    return hu_printf(s.arena,
                     "\"persons\":[{\"id\":\"%s\",\"age_group\":\"21-23\",\"sex\":\"female\",\"consent\":\"given\"}]",
                     person());
}

/* The template of the description that a row's path belongs to. */
static const char *template_of(const char *path)
{
    static const char *const names[][2] = {{"{i}", "{uuid}"}, {"{r}", "{uuid}"}, {"{n}", "{uuid}"},
                                           {"{p}", "{uuid}"}, {"{a}", "{id}"},   {"new-office", "{id}"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *at = strstr(path, names[i][0]);
        if (at)
            return hu_printf(s.arena, "%.*s%s%s", (int)(at - path), path, names[i][1], at + strlen(names[i][0]));
    }
    return path;
}

static const char *filled(const char *path, const char *incident, const char *referral)
{
    const struct {
        const char *name, *value;
    } values[] = {
        {"{i}", incident}, {"{r}", referral}, {"{n}", number('e')}, {"{p}", person()}, {"{a}", sessions[1].account}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const char *at = strstr(path, values[i].name);
        if (at)
            return hu_printf(s.arena, "%.*s%s%s", (int)(at - path), path, values[i].value, at + strlen(values[i].name));
    }
    return path;
}

static const char *lower(const char *method)
{
    char *text = hu_strdup(s.arena, method);
    for (char *c = text; *c; c++)
        *c = (char)(*c | 0x20);
    return text;
}

static const char *body_of(const row *r, const char *incident)
{
    const json_t *at = json_object_get(json_object_get(description.json, "paths"), template_of(r->path));
    at = json_object_get(json_object_get(at, lower(r->method)), "requestBody");
    at = json_object_get(json_object_get(json_object_get(at, "content"), "application/json"), "example");
    if (!r->members)
        return "";
    assert_non_null(at);
    char *example = json_dumps(at, JSON_COMPACT);
    const char *body = serving_with(&s, example, r->members);
    free(example);
    if (strstr(r->path, "/api/incidents/"))
        return serving_with(&s, body, hu_printf(s.arena, "{%s}", persons()));
    if (strstr(r->path, "/api/identities/"))
        return serving_with(&s, body, hu_printf(s.arena, "{\"incident\":\"%s\"}", incident));
    if (strstr(r->path, "/api/referrals/{n}") || strcmp(r->path, "/api/referrals/{r}") == 0)
        return serving_with(&s, body,
                            hu_printf(s.arena, "{\"incident\":\"%s\",\"person\":\"%s\"}", incident, person()));
    if (strcmp(r->path, "/api/accounts") == 0)
        return serving_with(&s, body, hu_printf(s.arena, "{\"username\":\"new-%u\"}", made));
    return body;
}

/* An incident with an identity and a referral that was sent on, fresh for each case. */
static void make_records(const char *incident, const char *referral)
{
    const char *body =
        serving_with(&s, serving_example(&s, "/api/incidents/{uuid}", "put"), hu_printf(s.arena, "{%s}", persons()));
    assert_int_equal(
        serving_ask(&s, &sessions[0], "PUT", hu_printf(s.arena, "/api/incidents/%s", incident), body).status, 201);
    body = serving_with(&s, serving_example(&s, "/api/identities/{uuid}", "put"),
                        hu_printf(s.arena, "{\"incident\":\"%s\"}", incident));
    assert_int_equal(
        serving_ask(&s, &sessions[0], "PUT", hu_printf(s.arena, "/api/identities/%s", person()), body).status, 201);
    body = serving_with(&s, serving_example(&s, "/api/referrals/{uuid}", "put"),
                        hu_printf(s.arena, "{\"incident\":\"%s\",\"person\":\"%s\"}", incident, person()));
    const char *path = hu_printf(s.arena, "/api/referrals/%s", referral);
    assert_int_equal(serving_ask(&s, &sessions[0], "PUT", path, body).status, 201);
    path = hu_printf(s.arena, "%s/transitions", path);
    assert_int_equal(serving_ask(&s, &sessions[0], "POST", path, "{\"to\":\"sent\"}").status, 200);
    assert_int_equal(serving_ask(&s, &sessions[5], "POST", path, "{\"to\":\"received\"}").status, 200);
}

static void every_cell_is_answered_as_expected(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < SUBJECTS; k++) {
            made++;
            serving_clock += 20; /* limits by address are not what this is about */
            const char *incident = number('a'), *referral = number('b');
            if (strchr(rows[i].path, '{'))
                make_records(incident, referral);
            const session *by = subjects[k] ? &sessions[k] : NULL;
            reply r = serving_raw(&s, rows[i].method, filled(rows[i].path, incident, referral),
                                  serving_headers(&s, by, "X-Reason: the matrix of permissions\r\n"),
                                  body_of(&rows[i], incident));
            if (r.status != rows[i].expected[k]) {
                print_error("%s %s by %s: %d, expected %d: %s\n", rows[i].method, rows[i].path,
                            subjects[k] ? subjects[k] : "nobody", r.status, rows[i].expected[k], r.body);
                wrong++;
            }
        }
    assert_int_equal(wrong, 0);
}

static bool has_row(const char *method, const char *path)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(lower(rows[i].method), method) == 0 && strcmp(template_of(rows[i].path), path) == 0)
            return true;
    return false;
}

static void every_route_of_the_description_has_a_row(void **state)
{
    (void)state;
    const char *path, *method;
    json_t *operations, *operation;
    size_t n = 0;
    json_object_foreach(json_object_get(description.json, "paths"), path, operations)
        json_object_foreach(operations, method, operation) {
            if (!has_row(method, path))
                fail_msg("%s %s stands in no row of the matrix", method, path);
            n++;
        }
    assert_true(n >= 20);
}

/* Signed in, but without the token that only our own page knows. */
static void changes_need_the_token(void **state)
{
    (void)state;
    session without = {sessions[0].cookie, "", NULL};
    const char *body = serving_example(&s, "/api/encounters/{uuid}", "put");
    assert_int_equal(serving_ask(&s, &without, "PUT", "/api/encounters/" UUID_A, body).status, 403);
    session swapped = {sessions[0].cookie, sessions[1].csrf, NULL};
    assert_int_equal(serving_ask(&s, &swapped, "PUT", "/api/encounters/" UUID_A, body).status, 403);
    assert_int_equal(serving_ask(&s, &sessions[0], "PUT", "/api/encounters/" UUID_A, body).status, 201);
}

static int start(void **state)
{
    (void)state;
    serving_start(&s);
    for (size_t i = 0; i < SUBJECTS; i++)
        if (subjects[i])
            sessions[i] = serving_sign_in(&s, subjects[i]);
    description = serving_ask(&s, NULL, "GET", "/api/openapi.json", NULL);
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
        cmocka_unit_test(every_route_of_the_description_has_a_row), cmocka_unit_test(changes_need_the_token),
        cmocka_unit_test(every_cell_is_answered_as_expected), /* the last: it signs everybody out */
    };
    return cmocka_run_group_tests(tests, start, stop);
}
