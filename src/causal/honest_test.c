/*
 * The conditional test of Andrews, Roth & Pakes (2023) for theta = l'tau, and its hybrids (Rambachan & Roth 2023,
 * section 3). Under A delta <= d and with tau = Gamma^-1 (theta, nuisance), moments Y(theta) - X nuisance have a mean
 * not above zero for some nuisance. In rows scaled to variance one:
 *
 *   eta = min over nuisance of the largest row of Y(theta) - X nuisance = max over lambda in V of lambda'Y(theta),
 *   V = {lambda >= 0, sum lambda = 1, X'lambda = 0}.
 *
 * Given what is orthogonal to gamma'Y, gamma the maximiser, eta is a normal truncated to the [lo, up] where gamma stays
 * the maximiser: where f(c) = max over V of lambda'(S + b c), a convex function not below c, equals c. Both ends are
 * found by Newton's steps on f. Every linear program has the same constraints; GLPK goes on from the last basis.
 */

#include "honest_parts.h"

#include "huella/base/random.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <glpk.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS = 1000 };

/* One set of the union. */
typedef struct member {
    size_t rows, k;
    double *a;            /* rows x periods: inequalities, scaled to variance one */
    double *y, *on_theta; /* rows: A beta - d; what theta takes from it */
    double *variance;     /* rows x rows: of y */
    double *lambda;       /* rows: of the last program solved */
    double critical;      /* least favourable; INFINITY where there is no such stage */
    glp_prob *program;
} member;

struct honest_test {
    const hu_trends *trends;
    const hu_honest_options *options;
    double alpha, kappa; /* sizes: of the test, of its first stage */
    member *members;
    size_t n;
    double *flci, half; /* periods: the first stage's weights; NULL = none */
};

/* ---- linear programs ---- */

/* min eta s.t. eta + X_r nuisance >= y_r: the duals of its rows are lambda. x is rows x k. */
static void build_program(member *s, const double *x, const bool *constant)
{
    glp_prob *p = s->program = glp_create_prob();
    int index[HU_TRENDS_PERIODS + 2];
    double value[HU_TRENDS_PERIODS + 2];
    glp_set_obj_dir(p, GLP_MIN);
    glp_add_rows(p, (int)s->rows);
    glp_add_cols(p, (int)s->k + 1);
    glp_set_obj_coef(p, 1, 1);
    for (int j = 1; j <= (int)s->k + 1; j++)
        glp_set_col_bnds(p, j, GLP_FR, 0, 0);
    for (size_t r = 0; r < s->rows; r++) {
        int n = 0;
        if (!constant[r]) {
            index[++n] = 1;
            value[n] = 1;
        }
        for (size_t j = 0; j < s->k; j++)
            if (x[r * s->k + j] != 0) {
                index[++n] = (int)j + 2;
                value[n] = x[r * s->k + j];
            }
        glp_set_mat_row(p, (int)r + 1, n, index, value);
    }
}

/* eta at y, and lambda; false where no nuisance bounds it from below (no row can be violated) or GLPK gives up. */
static bool solve(member *s, const double *y, double *eta)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = GLP_DUALP;
    how.tol_bnd = how.tol_dj = 1e-9;
    for (size_t r = 0; r < s->rows; r++)
        glp_set_row_bnds(s->program, (int)r + 1, GLP_LO, y[r], 0);
    int failed = glp_simplex(s->program, &how);
    if (failed) { /* a basis that has become singular: from the start again */
        glp_adv_basis(s->program, 0);
        failed = glp_simplex(s->program, &how);
    }
    if (failed || glp_get_status(s->program) != GLP_OPT)
        return false;
    *eta = glp_get_obj_val(s->program);
    for (size_t r = 0; r < s->rows; r++)
        s->lambda[r] = fmax(glp_get_row_dual(s->program, (int)r + 1), 0);
    return true;
}

/* ---- setting up ---- */

