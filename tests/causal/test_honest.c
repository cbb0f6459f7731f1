/*
 * Sensitivity to parallel trends. The example is Benzarti & Carloni's (2019) event study as it comes with R's HonestDiD
 * (coefficients and covariance of 4 periods before and 4 after), and what HonestDiD 0.2.6 answers for it.
 */

#include "check.h"

#include "huella/base/random.h"
#include "huella/causal/honest.h"
#include "huella/numerics/distributions.h"

static const double bc_beta[] = {0.006696351804, 0.02934503369, -0.006472972222, 0.0730149895,
                                 0.1959611177,   0.3120639026,  0.2395415455,    0.1260425001};
static const double bc_sigma[] = {
    0.0008428358124, 0.0004768686777,  0.0002618051076,  0.0002354220342, 0.0001676371467, 0.0001128707663,
    1.992816215e-05, -0.0001368265366, 0.0004768686777,  0.0006425420288, 0.0003987425007, 0.0002435515198,
    0.0002201960306, 0.0001804591157,  3.84376508e-05,   -2.960421989e-05, 0.0002618051076, 0.0003987425007,
    0.0005229949602, 0.000211768609,   0.0001840722252,  0.000145852784,  7.005197403e-05, 5.952994979e-05,
    0.0002354220342, 0.0002435515198,  0.000211768609,   0.0003089595411, 0.0001197866077, 0.0001334081317,
    0.0001016335009, 0.0001079051726,  0.0001676371467,  0.0002201960306, 0.0001840722252, 0.0001197866077,
    0.000359970436,  0.0002478818642,  0.0001749579242,  0.0001654256921, 0.0001128707663, 0.0001804591157,
    0.000145852784,  0.0001334081317,  0.0002478818642,  0.0004263949813, 0.0002171437809, 0.0002892747871,
    1.992816215e-05, 3.84376508e-05,   7.005197403e-05,  0.0001016335009, 0.0001749579242, 0.0002171437809,
    0.0004886697861, 0.0003805322049,  -0.0001368265366, -2.960421989e-05, 5.952994979e-05, 0.0001079051726,
    0.0001654256921, 0.0002892747871,  0.0003805322049,  0.000761739444};
static const double first[] = {1, 0, 0, 0}, average[] = {0.25, 0.25, 0.25, 0.25};
static const hu_trends bc = {4, 4, bc_beta, bc_sigma, first}, bc_average = {4, 4, bc_beta, bc_sigma, average};

static void original_set(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_honest_options o = {.restriction = HU_SMOOTHNESS};
    hu_honest_result *r;
    double m = 0;
    CHECK_OK(hu_honest(&bc, &o, &m, 1, arena, &r));
    check_close(r->original.lower, 0.15877494280765, 1e-9, "lower");
    check_close(r->original.upper, 0.233147292681241, 1e-9, "upper");
}

/* HonestDiD simulates the quantile of the folded normal, so its lengths are good to about 1e-3 of themselves. */
static void fixed_length_intervals(void **state)
{
    (void)state;
    static const double expected[][4] = {{0, 0.131411316, 0.2161696482, 0.04237916612},
                                         {0.1, 0.1194440001, 0.4185082143, 0.1495321071},
                                         {0.2, 0.01944400015, 0.5185082143, 0.2495321071}};
    for (size_t i = 0; i < 3; i++) {
        hu_effect e;
        double w[4];
        CHECK_OK(hu_honest_flci(&bc, expected[i][0], 0.95, &e, w));
        assert_true(fabs(e.lower - expected[i][1]) < 2e-4 && fabs(e.upper - expected[i][2]) < 2e-4);
        assert_true(fabs((e.upper - e.lower) / 2 - expected[i][3]) < 2e-4);
        for (size_t j = 0; i > 0 && j < 4; j++)
            assert_true(fabs(w[j] - (j == 3)) < 1e-6); /* only the last period before enters */
    }
}

static bool accepts(const hu_trends *t, hu_honest_options o, double m, double theta)
{
    bool yes = false;
    CHECK_OK(hu_honest_accepts(t, &o, m, theta, &yes));
    return yes;
}

/*
 * HonestDiD's grid: `points` values from -+20 errors around what trends could explain, here centred at `middle`. It
 * reports the smallest and largest that are accepted; one step further out must be rejected.
 */
static void check_grid(const hu_trends *t, hu_honest_options o, double m, double lower, double upper, double step)
{
    bool end_of_grid = fabs(upper - 20 * sqrt(t->sigma[4 * 8 + 4])) < 1e-6; /* the peer looked no further */
    if (!accepts(t, o, m, lower) || accepts(t, o, m, lower - step) || !accepts(t, o, m, upper) ||
        (!end_of_grid && accepts(t, o, m, upper + step))) {
        HU_SCRATCH(arena);
        hu_honest_result *r;
        CHECK_OK(hu_honest(t, &o, &m, 1, arena, &r));
        fail_msg("[%.6g, %.6g], expected [%.6g, %.6g] within a step of %.3g", r->sets[0].lower, r->sets[0].upper, lower,
                 upper, step);
    }
}

static void conditional_sets_on_the_peers_grids(void **state)
{
    (void)state;
    const double sd = sqrt(0.000359970436);
    hu_honest_options sd_arp = {.restriction = HU_SMOOTHNESS, .method = HU_HONEST_CONDITIONAL};
    hu_honest_options rm = {.method = HU_HONEST_CONDITIONAL}, linear = rm;
    linear.restriction = HU_RELATIVE_LINEAR;
    double fine = (2 * 0.1 + 40 * sd) / 199, coarse = (2 * 0.1 + 40 * sd) / 99;
    check_grid(&bc, sd_arp, 0.1, 0.1228761035, 0.4168150178, fine);
    check_grid(&bc, rm, 1, 0.07055244362, 0.3184394077, 40 * sd / 199);
    check_grid(&bc, linear, 1, 0.07282522231, 0.3794577373, 40 * sd / 99);
    rm.method = HU_HONEST_C_LF;
    check_grid(&bc, rm, 1, 0.07055244362, 0.3184394077, 40 * sd / 199);
    sd_arp.method = HU_HONEST_C_LF;
    check_grid(&bc, sd_arp, 0.1, 0.1228761035, 0.4168150178, fine);
    rm.method = sd_arp.method = HU_HONEST_CONDITIONAL;
    sd_arp.shape = HU_BIAS_POSITIVE;
    check_grid(&bc, sd_arp, 0.1, 0.1191803207, 0.2232912874, coarse);
    sd_arp.shape = HU_TREND_INCREASING;
    check_grid(&bc, sd_arp, 0.1, 0.1191803207, 0.2232912874, coarse);
    rm.shape = HU_BIAS_POSITIVE;
    check_grid(&bc, rm, 1, 0.07282522231, 0.33346286, 40 * sd / 99);
    rm.shape = HU_TREND_INCREASING;
    check_grid(&bc, rm, 1, 0.07282522231, 0.33346286, 40 * sd / 99);
    linear.shape = HU_BIAS_NEGATIVE;
    check_grid(&bc, linear, 1, 0.06515940943, 0.3794577373, 40 * sd / 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(original_set),
        cmocka_unit_test(fixed_length_intervals),
        cmocka_unit_test(conditional_sets_on_the_peers_grids),
    };
    (void)bc_average;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
