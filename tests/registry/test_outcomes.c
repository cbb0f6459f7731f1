/*
 * Linkage, and outcomes derived from findings made by hand: each test is one way in which a case ends, with the values
 * that docs/outcomes.md gives it.
 */

#include "fixture.h"

#include "huella/base/csv.h"

#define NUMBER "\"00412-2015-37-2701-JR-PE-02\""

typedef struct study {
    hu_arena *arena;
    hu_store *store;
    const char *path;
} study;

/* A store with the cases of a table. */
static study with_cases(hu_arena *arena, const char *name, const char *rows)
{
    study s = {arena, NULL, fixture_path(arena, name)};
    s.store = fixture_open(arena, s.path);
    hu_table *table;
    const char *content = hu_printf(arena, "case_id,expediente,region,opened,closed\n%s", rows);
    CHECK_OK(hu_import_read(fixture_file(arena, "cases.csv", content), arena, &table));
    CHECK_OK(hu_import_cases(s.store, table, NULL, NULL));
    return s;
}

/* One case, C, opened on 2015-01-01 and open as far as the table knows; another one that is closed. */
static study one_case(hu_arena *arena, const char *name)
{
    return with_cases(arena, name,
                      "C,00412-2015-37-2701-JR-PE-02,Cusco,2015-01-01,\nD,00001-2015-0-2701-JR-PE-02,Cusco,2015-01-01,"
                      "2016-01-01\n");
}

/* The decision in document NAME, with these findings beside its number. */
static void decide(study s, const char *document, const char *date, const char *level, const fixture_finding *more)
{
    fixture_finding all[64] = {{"decision.expediente", NUMBER}};
    size_t n = 1;
    if (date)
        all[n++] = (fixture_finding){"decision.date", hu_printf(s.arena, "\"%s\"", date)};
    if (level)
        all[n++] = (fixture_finding){"decision.court_level", hu_printf(s.arena, "\"%s\"", level)};
    while (more->key)
        all[n++] = *more++;
    fixture_judgment(s.store, s.arena, document, all);
}

#define DECIDE(s, document, date, level, ...) \
    decide(s, document, date, level, (const fixture_finding[]){__VA_ARGS__, {0}})

static void derive(study s)
{
    hu_link_counts counts;
    size_t values;
    CHECK_OK(hu_link_by_expediente(s.store, &counts));
    CHECK_OK(hu_derive_outcomes(s.store, &values));
    assert_int_equal(values, fixture_number(s.path, "SELECT count(*) FROM outcomes"));
    /* every value that was read has a finding with words that bear it, among its sources, in a linked judgment */
    assert_int_equal(fixture_number(s.path, "SELECT count(*) FROM outcomes o WHERE source = 'finding' AND NOT EXISTS "
                                            "(SELECT 1 FROM findings f JOIN outcome_findings s ON "
                                            "s.finding_id = f.finding_id AND s.case_id = o.case_id AND s.outcome = "
                                            "o.outcome JOIN links l ON l.judgment_id = f.judgment_id AND l.case_id = "
                                            "o.case_id WHERE f.finding_id = o.finding_id AND f.judgment_id = "
                                            "o.judgment_id AND length(f.quote) > 0)"),
                     0);
    assert_true(fixture_is_sound(s.path));
}

/* The value of an outcome of case C; NaN when it has none. */
static double outcome(study s, const char *name)
{
    hu_table *table;
    CHECK_OK(hu_store_query(s.store, s.arena, &table, "SELECT value FROM outcomes WHERE case_id = 'C' AND outcome = ?",
                            1, &name));
    return table->rows ? table->columns[0].numbers[0] : NAN;
}

/* Where the value comes from: "document key". */
static const char *origin(study s, const char *name)
{
    hu_table *table;
    CHECK_OK(hu_store_query(s.store, s.arena, &table,
                            "SELECT j.document || ' ' || f.key FROM outcomes o JOIN findings f ON f.finding_id = "
                            "o.finding_id JOIN judgments j ON j.judgment_id = f.judgment_id WHERE o.case_id = 'C' AND "
                            "outcome = ?",
                            1, &name));
    return table->rows ? hu_table_text(table, &table->columns[0], 0, s.arena) : "";
}

