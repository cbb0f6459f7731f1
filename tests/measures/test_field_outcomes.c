/* The outcomes of a community trial: small tables whose numbers are worked out by hand. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/random.h"
#include "huella/measures/outcomes.h"

typedef struct fixture {
    const char *folder;
    hu_outcome_sources sources;
    hu_arena *arena;
} fixture;

static const char *put(const fixture *f, const char *name, const char *text)
{
    const char *path = hu_path_join(f->arena, f->folder, name);
    CHECK_OK(hu_write_file(path, text, strlen(text)));
    return path;
}

static const char districts[] = "district_id,district,pair,trained,trained_on,officers,population\n"
                                "A,Uno,1,1,2025-03-01,10,50000\nB,Dos,1,0,,20,80000\n"
                                "C,Tres,2,0,,10,60000\nD,Cuatro,2,1,2025-03-05,5,40000\n";

static fixture start(hu_arena *arena)
{
    fixture f = {.folder = check_folder(arena), .arena = arena};
    f.sources.districts = put(&f, "districts.csv", districts);
    return f;
}

static hu_outcomes *build(const fixture *f, const hu_outcome_options *options)
{
    hu_outcomes *out = NULL;
    CHECK_OK(hu_outcomes_build(&f->sources, options, f->arena, &out));
    return out;
}

static double cell(const hu_table *table, const char *column, size_t row)
{
    assert_non_null(table);
    const hu_column *c = hu_table_find(table, column);
    if (!c)
        fail_msg("no column %s", column);
    return c ? c->numbers[row] : NAN;
}

static const hu_outcome_entry *entry(const hu_outcomes *o, const char *name)
{
    for (size_t i = 0; i < o->n; i++)
        if (strcmp(o->entries[i].name, name) == 0)
            return &o->entries[i];
    fail_msg("no outcome %s", name);
    return NULL;
}

static const char incidents[] = "incident_id,district_id,officer_id,occurred_on,persons_identified,documentation\n"
                                "I1,A,O1,2025-01-10,1,40\nI2,A,O1,2025-03-02,2,70\nI3,A,O2,2025-04-30,0,50\n"
                                "I4,B,O3,2025-02-11,0,45\nI5,B,O4,2025-03-15,3,55\nI6,C,O5,2025-04-01,1,\n";

static void rates_count_officer_time(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = start(arena);
    f.sources.incidents = put(&f, "incidents.csv", incidents);
    hu_outcomes *o = build(&f, &(hu_outcome_options){0});
    /* observed January to April 2025: 59 days before the first of March, 61 from then on */
    double month = 365.2425 / 12, months = 61 / month;
    check_close(cell(o->districts, "officer_months", 0), 10 * months, 1e-12, "officer-months");
    check_close(cell(o->districts, "officer_months_before", 1), 20 * 59 / month, 1e-12, "before");
    check_close(cell(o->districts, "identification_rate", 0), 100 * 2 / (10 * months), 1e-12, "rate");
    check_close(cell(o->districts, "identification_rate", 1), 100 * 3 / (20 * months), 1e-12, "rate");
    check_close(cell(o->districts, "identification_rate", 3), 0, 0, "no incident is a rate of zero");
    check_close(cell(o->districts, "identification_rate_before", 0), 100 * 1 / (10 * 59 / month), 1e-12, "before");
    check_close(cell(o->districts, "identification_population", 0), 100000 * 2 / (50000 * months / 12), 1e-12,
                "a year");
    check_close(cell(o->districts, "documentation", 0), 60, 1e-12, "documentation");
    assert_true(isnan(cell(o->districts, "documentation", 2)) && isnan(cell(o->districts, "documentation", 3)));
    assert_int_equal(o->months->rows, 16);
    check_close(cell(o->months, "persons_identified", 2), 2, 0, "A in March");
    check_close(cell(o->months, "month", 3), 202504, 0, "month");
    check_close(cell(o->months, "officer_months", 0), 10 * 31 / month, 1e-12, "A in January");
    const hu_outcome_entry *e = entry(o, "documentation");
    assert_true(e->n[0] == 1 && e->n[1] == 2 && e->districts[1] == 1 && !e->refused);
    check_remove(f.folder);
}

