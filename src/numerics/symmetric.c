/* Small symmetric matrices by LAPACK. */

#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

static pthread_once_t single = PTHREAD_ONCE_INIT;

static void set_single(void)
{
    openblas_set_num_threads(1);
}

/* Once: setting it while another thread multiplies would be a race. */
void hu_blas_single(void)
{
    pthread_once(&single, set_single);
}

static const double singular = 1e-14; /* 1 / condition below which a quadratic form is rounding */

static bool all_finite(const double *a, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(a[i]))
            return false;
    return true;
}

double hu_rcond(const double *a, size_t k)
{
    hu_blas_single();
    if (k == 0 || !all_finite(a, k * k))
        return 0;
    HU_SCRATCH(scratch);
    lapack_int n = (lapack_int)k, *pivot = HU_NEW_ARRAY(scratch, lapack_int, k);
    double *lu = HU_NEW_ARRAY(scratch, double, k *k), rcond = 0;
    memcpy(lu, a, k * k * sizeof *lu);
    double norm = LAPACKE_dlange(LAPACK_COL_MAJOR, '1', n, n, lu, n);
    if (LAPACKE_dgetrf(LAPACK_COL_MAJOR, n, n, lu, n, pivot) != 0)
        return 0;
    return LAPACKE_dgecon(LAPACK_COL_MAJOR, '1', n, lu, n, norm, &rcond) == 0 ? rcond : 0;
}

bool hu_invert_positive(const double *a, size_t k, double *inverse)
{
    hu_blas_single();
    lapack_int n = (lapack_int)k;
    if (!all_finite(a, k * k))
        return false;
    memmove(inverse, a, k * k * sizeof *inverse);
    if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', n, inverse, n) != 0 ||
        LAPACKE_dpotri(LAPACK_COL_MAJOR, 'L', n, inverse, n) != 0)
        return false;
    for (size_t j = 0; j < k; j++)
        for (size_t i = 0; i < j; i++)
            inverse[i + j * k] = inverse[j + i * k];
    return true;
}

double hu_quadratic_inverse(const double *a, size_t k, const double *b)
{
    hu_blas_single();
    HU_SCRATCH(scratch);
    lapack_int n = (lapack_int)k, *pivot = HU_NEW_ARRAY(scratch, lapack_int, k);
    double *lu = HU_NEW_ARRAY(scratch, double, k *k), *x = HU_NEW_ARRAY(scratch, double, k), result = 0;
    for (size_t j = 0; j < k; j++) { /* with ones on the diagonal, so that units do not decide what is singular */
        for (size_t i = 0; i < k; i++)
            lu[i + j * k] = a[i + j * k] / sqrt(a[i + i * k] * a[j + j * k]);
        x[j] = b[j] / sqrt(a[j + j * k]);
    }
    double *scaled = hu_regrow(scratch, x, k, k, sizeof *x);
    if (!(hu_rcond(lu, k) > singular) || LAPACKE_dgesv(LAPACK_COL_MAJOR, n, 1, lu, n, pivot, x, n) != 0)
        return NAN;
    for (size_t i = 0; i < k; i++)
        result += scaled[i] * x[i];
    return result;
}

void hu_solve_semidefinite(const double *a, size_t k, double *b)
{
    hu_blas_single();
    HU_SCRATCH(scratch);
    lapack_int n = (lapack_int)k;
    double *vectors = HU_NEW_ARRAY(scratch, double, k *k), *values = HU_NEW_ARRAY(scratch, double, k);
    double *x = HU_NEW_ARRAY(scratch, double, k), largest = 0;
    memcpy(vectors, a, k * k * sizeof *vectors);
    bool solved = all_finite(a, k * k) && LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', n, vectors, n, values) == 0;
    for (size_t j = 0; solved && j < k; j++)
        largest = fmax(largest, fabs(values[j]));
    for (size_t j = 0; solved && j < k; j++)
        if (values[j] > largest * 0x1p-26)
            cblas_daxpy((int)k, cblas_ddot((int)k, vectors + j * k, 1, b, 1) / values[j], vectors + j * k, 1, x, 1);
    for (size_t j = 0; j < k; j++)
        b[j] = solved ? x[j] : NAN;
}