/* Y = A beta - d, its covariance, rows scaled by their errors; rows without error stay as they are. */
static void build_moments(member *s, const hu_trends *t, const honest_set *set, bool *constant, double *scale,
                          hu_arena *arena)
{
    size_t periods = set->periods;
    double *half = HU_NEW_ARRAY(arena, double, s->rows *periods);
    for (size_t r = 0; r < s->rows; r++)
        for (size_t j = 0; j < periods; j++)
            for (size_t i = 0; i < periods; i++)
                half[r * periods + j] += set->a[r * periods + i] * t->sigma[i + j * periods];
    for (size_t r = 0; r < s->rows; r++) {
        double variance = 0;
        for (size_t j = 0; j < periods; j++)
            variance += half[r * periods + j] * set->a[r * periods + j];
        constant[r] = !(variance > 0);
        scale[r] = constant[r] ? 1 : 1 / sqrt(variance);
        s->y[r] = -set->d[r];
        for (size_t j = 0; j < periods; j++)
            s->y[r] += set->a[r * periods + j] * t->beta[j];
        s->y[r] *= scale[r];
    }
    for (size_t r = 0; r < s->rows; r++)
        for (size_t q = 0; q < s->rows; q++)
            for (size_t j = 0; j < periods; j++)
                s->variance[r * s->rows + q] += scale[r] * scale[q] * half[r * periods + j] * set->a[q * periods + j];
    for (size_t r = 0; r < s->rows; r++)
        for (size_t j = 0; j < periods; j++)
            s->a[r * periods + j] = scale[r] * set->a[r * periods + j];
}

/*
 * tau after treatment as theta and nuisance: the period p of the largest |l| is solved for, tau_p = (theta - sum of the
 * other l tau) / l_p. The nuisance is measured in errors of theta, so that programs are well scaled.
 */
static double *build_nuisance(member *s, const hu_trends *t, hu_arena *arena)
{
    size_t p = 0, periods = t->pre + t->post;
    double unit = honest_sd(t), *x = HU_NEW_ARRAY(arena, double, s->rows * s->k + 1);
    for (size_t j = 1; j < t->post; j++)
        if (fabs(t->weight[j]) > fabs(t->weight[p]))
            p = j;
    unit = unit > 0 ? unit : 1;
    for (size_t r = 0; r < s->rows; r++) {
        const double *a = s->a + r * periods + t->pre;
        s->on_theta[r] = a[p] / t->weight[p];
        for (size_t j = 0, at = 0; j < t->post; j++)
            if (j != p)
                x[r * s->k + at++] = unit * (a[j] - a[p] * t->weight[j] / t->weight[p]);
    }
    return x;
}

/* R with R R' = sigma, by eigenvalues, since it may be singular. */
static hu_error *root_of(const hu_trends *t, hu_arena *arena, double **root)
{
    size_t n = t->pre + t->post;
    double *value = HU_NEW_ARRAY(arena, double, n);
    *root = HU_NEW_ARRAY(arena, double, n *n);
    memcpy(*root, t->sigma, n * n * sizeof **root);
    if (LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)n, *root, (lapack_int)n, value) != 0)
        return hu_fail(HU_SINGULAR, "the eigenvalues of the covariance cannot be computed");
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++)
            (*root)[i + j * n] *= sqrt(fmax(value[j], 0));
    return NULL;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The 1 - kappa quantile of eta when every mean is zero: no smaller one is safe whatever the means (section 3.2.4). */
static double least_favourable(honest_test *test, member *s, const double *root)
{
    HU_SCRATCH(scratch);
    size_t periods = test->trends->pre + test->trends->post, n = 0;
    double *z = HU_NEW_ARRAY(scratch, double, periods), *beta = HU_NEW_ARRAY(scratch, double, periods);
    double *y = HU_NEW_ARRAY(scratch, double, s->rows), eta[DRAWS];
    for (uint64_t d = 0; d < DRAWS; d++) {
        hu_random random = hu_random_start(test->options->seed, hu_random_stream("honest/least favourable", d));
        for (size_t j = 0; j < periods; j++)
            z[j] = hu_random_normal(&random);
        memset(beta, 0, periods * sizeof *beta);
        for (size_t j = 0; j < periods; j++)
            for (size_t i = 0; i < periods; i++)
                beta[i] += root[i + j * periods] * z[j];
        for (size_t r = 0; r < s->rows; r++) {
            y[r] = 0;
            for (size_t j = 0; j < periods; j++)
                y[r] += s->a[r * periods + j] * beta[j];
        }
        if (solve(s, y, &eta[n]))
            n++;
    }
    if (n == 0)
        return INFINITY;
    qsort(eta, n, sizeof *eta, compare_numbers);
    double at = (double)(n - 1) * (1 - test->kappa);
    size_t below = (size_t)at;
    return below + 1 < n ? eta[below] + (at - (double)below) * (eta[below + 1] - eta[below]) : eta[n - 1];
}