static const char referrals[] =
    "referral_id,district_id,referred_on,completed_on,case_found,consent_recorded,accompanied\n"
    "R1,A,2025-03-10,2025-03-12,yes,yes,no\nR2,A,2025-03-20,2025-05-30,no,yes,yes\n"
    "R3,D,2025-04-01,,unknown,no,unknown\nR4,D,2025-05-25,,unknown,,\n"
    "R5,B,2025-03-05,2025-03-25,yes,yes,yes\nR6,B,2025-04-02,,no,no,no\nR7,C,2025-02-01,,unknown,no,no\n";

static void open_referrals_are_censored_and_the_unknown_is_not_false(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = start(arena);
    f.sources.referrals = put(&f, "referrals.csv", referrals);
    hu_outcomes *o = build(&f, &(hu_outcome_options){.until = "2025-05-31"});
    /* trained arm after the start: days 2 (completed), 71, 60 (open), 6 (open). Kaplan-Meier at 30: 3/4 are left. R4 is
     * censored at 6: the pseudo-values of the arm have the mean 1/4 and R1 the largest. */
    const hu_table *r = o->units[HU_OF_REFERRALS];
    double sum = 0;
    for (size_t i = 0; i < 4; i++)
        sum += cell(r, "referral_completed", i);
    check_close(sum / 4, 0.25, 1e-10, "mean of pseudo-values");
    check_close(cell(r, "referral_completed", 4), 1, 1e-12, "completed in time");
    check_close(cell(r, "referral_completed", 5), 0, 1e-12, "followed for 59 days");
    check_close(cell(r, "days", 3), 6, 0, "days");
    const double known[] = {0, 1, NAN, NAN, 0, 1, NAN};
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(isnan(known[i]), isnan(cell(r, "false_positive", i)));
        check_close(cell(r, "false_positive_lower", i), isnan(known[i]) ? 0 : known[i], 0, "lower");
        check_close(cell(r, "false_positive_upper", i), isnan(known[i]) ? 1 : known[i], 0, "upper");
    }
    check_close(cell(o->districts, "false_positive_upper", 3), 1, 0, "of D");
    check_close(cell(r, "referral_quality", 0), 0.5, 1e-12, "half of the criteria");
    check_close(cell(r, "referral_quality", 2), 0, 1e-12, "unknown counts for nothing");
    assert_true(isnan(cell(r, "referral_quality", 3)));
    check_close(entry(o, "false_positive")->better, -1, 0, "less is better");
    assert_non_null(strstr(entry(o, "referral_quality")->definition, "consent_recorded, accompanied"));
    f.sources.referrals =
        put(&f, "referrals.csv", "referral_id,district_id,referred_on,completed_on\nR1,A,2025-03-10,2025-03-01\n");
    CHECK_FAILS(hu_outcomes_build(&f.sources, &(hu_outcome_options){0}, arena, &o), HU_BAD_INPUT,
                "referrals.csv:2: column \"completed_on\": it is before referred_on");
    check_remove(f.folder);
}

