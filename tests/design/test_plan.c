/* The plan: the template means what it says, and every mistake in it is named with its line and the remedy. */

#include "check.h"

#include "huella/base/file.h"
#include "huella/design/plan.h"

/* Writes `text` to a file in a fresh folder and loads it. */
static hu_error *load_text(hu_arena *arena, const char *text, hu_plan **plan)
{
    char *folder = hu_strdup(arena, "/tmp/huella-plan-XXXXXX");
    assert_non_null(mkdtemp(folder));
    const char *path = hu_path_join(arena, folder, "study.yaml");
    CHECK_OK(hu_write_file(path, text, strlen(text)));
    hu_error *error = hu_plan_load(path, arena, plan);
    unlink(path);
    rmdir(folder);
    return error;
}

static const char *template_text(hu_arena *arena)
{
    hu_file file;
    CHECK_OK(hu_file_open(check_source(arena, "rules/templates/study.yaml"), 0, &file));
    const char *text = hu_strndup(arena, file.data, file.length);
    hu_file_close(&file);
    return text;
}

static void template_is_valid_and_says_the_study(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_plan *plan = NULL;
    CHECK_OK(hu_plan_load(check_source(arena, "rules/templates/study.yaml"), arena, &plan));
    assert_string_equal(plan->cases, "cases.csv");
    assert_string_equal(plan->judgments, "judgments");
    assert_null(plan->truth);
    assert_int_equal(plan->period, HU_HALF_YEAR);
    assert_int_equal(plan->from, 2016 * 2);
    assert_int_equal(plan->to, 2024 * 2 + 1);
    assert_int_equal(plan->n_outcomes, 6);
    assert_string_equal(plan->outcomes[0].name, "conviction");
    assert_int_equal(plan->outcomes[0].role, HU_PRIMARY);
    assert_true(plan->outcomes[0].share);
    assert_true(plan->outcomes[2].given_conviction);
    assert_false(plan->outcomes[1].given_conviction);
    assert_string_equal(plan->estimators[0].method, "callaway_santanna");
    assert_true(plan->estimators[0].not_yet_treated);
    assert_false(plan->estimators[1].not_yet_treated);
    assert_string_equal(plan->estimators[0].cluster, "region");
    assert_null(plan->estimators[0].covariates[0]);
    assert_null(plan->excluded[0]);
    assert_true(plan->level == 0.95);
    assert_int_equal(plan->seed, 20270101);
}

static void truth_is_appended_by_simulate(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_plan *plan = NULL;
    CHECK_OK(load_text(arena, hu_printf(arena, "%struth: truth.json\n", template_text(arena)), &plan));
    assert_string_equal(plan->truth, "truth.json");
}

/* Each: what is replaced in the template, by what, and what the message must hold. */
static const struct {
    const char *find, *replace, *message;
} mistakes[] = {
    {"title: Effect", "titel: Effect", "titel"},
    {"title: Effect of the prosecutors' training on trafficking cases", "", "\"title\" is missing"},
    {"title: Effect of the prosecutors' training on trafficking cases", "title: [a]", "\"title\" must be text"},
    {"  cases: cases.csv", "  case: cases.csv", "case"},
    {"  cases: cases.csv ", "  #", "no \"cases\""},
    {"  rollout: rollout.csv", "  # rollout: rollout.csv", "no \"rollout\""},
    {"sources:", "sources: here\nxsources:", "xsources"},
    {"period: half_year", "period: half-year",
     "expected one of year, half_year, quarter, month (did you mean \"half_year\"?)"},
    {"period: half_year", "period: month", "expected a month like 2021-07"},
    {"from: 2016-H1", "from: 2016-H3", "expected a half_year like 2021-H1"},
    {"from: 2016-H1", "from: 2025-H1", "\"to\" must be later than \"from\""},
    {"from: 2016-H1", "form: 2016-H1", "form"},
    {"  to: 2024-H2", "", "\"to\" is missing"},
    {"delay: 0", "delay: soon", "\"delay\" is \"soon\": expected a whole number from 0 to 120"},
    {"delay: 0", "delay: -1", "expected a whole number from 0 to 120"},
    {"exclude: []", "exclude: Callao", "\"exclude\" must be a list"},
    {"- name: conviction", "- name: convictions", "did you mean \"conviction\"?"},
    {"- name: collaboration", "- name: conviction", "\"conviction\" stands twice"},
    {"role: primary", "role: first", "expected one of primary, secondary"},
    {"share: true", "share: 1 of 2", "share"},
    {"given_conviction: true", "given_convictions: true", "given_convictions"},
    {"- name: never_trained", "- name: Never, trained", "may hold only a to z"},
    {"method: twfe", "method: two_way", "expected one of callaway_santanna, twfe"},
    {"  - name: twfe\n    method: twfe", "  - name: twfe", "\"method\" is missing"},
    {"- name: never_trained", "- name: main", "two estimators are named \"main\""},
    {"method: twfe", "method: twfe\n    control: never", "\"control\" means nothing to the method twfe"},
    {"control: notyet", "control: nobody", "expected one of never, notyet"},
    {"base: varying", "base: fixed", "expected one of varying, universal"},
    {"adjustment: dr", "adjustment: drr", "did you mean \"dr\"?"},
    {"covariates: []", "covariates: [minor]", "did you mean \"minors\"?"},
    {"covariates: []", "covariates: minors", "\"covariates\" must be a list"},
    {"anticipation: 0", "anticipation: 0.5", "\"anticipation\" is \"0.5\""},
    {"aggregate: simple", "aggregate: mean", "expected one of simple, group, dynamic, calendar"},
    {"inference: analytic", "inference: bootstrap\n    draws: 3", "\"draws\" is \"3\""},
    {"cluster: region", "cluster: district", "expected one of region"},
    {"level: 0.95", "level: 95", "expected a number from 0.5 to below 1"},
    {"seed: 20270101", "seed: today", "\"seed\" is \"today\""},
    {"seed: 20270101", "sead: 1", "sead"},
};