static void assert_unknown(study s, const char *name)
{
    if (!isnan(outcome(s, name)))
        fail_msg("%s is %g, expected none", name, outcome(s, name));
}

/* --- linkage --- */

static void judgments_find_their_cases(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = with_cases(arena, "link.db",
                         "A,00412-2015-37-2701-JR-PE-02,Cusco,2015-01-01,\n"
                         "B,00413-2015-0-2701-JR-PE-02,Cusco,2015-01-01,\n"
                         "T1,00500-2015-1-2701-JR-PE-02,Cusco,2015-01-01,\n" /* twins: two folders of one file */
                         "T2,00500-2015-2-2701-JR-PE-02,Cusco,2015-01-01,\n"
                         "S,00389-2025,Cusco,2015-01-01,\n"
                         "N,,Cusco,2015-01-01,\n");
    static const struct {
        const char *document, *number, *origin;
    } judgments[] = {
        {"exact", "\"412-2015-37-2701-JR-PE-02\"", NULL},
        {"appeal", "\"00412-2015-99-2701-SP-PE-01\"", NULL},
        {"other court", "\"00412-2015-37-2702-JR-PE-02\"", NULL},
        {"twin", "\"00500-2015-2-2701-JR-PE-02\"", NULL},
        {"which twin", "\"00500-2015-3-2701-JR-PE-02\"", NULL},
        {"supreme", "\"APELACI\\u00d3N 389-2025\"", NULL},
        {"supreme with origin", "\"389-2025\"", "\"00413\\u20132015\\u201312\\u20132701-SP-PE-01\""},
        {"no number", NULL, NULL},
        {"no text", "null", NULL},
    };
    for (size_t i = 0; i < sizeof judgments / sizeof *judgments; i++) {
        fixture_finding findings[3] = {{0}};
        size_t n = 0;
        if (judgments[i].number)
            findings[n++] = (fixture_finding){"decision.expediente", judgments[i].number};
        if (judgments[i].origin)
            findings[n++] = (fixture_finding){"decision.origin_expediente", judgments[i].origin};
        fixture_judgment(s.store, arena, judgments[i].document, findings);
    }
    hu_link_counts c;
    for (int twice = 0; twice < 2; twice++) {
        CHECK_OK(hu_link_by_expediente(s.store, &c));
        assert_int_equal(c.judgments, 9);
        assert_int_equal(c.linked, 4);
        assert_int_equal(c.without_expediente, 1);
        assert_int_equal(c.not_identifying, 2);
        assert_int_equal(c.unmatched, 1);
        assert_int_equal(c.ambiguous, 1);
        assert_int_equal(c.cases_with_judgment, 3);
    }
    static const char *expected[] = {"exact A full_number decision.expediente",
                                     "appeal A number_year_court decision.expediente",
                                     "twin T2 full_number decision.expediente",
                                     "supreme with origin B number_year_court decision.origin_expediente"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            fixture_number(s.path, hu_printf(arena,
                                             "SELECT count(*) FROM links l JOIN judgments j ON j.judgment_id "
                                             "= l.judgment_id JOIN findings f ON f.finding_id = l.finding_id "
                                             "WHERE j.document || ' ' || l.case_id || ' ' || l.method || ' ' "
                                             "|| f.key = '%s'",
                                             expected[i])),
            1);
    assert_int_equal(fixture_number(s.path, "SELECT candidates FROM unlinked WHERE reason = 'ambiguous'"), 2);
    hu_store_close(s.store);
}

/* --- outcomes --- */

static void a_conviction_at_trial(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "trial.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].final_verdict", "\"convicted\""},
           {"defendants[0].prison_months", "150"}, {"defendants[0].convicted[0]", "{\"offence\":\"trafficking\"}"},
           {"defendants[1].label", "\"Berta\""}, {"defendants[1].verdict", "\"acquitted\""},
           {"defendants[2].label", "\"Carla\""}, {"defendants[2].verdict", "\"convicted\""},
           {"defendants[2].prison_months", "180"}, {"indices.charge_severity", "3"}, {"indices.victim_centred", "0.25"},
           {"indices.collaboration", "2"});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_true(outcome(s, "prison_months") == 180); /* the longest that stands */
    assert_true(outcome(s, "charge_severity") == 3);
    assert_true(outcome(s, "victim_centred") == 0.25);
    assert_true(outcome(s, "collaboration") == 2);
    assert_unknown(s, "resolution_months"); /* the table of cases knows closing dates, and this case has none */
    assert_string_equal(origin(s, "conviction"), "trial defendants[0].final_verdict");
    assert_string_equal(origin(s, "prison_months"), "trial defendants[2].prison_months");
    assert_int_equal(fixture_number(s.path, "SELECT count(*) FROM outcome_findings WHERE outcome = 'conviction'"), 2);
    hu_store_close(s.store);
}

