/* High-frequency checks and back-checks: every planted fault is found, and nothing else. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/random.h"
#include "huella/measures/survey_check.h"

static hu_table *csv(hu_arena *arena, const char *name, const char *text)
{
    hu_table *table = NULL;
    CHECK_OK(hu_csv_parse(text, strlen(text), name, NULL, arena, &table));
    return table;
}

static hu_survey *survey_of(hu_arena *arena, const char *name, const char *export)
{
    static const char sheet[] = "type,name,label,required,constraint,constraint_message,relevant\nstart,start,,,,,"
                                "\nend,end,,,,,\ntext,house,,yes,,,\n"
                                "text,who,,,,,\ninteger,age,,yes,. >= 18,Adults only,\nselect_one yesno,knows,,yes,,,\n"
                                "select_multiple seen,seen,,yes,,,${knows} = 1\ndecimal,income,,,pulldata('x') > 0,,\n";
    static const char choices[] = "list_name,name,label\nyesno,1,Yes\nyesno,0,No\nseen,patrol,P\nseen,camera,C\n";
    hu_form *form;
    hu_survey *survey;
    CHECK_OK(hu_form_read(csv(arena, "survey.csv", sheet), csv(arena, "choices.csv", choices), NULL, arena, &form));
    CHECK_OK(hu_survey_match(csv(arena, name, export), form, arena, &survey));
    return survey;
}

static size_t count(const hu_survey_checked *c, const char *check, const char *column)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += strcmp(c->findings[i].check, check) == 0 && c->findings[i].column &&
             strcmp(c->findings[i].column, column) == 0;
    return n;
}

#define T(hour, minute) "2025-03-01T" hour ":" minute ":00.000-05:00"

static void planted_faults_are_found(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char export[] =
        "KEY,start,end,house,who,age,knows,seen,income\n"
        "k1," T("10", "00") "," T(
            "10", "20") ",H1,Ana,34,1,patrol camera,1\n"
                        "k2," T("10", "00") "," T(
                            "10", "03") ",H2,Ana,17,1,,2\n" /* short, too young, required */
                                        "k3," T("10", "00") "," T(
                                            "10", "40") ",H2,Beto,45,0,patrol,3\n" /* respondent twice, irrelevant */
                                                        "k3," T("10", "00") "," T(
                                                            "09",
                                                            "40") ",H4,Beto,x,3,drone,4\n" /* key twice, ends first, no
                                                                                              number, no choice */
                                                                  "k5," T("10", "00") "," T(
                                                                      "10", "30") ",,Beto,20,0,,5\n"; /* not named */
    hu_survey *survey = survey_of(arena, "export.csv", export);
    hu_survey_checked c;
    hu_survey_check_options options = {.ids = (const char *const[]){"house", NULL}, .enumerator = "who"};
    CHECK_OK(hu_survey_check(survey, &options, arena, &c));
    static const struct {
        const char *check, *column;
        size_t n;
    } expected[] = {{"duplicate", "KEY", 1},  {"duplicate", "house", 1}, {"required", "seen", 1},
                    {"required", "house", 2}, {"constraint", "age", 2},  {"number", "age", 1},
                    {"choice", "knows", 1},   {"choice", "seen", 1},     {"irrelevant", "seen", 2},
                    {"duration", "end", 2},   {"form", "income", 1}};
    size_t all = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        if (count(&c, expected[i].check, expected[i].column) != expected[i].n)
            fail_msg("%s of %s: %zu", expected[i].check, expected[i].column,
                     count(&c, expected[i].check, expected[i].column));
        all += expected[i].n;
    }
    assert_int_equal(c.n, all);
    for (size_t i = 1; i < c.n; i++)
        assert_true(c.findings[i - 1].severity <= c.findings[i].severity);
    assert_true(c.n_enumerators == 2 && c.enumerators[0].n == 2);
    check_close(c.enumerators[0].minutes, 11.5, 1e-12, "Ana's median");
    check_close(c.enumerators[0].missing, (0.0 / 8 + 1.0 / 8) / 2, 1e-12, "Ana's missing answers");
    for (size_t i = 0; i < c.n; i++)
        if (strcmp(c.findings[i].check, "constraint") == 0 && c.findings[i].row == 1) {
            assert_string_equal(c.findings[i].expected, "Adults only");
            assert_string_equal(c.findings[i].id, "H2");
            assert_string_equal(c.findings[i].enumerator, "Ana");
        }
    options.enumerator = "nobody";
    CHECK_FAILS(hu_survey_check(survey, &options, arena, &c), HU_NOT_FOUND, "nobody");
}

/* 200 interviews by four people: one outlier, and one person whose answers are higher. */
static void outliers_and_enumerators_stand_out(void **state)
{
    (void)state;
    for (int shifted = 0; shifted < 2; shifted++) {
        HU_SCRATCH(arena);
        HU_BUF(text);
        hu_random random = hu_random_start(15, 3);
        hu_buf_add_text(&text, "KEY,house,who,age,knows,income\n");
        for (int i = 0; i < 200; i++)
            hu_buf_printf(&text, "k%d,H%d,E%d,%d,0,%.3f\n", i, i, i % 4, 30 + (int)hu_random_below(&random, 20),
                          i == 77 ? 900
                                  : 100 + 10 * hu_random_normal(&random) * 0.6 + (shifted && i % 4 == 2 ? 12 : 0));
        hu_survey_checked c;
        CHECK_OK(hu_survey_check(survey_of(arena, "export.csv", text.data),
                                 &(hu_survey_check_options){.enumerator = "who"}, arena, &c));
        bool found = false;
        for (size_t i = 0; i < c.n; i++)
            found |= strcmp(c.findings[i].check, "outlier") == 0 && c.findings[i].row == 77;
        assert_true(found);
        assert_int_equal(count(&c, "constant", "knows"), 1);
        assert_int_equal(count(&c, "enumerator", "age"), 0);
    }
}

