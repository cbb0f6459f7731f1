/* CR2, CR3 and Satterthwaite's degrees of freedom, on sums over clusters. */

#include "huella/numerics/few_clusters.h"

#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

static const double nothing = 1e-10; /* an eigenvalue of I - H below this is zero: the cluster is fitted exactly */

/*
 * Within a cluster every matrix here is I + Z A Z', where Z has m columns: U without weights; [U, WU] with weights. The
 * block of (I - H)(I - H)' between clusters g and h is delta_gh I - Z_g K Z_h', with K = I without weights, else
 * [[-sum of U'W^2U, I], [I, 0]], since U'WU = I and working errors are independent and alike. What a contrast takes
 * from the cluster is (Z b)' e, so that all needed is Z'Z, Z'e and b.
 */
typedef struct shape {
    const hu_clustered *sums;
    size_t m;       /* k or 2 k */
    double *middle; /* m x m: K */
    double *gram;   /* m x m: Z'Z of the cluster at hand */
    double *score;  /* m: Z'e */
    double *turned; /* k x n_contrasts: L'c */
    size_t n_contrasts;
    double *b; /* m x n_contrasts */
} shape;

static void multiply(const double *a, bool transpose, const double *b, size_t rows, size_t inner, size_t columns,
                     double *out)
{
    cblas_dgemm(CblasColMajor, transpose ? CblasTrans : CblasNoTrans, CblasNoTrans, (int)rows, (int)columns, (int)inner,
                1, a, transpose ? (int)inner : (int)rows, b, (int)inner, 0, out, (int)rows);
}

static void set_middle(shape *s)
{
    size_t k = s->sums->k, m = s->m;
    for (size_t j = 0; j < k; j++) {
        if (m == k)
            s->middle[j + j * m] = 1;
        else
            s->middle[j + (k + j) * m] = s->middle[k + j + j * m] = 1;
    }
    for (size_t g = 0; m > k && g < s->sums->groups; g++)
        for (size_t j = 0; j < k; j++)
            for (size_t i = 0; i < k; i++)
                s->middle[i + j * m] -= s->sums->square_gram[(g * k + j) * k + i];
}

static void copy_part(double *to, size_t m, size_t row, size_t column, const double *from, size_t k)
{
    for (size_t j = 0; j < k; j++)
        memcpy(to + (column + j) * m + row, from + j * k, k * sizeof *to);
}

/* Z'Z and Z'e of cluster g. */
static void load(shape *s, size_t g)
{
    const hu_clustered *sums = s->sums;
    size_t k = sums->k, m = s->m;
    if (m == k) {
        memcpy(s->gram, sums->gram + g * k * k, k * k * sizeof *s->gram);
        memcpy(s->score, sums->scores + g * k, k * sizeof *s->score);
        return;
    }
    copy_part(s->gram, m, 0, 0, sums->plain_gram + g * k * k, k);
    copy_part(s->gram, m, 0, k, sums->gram + g * k * k, k);
    copy_part(s->gram, m, k, 0, sums->gram + g * k * k, k);
    copy_part(s->gram, m, k, k, sums->square_gram + g * k * k, k);
    memcpy(s->score, sums->plain_scores + g * k, k * sizeof *s->score);
    memcpy(s->score + k, sums->scores + g * k, k * sizeof *s->score);
}

/* b without adjustment: the contrast in the columns WU. */
static void plain(shape *s)
{
    size_t k = s->sums->k, m = s->m;
    memset(s->b, 0, m * s->n_contrasts * sizeof *s->b);
    for (size_t j = 0; j < s->n_contrasts; j++)
        memcpy(s->b + j * m + (m - k), s->turned + j * k, k * sizeof *s->b);
}

/*
 * (I - Z K Z')^-1/2 on the cluster. Z = V R with V orthonormal (from Z'Z = E D E', R = D^1/2 E'), R K R' = Q l Q'; then
 * the root is I + V Q (diag((1 - l)^-1/2) - I) Q' V', and V Q = Z T with T = E D^-1/2 Q.
 */
