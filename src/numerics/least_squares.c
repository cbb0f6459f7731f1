/* Least squares: Cholesky where conditioning allows, else pivoted QR; collinear columns found from left to right. */

#include "huella/numerics/least_squares.h"

#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

static const double collinear = 1e-7;        /* R's tolerance in lm() */
static const double well_conditioned = 1e-8; /* of the normal equations: condition of X below 1e4 */

/* Rows taken at once: a block of some columns stays in the cache, and no copy of all of X is made. */
enum { block_rows = 1024 };

/* The problem as it stands, and what its columns are divided by so that, weights multiplied in, their length is one. */
typedef struct problem {
    size_t n, k;
    const double *x, *y, *w;
    double *norm; /* k: length of each weighted column; zero where it is nothing but zeros */
} problem;

static double root_weight(const problem *p, size_t i)
{
    return p->w ? sqrt(p->w[i]) : 1;
}

/* Rows from … from + rows - 1 of one scaled column (j < k), or of the weighted outcome (j == k). */
static void take(const problem *p, size_t j, size_t from, size_t rows, double *out)
{
    const double *v = j < p->k ? p->x + j * p->n : p->y;
    double norm = j < p->k && p->norm[j] > 0 ? p->norm[j] : 1;
    for (size_t i = 0; i < rows; i++)
        out[i] = root_weight(p, from + i) * v[from + i] / norm;
}

static hu_error *measure(problem *p, size_t j, double *block)
{
    double length = 0;
    p->norm[j] = 0;
    for (size_t from = 0; from < p->n; from += block_rows) {
        size_t rows = p->n - from < block_rows ? p->n - from : block_rows;
        take(p, j, from, rows, block);
        length = hypot(length, cblas_dnrm2((int)rows, block, 1));
    }
    p->norm[j] = length;
    if (!isfinite(length))
        return hu_fail(HU_BAD_INPUT, "least squares: regressor %zu is not finite", j + 1);
    return NULL;
}

static hu_error *set_up(const double *x, size_t n, size_t k, const double *y, const double *w, hu_arena *arena,
                        problem *p)
{
    *p = (problem){n, k, x, y, w, HU_NEW_ARRAY(arena, double, k)};
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        double weight = w ? w[i] : 1;
        if (!(weight >= 0) || !isfinite(weight))
            return hu_fail(HU_BAD_INPUT, "least squares: weight %zu is %g: weights are finite and not negative", i + 1,
                           weight);
        if (!isfinite(y[i]))
            return hu_fail(HU_BAD_INPUT, "least squares: outcome %zu is not finite", i + 1);
        total += weight;
    }
    if (!(total > 0))
        return hu_fail(HU_EMPTY, "least squares: no observation has a positive weight");
    double *block = HU_NEW_ARRAY(arena, double, block_rows);
    for (size_t j = 0; j < k; j++)
        HU_TRY(measure(p, j, block));
    return NULL;
}

/* step = A'(b - A beta), and, where asked for, A'A (lower triangle), block by block. */
static void normal_equations(const problem *p, const double *beta, double *block, double *gram, double *step)
{
    int k = (int)p->k;
    double *r = block + block_rows * p->k;
    memset(step, 0, p->k * sizeof *step);
    for (size_t from = 0; from < p->n; from += block_rows) {
        size_t rows = p->n - from < block_rows ? p->n - from : block_rows;
        for (size_t j = 0; j <= p->k; j++)
            take(p, j, from, rows, block + j * block_rows);
        cblas_dgemv(CblasColMajor, CblasNoTrans, (int)rows, k, -1, block, block_rows, beta, 1, 1, r, 1);
        cblas_dgemv(CblasColMajor, CblasTrans, (int)rows, k, 1, block, block_rows, r, 1, 1, step, 1);
        if (gram)
            cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, k, (int)rows, 1, block, block_rows, 1, gram, k);
    }
}

/* beta and (A'A)^-1 by Cholesky with one step of refinement; false when the condition does not allow it. */
static bool solve_normal(const problem *p, hu_arena *scratch, double *beta, double *inverse)
{
    int k = (int)p->k;
    if (p->n < 2 * p->k)
        return false;
    double *block = HU_NEW_ARRAY(scratch, double, block_rows *(p->k + 1));
    double *step = HU_NEW_ARRAY(scratch, double, p->k), rcond = 0;
    memset(beta, 0, p->k * sizeof *beta);
    normal_equations(p, beta, block, inverse, step);
    double norm = LAPACKE_dlansy(LAPACK_COL_MAJOR, '1', 'L', k, inverse, k);
    if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', k, inverse, k) != 0 ||
        LAPACKE_dpocon(LAPACK_COL_MAJOR, 'L', k, inverse, k, norm, &rcond) != 0 || rcond < well_conditioned)
        return false;
    for (int pass = 0; pass < 2; pass++) {
        if (pass)
            normal_equations(p, beta, block, NULL, step);
        LAPACKE_dpotrs(LAPACK_COL_MAJOR, 'L', k, 1, inverse, k, step, k);
        cblas_daxpy(k, 1, step, 1, beta, 1);
    }
    return LAPACKE_dpotri(LAPACK_COL_MAJOR, 'L', k, inverse, k) == 0;
}

/*
 * The columns that are not combinations of those before them: Gram-Schmidt, each column orthogonalised twice. q is room
 * for n x k.
 */
