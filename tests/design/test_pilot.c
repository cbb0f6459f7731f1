/* Pilots: intervals and correlations as R computes them, and every decision there is. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/design/pilot.h"

static const char rows[] = "d,y,x,t,v,wave\n"
                           "A,1,3,10,4.1,after\nA,1,1,8,3.9,after\nA,0,2,5,5.2,after\nA,1,0,4,6.0,after\n"
                           "B,0,1,9,2.2,after\nB,0,0,6,3.1,after\nB,1,1,7,1.8,after\nC,1,4,9,5.5,after\n"
                           "C,1,2,6,7.1,after\nC,1,3,8,6.4,after\nC,0,2,5,4.9,after\nC,1,5,9,6.6,after\n"
                           "D,0,1,6,2.9,after\nD,1,0,7,3.3,after\nD,0,2,8,4.0,after\nD,0,1,5,2.5,after\n"
                           "D,1,0,1,9.9,before\nD,,,,,after\n";

static hu_table *table_of(const char *text, hu_arena *arena)
{
    hu_table *table;
    CHECK_OK(hu_csv_parse(text, strlen(text), "pilot.csv", &(hu_csv_options){0}, arena, &table));
    return table;
}

static hu_error *load(const char *text, hu_arena *arena, hu_pilot_criteria **criteria)
{
    char name[] = "/tmp/huella-test-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    hu_error *error = hu_pilot_load(name, arena, criteria);
    unlink(name);
    return error;
}

static const hu_pilot_result *evaluate(const char *yaml, hu_pilot_decision *decision, hu_arena *arena)
{
    hu_pilot_criteria *criteria;
    hu_pilot_result *results;
    CHECK_OK(load(yaml, arena, &criteria));
    CHECK_OK(hu_pilot_evaluate(table_of(rows, arena), criteria, arena, &results, decision));
    return results;
}

/* R 4.2.2: binom.test, poisson.test; with clusters by the formulas of Korn & Graubard, aov, qf, qt written out. */
static void intervals_are_the_peers(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_pilot_decision decision;
    static const char indicators[] =
        "indicators:\n"
        "  - {name: y, kind: proportion, go: 0.5, stop: 0.3, where: {wave: after}}\n"
        "  - {name: x, kind: rate, exposure: t, go: 0.2, stop: 0.1, where: {wave: after}}\n"
        "  - {name: v, kind: mean, go: 4, stop: 3, where: {wave: after}}\n";
    const hu_pilot_result *r = evaluate(hu_printf(arena, "level: 0.9\n%s", indicators), &decision, arena);
    assert_int_equal(r[0].n, 16);
    assert_int_equal(r[0].dropped, 1);
    check_close(r[0].lower, 0.333374171525, 1e-9, "Clopper & Pearson");
    check_close(r[0].upper, 0.773308431534, 1e-9, "Clopper & Pearson");
    assert_true(isnan(r[0].spread));
    r = evaluate(hu_printf(arena, "level: 0.9\ncluster: d\n%s", indicators), &decision, arena);
    check_close(r[0].deff, 1.357142857143, 1e-10, "design effect");
    check_close(r[0].lower, 0.208083313558, 1e-9, "Korn & Graubard");
    check_close(r[0].upper, 0.873870563175, 1e-9, "Korn & Graubard");
    check_close(r[0].p_go, 0.623705442133, 1e-9, "posterior");
    check_close(r[2].estimate, 4.34375, 1e-12, "mean");
    check_close(r[2].lower, 2.352378217223, 1e-9, "by clusters");
    check_close(r[2].spread, 0.795591015350, 1e-9, "icc");
    check_close(r[2].spread_lower, 0.483173531910, 1e-9, "Searle");
    check_close(r[2].spread_upper, 0.972967141918, 1e-9, "Searle");
}

static void rates_are_the_peers(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_pilot_decision decision;
    static const char rate[] =
        "level: 0.9\nindicators:\n  - {name: x, kind: rate, exposure: t, go: 0.2, stop: 0.1, where: "
        "{wave: after}}\n";
    const hu_pilot_result *r = evaluate(rate, &decision, arena);
    check_close(r->lower, 0.177684275138, 1e-9, "Garwood");
    check_close(r->upper, 0.342758049804, 1e-9, "Garwood");
    r = evaluate(hu_printf(arena, "cluster: d\n%s", rate), &decision, arena);
    check_close(r->spread, 0.452152228033, 1e-9, "cv of rates");
    check_close(r->spread_upper, 1.690244522907, 1e-9, "its upper end");
}