static void an_acquittal_of_all(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "acquittal.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].verdict", "\"acquitted\""},
           {"defendants[1].verdict", "\"dismissed\""}, {"defendants[0].prison_months", "99"});
    derive(s);
    assert_true(outcome(s, "conviction") == 0);
    assert_true(outcome(s, "charge_severity") == 0);
    assert_unknown(s, "prison_months"); /* measured given conviction only */
    assert_unknown(s, "victim_centred");
    assert_int_equal(fixture_number(s.path, "SELECT count(*) FROM outcome_findings WHERE outcome = 'conviction'"), 2);
    hu_store_close(s.store);
}

static void a_confirmation_keeps_what_it_does_not_restate(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "confirmed.db");
    /* stored in the wrong order of time on purpose */
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"A.N.Q.\""},
           {"defendants[0].verdict", "\"confirmed\""}, {"defendants[0].final_verdict", "\"convicted\""},
           {"indices.charge_severity", "0"}, {"indices.victim_centred", "0"}, {"indices.collaboration", "1"});
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"ANA NÚÑEZ QUISPE\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"},
           {"defendants[0].convicted[0]", "{}"}, {"indices.charge_severity", "2"}, {"indices.victim_centred", "0.5"},
           {"indices.collaboration", "3"});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_string_equal(origin(s, "conviction"), "appeal defendants[0].final_verdict");
    assert_true(outcome(s, "prison_months") == 150);
    assert_string_equal(origin(s, "prison_months"), "trial defendants[0].prison_months");
    assert_true(outcome(s, "charge_severity") == 2);
    assert_true(outcome(s, "victim_centred") == 0.5); /* practices are those of the trial */
    assert_true(outcome(s, "collaboration") == 3);
    hu_store_close(s.store);
}

static void a_reform_changes_the_penalty(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "reform.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"reversed\""}, {"defendants[0].prison_months", "96"});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_true(outcome(s, "prison_months") == 96);
    assert_string_equal(origin(s, "prison_months"), "appeal defendants[0].prison_months");
    hu_store_close(s.store);
}

static void a_reversal_decides_and_one_that_is_not_understood_does_not(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "reversed.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"reversed\""});
    derive(s);
    assert_unknown(s, "conviction");
    assert_unknown(s, "prison_months");
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"reversed\""}, {"defendants[0].final_verdict", "\"acquitted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 0);
    assert_unknown(s, "prison_months");
    hu_store_close(s.store);
}

static void annulment_opens_the_case_until_the_new_trial(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "annulled.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"},
           {"indices.victim_centred", "0.1"});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"annulled\""});
    derive(s);
    assert_unknown(s, "conviction");
    assert_unknown(s, "prison_months");
    assert_unknown(s, "charge_severity");
    assert_true(outcome(s, "victim_centred") == 0.1);
    DECIDE(s, "new trial", "2019-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"indices.victim_centred", "0.3"});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_unknown(s, "prison_months"); /* what was annulled does not come back */
    assert_true(outcome(s, "victim_centred") == 0.3);
    hu_store_close(s.store);
}

