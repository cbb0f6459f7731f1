/* The wild cluster bootstrap on sums over clusters. */

#include "huella/numerics/wild.h"

#include "huella/base/parallel.h"
#include "huella/base/random.h"
#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

enum { default_draws = 99999, most_draws = 1 << 22, chunk = 4096 };
static const double tie = 1e-9; /* |t*| within this of |t|, relative, is a tie */

/*
 * With U'WU = I (few_clusters.h), contrast c turned, s_g = U_g'We and S_g = U_g'WU_g, residuals under the null
 * c'beta = b0 have scores s_g + u S_g c, u = (estimate - b0) / c'c. Under weights v the bootstrap's estimate less b0 is
 * a'v with a_g = c's_g + u c'S_g c, and cluster h's share in its standard error is
 *     x_h = v_h a_h - (S_h c)' sum over g of v_g (s_g + u S_g c),
 * all linear in u. So a draw is kept as five numbers, and t*(u)^2 = (y0 + u y1)^2 / (f (x00 + 2 u x01 + u^2 x11)).
 */
typedef struct draw {
    double y0, y1, x00, x01, x11;
} draw;

typedef struct bootstrap {
    const hu_clustered *sums;
    const hu_wild_options *options;
    size_t groups, k, draws, kept; /* kept: draws held; half of them when every draw stands for its mirror too */
    bool exact;
    double *a[2];    /* groups: c's_g; c'S_g c (zero when unrestricted) */
    double *r;       /* groups x k: S_g c */
    double *jump[2]; /* exact: groups x groups, column g what x changes when v_g goes from 0 to 1 */
    draw *at;
    double estimate, length, se; /* c'beta; c'c; standard error */
} bootstrap;

static void keep(draw *d, const bootstrap *b, const double *v, const double *x0, const double *x1)
{
    int g = (int)b->groups;
    *d = (draw){cblas_ddot(g, b->a[0], 1, v, 1), cblas_ddot(g, b->a[1], 1, v, 1), cblas_ddot(g, x0, 1, x0, 1),
                cblas_ddot(g, x0, 1, x1, 1), cblas_ddot(g, x1, 1, x1, 1)};
}

/* Sign vectors chunk * index … in the order of a Gray code; the last cluster keeps its sign. */
static hu_error *enumerate(void *context, size_t index)
{
    bootstrap *b = context;
    HU_SCRATCH(scratch);
    size_t from = index * chunk, to = from + chunk < b->kept ? from + chunk : b->kept;
    int n = (int)b->groups;
    double *v = HU_NEW_ARRAY(scratch, double, b->groups), *x0 = HU_NEW_ARRAY(scratch, double, b->groups);
    double *x1 = HU_NEW_ARRAY(scratch, double, b->groups);
    size_t code = from ^ (from >> 1);
    for (size_t g = 0; g < b->groups; g++)
        v[g] = code >> g & 1 ? -1 : 1;
    cblas_dgemv(CblasColMajor, CblasNoTrans, n, n, 1, b->jump[0], n, v, 1, 0, x0, 1);
    cblas_dgemv(CblasColMajor, CblasNoTrans, n, n, 1, b->jump[1], n, v, 1, 0, x1, 1);
    keep(&b->at[from], b, v, x0, x1);
    for (size_t i = from + 1; i < to; i++) {
        size_t g = (size_t)__builtin_ctzll(i);
        v[g] = -v[g];
        cblas_daxpy(n, 2 * v[g], b->jump[0] + g * b->groups, 1, x0, 1);
        cblas_daxpy(n, 2 * v[g], b->jump[1] + g * b->groups, 1, x1, 1);
        keep(&b->at[i], b, v, x0, x1);
    }
    return NULL;
}

static double weight(hu_random *random, hu_wild_weights weights)
{
    static const double webb[6] = {-1.5, -1, -0.5, 0.5, 1, 1.5}; /* signed squares */
    if (weights == HU_RADEMACHER)
        return hu_random_u32(random) & 1 ? 1 : -1;
    double w = webb[hu_random_below(random, 6)];
    return w < 0 ? -sqrt(-w) : sqrt(w);
}