static size_t root_basis(const shape *s, hu_arena *scratch, double *t, double *l)
{
    size_t m = s->m, r = 0;
    double *e = HU_NEW_ARRAY(scratch, double, m *m), *d = HU_NEW_ARRAY(scratch, double, m);
    double *root = HU_NEW_ARRAY(scratch, double, m *m), *half = HU_NEW_ARRAY(scratch, double, m *m);
    double *small = HU_NEW_ARRAY(scratch, double, m *m);
    memcpy(e, s->gram, m * m * sizeof *e);
    LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)m, e, (lapack_int)m, d);
    for (size_t j = 0; j < m; j++) { /* root: columns E D^1/2, those that are not zero */
        if (!(d[j] > 1e-14 * d[m - 1]))
            continue;
        for (size_t i = 0; i < m; i++) {
            root[r * m + i] = e[j * m + i] * sqrt(d[j]);
            e[r * m + i] = e[j * m + i] / sqrt(d[j]);
        }
        r++;
    }
    if (r == 0)
        return 0;
    multiply(s->middle, false, root, m, m, r, half);
    multiply(root, true, half, r, m, r, small);
    LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)r, small, (lapack_int)r, l);
    multiply(e, false, small, m, r, r, t);
    return r;
}

static void bias_reduced(shape *s)
{
    HU_SCRATCH(scratch);
    size_t m = s->m, q = s->n_contrasts;
    double *t = HU_NEW_ARRAY(scratch, double, m *m), *l = HU_NEW_ARRAY(scratch, double, m);
    double *gb = HU_NEW_ARRAY(scratch, double, m *q), *tgb = HU_NEW_ARRAY(scratch, double, m *q);
    plain(s);
    size_t r = root_basis(s, scratch, t, l);
    if (r == 0)
        return;
    multiply(s->gram, false, s->b, m, m, q, gb);
    multiply(t, true, gb, r, m, q, tgb);
    for (size_t i = 0; i < r; i++) {
        double left = 1 - l[i], scale = (left > nothing ? 1 / sqrt(left) : 0) - 1;
        for (size_t j = 0; j < q; j++)
            tgb[j * r + i] *= scale;
    }
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)q, (int)r, 1, t, (int)m, tgb, (int)r, 1, s->b,
                (int)m);
}

/* b = (I - U_g'W U_g)^-1 L'c: U'W (I - H)^-1 = (I - U'WU)^-1 U'W. */
static void jackknife(shape *s, size_t g)
{
    HU_SCRATCH(scratch);
    size_t k = s->sums->k, q = s->n_contrasts;
    double *e = HU_NEW_ARRAY(scratch, double, k *k), *l = HU_NEW_ARRAY(scratch, double, k);
    double *inner = HU_NEW_ARRAY(scratch, double, k *q), *b = HU_NEW_ARRAY(scratch, double, k *q);
    memcpy(e, s->sums->gram + g * k * k, k * k * sizeof *e);
    LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)k, e, (lapack_int)k, l);
    multiply(e, true, s->turned, k, k, q, inner);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < q; j++)
            inner[j * k + i] *= 1 - l[i] > nothing ? 1 / (1 - l[i]) : 0;
    multiply(e, false, inner, k, k, q, b);
    plain(s);
    for (size_t j = 0; j < q; j++)
        memcpy(s->b + j * s->m + (s->m - k), b + j * k, k * sizeof *b);
}

/* Sums over clusters for the degrees of freedom of each contrast; see satterthwaite(). */
typedef struct traces {
    double *first, *own; /* n_contrasts: sum of p_g'p_g; of its square less twice d f */
    double *outer;       /* n_contrasts x m x m: sum of (Z'Z b)(Z'Z b)' */
} traces;

/*
 * P has elements p_g'p_h = delta_gh d_g - f_g'K f_h, where d = b'Z'Z b and f = Z'Z b. So tr P = sum of d_g - f_g'K f_g,
 * and tr P^2 = sum over all g, h of (f_g'K f_h)^2, which is tr (K F)^2 with F = sum of f f', plus
 * sum of d_g^2 - 2 d_g f_g'K f_g.
 */