static void rules_decide_as_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *thresholds;
        hu_pilot_decision decision;
    } cases[] = {
        /* 9 of 16 = 0.5625, 90 % interval 0.333 to 0.773 */
        {"estimate", "go: 0.5, stop: 0.3", HU_PILOT_GO},
        {"estimate", "go: 0.6, stop: 0.3", HU_PILOT_AMEND},
        {"estimate", "go: 0.9, stop: 0.6", HU_PILOT_STOP},
        {"interval", "go: 0.5, stop: 0.3", HU_PILOT_GO},
        {"interval", "go: 0.5, stop: 0.34", HU_PILOT_AMEND},
        {"interval", "go: 0.7, stop: 0.6", HU_PILOT_AMEND},
        {"interval", "go: 0.8, stop: 0.6", HU_PILOT_STOP},
        {"posterior", "go: 0.4, stop: 0.3", HU_PILOT_GO},
        {"posterior", "go: 0.6, stop: 0.4", HU_PILOT_AMEND},
        {"posterior", "go: 0.9, stop: 0.8", HU_PILOT_STOP},
        /* small values are good */
        {"estimate", "go: 0.6, stop: 0.8, direction: at_most", HU_PILOT_GO},
        {"interval", "go: 0.6, stop: 0.75, direction: at_most", HU_PILOT_AMEND},
        {"interval", "go: 0.2, stop: 0.4, direction: at_most", HU_PILOT_STOP},
        {"posterior", "go: 0.75, stop: 0.9, direction: at_most", HU_PILOT_GO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        HU_SCRATCH(arena);
        hu_pilot_decision decision;
        evaluate(hu_printf(arena, "rule: %s\nindicators:\n  - {name: y, %s, where: {wave: after}}\n", cases[i].rule,
                           cases[i].thresholds),
                 &decision, arena);
        if (decision != cases[i].decision)
            fail_msg("%s with %s: %s", cases[i].rule, cases[i].thresholds, hu_pilot_decision_name(decision));
    }
}

/* All go: go; one stops: stop; else amend. */
static void indicators_decide_together(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_pilot_decision decision;
    static const char go[] = "  - {name: y, go: 0.5, stop: 0.3, where: {wave: after}}\n";
    evaluate(hu_printf(arena,
                       "rule: estimate\nindicators:\n%s  - {name: v, kind: mean, go: 4, stop: 3, where: {wave: "
                       "after}}\n",
                       go),
             &decision, arena);
    assert_int_equal(decision, HU_PILOT_GO);
    evaluate(hu_printf(arena, "rule: estimate\nindicators:\n%s  - {name: v, kind: mean, go: 5, stop: 3}\n", go),
             &decision, arena);
    assert_int_equal(decision, HU_PILOT_AMEND);
    evaluate(hu_printf(arena, "rule: estimate\nindicators:\n%s  - {name: v, kind: mean, go: 9, stop: 8}\n", go),
             &decision, arena);
    assert_int_equal(decision, HU_PILOT_STOP);
}

static void the_trial_is_sized_by_the_correlation(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_pilot_decision decision;
    const hu_pilot_result *r =
        evaluate("cluster: d\nindicators:\n  - {name: y, go: 0.5, stop: 0.3, where: {wave: after}, effect: 0.2}\n"
                 "trial: {clusters: 20, size: 40, power: 0.9}\n",
                 &decision, arena);
    hu_power_design d = {.clusters = 20, .size = 40, .outcome = HU_POWER_BINARY, .mean = 0.5625, .icc = r->spread};
    CHECK_OK(hu_power_check(&d));
    check_close(r->mde, hu_power_mde(&d, 0.9, false), 1e-10, "detectable");
    check_close(r->power, hu_power_of(&d, 0.2), 1e-10, "power");
    assert_true(r->mde_lower < r->mde && !(r->mde_upper <= r->mde)); /* NaN: no share is that large */
}

static void the_template_is_read(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_pilot_criteria *criteria;
    CHECK_OK(hu_pilot_load(check_source(arena, "rules/templates/pilot.yaml"), arena, &criteria));
    assert_int_equal(criteria->n, 2);
    assert_true(criteria->trial && criteria->pairs && criteria->items[1].at_most);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const struct {
        const char *yaml, *says;
    } cases[] = {
        {"indicators:\n  - {name: y, go: 0.3, stop: 0.5}\n", "expected stop below go"},
        {"indicators:\n  - {name: y, go: 0.3, stop: 0.1, direction: at_most}\n", "expected stop above go"},
        {"indicators:\n  - {name: y, go: 0.3}\n", "both needed"},
        {"indicators:\n  - {name: x, kind: rate, go: 0.3, stop: 0.1}\n", "exposure"},
        {"indicators:\n  - {name: y, goo: 0.3}\n", "goo"},
        {"rule: guess\nindicators:\n  - {name: y, go: 0.3, stop: 0.1}\n", "estimate, interval, posterior"},
        {"title: x\n", "indicators"},
    };
    hu_pilot_criteria *criteria;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_FAILS(load(cases[i].yaml, arena, &criteria), HU_BAD_INPUT, cases[i].says);
    hu_pilot_result *r;
    hu_pilot_decision decision;
    CHECK_OK(load("indicators:\n  - {name: x, go: 0.3, stop: 0.1}\n", arena, &criteria));
    CHECK_FAILS(hu_pilot_evaluate(table_of(rows, arena), criteria, arena, &r, &decision), HU_BAD_INPUT,
                "pilot.csv:2: column \"x\": 3 is neither 0 nor 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_the_peers),
        cmocka_unit_test(rates_are_the_peers),
        cmocka_unit_test(rules_decide_as_they_say),
        cmocka_unit_test(indicators_decide_together),
        cmocka_unit_test(the_trial_is_sized_by_the_correlation),
        cmocka_unit_test(the_template_is_read),
        cmocka_unit_test(mistakes_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