static hu_error *open_member(honest_test *test, double m, size_t at, const double *root, hu_arena *arena)
{
    HU_SCRATCH(scratch);
    const hu_trends *t = test->trends;
    member *s = &test->members[at];
    honest_set set;
    honest_inequalities(t, test->options, m, at, scratch, &set);
    *s = (member){.rows = set.rows,
                  .k = t->post - 1,
                  .a = HU_NEW_ARRAY(arena, double, set.rows *set.periods),
                  .y = HU_NEW_ARRAY(arena, double, set.rows),
                  .on_theta = HU_NEW_ARRAY(arena, double, set.rows),
                  .variance = HU_NEW_ARRAY(arena, double, set.rows *set.rows),
                  .lambda = HU_NEW_ARRAY(arena, double, set.rows),
                  .critical = INFINITY};
    bool *constant = HU_NEW_ARRAY(scratch, bool, set.rows);
    double *scale = HU_NEW_ARRAY(scratch, double, set.rows);
    build_moments(s, t, &set, constant, scale, scratch);
    build_program(s, build_nuisance(s, t, scratch), constant);
    if (test->options->method == HU_HONEST_C_LF)
        s->critical = least_favourable(test, s, root);
    return NULL;
}

hu_error *honest_test_open(const hu_trends *trends, const hu_honest_options *options, double m, hu_arena *arena,
                           honest_test **out)
{
    honest_test *test = *out = HU_NEW(arena, honest_test);
    double *root = NULL;
    hu_blas_single();
    *test = (honest_test){.trends = trends, .options = options, .alpha = 1 - options->level};
    test->kappa = options->method == HU_HONEST_CONDITIONAL ? 0 : test->alpha / 10;
    if (options->method == HU_HONEST_C_FLCI) {
        hu_effect interval;
        test->flci = HU_NEW_ARRAY(arena, double, trends->pre + trends->post);
        memcpy(test->flci + trends->pre, trends->weight, trends->post * sizeof *test->flci);
        HU_TRY(hu_honest_flci(trends, m, 1 - test->kappa, &interval, test->flci));
        test->half = (interval.upper - interval.lower) / 2;
    }
    if (options->method == HU_HONEST_C_LF)
        HU_TRY(root_of(trends, arena, &root));
    test->members = HU_NEW_ARRAY(arena, member, honest_members(trends, options));
    for (; test->n < honest_members(trends, options); test->n++)
        HU_TRY(open_member(test, m, test->n, root, arena));
    return NULL;
}

void honest_test_close(honest_test *test)
{
    for (size_t i = 0; test && i < test->n; i++)
        glp_delete_prob(test->members[i].program);
    if (!test)
        return;
    test->n = 0;
    glp_free_env(); /* this thread's: nothing else of it is open between honest_test_open and here */
}

/* ---- testing ---- */

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* The end of [lo, up] on one side: Newton from far away; infinite when gamma is still the maximiser there. */
static double truncation(member *s, const double *at_zero, const double *b, double eta, double far, hu_arena *arena)
{
    enum { STEPS = 200 };
    double *y = HU_NEW_ARRAY(arena, double, s->rows), c = far, f;
    for (int step = 0; step < STEPS; step++) {
        for (size_t r = 0; r < s->rows; r++)
            y[r] = at_zero[r] + b[r] * c;
        if (!solve(s, y, &f))
            return eta;
        if (f - c <= 1e-8 * fmax(1, fabs(c)))
            return step == 0 ? copysign(INFINITY, far - eta) : c;
        double slope = dot(s->lambda, b, s->rows), next = dot(s->lambda, at_zero, s->rows) / (1 - slope);
        bool towards = far > eta ? next < c && next >= eta : next > c && next <= eta;
        if (!towards) /* rounding: the end is eta itself */
            return eta;
        c = next;
    }
    return c;
}

