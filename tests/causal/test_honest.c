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
    0.0008428358124, 0.0004768686777,  0.0002618051076,  0.0002354220342,  0.0001676371467, 0.0001128707663,
    1.992816215e-05, -0.0001368265366, 0.0004768686777,  0.0006425420288,  0.0003987425007, 0.0002435515198,
    0.0002201960306, 0.0001804591157,  3.84376508e-05,   -2.960421989e-05, 0.0002618051076, 0.0003987425007,
    0.0005229949602, 0.000211768609,   0.0001840722252,  0.000145852784,   7.005197403e-05, 5.952994979e-05,
    0.0002354220342, 0.0002435515198,  0.000211768609,   0.0003089595411,  0.0001197866077, 0.0001334081317,
    0.0001016335009, 0.0001079051726,  0.0001676371467,  0.0002201960306,  0.0001840722252, 0.0001197866077,
    0.000359970436,  0.0002478818642,  0.0001749579242,  0.0001654256921,  0.0001128707663, 0.0001804591157,
    0.000145852784,  0.0001334081317,  0.0002478818642,  0.0004263949813,  0.0002171437809, 0.0002892747871,
    1.992816215e-05, 3.84376508e-05,   7.005197403e-05,  0.0001016335009,  0.0001749579242, 0.0002171437809,
    0.0004886697861, 0.0003805322049,  -0.0001368265366, -2.960421989e-05, 5.952994979e-05, 0.0001079051726,
    0.0001654256921, 0.0002892747871,  0.0003805322049,  0.000761739444};
static const double first[] = {1, 0, 0, 0}, average[] = {0.25, 0.25, 0.25, 0.25};
static const hu_trends bc = {4, 4, bc_beta, bc_sigma, first, NULL, 0},
                       bc_average = {4, 4, bc_beta, bc_sigma, average, NULL, 0};

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

/* ---- the linear programs against brute force ---- */

/* A covariance with `periods` periods from a Philox stream: R R' + some diagonal. */
static void draw_case(hu_random *random, size_t periods, double *beta, double *sigma)
{
    double root[36];
    for (size_t i = 0; i < periods * periods; i++)
        root[i] = hu_random_normal(random);
    for (size_t i = 0; i < periods; i++) {
        beta[i] = hu_random_normal(random) * 1.5;
        for (size_t j = 0; j < periods; j++) {
            sigma[i + j * periods] = i == j ? 0.3 : 0;
            for (size_t l = 0; l < periods; l++)
                sigma[i + j * periods] += root[i + l * periods] * root[j + l * periods] / (double)periods;
        }
    }
}

/* One vertex of V = {lambda >= 0, sum lambda = 1, x'lambda = 0} with one nuisance: one row with x = 0, or two. */
typedef struct vertex {
    size_t a, b;
    double wa, wb;
} vertex;

/*
 * Smoothness with two periods before and after, l = (1, 0): the inequalities written out, the test by enumerating the
 * vertices of V. Rows that touch periods after treatment: second differences at -1, 0 and 1 (the one at -1 ends at 0
 * and touches none).
 */
static bool brute_force(const double *beta, const double *sigma, double m, double theta)
{
    static const double a[4][4] = {{0, 1, 1, 0}, {0, 0, -2, 1}, {0, -1, -1, 0}, {0, 0, 2, -1}};
    double y[4], x[4], v[4][4], scale[4], eta = -INFINITY, gamma[4] = {0};
    for (int r = 0; r < 4; r++) {
        double variance = 0;
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                variance += a[r][i] * sigma[i + 4 * j] * a[r][j];
        scale[r] = 1 / sqrt(variance);
    }
    for (int r = 0; r < 4; r++) {
        y[r] = -m;
        for (int i = 0; i < 4; i++)
            y[r] += a[r][i] * beta[i];
        y[r] = (y[r] - a[r][2] * theta) * scale[r];
        x[r] = a[r][3] * scale[r];
        for (int q = 0; q < 4; q++) {
            v[r][q] = 0;
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++)
                    v[r][q] += a[r][i] * sigma[i + 4 * j] * a[q][j] * scale[r] * scale[q];
        }
    }
    vertex all[16];
    int n = 0, best = 0;
    for (size_t r = 0; r < 4; r++)
        for (size_t q = r; q < 4; q++)
            if (r == q ? x[r] == 0 : x[r] * x[q] < 0)
                all[n++] = (vertex){r, q, r == q ? 1 : x[q] / (x[q] - x[r]), r == q ? 0 : -x[r] / (x[q] - x[r])};
    for (int k = 0; k < n; k++) {
        double value = all[k].wa * y[all[k].a] + all[k].wb * y[all[k].b];
        if (value > eta) {
            eta = value;
            best = k;
        }
    }
    if (eta <= 0)
        return true;
    gamma[all[best].a] += all[best].wa;
    gamma[all[best].b] += all[best].wb;
    double vg[4] = {0}, variance = 0, low = -INFINITY, up = INFINITY;
    for (int r = 0; r < 4; r++)
        for (int q = 0; q < 4; q++)
            vg[r] += v[r][q] * gamma[q];
    for (int r = 0; r < 4; r++)
        variance += gamma[r] * vg[r];
    if (variance < 1e-12)
        return false;
    for (int k = 0; k < n; k++) { /* lambda'(s + b c) <= c */
        double slope = (all[k].wa * vg[all[k].a] + all[k].wb * vg[all[k].b]) / variance;
        double at = all[k].wa * y[all[k].a] + all[k].wb * y[all[k].b] - slope * eta;
        if (slope < 1 - 1e-9)
            low = fmax(low, at / (1 - slope));
        else if (slope > 1 + 1e-9)
            up = fmin(up, at / (1 - slope));
    }
    double sd = sqrt(variance);
    double share = hu_normal_below(low / sd) + 0.95 * (hu_normal_below(up / sd) - hu_normal_below(low / sd));
    return eta / sd <= fmax(0, hu_normal_quantile(share));
}

