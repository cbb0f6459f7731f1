/* Variances, covariances and the multiplier bootstrap from scores (see did_scores in did_parts.h). */

#include "did_parts.h"

#include "huella/base/parallel.h"
#include "huella/base/random.h"
#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

static const size_t most_drawn = (size_t)1 << 26; /* doubles of bootstrap draws: half a GB */

/* Sums the observations of a stratum that share a cluster, so that one entry remains for each pair. */
void did_scores_collapse(did_run *run)
{
    did_scores *s = &run->scores;
    if (!s->cluster)
        return;
    size_t entries = 0, *start = HU_NEW_ARRAY(run->scratch, size_t, s->strata + 1);
    uint32_t *entry_of = HU_NEW_ARRAY(run->scratch, uint32_t, s->clusters); /* entry + 1 within this stratum */
    size_t *last = HU_NEW_ARRAY(run->scratch, size_t, s->clusters);         /* stratum + 1 that set entry_of */
    uint32_t *cluster = HU_NEW_ARRAY(run->scratch, uint32_t, s->n);
    for (size_t stratum = 0; stratum < s->strata; stratum++) {
        for (size_t i = s->start[stratum]; i < s->start[stratum + 1]; i++) {
            uint32_t c = s->cluster[i];
            if (last[c] != stratum + 1) {
                last[c] = stratum + 1;
                entry_of[c] = (uint32_t)entries;
                cluster[entries] = c;
                if (entries != i) /* entries <= i: what is overwritten has been added already */
                    memmove(s->x + entries * s->m, s->x + i * s->m, s->m * sizeof *s->x);
                entries++;
            } else {
                cblas_daxpy((int)s->m, 1, s->x + i * s->m, 1, s->x + entry_of[c] * s->m, 1);
            }
        }
        start[stratum + 1] = entries;
    }
    s->n = entries;
    s->start = start;
    s->cluster = cluster;
}

/* Every cluster has one entry: its sum is that entry, and moments of entries give all variances. */
static bool one_entry_each(const did_scores *s)
{
    return !s->cluster || s->n == s->clusters;
}

/* moments[s] = sum over the stratum of x x', m x m (lower triangle). Cost: O(n m^2). */
static double *moments_of(const did_scores *s, hu_arena *arena)
{
    double *moments = HU_NEW_ARRAY(arena, double, s->strata * s->m * s->m);
    for (size_t stratum = 0; stratum < s->strata; stratum++) {
        size_t from = s->start[stratum], count = s->start[stratum + 1] - from;
        if (count)
            cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, (int)s->m, (int)count, 1, s->x + from * s->m,
                        (int)s->m, 0, moments + stratum * s->m * s->m, (int)s->m);
    }
    return moments;
}

/* Adds G M G' of one stratum, G the coefficients of the block's estimands there: n_block x n_block. */
static void add_stratum(did_run *run, const double *moments, size_t stratum, const size_t *block, size_t n_block,
                        double *room, double *covariance)
{
    int m = (int)run->scores.m, n = (int)n_block;
    double *g = room, *gm = room + n_block * run->scores.m; /* column-major, m x n_block */
    for (size_t a = 0; a < n_block; a++)
        memcpy(g + a * run->scores.m, did_coefficients(run, block[a], stratum), run->scores.m * sizeof *g);
    cblas_dsymm(CblasColMajor, CblasLeft, CblasLower, m, n, 1, moments, m, g, m, 0, gm, m);
    cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, n, n, m, 1, g, m, gm, m, 1, covariance, n);
}

/*
 * With few clusters each cohort's part of a variance is taken n / (n - 1) times, n its clusters: a cohort's mean takes
 * up a share of its clusters' variance, which the influence function leaves out. This is CR2 (Bell & McCaffrey 2002)
 * for means of cohorts: without bias where clusters are alike. A cohort of one cluster has no spread to enlarge.
 */