static void people_and_waves(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = start(arena);
    f.sources.scores =
        put(&f, "scores.csv",
            "officer_id,district_id,wave,knowledge,attitude\nO1,A,before,40,3\nO1,A,after,60,4\nO2,B,before,50,2\n"
            "O3,B,after,44,5\nO4,D,after,70,\n");
    f.sources.surveys = put(&f, "surveys.csv",
                            "respondent_id,district_id,wave,t1,t2,would_report\nS1,A,after,4,1,yes\nS2,A,after,5,3,no\n"
                            "S3,B,after,2,5,no\nS4,C,before,1,4,yes\nS5,D,after,3,3,\n");
    f.sources.prosecutors =
        put(&f, "prosecutors.csv",
            "prosecutor_id,region,trained_on,score_before,score_after\nP1,Lima,2023-01-01,50,70\nP2,Puno,,55,\n");
    hu_outcome_options options = {.trust_items = (const char *const[]){"t1", "-t2", NULL}};
    hu_outcomes *o = build(&f, &options);
    const hu_table *officers = o->units[HU_OF_OFFICERS];
    assert_int_equal(officers->rows, 4);
    check_close(cell(officers, "knowledge", 0), 60, 0, "O1 after");
    check_close(cell(officers, "knowledge_before", 0), 40, 0, "O1 before");
    assert_true(isnan(cell(officers, "knowledge", 1)) && isnan(cell(officers, "attitude", 3)));
    check_close(cell(o->districts, "knowledge", 1), 44, 0, "B");
    check_close(cell(o->districts, "trust", 0), (4 + 5 + 5 + 3) / 4.0, 1e-12, "t2 turned within 1 to 5");
    check_close(cell(o->districts, "would_report", 0), 0.5, 1e-12, "half");
    assert_string_equal(entry(o, "prosecutor_knowledge")->refused, "measured in the trained arm only");
    assert_int_equal(o->n_reliability, 1);
    assert_non_null(strstr(o->reliability[0], "trust: 2 items, Cronbach's alpha"));
    HU_BUF(markdown);
    hu_outcomes_markdown(o, &markdown);
    check_contains(markdown.data, "**No effect may be taken from it: measured in the trained arm only.**");
    assert_int_equal(hu_outcomes_codebook(o, arena)->rows, o->n);
    f.sources.scores = put(&f, "scores.csv", "officer_id,district_id,wave,knowledge\nO1,Z,after,60\n");
    CHECK_FAILS(hu_outcomes_build(&f.sources, &options, arena, &o), HU_BAD_INPUT,
                "scores.csv:2: column \"district_id\": \"Z\" is no");
    f.sources.scores = put(&f, "scores.csv", "officer_id,district_id,wave,knowledge\nO1,A,later,60\n");
    CHECK_FAILS(hu_outcomes_build(&f.sources, &options, arena, &o), HU_BAD_INPUT, "expected before or after");
    f.sources.scores = put(&f, "scores.csv", "officer_id,district_id,wave,knowledge\nO1,A,after,60\nO1,A,after,60\n");
    CHECK_FAILS(hu_outcomes_build(&f.sources, &options, arena, &o), HU_BAD_INPUT, "stands twice in this wave");
    check_remove(f.folder);
}

/* Items of a test: both waves on one scale by the two-parameter model, which is fitted here to the same answers. */
static void items_become_response_scores(void **state)
{
    (void)state;
    enum { OFFICERS = 60, ITEMS = 5 };
    HU_SCRATCH(arena);
    HU_BUF(text);
    fixture f = start(arena);
    hu_random random = hu_random_start(8, 1);
    double x[ITEMS][2 * OFFICERS];
    hu_buf_add_text(&text, "officer_id,district_id,wave,k1,k2,k3,k4,k5\n");
    for (size_t i = 0; i < 2 * OFFICERS; i++) {
        double ability = hu_random_normal(&random) + (double)(i % 2);
        hu_buf_printf(&text, "O%02zu,%c,%s", i / 2, (int)"ABCD"[i / 2 % 4], i % 2 ? "after" : "before");
        for (size_t k = 0; k < ITEMS; k++) {
            x[k][i] = hu_random_uniform(&random) < 1 / (1 + exp(-1.2 * ability + (double)k - 2));
            hu_buf_printf(&text, ",%.0f", x[k][i]);
        }
        hu_buf_add_char(&text, '\n');
    }
    f.sources.scores = put(&f, "scores.csv", text.data);
    hu_outcomes *o =
        build(&f, &(hu_outcome_options){.knowledge_items = (const char *const[]){"k1", "k2", "k3", "k4", "k5", NULL}});
    hu_irt irt;
    CHECK_OK(hu_irt_fit(&x[0][0], 2 * OFFICERS, ITEMS, &(hu_irt_options){.prior = 0.5}, arena, &irt));
    const hu_table *officers = o->units[HU_OF_OFFICERS];
    for (size_t u = 0; u < OFFICERS; u++) {
        check_close(cell(officers, "knowledge_before", u), irt.score[2 * u], 1e-10, "before");
        check_close(cell(officers, "knowledge", u), irt.score[2 * u + 1], 1e-10, "after");
        check_close(cell(officers, "knowledge_se", u), irt.se[2 * u + 1], 1e-10, "error");
    }
    assert_true(entry(o, "knowledge")->mean[0] > entry(o, "knowledge")->before[0]);
    assert_non_null(strstr(o->reliability[0], "two-parameter logistic model"));
    check_remove(f.folder);
}

