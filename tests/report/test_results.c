/* Results: kept and read back without loss, and printed as people and programs want them. */

#include "check.h"

#include "huella/report/people.h"
#include "huella/report/results.h"

/* Two outcomes by two estimators, made by hand. */
static hu_results *made_by_hand(hu_arena *arena)
{
    static hu_result_outcome outcomes[] = {
        {.name = "conviction", .label = "Conviction", .unit = "share of judged cases", .share = true, .primary = true},
        {.name = "prison_months", .label = "Sentence length", .unit = "months", .given_conviction = true}};
    static hu_result_estimator estimators[] = {{"main", "callaway_santanna", "not yet trained", true, false, 1},
                                               {"twfe", "twfe", "", false, true, 0}};
    static hu_att_gt cells[] = {
        {.cohort = 4044, .time = 4044, .effect = {.estimate = 0.1, .se = 0.05}, .treated = 7, .controls = 30},
        {.cohort = 4044, .time = 4045, .effect = {.estimate = NAN}, .note = "no \"case\""}};
    static hu_did_cell event[] = {{-1,
                                   {.estimate = -0.01,
                                    .se = 0.02,
                                    .lower = -0.05,
                                    .upper = 0.03,
                                    .p = 0.6,
                                    .band_lower = -0.06,
                                    .band_upper = 0.04}}};
    static const char *warnings[] = {"small cells"};
    static hu_did_result did = {.att_gt = cells,
                                .n_att_gt = 2,
                                .pretrend_statistic = 1.5,
                                .pretrend_p = 0.22,
                                .pretrend_df = 1,
                                .warnings = warnings,
                                .n_warnings = 1};
    did.dynamic = (hu_did_aggregate){.cells = event, .n_cells = 1};
    outcomes[0].planted = 1.0 / 3;
    outcomes[1].planted = NAN;
    hu_estimate estimates[] = {
        {.effect = {0.0812345, 0.05, -0.0203, 0.1834, 0.1163, NAN, NAN},
         .n = 1240,
         .treated = 310,
         .clusters = 25,
         .dropped = 3,
         .se_type = "clustered",
         .did = &did},
        {.effect = {0.05, 0.01, 0.03, 0.07, 0.0000002, NAN, NAN}, .n = 1240, .treated = 310, .clusters = 25},
        {.effect = {NAN, NAN, NAN, NAN, NAN, NAN, NAN}, .failure = "no convicted case after training"},
        {.effect = {-1234.5678, 0.5, -1235.5, -1233.5, 0.034, NAN, NAN}, .n = 88, .treated = 20, .clusters = 19}};
    hu_results *results = HU_NEW(arena, hu_results);
    *results = (hu_results){.title = "T",
                            .version = "0",
                            .seed = 7,
                            .level = 0.95,
                            .period = HU_HALF_YEAR,
                            .from = 4032,
                            .to = 4049,
                            .excluded = (const char *const[]){NULL},
                            .outcomes = outcomes,
                            .n_outcomes = 2,
                            .estimators = estimators,
                            .n_estimators = 2};
    results->estimates = hu_regrow(arena, estimates, 4, 4, sizeof *estimates);
    results->excluded = hu_alloc_array(arena, 1, sizeof(char *));
    return results;
}

static void json_reads_back_without_loss(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(first);
    HU_BUF(second);
    hu_results *back = NULL;
    hu_results_write_json(made_by_hand(arena), &first);
    CHECK_OK(hu_results_parse(first.data, arena, &back));
    hu_results_write_json(back, &second);
    assert_string_equal(first.data, second.data);
    assert_true(back->outcomes[0].planted == 1.0 / 3);
    assert_true(isnan(back->outcomes[1].planted));
    assert_string_equal(hu_results_at(back, 0, 0)->did->att_gt[1].note, "no \"case\"");
    assert_true(hu_results_at(back, 0, 0)->did->dynamic.cells[0].effect.band_upper == 0.04);
    assert_true(isnan(hu_results_at(back, 1, 0)->effect.estimate));
    assert_null(hu_results_at(back, 0, 1)->did);
    CHECK_FAILS(hu_results_parse("{\"title\":", arena, &back), HU_BAD_INPUT, "huella estimate");
    CHECK_FAILS(hu_results_parse("{}", arena, &back), HU_BAD_INPUT, "incomplete");
}

static const char *printed(hu_arena *arena, const hu_results *results, bool all, bool csv)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (csv)
        hu_results_print_csv(results, out);
    else
        hu_results_print_table(results, all, out);
    fclose(out);
    const char *copy = hu_strndup(arena, text, length);
    free(text);
    return copy;
}

static void the_closing_table_is_for_people(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_results *results = made_by_hand(arena);
    assert_string_equal(printed(arena, results, false, false),
                        "outcome             effect  95 % interval      p  cases   planted\n"
                        "Conviction         +8.1 pp  −2.0 to +18.3  0.116  1,240  +33.3 pp\n"
                        "Sentence length *        –              –      –      0         –\n"
                        "* among the convicted only: a change in who is convicted shows up here too\n"
                        "Sentence length, main: no estimate: no convicted case after training\n");
    const char *all = printed(arena, results, true, false);
    assert_non_null(strstr(all, "< 0.001"));
    assert_non_null(strstr(all, "−1,234.57  −1,235.50 to −1,233.50    0.034"));
    results->outcomes[0].planted = NAN;
    assert_null(strstr(printed(arena, results, false, false), "planted"));
}

static void csv_is_for_programs(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    assert_string_equal(
        printed(arena, made_by_hand(arena), true, true),
        "outcome,estimator,method,estimate,se,lower,upper,p,n,treated,clusters,planted\n"
        "conviction,main,callaway_santanna,0.0812345,0.05,-0.0203,0.1834,0.1163,1240,310,25,0.3333333333333333\n"
        "conviction,twfe,twfe,0.05,0.01,0.03,0.07,2e-07,1240,310,25,0.3333333333333333\n"
        "prison_months,main,callaway_santanna,,,,,,0,0,0,\n"
        "prison_months,twfe,twfe,-1234.5678,0.5,-1235.5,-1233.5,0.034,88,20,19,\n");
}

static void numbers_are_rounded_for_people(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    assert_string_equal(hu_people_count(arena, 0), "0");
    assert_string_equal(hu_people_count(arena, 999), "999");
    assert_string_equal(hu_people_count(arena, 1234567), "1,234,567");
    assert_string_equal(hu_people_number(arena, -0.04, 1), "0.0");
    assert_string_equal(hu_people_number(arena, -1234.56, 1), "−1,234.6");
    assert_string_equal(hu_people_signed(arena, 0.06, 1), "+0.1");
    assert_string_equal(hu_people_signed(arena, -0.04, 1), "0.0");
    assert_string_equal(hu_people_number(arena, NAN, 1), "–");
    assert_string_equal(hu_people_p(arena, 0.0009999), "< 0.001");
    assert_string_equal(hu_people_p(arena, 0.001), "0.001");
    assert_string_equal(hu_people_percent(arena, 0.1234, 1), "12.3 %");
    assert_string_equal(hu_people_duration(arena, 31.24), "31.2 s");
    assert_string_equal(hu_people_duration(arena, 125.4), "2 min 5 s");
    assert_string_equal(hu_people_period(arena, 4044, HU_HALF_YEAR), "2022-H1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_reads_back_without_loss),
        cmocka_unit_test(the_closing_table_is_for_people),
        cmocka_unit_test(csv_is_for_programs),
        cmocka_unit_test(numbers_are_rounded_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