static size_t independent(const problem *p, double *q, size_t *kept)
{
    int n = (int)p->n;
    size_t rank = 0;
    for (size_t j = 0; j < p->k && rank < p->n; j++) {
        double *v = q + rank * p->n;
        take(p, j, 0, p->n, v);
        for (int pass = 0; pass < 2; pass++)
            for (size_t l = 0; l < rank; l++)
                cblas_daxpy(n, -cblas_ddot(n, q + l * p->n, 1, v, 1), q + l * p->n, 1, v, 1);
        double left = cblas_dnrm2(n, v, 1);
        if (left < collinear)
            continue;
        cblas_dscal(n, 1 / left, v, 1);
        kept[rank++] = j;
    }
    return rank;
}

/* beta and (A'A)^-1 of the columns `kept`, which are independent, by pivoted QR. a is room for n x their number. */
static void solve_qr(const problem *p, const size_t *kept, size_t rank, double *a, hu_arena *scratch, double *beta,
                     double *inverse)
{
    lapack_int n = (lapack_int)p->n, k = (lapack_int)rank;
    double *b = HU_NEW_ARRAY(scratch, double, p->n);
    double *tau = HU_NEW_ARRAY(scratch, double, rank), *r = HU_NEW_ARRAY(scratch, double, rank *rank);
    lapack_int *pivot = HU_NEW_ARRAY(scratch, lapack_int, rank);
    for (size_t j = 0; j < rank; j++)
        take(p, kept[j], 0, p->n, a + j * p->n);
    take(p, p->k, 0, p->n, b);
    LAPACKE_dgeqp3(LAPACK_COL_MAJOR, n, k, a, n, pivot, tau);
    LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', n, 1, k, a, n, tau, b, n);
    LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'U', 'N', 'N', k, 1, a, n, b, n);
    LAPACKE_dlacpy(LAPACK_COL_MAJOR, 'U', k, k, a, n, r, k);
    LAPACKE_dtrtri(LAPACK_COL_MAJOR, 'U', 'N', k, r, k);
    for (size_t i = 0; i < rank; i++) {
        size_t pi = (size_t)pivot[i] - 1;
        beta[pi] = b[i];
        for (size_t j = 0; j < rank; j++) { /* (A'A)^-1 = P R^-1 R^-T P' */
            double sum = 0;
            for (size_t l = i > j ? i : j; l < rank; l++)
                sum += r[i + l * rank] * r[j + l * rank];
            inverse[pi + ((size_t)pivot[j] - 1) * rank] = sum;
        }
    }
}

/* Solves on the independent columns only, and spreads the answer over all k. */
static hu_error *solve_careful(const problem *p, hu_arena *scratch, hu_fit *fit, double *beta, double *inverse)
{
    double *room = HU_NEW_ARRAY(scratch, double, p->n * p->k);
    size_t *kept = HU_NEW_ARRAY(scratch, size_t, p->k), rank = independent(p, room, kept);
    if (rank == 0)
        return hu_fail(HU_SINGULAR, "least squares: every regressor is zero");
    double *b = HU_NEW_ARRAY(scratch, double, rank), *inv = HU_NEW_ARRAY(scratch, double, rank *rank);
    solve_qr(p, kept, rank, room, scratch, b, inv);
    memset(inverse, 0, p->k * p->k * sizeof *inverse);
    for (size_t j = 0; j < p->k; j++)
        fit->dropped[j] = true;
    for (size_t i = 0; i < rank; i++) {
        fit->dropped[kept[i]] = false;
        beta[kept[i]] = b[i];
        for (size_t j = 0; j < rank; j++)
            inverse[kept[i] + kept[j] * p->k] = inv[i + j * rank];
    }
    fit->rank = rank;
    return NULL;
}

hu_error *hu_least_squares(const double *x, size_t n, size_t k, const double *y, const double *w, hu_arena *arena,
                           hu_fit *fit)
{
    hu_blas_single();
    HU_SCRATCH(scratch);
    problem p;
    HU_TRY(set_up(x, n, k, y, w, scratch, &p));
    *fit = (hu_fit){n,
                    k,
                    k,
                    HU_NEW_ARRAY(arena, double, k),
                    HU_NEW_ARRAY(arena, bool, k),
                    HU_NEW_ARRAY(arena, double, n),
                    HU_NEW_ARRAY(arena, double, k *k)};
    double *beta = HU_NEW_ARRAY(scratch, double, k), *inverse = HU_NEW_ARRAY(scratch, double, k *k);
    if (solve_normal(&p, scratch, beta, inverse)) {
        for (size_t j = 0; j < k; j++)
            for (size_t i = 0; i < j; i++)
                inverse[i + j * k] = inverse[j + i * k];
    } else {
        memset(beta, 0, k * sizeof *beta);
        HU_TRY(solve_careful(&p, scratch, fit, beta, inverse));
    }
    for (size_t j = 0; j < k; j++) {
        fit->coefficients[j] = fit->dropped[j] ? NAN : beta[j] / p.norm[j];
        for (size_t i = 0; i < k; i++)
            if (!fit->dropped[i] && !fit->dropped[j])
                fit->bread[i + j * k] = inverse[i + j * k] / (p.norm[i] * p.norm[j]);
    }
    memcpy(fit->residuals, y, n * sizeof *y);
    for (size_t j = 0; j < k; j++)
        if (!fit->dropped[j])
            cblas_daxpy((int)n, -fit->coefficients[j], x + j * n, 1, fit->residuals, 1);
    return NULL;
}