static void tests_agree_with_brute_force(void **state)
{
    (void)state;
    static const double l[] = {1, 0};
    hu_honest_options o = {.restriction = HU_SMOOTHNESS, .method = HU_HONEST_CONDITIONAL};
    size_t accepted = 0, rejected = 0;
    for (uint64_t c = 0; c < 160; c++) {
        hu_random random = hu_random_start(11, c);
        double beta[4], sigma[16];
        draw_case(&random, 4, beta, sigma);
        hu_trends t = {2, 2, beta, sigma, l, NULL, 0};
        for (double theta = -6; theta <= 6; theta += 1.5) {
            bool expected = brute_force(beta, sigma, 0.4, theta);
            if (accepts(&t, o, 0.4, theta) != expected)
                fail_msg("case %u, theta %g: brute force %s", (unsigned)c, theta, expected ? "accepts" : "rejects");
            *(expected ? &accepted : &rejected) += 1;
        }
    }
    assert_true(accepted > 500 && rejected > 500); /* both happen */
}

/* The half-length of the shortest interval, by a grid over the one free weight (two periods before). */
static void interval_is_the_shortest_of_a_grid(void **state)
{
    (void)state;
    static const double l[] = {0.5, 0.5};
    for (uint64_t c = 0; c < 40; c++) {
        hu_random random = hu_random_start(12, c);
        double beta[4], sigma[16], shortest = INFINITY, m = 0.05 * (double)(c % 8);
        draw_case(&random, 4, beta, sigma);
        hu_trends t = {2, 2, beta, sigma, l, NULL, 0};
        for (double u = -6; u <= 6; u += 0.005) {
            /* T = 0.5 + 2 * 0.5; weights before: u, T - 2u; bias / M: |u| + |T| + |L_2| */
            double w[4] = {u, 1.5 - 2 * u, 0.5, 0.5}, variance = 0, bias = m * (fabs(u) + 1.5 + 0.5);
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++)
                    variance += w[i] * w[j] * sigma[i + 4 * j];
            double b = bias / sqrt(variance), low = 0, high = b + 4;
            for (int i = 0; i < 60; i++) {
                double x = (low + high) / 2;
                *(hu_normal_below(x - b) - hu_normal_below(-x - b) < 0.95 ? &low : &high) = x;
            }
            shortest = fmin(shortest, high * sqrt(variance));
        }
        hu_effect e;
        CHECK_OK(hu_honest_flci(&t, m, 0.95, &e, NULL));
        check_close((e.upper - e.lower) / 2, shortest, 1e-4, "half-length");
    }
}

/* ---- coverage, and what must hold of any sets ---- */