static void only_one_of_two_appeals(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "one of two.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana Ríos\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"},
           {"defendants[1].label", "\"Berta Sol\""}, {"defendants[1].verdict", "\"convicted\""},
           {"defendants[1].prison_months", "96"}, {"indices.charge_severity", "3"});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Berta Sol\""},
           {"defendants[0].verdict", "\"reversed\""}, {"defendants[0].final_verdict", "\"acquitted\""},
           {"indices.charge_severity", "0"});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_string_equal(origin(s, "conviction"), "trial defendants[0].verdict");
    assert_true(outcome(s, "prison_months") == 150);
    assert_true(outcome(s, "charge_severity") == 3);
    DECIDE(s, "cassation", "2019-01-01", "supreme", {"defendants[0].label", "\"Ríos, Ana María\""},
           {"defendants[0].final_verdict", "\"acquitted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 0);
    hu_store_close(s.store);
}

/* Two trials of two persons: the acquittal of the second does not undo the conviction of the first. */
static void those_tried_apart_are_two_persons(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "apart.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana Ríos\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"});
    DECIDE(s, "later trial", "2018-01-01", "first_instance", {"defendants[0].label", "\"Berta Sol\""},
           {"defendants[0].verdict", "\"acquitted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_true(outcome(s, "prison_months") == 150);
    assert_string_equal(origin(s, "conviction"), "trial defendants[0].verdict");
    hu_store_close(s.store);
}

/* A retrial under another mask rules on the person whose conviction was annulled. */
static void a_retrial_finds_the_person_whose_case_is_open(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "retrial.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"annulled\""});
    DECIDE(s, "new trial", "2019-01-01", "first_instance", {"defendants[0].label", "\"XX\""},
           {"defendants[0].verdict", "\"acquitted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 0);
    hu_store_close(s.store);
}

/* The penalty of a conviction that was reversed, nobody knows to what, is not that of a later conviction. */
static void a_penalty_does_not_outlive_an_unknown_standing(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "unknown.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "120"});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"reversed\""});
    DECIDE(s, "cassation", "2019-01-01", "supreme", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].final_verdict", "\"convicted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_unknown(s, "prison_months");
    hu_store_close(s.store);
}

/* The review masks the names in another way: one person on both sides is the same; of many, the review alone counts. */
static void persons_whose_names_do_not_agree(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "masked.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"XX\""},
           {"defendants[0].verdict", "\"confirmed\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_true(outcome(s, "prison_months") == 150);
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[1].label", "\"Berta\""},
           {"defendants[1].verdict", "\"convicted\""});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"XX\""},
           {"defendants[0].final_verdict", "\"acquitted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 0);
    hu_store_close(s.store);
}

static void papers_that_are_no_decision_on_the_merits(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "papers.db");
    DECIDE(s, "order", "2018-01-01", "first_instance", {"decision.kind", "\"order\""},
           {"defendants[0].verdict", "\"convicted\""}, {"indices.collaboration", "4"});
    DECIDE(s, "agreement", "2018-01-02", "supreme", {"decision.kind", "\"plenary_agreement\""},
           {"defendants[0].verdict", "\"convicted\""});
    DECIDE(s, "silent", "2018-01-03", "first_instance", {"decision.kind", "\"first_instance\""},
           {"defendants[0].label", "\"Ana\""});
    derive(s);
    assert_int_equal(fixture_number(s.path, "SELECT count(*) FROM outcomes WHERE case_id = 'C'"), 0);
    DECIDE(s, "dismissal", "2018-02-01", "first_instance", {"decision.kind", "\"order\""},
           {"defendants[0].verdict", "\"dismissed\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 0);
    hu_store_close(s.store);
}

/* Initials say who of two appealed, in whatever order the findings come. */
static void initials_find_the_person(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "initials.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana Núñez Quispe\""},
           {"defendants[0].verdict", "\"convicted\""}, {"defendants[0].prison_months", "150"},
           {"defendants[1].label", "\"Berta Sol Ramos\""}, {"defendants[1].verdict", "\"convicted\""},
           {"defendants[1].prison_months", "200"});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"S. R. B.\""},
           {"defendants[0].final_verdict", "\"acquitted\""}, {"defendants[0].verdict", "\"convicted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    assert_string_equal(origin(s, "conviction"), "trial defendants[0].verdict");
    assert_true(outcome(s, "prison_months") == 150);
    hu_store_close(s.store);
}

/* A value without words that bear it is not used. */
static void what_has_no_quote_is_no_evidence(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "unquoted.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].verdict", "\"convicted\"", true},
           {"indices.collaboration", "4", true});
    derive(s);
    assert_int_equal(fixture_number(s.path, "SELECT count(*) FROM outcomes WHERE case_id = 'C'"), 0);
    hu_store_close(s.store);
}

static void decisions_without_a_date_follow_the_instances(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "undated.db");
    DECIDE(s, "appeal", NULL, "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].final_verdict", "\"acquitted\""});
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 0);
    hu_store_close(s.store);
}