static hu_error *sample(void *context, size_t index)
{
    bootstrap *b = context;
    HU_SCRATCH(scratch);
    size_t from = index * chunk, to = from + chunk < b->kept ? from + chunk : b->kept, k = b->k, groups = b->groups;
    hu_random random = hu_random_start(b->options->seed, hu_random_stream("wild bootstrap", index));
    double *v = HU_NEW_ARRAY(scratch, double, groups), *x0 = HU_NEW_ARRAY(scratch, double, groups);
    double *x1 = HU_NEW_ARRAY(scratch, double, groups);
    double *sum0 = HU_NEW_ARRAY(scratch, double, k), *sum1 = HU_NEW_ARRAY(scratch, double, k);
    for (size_t i = from; i < to; i++) {
        for (size_t g = 0; g < groups; g++) {
            v[g] = weight(&random, b->options->weights);
            x0[g] = v[g] * b->a[0][g];
            x1[g] = v[g] * b->a[1][g];
        }
        cblas_dgemv(CblasColMajor, CblasNoTrans, (int)k, (int)groups, 1, b->sums->scores, (int)k, v, 1, 0, sum0, 1);
        cblas_dgemv(CblasColMajor, CblasTrans, (int)k, (int)groups, -1, b->r, (int)k, sum0, 1, 1, x0, 1);
        if (!b->options->unrestricted) {
            cblas_dgemv(CblasColMajor, CblasNoTrans, (int)k, (int)groups, 1, b->r, (int)k, v, 1, 0, sum1, 1);
            cblas_dgemv(CblasColMajor, CblasTrans, (int)k, (int)groups, -1, b->r, (int)k, sum1, 1, 1, x1, 1);
        }
        keep(&b->at[i], b, v, x0, x1);
    }
    return NULL;
}

static void jumps(bootstrap *b, hu_arena *scratch)
{
    int groups = (int)b->groups, k = (int)b->k;
    for (int part = 0; part < 2; part++) {
        b->jump[part] = HU_NEW_ARRAY(scratch, double, b->groups * b->groups);
        if (part && b->options->unrestricted)
            continue;
        cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, groups, groups, k, -1, b->r, k,
                    part ? b->r : b->sums->scores, k, 0, b->jump[part], groups);
        for (size_t g = 0; g < b->groups; g++)
            b->jump[part][g + g * b->groups] += b->a[part][g];
    }
}

static hu_error *prepare(bootstrap *b, const double *contrast, double factor, hu_arena *scratch)
{
    const hu_clustered *sums = b->sums;
    int k = (int)b->k;
    double *c = HU_NEW_ARRAY(scratch, double, b->k + 1), variance = 0;
    cblas_dgemv(CblasColMajor, CblasTrans, (int)sums->regressors, k, 1, sums->turn, (int)sums->regressors, contrast, 1,
                0, c, 1);
    for (size_t j = 0; j < sums->regressors; j++)
        if (!isnan(sums->coefficients[j])) /* a dropped one counts as zero: contrasts that are identified do not care */
            b->estimate += contrast[j] * sums->coefficients[j];
    b->length = cblas_ddot(k, c, 1, c, 1);
    b->a[0] = HU_NEW_ARRAY(scratch, double, b->groups);
    b->a[1] = HU_NEW_ARRAY(scratch, double, b->groups);
    b->r = HU_NEW_ARRAY(scratch, double, b->groups * b->k);
    for (size_t g = 0; g < b->groups; g++) {
        double *r = b->r + g * b->k;
        cblas_dgemv(CblasColMajor, CblasNoTrans, k, k, 1, sums->gram + g * b->k * b->k, k, c, 1, 0, r, 1);
        b->a[0][g] = cblas_ddot(k, c, 1, sums->scores + g * b->k, 1);
        b->a[1][g] = b->options->unrestricted ? 0 : cblas_ddot(k, c, 1, r, 1);
        variance += factor * b->a[0][g] * b->a[0][g];
    }
    b->se = sqrt(variance);
    if (!(b->length > 0) || !(b->se > 0))
        return hu_fail(HU_SINGULAR, "the wild bootstrap needs a coefficient with a standard error above zero");
    return NULL;
}

typedef struct shares {
    double two_sided, upper, lower; /* of draws with |t*| >= |t|, t* >= t, t* <= t */
} shares;