/* Trends at the edge of the restriction; 400 samples: the share covered is above 95 % but for Monte-Carlo error. */
static void sets_cover_at_the_edge(void **state)
{
    (void)state;
    static const double l[] = {1, 0}, delta[] = {0.2, -0.3, 0.5, 1.0}; /* slopes -0.5, 0.3, 0.5, 0.5: Mbar = 1 */
    static const struct {
        hu_honest_options o;
        double m;
    } cases[] = {{{.method = HU_HONEST_CONDITIONAL}, 1},
                 {{.method = HU_HONEST_C_LF}, 1},
                 {{.restriction = HU_SMOOTHNESS, .method = HU_HONEST_CONDITIONAL}, 0.8},
                 {{.restriction = HU_SMOOTHNESS, .method = HU_HONEST_C_LF}, 0.8},
                 {{.restriction = HU_SMOOTHNESS, .method = HU_HONEST_C_FLCI}, 0.8}};
    double root[16], sigma[16], nothing[4];
    hu_random setup = hu_random_start(13, 0);
    draw_case(&setup, 4, nothing, sigma);
    for (int i = 0; i < 16; i++)
        sigma[i] *= 0.02;
    for (int j = 0; j < 4; j++) /* Cholesky */
        for (int i = 0; i < 4; i++) {
            double sum = sigma[i + 4 * j];
            for (int k = 0; k < j; k++)
                sum -= root[i + 4 * k] * root[j + 4 * k];
            root[i + 4 * j] = i < j ? 0 : i == j ? sqrt(sum) : sum / root[j + 4 * j];
        }
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        enum { SAMPLES = 400 };
        int covered = 0;
        for (uint64_t s = 0; s < SAMPLES; s++) {
            hu_random random = hu_random_start(14, s);
            double z[4], beta[4];
            for (int j = 0; j < 4; j++)
                z[j] = hu_random_normal(&random);
            for (int i = 0; i < 4; i++) {
                beta[i] = delta[i]; /* no effect: theta = 0 */
                for (int j = 0; j < 4; j++)
                    beta[i] += root[i + 4 * j] * z[j];
            }
            hu_trends t = {2, 2, beta, sigma, l, NULL, 0};
            covered += accepts(&t, cases[c].o, cases[c].m, 0);
        }
        if (covered < SAMPLES * 0.95 - 2.5 * sqrt(SAMPLES * 0.95 * 0.05))
            fail_msg("case %zu: %d of %d samples covered", c, covered, SAMPLES);
    }
}

static void sets_grow_and_break_down_where_they_say(void **state)
{
    (void)state;
    static const double m[] = {0, 0.5, 1, 1.5, 2};
    static const double small[] = {0, 0.05, 0.1, 0.2, 0.3};
    for (int restriction = 0; restriction < 3; restriction++) {
        HU_SCRATCH(arena);
        const double *values = restriction == HU_SMOOTHNESS ? small : m;
        hu_honest_options o = {.restriction = (hu_restriction)restriction};
        hu_honest_result *r, *again;
        CHECK_OK(hu_honest(&bc, &o, values, 5, arena, &r));
        for (int i = restriction == HU_SMOOTHNESS ? 2 : 1; i < 5; i++) /* linear trends move the centre */
            assert_true(r->sets[i].lower < r->sets[i - 1].lower && r->sets[i].upper > r->sets[i - 1].upper);
        double around[] = {0.99 * r->breakdown, 1.01 * r->breakdown};
        o.threads = 1;
        CHECK_OK(hu_honest(&bc, &o, around, 2, arena, &again));
        assert_true(again->sets[0].lower > 0 && again->sets[1].lower < 0);
    }
}

/* The average of four equal weights; a scale of all numbers scales the sets. */
static void sets_scale_with_the_data(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    double beta[8], sigma[64], m = 1;
    for (int i = 0; i < 8; i++)
        beta[i] = -1000 * bc_beta[i];
    for (int i = 0; i < 64; i++)
        sigma[i] = 1e6 * bc_sigma[i];
    hu_trends large = {4, 4, beta, sigma, average, NULL, 0};
    hu_honest_options o = {0};
    hu_honest_result *a, *b;
    CHECK_OK(hu_honest(&bc_average, &o, &m, 1, arena, &a));
    CHECK_OK(hu_honest(&large, &o, &m, 1, arena, &b));
    double width = a->sets[0].upper - a->sets[0].lower;
    assert_true(fabs(b->sets[0].lower + 1000 * a->sets[0].upper) < 1000 * 0.02 * width); /* draws of the first stage */
    assert_true(fabs(b->sets[0].upper + 1000 * a->sets[0].lower) < 1000 * 0.02 * width);
}

static void the_scale_of_smoothness_is_the_peers(void **state)
{
    (void)state;
    check_close(hu_honest_smoothness_scale(&bc, 0.95), 0.202169869297069, 1e-7, "upper bound of M");
    hu_trends one = bc;
    one.pre = 1;
    assert_true(isnan(hu_honest_smoothness_scale(&one, 0.95)));
}