static const char *replace_first(hu_arena *arena, const char *text, const char *find, const char *replace)
{
    const char *at = strstr(text, find);
    if (!at)
        fail_msg("the template does not hold \"%s\"", find);
    return hu_printf(arena, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
}

static void every_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *text = template_text(arena);
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        hu_plan *plan = NULL;
        hu_error *error = load_text(arena, replace_first(arena, text, mistakes[i].find, mistakes[i].replace), &plan);
        if (!error)
            fail_msg("\"%s\" in place of \"%s\" was accepted", mistakes[i].replace, mistakes[i].find);
        const char *place = strstr(error->message, "study.yaml:");
        if (error->code != HU_BAD_INPUT || !strstr(error->message, mistakes[i].message) || !place ||
            strtol(place + strlen("study.yaml:"), NULL, 10) < 1)
            fail_msg("\"%s\": \"%s\" (expected \"%s\" and a line)", mistakes[i].replace, error->message,
                     mistakes[i].message);
        hu_error_free(error);
    }
}

static void the_line_is_the_line_of_the_mistake(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_plan *plan = NULL;
    const char *text = "title: T\nsources: {cases: c.csv, rollout: r.csv}\nwindow:\n  from: 2016-H1\n  to: 2015-H1\n"
                       "outcomes:\n  - name: conviction\nestimators:\n  - {name: a, method: twfe}\n";
    CHECK_FAILS(load_text(arena, text, &plan), HU_BAD_INPUT, "study.yaml:5:");
    CHECK_FAILS(load_text(arena, "", &plan), HU_BAD_INPUT, "study.yaml:1:");
    CHECK_FAILS(load_text(arena, "- a\n", &plan), HU_BAD_INPUT, "study.yaml:1:");
    CHECK_FAILS(hu_plan_load("/no/such/study.yaml", arena, &plan), HU_NOT_FOUND, "/no/such/study.yaml");
}

static void a_short_plan_has_sound_defaults(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_plan *plan = NULL;
    CHECK_OK(load_text(arena,
                       "title: T\nsources: {cases: c.csv, rollout: r.dta}\nperiod: year\n"
                       "window: {from: 2016, to: 2024}\noutcomes:\n  - name: conviction\n"
                       "estimators:\n  - {name: a, method: callaway_santanna}\n",
                       &plan));
    assert_true(plan->estimators[0].not_yet_treated);
    assert_string_equal(plan->estimators[0].adjustment, "dr");
    assert_int_equal(plan->estimators[0].aggregate, HU_SIMPLE);
    assert_int_equal(plan->estimators[0].draws, 999);
    assert_true(plan->level == 0.95);
    assert_null(plan->judgments);
    assert_int_equal(plan->from, 2016);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(template_is_valid_and_says_the_study), cmocka_unit_test(truth_is_appended_by_simulate),
        cmocka_unit_test(every_mistake_is_named_with_its_line), cmocka_unit_test(the_line_is_the_line_of_the_mistake),
        cmocka_unit_test(a_short_plan_has_sound_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