static void an_enumerator_who_differs_is_named(void **state)
{
    (void)state;
    size_t found[2] = {0};
    for (int shifted = 0; shifted < 2; shifted++)
        for (int round = 0; round < 40; round++) {
            HU_SCRATCH(arena);
            HU_BUF(text);
            hu_random random = hu_random_start(16, (uint64_t)round);
            hu_buf_add_text(&text, "KEY,house,who,age,income\n");
            for (int i = 0; i < 80; i++)
                hu_buf_printf(&text, "k%d,H%d,E%d,30,%.3f\n", i, i, i % 4,
                              100 + 10 * hu_random_normal(&random) + (shifted && i % 4 == 2 ? 15 : 0));
            hu_survey_checked c;
            CHECK_OK(hu_survey_check(survey_of(arena, "export.csv", text.data),
                                     &(hu_survey_check_options){.enumerator = "who"}, arena, &c));
            for (size_t i = 0; i < c.n; i++)
                if (strcmp(c.findings[i].check, "enumerator") == 0) {
                    found[shifted]++;
                    if (shifted)
                        assert_string_equal(c.findings[i].enumerator, "E2");
                }
        }
    assert_true(found[0] <= 6 && found[1] >= 36); /* 5 % of 40 where nobody differs */
}

static void signed_ranks_match_the_peer(void **state)
{
    (void)state;
    static const double exact[] = {1.1, -2.3, 3.7, 0.4, -0.9, 5.2, 2.8, -1.7, 6.1, 0.2},
                        tied[] = {1, 2, -1, 0, 3, 2, 2, -2, 0, 1, 4, 1}, extreme[] = {-3, -1, -4, -1.5, -5, -9, -2, -6};
    double waves[60];
    for (int i = 0; i < 60; i++)
        waves[i] = round((sin(i + 1) * 10 + 1.5) * 1000) / 1000;
    check_close(hu_signed_rank_p(exact, 10), 0.193359375, 1e-12, "exact");
    check_close(hu_signed_rank_p(tied, 12), 0.0630226018309149, 1e-10, "ties and zeros");
    check_close(hu_signed_rank_p(extreme, 8), 0.0078125, 1e-12, "all negative");
    check_close(hu_signed_rank_p(waves, 60), 0.0448523199634897, 1e-10, "sixty");
    assert_true(isnan(hu_signed_rank_p(exact, 0)));
}

static void back_checks_are_compared(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char first[] =
        "KEY,house,who,age,knows\na,H1,Ana,10,1\nb,H2,Ana,12,1\nc,H3,Ana,15,0\nd,H4,Beto,11,0\ne,H5,Beto,9,1\n"
        "f,H6,Beto,14,1\n",
                      second[] =
                          "KEY,house,who,age,knows\nu,H6,X,17,0\nv,H1,X,11,1\nw,H2,X,12,1\nx,H3,X,13,0\ny,H4,X,11,0\n"
                          "z,H5,X,10,\nq,H9,X,20,1\n";
    hu_backchecked b;
    hu_survey_check_options options = {.ids = (const char *const[]){"house", NULL}, .enumerator = "who"};
    hu_survey *survey = survey_of(arena, "first.csv", first);
    CHECK_OK(hu_survey_backcheck(survey, survey_of(arena, "second.csv", second), &options, arena, &b));
    assert_true(b.pairs == 6 && b.unmatched == 1 && b.n == 2);
    assert_string_equal(b.rows[0].column, "age");
    assert_true(b.rows[0].pairs == 6 && b.rows[0].differ == 4);
    check_close(b.rows[0].difference, 0.5, 1e-12, "mean difference"); /* 1, 0, -2, 0, 1, 3 */
    check_close(b.rows[0].t_p, 0.489589744564427, 1e-10, "paired t");
    check_close(b.rows[0].reliability, 0.747949080622348, 1e-10, "reliability");
    assert_true(b.rows[1].pairs == 5 && b.rows[1].differ == 1 && isnan(b.rows[1].t_p));
    assert_true(b.n_persons == 2 && b.n_findings == 5);
    assert_string_equal(b.persons[0].enumerator, "Beto");
    check_close(b.persons[0].rate, 3.0 / 5, 1e-12, "Beto's rate");
    options.ids = NULL;
    CHECK_FAILS(hu_survey_backcheck(survey, survey, &options, arena, &b), HU_USAGE, "name a respondent");
    options.ids = (const char *const[]){"knows", NULL};
    CHECK_FAILS(hu_survey_backcheck(survey, survey, &options, arena, &b), HU_BAD_INPUT, "stands twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_faults_are_found),           cmocka_unit_test(outliers_and_enumerators_stand_out),
        cmocka_unit_test(an_enumerator_who_differs_is_named), cmocka_unit_test(signed_ranks_match_the_peer),
        cmocka_unit_test(back_checks_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