static double *enlargements(const did_run *run, hu_arena *arena)
{
    const did_data *data = &run->data;
    double *factor = HU_NEW_ARRAY(arena, double, data->cohorts);
    size_t *seen = HU_NEW_ARRAY(arena, size_t, data->clusters + 1); /* cohort + 1 that saw the cluster last */
    for (size_t g = 0; g < data->cohorts; g++) {
        size_t n = 0;
        for (size_t i = data->start[g]; i < data->start[g + 1]; i++) {
            size_t cluster = data->cluster ? data->cluster[i] : i;
            n += seen[cluster] != g + 1;
            seen[cluster] = g + 1;
        }
        factor[g] = n > 1 ? (double)n / (double)(n - 1) : 1;
    }
    return factor;
}

static void by_moments(did_run *run, const size_t *block, size_t n_block, const double *factor, double *covariance)
{
    HU_SCRATCH(scratch);
    size_t m = run->scores.m;
    double *moments = moments_of(&run->scores, scratch), *room = HU_NEW_ARRAY(scratch, double, (2 * n_block + 1) * m);
    for (size_t stratum = 0; stratum < run->scores.strata; stratum++) {
        const double *here = moments + stratum * m * m;
        for (size_t j = 0; j < run->estimands.count; j++) {
            const double *a = did_coefficients(run, j, stratum);
            cblas_dsymv(CblasColMajor, CblasLower, (int)m, 1, here, (int)m, a, 1, 0, room, 1);
            double part = cblas_ddot((int)m, room, 1, a, 1);
            run->variance[j] += part;
            if (factor)
                run->wide[j] += factor[stratum / run->strata_per_cohort] * part;
        }
        if (n_block)
            add_stratum(run, here, stratum, block, n_block, room, covariance);
    }
    for (size_t a = 0; a < n_block; a++) /* symmetric but for rounding: exactly so */
        for (size_t b = 0; b < a; b++)
            covariance[b + a * n_block] = covariance[a + b * n_block];
}

/* Entries in the order of their clusters: entry[first[c]] … entry[first[c + 1] - 1] are of cluster c. */
static void entries_by_cluster(const did_scores *s, hu_arena *arena, size_t **first, uint32_t **entry)
{
    *first = HU_NEW_ARRAY(arena, size_t, s->clusters + 2);
    *entry = HU_NEW_ARRAY(arena, uint32_t, s->n);
    for (size_t i = 0; i < s->n; i++)
        (*first)[s->cluster[i] + 2]++;
    for (size_t c = 0; c < s->clusters; c++)
        (*first)[c + 2] += (*first)[c + 1];
    for (size_t i = 0; i < s->n; i++)
        (*entry)[(*first)[s->cluster[i] + 1]++] = (uint32_t)i;
}

static size_t stratum_of(const did_scores *s, size_t entry)
{
    size_t low = 0, high = s->strata;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (s->start[middle] <= entry)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Adds the influence of one entry of a stratum on every estimand, times `by`: sums += by A_s x. */
static void add_entry(did_run *run, size_t entry, size_t stratum, size_t estimands, double by, double *sums)
{
    const did_scores *s = &run->scores;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)estimands, (int)s->m, by,
                run->estimands.coefficients + stratum * s->m, (int)run->estimands.width, s->x + entry * s->m, 1, 1,
                sums, 1);
}

static void by_clusters(did_run *run, const size_t *block, size_t n_block, const double *factor, double *covariance)
{
    HU_SCRATCH(scratch);
    const did_scores *s = &run->scores;
    size_t count = run->estimands.count, *first;
    uint32_t *entry;
    entries_by_cluster(s, scratch, &first, &entry);
    double *sums = HU_NEW_ARRAY(scratch, double, count), *part = HU_NEW_ARRAY(scratch, double, n_block + 1);
    double *wide = HU_NEW_ARRAY(scratch, double, count);
    for (size_t c = 0; c < s->clusters; c++) {
        memset(sums, 0, count * sizeof *sums);
        memset(wide, 0, count * sizeof *wide);
        for (size_t e = first[c]; e < first[c + 1]; e++) {
            size_t stratum = stratum_of(s, entry[e]);
            add_entry(run, entry[e], stratum, count, 1, sums);
            if (factor)
                add_entry(run, entry[e], stratum, count, sqrt(factor[stratum / run->strata_per_cohort]), wide);
        }
        for (size_t j = 0; j < count; j++) {
            run->variance[j] += sums[j] * sums[j];
            if (factor)
                run->wide[j] += wide[j] * wide[j];
        }
        for (size_t a = 0; a < n_block; a++)
            part[a] = sums[block[a]];
        if (n_block)
            cblas_dger(CblasColMajor, (int)n_block, (int)n_block, 1, part, 1, part, 1, covariance, (int)n_block);
    }
}