static void add_traces(const shape *s, traces *t, hu_arena *scratch)
{
    size_t m = s->m;
    double *f = HU_NEW_ARRAY(scratch, double, m * s->n_contrasts), *kf = HU_NEW_ARRAY(scratch, double, m);
    multiply(s->gram, false, s->b, m, m, s->n_contrasts, f);
    for (size_t j = 0; j < s->n_contrasts; j++) {
        const double *fj = f + j * m;
        multiply(s->middle, false, fj, m, m, 1, kf);
        double d = cblas_ddot((int)m, s->b + j * m, 1, fj, 1), through = cblas_ddot((int)m, fj, 1, kf, 1);
        t->first[j] += d - through;
        t->own[j] += d * d - 2 * d * through;
        cblas_dger(CblasColMajor, (int)m, (int)m, 1, fj, 1, fj, 1, t->outer + j * m * m, (int)m);
    }
}

static double satterthwaite(const shape *s, const traces *t, size_t j, hu_arena *scratch)
{
    size_t m = s->m;
    double *kf = HU_NEW_ARRAY(scratch, double, m *m), second = t->own[j];
    multiply(s->middle, false, t->outer + j * m * m, m, m, m, kf);
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < m; b++)
            second += kf[a + b * m] * kf[b + a * m];
    return t->first[j] > 0 && second > 0 ? t->first[j] * t->first[j] / second : NAN;
}

static void turn_contrasts(shape *s, const double *contrasts, hu_arena *scratch)
{
    const hu_clustered *sums = s->sums;
    size_t p = sums->regressors;
    double *all = NULL;
    if (!contrasts) {
        all = HU_NEW_ARRAY(scratch, double, p *p);
        for (size_t j = 0; j < p; j++)
            all[j + j * p] = 1;
    }
    s->turned = HU_NEW_ARRAY(scratch, double, sums->k * s->n_contrasts + 1);
    multiply(sums->turn, true, contrasts ? contrasts : all, sums->k, p, s->n_contrasts, s->turned);
}

hu_error *hu_few_clusters_variance(const hu_clustered *sums, hu_correction correction, size_t parameters,
                                   const double *contrasts, size_t n_contrasts, hu_arena *arena, double **variance,
                                   double **df)
{
    hu_blas_single();
    HU_SCRATCH(scratch);
    double factor;
    size_t q = contrasts ? n_contrasts : sums->regressors, m = sums->plain_gram ? 2 * sums->k : sums->k;
    HU_TRY(hu_correction_factor(correction, sums->n, sums->groups, parameters, &factor));
    shape s = {sums,
               m,
               HU_NEW_ARRAY(scratch, double, m *m),
               HU_NEW_ARRAY(scratch, double, m *m),
               HU_NEW_ARRAY(scratch, double, m),
               NULL,
               q,
               HU_NEW_ARRAY(scratch, double, m *q)};
    traces t = {HU_NEW_ARRAY(scratch, double, q), HU_NEW_ARRAY(scratch, double, q),
                HU_NEW_ARRAY(scratch, double, q *m *m)};
    double *share = HU_NEW_ARRAY(scratch, double, q);
    *variance = HU_NEW_ARRAY(arena, double, q *q);
    *df = HU_NEW_ARRAY(arena, double, q);
    turn_contrasts(&s, contrasts, scratch);
    set_middle(&s);
    for (size_t g = 0; g < sums->groups; g++) {
        HU_SCRATCH(room);
        load(&s, g);
        if (correction == HU_CR2)
            bias_reduced(&s);
        else if (correction == HU_CR3)
            jackknife(&s, g);
        else
            plain(&s);
        multiply(s.b, true, s.score, q, m, 1, share);
        cblas_dger(CblasColMajor, (int)q, (int)q, factor, share, 1, share, 1, *variance, (int)q);
        add_traces(&s, &t, room);
    }
    for (size_t j = 0; j < q; j++)
        (*df)[j] = satterthwaite(&s, &t, j, scratch);
    return NULL;
}
