/* A regression as sums over its clusters. */

#include "huella/numerics/few_clusters.h"
#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { block_rows = 512 }; /* rows turned at once: the block stays in the cache */

/* L with L L' = (X'WX)^-1, in the rows of the regressors that were not dropped. */
hu_error *hu_turn(const hu_fit *fit, hu_arena *arena, double **turn, size_t *columns)
{
    HU_SCRATCH(scratch);
    size_t p = fit->k, k = 0, *kept = HU_NEW_ARRAY(scratch, size_t, p + 1);
    for (size_t j = 0; j < p; j++)
        if (!fit->dropped[j])
            kept[k++] = j;
    *columns = k;
    double *root = HU_NEW_ARRAY(scratch, double, k *k + 1);
    for (size_t j = 0; j < k; j++)
        for (size_t i = 0; i < k; i++)
            root[i + j * k] = fit->bread[kept[i] + kept[j] * p];
    if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', (lapack_int)k, root, (lapack_int)k) != 0)
        return hu_fail(HU_SINGULAR, "the regressors are too nearly collinear for errors of few clusters");
    *turn = HU_NEW_ARRAY(arena, double, p *k + 1);
    for (size_t j = 0; j < k; j++)
        for (size_t i = j; i < k; i++)
            (*turn)[kept[i] + j * p] = root[i + j * k];
    return NULL;
}

/* Rows in the order of their clusters; start (levels + 1) says where each begins. */
static uint32_t *rows_by_cluster(const hu_factor *cluster, size_t n, hu_arena *arena, size_t *start)
{
    uint32_t *order = HU_NEW_ARRAY(arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        start[cluster->code[i] + 1]++;
    for (size_t g = 0; g < cluster->levels; g++)
        start[g + 1] += start[g];
    size_t *next = HU_NEW_ARRAY(arena, size_t, cluster->levels);
    memcpy(next, start, cluster->levels * sizeof *next);
    for (size_t i = 0; i < n; i++)
        order[next[cluster->code[i]]++] = (uint32_t)i;
    return order;
}

typedef struct block {
    double *x, *u, *wu, *e; /* rows x regressors, rows x k, rows x k, rows; leading dimension block_rows */
} block;

/* Turns rows order[from … to) of one cluster. */
static void fill(const hu_clustered *s, const hu_fit *fit, const double *x, const double *w, const uint32_t *order,
                 size_t rows, block *b)
{
    for (size_t j = 0; j < s->regressors; j++)
        for (size_t r = 0; r < rows; r++)
            b->x[j * block_rows + r] = x[j * s->n + order[r]];
    for (size_t r = 0; r < rows; r++)
        b->e[r] = fit->residuals[order[r]];
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)s->k, (int)s->regressors, 1, b->x,
                block_rows, s->turn, (int)s->regressors, 0, b->u, block_rows);
    for (size_t j = 0; j < s->k; j++)
        for (size_t r = 0; r < rows; r++)
            b->wu[j * block_rows + r] = (w ? w[order[r]] : 1) * b->u[j * block_rows + r];
}

static void add_product(const double *left, const double *right, size_t rows, size_t k, double *gram)
{
    cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, (int)k, (int)k, (int)rows, 1, left, block_rows, right,
                block_rows, 1, gram, (int)k);
}

static void add_block(hu_clustered *s, const block *b, size_t rows, size_t group)
{
    size_t k = s->k;
    add_product(b->u, b->wu, rows, k, s->gram + group * k * k);
    cblas_dgemv(CblasColMajor, CblasTrans, (int)rows, (int)k, 1, b->wu, block_rows, b->e, 1, 1, s->scores + group * k,
                1);
    if (!s->plain_gram)
        return;
    add_product(b->u, b->u, rows, k, s->plain_gram + group * k * k);
    add_product(b->wu, b->wu, rows, k, s->square_gram + group * k * k);
    cblas_dgemv(CblasColMajor, CblasTrans, (int)rows, (int)k, 1, b->u, block_rows, b->e, 1, 1,
                s->plain_scores + group * k, 1);
}

hu_error *hu_cluster_sums(const hu_fit *fit, const double *x, const double *w, const hu_factor *cluster,
                          hu_arena *arena, hu_clustered **out)
{
    hu_blas_single();
    double factor;
    HU_TRY(hu_correction_factor(HU_CR0, fit->n, cluster->levels, 0, &factor));
    HU_SCRATCH(scratch);
    hu_clustered *s = HU_NEW(arena, hu_clustered);
    size_t groups = cluster->levels, k = fit->rank, p = fit->k;
    double *coefficients = HU_NEW_ARRAY(arena, double, p + 1);
    memcpy(coefficients, fit->coefficients, p * sizeof *coefficients);
    *s = (hu_clustered){.n = fit->n, .regressors = p, .k = k, .groups = groups, .coefficients = coefficients};
    HU_TRY(hu_turn(fit, arena, &s->turn, &s->k));
    s->gram = HU_NEW_ARRAY(arena, double, groups *k *k);
    s->scores = HU_NEW_ARRAY(arena, double, groups *k);
    if (w) {
        s->plain_gram = HU_NEW_ARRAY(arena, double, groups *k *k);
        s->square_gram = HU_NEW_ARRAY(arena, double, groups *k *k);
        s->plain_scores = HU_NEW_ARRAY(arena, double, groups *k);
    }
    block b = {HU_NEW_ARRAY(scratch, double, block_rows *p), HU_NEW_ARRAY(scratch, double, block_rows *k),
               HU_NEW_ARRAY(scratch, double, block_rows *k), HU_NEW_ARRAY(scratch, double, block_rows)};
    size_t *start = HU_NEW_ARRAY(scratch, size_t, groups + 1);
    uint32_t *order = rows_by_cluster(cluster, fit->n, scratch, start);
    for (size_t g = 0; g < groups; g++)
        for (size_t from = start[g]; from < start[g + 1]; from += block_rows) {
            size_t rows = start[g + 1] - from < block_rows ? start[g + 1] - from : block_rows;
            fill(s, fit, x, w, order + from, rows, &b);
            add_block(s, &b, rows, g);
        }
    *out = s;
    return NULL;
}
