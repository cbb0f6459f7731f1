/* Figures: whole files that are the same each time, hold what they were given, and refuse what cannot be drawn. */

#include "check.h"

#include "huella/report/figure.h"

static const double x[] = {-2, -1, 0, 1}, estimate[] = {0.1, 0, 0.5, 0.75}, lower[] = {-0.1, NAN, 0.25, 0.5},
                    upper[] = {0.3, NAN, 0.75, 1};
static const hu_series series = {"it's <one> & \"two\"", 4, x, estimate, lower, upper, lower, upper};

static hu_figure figure(hu_plot_kind kind)
{
    return (hu_figure){.kind = kind, .title = "Effects <of> training", .x_label = "Periods", .y_label = "Effect"};
}

static void the_ending_says_the_kind(void **state)
{
    (void)state;
    hu_plot_kind kind;
    CHECK_OK(hu_plot_kind_of("a/b.v2/effects.PDF", &kind));
    assert_int_equal(kind, HU_PLOT_PDF);
    CHECK_OK(hu_plot_kind_of("effects.svg", &kind));
    assert_int_equal(kind, HU_PLOT_SVG_FILE);
    CHECK_FAILS(hu_plot_kind_of("effects.jpg", &kind), HU_USAGE, ".svg, .pdf or .png");
    CHECK_FAILS(hu_plot_kind_of("a.png/effects", &kind), HU_USAGE, "effects");
}

static void every_kind_is_a_file_of_its_kind_and_the_same_twice(void **state)
{
    (void)state;
    static const struct {
        hu_plot_kind kind;
        const char *begins;
    } kinds[] = {{HU_PLOT_PDF, "%PDF-"}, {HU_PLOT_PNG, "\x89PNG"}, {HU_PLOT_SVG_FILE, "<?xml"}, {HU_PLOT_SVG, "<svg"}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        HU_BUF(once);
        HU_BUF(twice);
        hu_figure f = figure(kinds[k].kind);
        CHECK_OK(hu_draw_event_study(&f, &series, 1, &once));
        CHECK_OK(hu_draw_event_study(&f, &series, 1, &twice));
        assert_true(once.length > 1000);
        assert_memory_equal(once.data, kinds[k].begins, strlen(kinds[k].begins));
        assert_int_equal(once.length, twice.length);
        assert_memory_equal(once.data, twice.data, once.length);
    }
}

static void an_svg_names_its_series_and_hides_its_maker(void **state)
{
    (void)state;
    HU_BUF(out);
    hu_figure f = figure(HU_PLOT_SVG_FILE);
    hu_series two[] = {series, series};
    two[1].label = "imputation_2";
    CHECK_OK(hu_draw_event_study(&f, two, 2, &out));
    assert_non_null(strstr(out.data, "<title>Effects &lt;of&gt; training</title>"));
    assert_non_null(strstr(out.data, "imputation_2")); /* "_" is no subscript */
    assert_non_null(strstr(out.data, "it's &lt;one> &amp;"));
    assert_null(strstr(out.data, "Produced by"));
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    (void)state;
    HU_BUF(out);
    static const double nothing[4] = {NAN, NAN, NAN, NAN};
    hu_figure f = figure(HU_PLOT_PDF), no_program = f;
    hu_series empty = series, many[HU_FIGURE_SERIES + 1];
    empty.estimate = nothing;
    for (size_t s = 0; s <= HU_FIGURE_SERIES; s++)
        many[s] = series;
    no_program.plotter.program = "/nowhere/gnuplot";
    CHECK_FAILS(hu_draw_event_study(&f, &empty, 1, &out), HU_EMPTY, "no estimate to draw");
    CHECK_FAILS(hu_draw_event_study(&f, many, HU_FIGURE_SERIES + 1, &out), HU_LIMIT, "at most 8");
    CHECK_FAILS(hu_draw_distribution(&f, nothing, 4, 1, NULL, &out), HU_EMPTY, "no value to draw");
    CHECK_FAILS(hu_draw_event_study(&no_program, &series, 1, &out), HU_NOT_FOUND, "install gnuplot-nox");
    assert_int_equal(out.length, 0);
}

/* At 0 everybody is at risk, at 4 those just before the step at 6, at 8 nobody. */
static void curves_count_those_at_risk(void **state)
{
    (void)state;
    HU_BUF(out);
    static const double at[] = {2, 6, 7.9}, height[] = {0.9, 0.5, 0.4}, band[] = {NAN, 0.4, 0.3},
                        risk[] = {1234, 567, 89};
    hu_figure f = figure(HU_PLOT_SVG_FILE);
    hu_curve_series curve = {{"trained", 3, at, height, band, height, NULL, NULL}, 1, risk};
    CHECK_OK(hu_draw_curves(&f, &curve, 1, &out));
    assert_non_null(strstr(out.data, "At risk"));
    assert_non_null(strstr(out.data, ">1234<"));
    assert_non_null(strstr(out.data, ">567<"));
    assert_null(strstr(out.data, ">90<"));
}

static void a_distribution_marks_what_was_observed(void **state)
{
    (void)state;
    HU_BUF(out);
    double values[1000];
    for (int i = 0; i < 1000; i++)
        values[i] = (i % 100) - 50;
    hu_figure f = figure(HU_PLOT_SVG_FILE);
    CHECK_OK(hu_draw_distribution(&f, values, 1000, 73.25, "p = 0.001", &out));
    assert_non_null(strstr(out.data, "observed 73.25, p = 0.001"));
    out.length = 0;
    for (int i = 0; i < 1000; i++)
        values[i] = 3; /* no spread: still a figure */
    CHECK_OK(hu_draw_distribution(&f, values, 1000, 3, NULL, &out));
}

static void rows_and_sensitivity_are_drawn(void **state)
{
    (void)state;
    HU_BUF(out);
    static const char *const labels[] = {"without a", "without b", "without c", "without 'd'"};
    hu_figure f = figure(HU_PLOT_SVG_FILE);
    CHECK_OK(hu_draw_forest(&f, labels, &series, 0.4, &out));
    assert_non_null(strstr(out.data, "without 'd'"));
    out.length = 0;
    hu_sensitivity_figure s = {series, {0.4, 0.2, 0.6}, "parallel trends", 0.5};
    CHECK_OK(hu_draw_sensitivity(&f, &s, &out));
    assert_non_null(strstr(out.data, "breakdown 0.5"));
    assert_non_null(strstr(out.data, "parallel trends"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ending_says_the_kind),
        cmocka_unit_test(every_kind_is_a_file_of_its_kind_and_the_same_twice),
        cmocka_unit_test(an_svg_names_its_series_and_hides_its_maker),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(curves_count_those_at_risk),
        cmocka_unit_test(a_distribution_marks_what_was_observed),
        cmocka_unit_test(rows_and_sensitivity_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