static void the_instrument_must_not_make_the_effect(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = start(arena);
    f.sources.incidents =
        put(&f, "incidents.csv",
            "incident_id,district_id,occurred_on,persons_identified,documentation,source\nI1,A,2025-03-10,1,50,app\n"
            "I2,B,2025-03-11,1,50,log\nI3,D,2025-03-11,1,50,log\n");
    hu_outcomes *o = build(&f, &(hu_outcome_options){0});
    assert_non_null(
        strstr(entry(o, "identification_rate")->refused, "source \"app\" is there in the trained arm only"));
    assert_non_null(strstr(entry(o, "documentation")->refused, "source \"app\""));
    f.sources.incidents =
        put(&f, "incidents.csv",
            "incident_id,district_id,occurred_on,persons_identified,documentation\nI1,A,2025-03-10,1,50\n");
    o = build(&f, &(hu_outcome_options){0});
    assert_null(entry(o, "identification_rate")->refused); /* no incident is a measurement */
    assert_string_equal(entry(o, "documentation")->refused, "measured in the trained arm only");
    check_run run = CHECK_HUELLA(arena, "outcomes", "--study", f.folder, "--effects", "--format", "json");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"refused\": \"measured in the trained arm only\"");
    assert_true(hu_file_exists(hu_path_join(arena, f.folder, "outcomes/codebook.md")));
    assert_true(hu_file_exists(hu_path_join(arena, f.folder, "outcomes/district_months.csv")));
    run = CHECK_HUELLA(arena, "outcomes", "--study", f.folder, "--effects", "--format", "table");
    check_contains(run.out, "refused: measured in the trained arm only");
    check_remove(f.folder);
}

static void several_raters_agree_or_not(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = start(arena);
    f.sources.incidents = put(&f, "incidents.csv", incidents);
    f.sources.ratings = put(&f, "ratings.csv",
                            "incident_id,rater,score\nI2,x,60\nI2,y,70\nI3,x,50\nI3,y,40\nI5,x,80\nI5,y,80\nI6,x,10\n");
    hu_outcomes *o = build(&f, &(hu_outcome_options){0});
    check_close(cell(o->units[HU_OF_INCIDENTS], "documentation", 1), 65, 0, "mean of two");
    check_close(cell(o->units[HU_OF_INCIDENTS], "documentation", 5), 10, 0, "of one");
    assert_true(isnan(cell(o->units[HU_OF_INCIDENTS], "documentation", 0)));
    assert_true(o->has_rating && o->rating.units == 3);
    double x[] = {60, 50, 80, 70, 40, 80};
    hu_krippendorff k;
    CHECK_OK(hu_krippendorff_alpha(x, 3, 2, &(hu_krippendorff_options){.level = HU_ALPHA_INTERVAL}, &k));
    check_close(o->rating.alpha, k.alpha, 1e-12, "alpha");
    f.sources.ratings = put(&f, "ratings.csv", "incident_id,rater,score\nI9,x,60\n");
    CHECK_FAILS(hu_outcomes_build(&f.sources, &(hu_outcome_options){0}, arena, &o), HU_BAD_INPUT,
                "no incident of that name");
    check_remove(f.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_count_officer_time),
        cmocka_unit_test(open_referrals_are_censored_and_the_unknown_is_not_false),
        cmocka_unit_test(people_and_waves),
        cmocka_unit_test(items_become_response_scores),
        cmocka_unit_test(the_instrument_must_not_make_the_effect),
        cmocka_unit_test(several_raters_agree_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