/* Neither date nor level was read of the appeal: its kind says that it came later. */
static void a_decision_without_a_level_stands_where_its_kind_does(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "unlevelled.db");
    DECIDE(s, "a-cassation", NULL, NULL, {"decision.kind", "\"cassation\""}, {"defendants[0].label", "\"Ana\""},
           {"defendants[0].final_verdict", "\"acquitted\""});
    DECIDE(s, "b-trial", NULL, "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 0);
    hu_store_close(s.store);
}

static void resolution_runs_to_the_closing(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = with_cases(arena, "closed.db", "C,00412-2015-37-2701-JR-PE-02,Cusco,2015-01-01,2018-01-01\n");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""});
    derive(s);
    assert_true(fabs(outcome(s, "resolution_months") - 1096 / 30.4375) < 1e-12);
    assert_string_equal(origin(s, "resolution_months"), "");
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].final_verdict", "\"convicted\""});
    derive(s);
    assert_string_equal(origin(s, "resolution_months"), "appeal decision.date");
    assert_int_equal(fixture_number(s.path, "SELECT count(*) FROM outcomes WHERE source = 'case'"), 1);
    hu_store_close(s.store);
    /* a table that knows no closing dates: the last decision, unless it leaves someone's case open */
    s = with_cases(arena, "never closed.db", "C,00412-2015-37-2701-JR-PE-02,Cusco,2015-01-01,\n");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""});
    derive(s);
    assert_true(fabs(outcome(s, "resolution_months") - 731 / 30.4375) < 1e-12);
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].final_verdict", "\"open\""});
    derive(s);
    assert_unknown(s, "resolution_months");
    hu_store_close(s.store);
}

/* What rested on a judgment or a case goes when it is replaced. */
static void outcomes_never_outlive_their_ground(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = one_case(arena, "stale.db");
    DECIDE(s, "trial", "2017-01-01", "first_instance", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"convicted\""});
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"confirmed\""});
    derive(s);
    assert_true(outcome(s, "conviction") == 1);
    DECIDE(s, "appeal", "2018-01-01", "appeal", {"defendants[0].label", "\"Ana\""},
           {"defendants[0].verdict", "\"annulled\""}); /* read again; not yet linked */
    assert_unknown(s, "conviction");
    assert_true(fixture_is_sound(s.path));
    derive(s);
    hu_table *table;
    CHECK_OK(
        hu_import_read(fixture_file(arena, "cases.csv", "case_id,region,opened\nX,Cusco,2015-01-01\n"), arena, &table));
    CHECK_OK(hu_import_cases(s.store, table, NULL, NULL));
    assert_int_equal(fixture_number(s.path, "SELECT (SELECT count(*) FROM links) + (SELECT count(*) FROM outcomes) + "
                                            "(SELECT count(*) FROM outcome_findings)"),
                     0);
    assert_int_equal(fixture_number(s.path, "SELECT count(*) FROM judgments"), 2);
    hu_store_close(s.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judgments_find_their_cases),
        cmocka_unit_test(a_conviction_at_trial),
        cmocka_unit_test(an_acquittal_of_all),
        cmocka_unit_test(a_confirmation_keeps_what_it_does_not_restate),
        cmocka_unit_test(a_reform_changes_the_penalty),
        cmocka_unit_test(a_reversal_decides_and_one_that_is_not_understood_does_not),
        cmocka_unit_test(annulment_opens_the_case_until_the_new_trial),
        cmocka_unit_test(only_one_of_two_appeals),
        cmocka_unit_test(those_tried_apart_are_two_persons),
        cmocka_unit_test(a_retrial_finds_the_person_whose_case_is_open),
        cmocka_unit_test(a_penalty_does_not_outlive_an_unknown_standing),
        cmocka_unit_test(persons_whose_names_do_not_agree),
        cmocka_unit_test(papers_that_are_no_decision_on_the_merits),
        cmocka_unit_test(initials_find_the_person),
        cmocka_unit_test(what_has_no_quote_is_no_evidence),
        cmocka_unit_test(decisions_without_a_date_follow_the_instances),
        cmocka_unit_test(a_decision_without_a_level_stands_where_its_kind_does),
        cmocka_unit_test(resolution_runs_to_the_closing),
        cmocka_unit_test(outcomes_never_outlive_their_ground),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