/** Variances of all estimands, and the covariance matrix (n_block x n_block, zeroed by the caller) of some. */
void did_scores_variance(did_run *run, const size_t *block, size_t n_block, double *covariance)
{
    HU_SCRATCH(scratch);
    double *factor = NULL;
    hu_blas_single();
    run->variance = HU_NEW_ARRAY(run->scratch, double, run->estimands.count);
    if (isfinite(run->result->df)) {
        factor = enlargements(run, scratch);
        run->wide = HU_NEW_ARRAY(run->scratch, double, run->estimands.count);
    }
    if (one_entry_each(&run->scores))
        by_moments(run, block, n_block, factor, covariance);
    else
        by_clusters(run, block, n_block, factor, covariance);
}

/* Mammen's (1993) two-point multipliers: mean 0, variance 1, third moment 1. */
static void multipliers(hu_random *random, size_t count, double *v)
{
    const double root = sqrt(5), low = (1 - root) / 2, high = (1 + root) / 2;
    const uint32_t share = (uint32_t)((1 + root) / (2 * root) * 4294967296.0);
    for (size_t c = 0; c < count; c++)
        v[c] = hu_random_u32(random) < share ? low : high;
}

/* One draw: each cluster's influence times its multiplier, summed. The stream is the draw's, whatever the thread. */
static hu_error *draw(void *context, size_t d)
{
    did_run *run = context;
    const did_scores *s = &run->scores;
    HU_SCRATCH(scratch);
    double *v = HU_NEW_ARRAY(scratch, double, s->clusters), *u = HU_NEW_ARRAY(scratch, double, s->m);
    double *out = run->draws + d * run->estimands.count;
    hu_random random = hu_random_start(run->options->seed, hu_random_stream("did/multipliers", d));
    multipliers(&random, s->clusters, v);
    for (size_t stratum = 0; stratum < s->strata; stratum++) {
        memset(u, 0, s->m * sizeof *u);
        for (size_t i = s->start[stratum]; i < s->start[stratum + 1]; i++) {
            double by = v[s->cluster ? s->cluster[i] : i];
            for (size_t l = 0; l < s->m; l++)
                u[l] += by * s->x[i * s->m + l];
        }
        cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)run->estimands.count, (int)s->m, 1,
                    run->estimands.coefficients + stratum * s->m, (int)run->estimands.width, u, 1, 1, out, 1);
    }
    return NULL;
}

/** Callaway & Sant'Anna (2021), algorithm 1: draws x estimands, centred at zero. Cost: O(n m) a draw. */
hu_error *did_scores_bootstrap(did_run *run)
{
    hu_blas_single();
    size_t draws = (size_t)run->options->draws, most = most_drawn / (run->estimands.count + 1);
    if (draws > most)
        return hu_fail(HU_USAGE,
                       "%zu bootstrap draws of %zu effects would take %.1f GB: ask for at most %zu draws (--draws); a "
                       "thousand give bands to two digits",
                       draws, run->estimands.count, 8e-9 * (double)draws * (double)run->estimands.count, most);
    run->draws = HU_NEW_ARRAY(run->scratch, double, draws * run->estimands.count);
    return hu_parallel(draws, run->options->threads, draw, run);
}

/** Influence of each cluster on each cell, into the result. */
void did_scores_influence(did_run *run)
{
    const did_scores *s = &run->scores;
    run->result->influence = HU_NEW_ARRAY(run->arena, double, s->clusters * run->n_cells);
    for (size_t i = 0; i < s->n; i++)
        add_entry(run, i, stratum_of(s, i), run->n_cells, 1,
                  run->result->influence + (s->cluster ? s->cluster[i] : i) * run->n_cells);
}