static void what_does_not_go_together_is_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_honest_result *r;
    double m = 1, sigma[64];
    hu_honest_options o = {.method = HU_HONEST_FLCI};
    CHECK_FAILS(hu_honest(&bc, &o, &m, 1, arena, &r), HU_USAGE, "need smoothness");
    o = (hu_honest_options){.restriction = HU_SMOOTHNESS, .shape = HU_BIAS_POSITIVE, .method = HU_HONEST_FLCI};
    CHECK_FAILS(hu_honest(&bc, &o, &m, 1, arena, &r), HU_USAGE, "shape");
    o = (hu_honest_options){0};
    CHECK_FAILS(hu_honest(&bc, &o, (double[]){1, 0.5}, 2, arena, &r), HU_USAGE, "ascending");
    CHECK_FAILS(hu_honest(&bc, &o, (double[]){-1}, 1, arena, &r), HU_USAGE, "zero or more");
    memcpy(sigma, bc_sigma, sizeof sigma);
    sigma[1] *= -1;
    hu_trends bad = bc;
    bad.sigma = sigma;
    CHECK_FAILS(hu_honest(&bad, &o, &m, 1, arena, &r), HU_BAD_INPUT, "symmetric");
    sigma[1] = NAN;
    CHECK_FAILS(hu_honest(&bad, &o, &m, 1, arena, &r), HU_BAD_INPUT, "finite");
    bad = bc;
    bad.pre = 0;
    CHECK_FAILS(hu_honest(&bad, &o, &m, 1, arena, &r), HU_USAGE, "before");
    bad = bc;
    bad.pre = 1;
    bad.post = 7;
    o.restriction = HU_RELATIVE_LINEAR;
    static const double seven[7] = {1};
    bad.weight = seven;
    CHECK_FAILS(hu_honest(&bad, &o, &m, 1, arena, &r), HU_USAGE, "two periods");
}

static void truncated_quantiles_keep_their_digits(void **state)
{
    (void)state;
    check_close(hu_truncated_normal_quantile(0.95, -INFINITY, INFINITY), hu_normal_quantile(0.95), 1e-14, "whole");
    check_close(hu_truncated_normal_quantile(0.5, -1, 1) + 1, 1, 1e-14, "symmetric");
    double far = hu_truncated_normal_quantile(0.5, 40, 41); /* about exponential with rate 40 */
    assert_true(far > 40 + log(2) / 41 && far < 40 + log(2) / 40);
    check_close(hu_truncated_normal_quantile(0.5, -41, -40), -far, 1e-14, "mirrored");
    check_close(hu_truncated_normal_quantile(0.3, 2, 2), 2, 0, "a point");
}

/* Nobody convicted three periods before, in either group: zero, without an error, and yet no reference. */
static void the_reference_is_the_last_before_treatment(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_did_cell cells[] = {
        {-3, {0, NAN}}, {-2, {0.1, 0.2}}, {-1, {0, NAN}}, {0, {0.5, 0.2}}, {1, {0, NAN}},
    };
    double variance[25] = {0};
    variance[1 + 1 * 5] = variance[3 + 3 * 5] = 0.04;
    hu_event_study study = {.cells = cells, .n = 5, .variance = variance, .df = INFINITY};
    hu_trends trends;
    CHECK_OK(hu_trends_of(&study, -INFINITY, INFINITY, 0, false, arena, &trends));
    assert_true(trends.reference == -1);
    assert_int_equal(trends.pre, 2);
    assert_int_equal(trends.post, 2);
    check_close(trends.beta[1], 0.1, 0, "two periods before");
    check_close(trends.beta[2], 0.5, 0, "treatment");
    double m = 1;
    hu_honest_result *result;
    CHECK_OK(hu_trends_of(&study, -INFINITY, INFINITY, 1, false, arena, &trends)); /* the effect without an error */
    CHECK_FAILS(hu_honest(&trends, &(hu_honest_options){0}, &m, 1, arena, &result), HU_SINGULAR, "no error");
    variance[1 + 3 * 5] = variance[3 + 1 * 5] = 0.2; /* correlated beyond 1 */
    CHECK_OK(hu_trends_of(&study, -INFINITY, INFINITY, 0, false, arena, &trends));
    CHECK_FAILS(hu_honest(&trends, &(hu_honest_options){0}, &m, 1, arena, &result), HU_BAD_INPUT, "semidefinite");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_is_the_last_before_treatment),
        cmocka_unit_test(original_set),
        cmocka_unit_test(fixed_length_intervals),
        cmocka_unit_test(conditional_sets_on_the_peers_grids),
        cmocka_unit_test(tests_agree_with_brute_force),
        cmocka_unit_test(interval_is_the_shortest_of_a_grid),
        cmocka_unit_test(sets_cover_at_the_edge),
        cmocka_unit_test(sets_grow_and_break_down_where_they_say),
        cmocka_unit_test(sets_scale_with_the_data),
        cmocka_unit_test(the_scale_of_smoothness_is_the_peers),
        cmocka_unit_test(what_does_not_go_together_is_refused),
        cmocka_unit_test(truncated_quantiles_keep_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