/* The first stage's interval as one more truncation of gamma'Y: l'beta = what is left + slope gamma'Y within it. */
static void truncate_by_flci(const honest_test *test, const member *s, const double *gamma, double variance, double eta,
                             double theta, double ends[2])
{
    const hu_trends *t = test->trends;
    size_t periods = t->pre + t->post;
    double slope = 0, estimate = dot(test->flci, t->beta, periods);
    for (size_t i = 0; i < periods; i++) {
        double covariance = 0; /* of beta_i with gamma'Y */
        for (size_t r = 0; r < s->rows; r++)
            for (size_t j = 0; gamma[r] != 0 && j < periods; j++)
                covariance += t->sigma[i + j * periods] * s->a[r * periods + j] * gamma[r];
        slope += test->flci[i] * covariance / variance;
    }
    /* gamma'Y moves with its own value; theta and d are fixed: eta = gamma'Y(theta). */
    if (fabs(slope) < 1e-12)
        return;
    double a = eta + (theta - test->half - estimate) / slope, b = eta + (theta + test->half - estimate) / slope;
    ends[0] = fmax(ends[0], fmin(a, b));
    ends[1] = fmin(ends[1], fmax(a, b));
}

static bool member_accepts(const honest_test *test, member *s, double theta)
{
    HU_SCRATCH(scratch);
    size_t n = s->rows;
    double *y = HU_NEW_ARRAY(scratch, double, n), *gamma = HU_NEW_ARRAY(scratch, double, n);
    double *b = HU_NEW_ARRAY(scratch, double, n), *at_zero = HU_NEW_ARRAY(scratch, double, n), eta, variance = 0;
    for (size_t r = 0; r < n; r++)
        y[r] = s->y[r] - theta * s->on_theta[r];
    if (n == 0 || !solve(s, y, &eta) || eta <= 0) /* no moment, or none above zero: nothing to reject */
        return true;
    if (eta > s->critical)
        return false;
    for (size_t r = 0; r < n; r++)
        gamma[r] = s->lambda[r] > 1e-10 ? s->lambda[r] : 0;
    for (size_t r = 0; r < n; r++)
        b[r] = dot(s->variance + r * n, gamma, n);
    variance = dot(gamma, b, n);
    if (!(variance > 1e-12)) /* the violated moment is known without error */
        return false;
    for (size_t r = 0; r < n; r++) {
        b[r] /= variance;
        at_zero[r] = y[r] - b[r] * eta;
    }
    double sd = sqrt(variance);
    double ends[] = {truncation(s, at_zero, b, eta, fmin(-100, eta - 20 * sd), scratch),
                     truncation(s, at_zero, b, eta, fmax(100, eta + 20 * sd), scratch)};
    ends[1] = fmin(ends[1], s->critical);
    if (test->flci)
        truncate_by_flci(test, s, gamma, variance, eta, theta, ends);
    double size = (test->alpha - test->kappa) / (1 - test->kappa);
    double critical = hu_truncated_normal_quantile(1 - size, ends[0] / sd, ends[1] / sd);
    return eta / sd <= fmax(critical, 0);
}

hu_error *honest_test_accepts(honest_test *test, double theta, bool *accepts)
{
    *accepts = false;
    if (test->flci &&
        fabs(dot(test->flci, test->trends->beta, test->trends->pre + test->trends->post) - theta) > test->half)
        return NULL;
    for (size_t i = 0; i < test->n && !*accepts; i++)
        *accepts = member_accepts(test, &test->members[i], theta);
    return NULL;
}