/* Ties in either direction count. Squares of t* times f stand beside t^2 f: f cancels but for `factor`. */
static shares compare(const bootstrap *b, double factor, double t, double u)
{
    size_t two = 0, up = 0, down = 0;
    double bar = fabs(t);
    for (size_t i = 0; i < b->kept; i++) {
        const draw *d = &b->at[i];
        double square = factor * (d->x00 + u * (2 * d->x01 + u * d->x11)), y = d->y0 + u * d->y1;
        double star = y == 0 ? 0 : square > 0 ? y / sqrt(square) : copysign(INFINITY, y);
        double slack = tie * bar + 1e-12;
        two += fabs(star) >= bar - slack;
        up += star >= t - slack;
        down += star <= t + slack;
        if (b->exact) { /* the mirror */
            two += fabs(star) >= bar - slack;
            up += -star >= t - slack;
            down += -star <= t + slack;
        }
    }
    double one = b->exact ? 0 : 1, all = (double)b->draws + one;
    return (shares){((double)two + one) / all, ((double)up + one) / all, ((double)down + one) / all};
}

static double p_at(const bootstrap *b, double factor, double value)
{
    double u = b->options->unrestricted ? 0 : (b->estimate - value) / b->length;
    return compare(b, factor, (b->estimate - value) / b->se, u).two_sided;
}

/* The end of the confidence set on one side: outward by doubling until a value is rejected, then halving. */
static double end_of_set(const bootstrap *b, double factor, double alpha, double direction)
{
    double in = 0, out = 1;
    while (p_at(b, factor, b->estimate + direction * out * b->se) > alpha) {
        in = out;
        out *= 2;
        if (out > 1e9)
            return direction * INFINITY;
    }
    for (int step = 0; step < 60 && out - in > 1e-12 * out; step++) {
        double middle = (in + out) / 2;
        if (p_at(b, factor, b->estimate + direction * middle * b->se) > alpha)
            in = middle;
        else
            out = middle;
    }
    return b->estimate + direction * in * b->se;
}

static hu_error *plan(bootstrap *b, double *level)
{
    size_t asked = b->options->draws ? b->options->draws : default_draws;
    *level = b->options->level == 0 ? 0.95 : b->options->level;
    if (asked > most_draws)
        return hu_fail(HU_LIMIT, "%zu draws of the wild bootstrap: at most %d", asked, (int)most_draws);
    if (!(*level > 0 && *level < 1))
        return hu_fail(HU_USAGE, "a level of %g: expected a share between 0 and 1, like 0.95", *level);
    b->exact = b->options->weights == HU_RADEMACHER && b->groups < 63 && (size_t)1 << b->groups <= asked;
    b->draws = b->exact ? (size_t)1 << b->groups : asked;
    b->kept = b->exact ? b->draws / 2 : b->draws;
    return NULL;
}

hu_error *hu_wild_bootstrap(const hu_clustered *sums, const double *contrast, double factor,
                            const hu_wild_options *options, hu_wild *result)
{
    hu_blas_single();
    HU_SCRATCH(scratch);
    double level;
    bootstrap b = {.sums = sums, .options = options, .groups = sums->groups, .k = sums->k};
    HU_TRY(plan(&b, &level));
    HU_TRY(prepare(&b, contrast, factor, scratch));
    b.at = HU_NEW_ARRAY(scratch, draw, b.kept);
    if (b.exact)
        jumps(&b, scratch);
    HU_TRY(hu_parallel((b.kept + chunk - 1) / chunk, options->threads, b.exact ? enumerate : sample, &b));
    double t = (b.estimate - options->null) / b.se,
           u = options->unrestricted ? 0 : (b.estimate - options->null) / b.length;
    shares s = compare(&b, factor, t, u);
    *result = (hu_wild){.t = t,
                        .p = s.two_sided,
                        .p_equal_tail = fmin(1, 2 * fmin(s.upper, s.lower)),
                        .lower = end_of_set(&b, factor, 1 - level, -1),
                        .upper = end_of_set(&b, factor, 1 - level, 1),
                        .draws = b.draws,
                        .exact = b.exact,
                        .mc_error = b.exact ? 0 : sqrt(s.two_sided * (1 - s.two_sided) / (double)b.draws)};
    return NULL;
}
