/* Power of trials by simulation: all randomization tests of all studies in products of matrices. */

#include "power_parts.h"

#include "huella/base/parallel.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

enum { ROWS = 256, COLUMNS = 128, POWER_DRAWS = 999 }; /* of a block of assignments x studies, which stays in cache */

typedef struct tests {
    const power_fixed *fixed;
    const hu_assignments *all;
    size_t clusters, columns; /* columns: studies x effects */
    const double *effects;
    size_t n_effects;
    bool studentised, alone; /* alone: neither strata nor covariate are taken out */
    double *weight;          /* clusters */
    double *off;             /* clusters x clusters, column-major: the projection on strata and covariate */
    uint32_t *arm;           /* studies x clusters */
    double *y, *y2;          /* clusters x columns, column-major: less their projection; squared */
    double *limit;           /* columns: the observed t^2 (or coefficient^2) that others must reach */
    uint64_t *extreme;       /* parts x columns */
} tests;

/* ---- what is taken out ---- */

/* Strata are orthogonal to each other; the covariate is taken as what strata leave of it. */
static hu_error *set_projection(tests *t, hu_arena *arena)
{
    const power_fixed *f = t->fixed;
    size_t g = t->clusters, strata = t->alone ? 1 : f->design->strata;
    t->off = HU_NEW_ARRAY(arena, double, g *g);
    double *total = HU_NEW_ARRAY(arena, double, strata), *x = HU_NEW_ARRAY(arena, double, g), *mean, square = 0;
    mean = HU_NEW_ARRAY(arena, double, strata);
    for (size_t c = 0; c < g; c++) {
        size_t s = t->alone ? 0 : f->stratum[c];
        total[s] += t->weight[c];
        mean[s] += t->weight[c] * (f->covariate && !t->alone ? f->covariate[c] : 0);
    }
    for (size_t c = 0; c < g; c++) {
        size_t s = t->alone ? 0 : f->stratum[c];
        x[c] = f->covariate && !t->alone ? f->covariate[c] - mean[s] / total[s] : 0;
        square += t->weight[c] * x[c] * x[c];
    }
    if (f->covariate && !t->alone && !(square > 0))
        return hu_fail(HU_SINGULAR, "strata leave nothing of the baseline covariate");
    for (size_t i = 0; i < g; i++)
        for (size_t j = 0; j < g; j++) { /* out[i] -= sum_j off(i, j) in[j] */
            size_t s = t->alone ? 0 : f->stratum[i], r = t->alone ? 0 : f->stratum[j];
            t->off[i + j * g] =
                (s == r ? t->weight[j] / total[s] : 0) + (square > 0 ? x[i] * x[j] * t->weight[j] / square : 0);
        }
    return NULL;
}

static void take_out(const tests *t, const double *in, double *out)
{
    for (size_t i = 0; i < t->clusters; i++) {
        out[i] = in[i];
        for (size_t j = 0; j < t->clusters; j++)
            out[i] -= t->off[i + j * t->clusters] * in[j];
    }
}

/* ---- studies ---- */

/* t^2, or the coefficient's square, under the assignment that was carried out. */
static double observed(const tests *t, const uint32_t *arm, const double *y, double *room)
{
    size_t g = t->clusters;
    double *z = room, *raw = room + g, a = 0, b = 0, c = 0, d = 0, e = 0;
    for (size_t i = 0; i < g; i++)
        raw[i] = arm[i];
    take_out(t, raw, z);
    for (size_t i = 0; i < g; i++) {
        double w = t->weight[i], zw = z[i] * w;
        a += zw * y[i];
        d += zw * z[i];
        b += zw * zw * y[i] * y[i];
        c += zw * zw * z[i] * y[i];
        e += zw * zw * z[i] * z[i];
    }
    double tau = a / d;
    return t->studentised ? a * a / (b - tau * (2 * c - tau * e)) : tau * tau;
}

static hu_error *draw_study(void *context, size_t study)
{
    HU_SCRATCH(scratch);
    const tests *t = context;
    size_t g = t->clusters, n = t->n_effects;
    double *means = HU_NEW_ARRAY(scratch, double, g *n), *room = HU_NEW_ARRAY(scratch, double, 2 * g);
    uint32_t *arm = t->arm + study * g;
    power_draw(t->fixed, study, t->effects, n, arm, means);
    for (size_t e = 0; e < n; e++) {
        size_t column = study * n + e;
        double *y = t->y + column * g, seen;
        take_out(t, means + e * g, y);
        for (size_t c = 0; c < g; c++)
            t->y2[column * g + c] = y[c] * y[c];
        seen = observed(t, arm, y, room);
        t->limit[column] = isnan(seen) ? 0 : seen * (1 - 1e-9); /* rounding is no difference */
    }
    return NULL;
}

/* ---- assignments x studies ---- */

typedef struct block {
    size_t rows;
    double *raw, *z, *f1, *f2, *f3; /* ROWS x clusters, column-major with ROWS rows */
    double *inverse, *e;            /* ROWS: 1 / D, E */
    double *a, *b, *c;              /* ROWS x COLUMNS */
} block;

static block *new_block(size_t clusters, hu_arena *arena)
{
    block *b = HU_NEW(arena, block);
    double **wide[] = {&b->raw, &b->z, &b->f1, &b->f2, &b->f3};
    for (size_t i = 0; i < 5; i++)
        *wide[i] = HU_NEW_ARRAY(arena, double, ROWS *clusters);
    b->inverse = HU_NEW_ARRAY(arena, double, ROWS);
    b->e = HU_NEW_ARRAY(arena, double, ROWS);
    double **long_ones[] = {&b->a, &b->b, &b->c};
    for (size_t i = 0; i < 3; i++)
        *long_ones[i] = HU_NEW_ARRAY(arena, double, ROWS *COLUMNS);
    return b;
}

/* From arms to what multiplies studies. */
static void prepare(const tests *t, block *b)
{
    size_t g = t->clusters;
    memcpy(b->z, b->raw, ROWS * g * sizeof *b->z);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, ROWS, (int)g, (int)g, -1, b->raw, ROWS, t->off, (int)g, 1,
                b->z, ROWS);
    memset(b->inverse, 0, ROWS * sizeof *b->inverse);
    memset(b->e, 0, ROWS * sizeof *b->e);
    for (size_t c = 0; c < g; c++) {
        double w = t->weight[c];
        for (size_t i = 0; i < ROWS; i++) {
            double z = b->z[c * ROWS + i], zw = z * w;
            b->f1[c * ROWS + i] = zw;
            b->f2[c * ROWS + i] = zw * zw;
            b->f3[c * ROWS + i] = zw * zw * z;
            b->inverse[i] += zw * z;
            b->e[i] += zw * zw * z * z;
        }
    }
    for (size_t i = 0; i < ROWS; i++)
        b->inverse[i] = 1 / b->inverse[i];
}

static void multiply(const tests *t, const double *f, const double *y, size_t from, size_t n, double *out)
{
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, ROWS, (int)n, (int)t->clusters, 1, f, ROWS,
                y + from * t->clusters, (int)t->clusters, 0, out, ROWS);
}

static void count(const tests *t, block *b, size_t from, size_t n, uint64_t *extreme)
{
    for (size_t j = 0; j < n; j++) {
        const double *a = b->a + j * ROWS, *bb = b->b + j * ROWS, *c = b->c + j * ROWS;
        double limit = t->limit[from + j];
        unsigned reached = 0;
        for (size_t i = 0; i < b->rows; i++) {
            double tau = a[i] * b->inverse[i];
            double v = t->studentised ? bb[i] - tau * (2 * c[i] - tau * b->e[i]) : 1;
            double square = t->studentised ? a[i] * a[i] : tau * tau;
            reached += !(square < limit * v);
        }
        extreme[from + j] += reached;
    }
}

static void count_block(const tests *t, block *b, uint64_t *extreme)
{
    prepare(t, b);
    for (size_t from = 0; from < t->columns; from += COLUMNS) {
        size_t n = t->columns - from < COLUMNS ? t->columns - from : COLUMNS;
        multiply(t, b->f1, t->y, from, n, b->a);
        if (t->studentised) {
            multiply(t, b->f2, t->y2, from, n, b->b);
            multiply(t, b->f3, t->y, from, n, b->c);
        }
        count(t, b, from, n, extreme);
    }
    b->rows = 0;
}

static hu_error *count_part(void *context, size_t part)
{
    HU_SCRATCH(scratch);
    const tests *t = context;
    block *b = new_block(t->clusters, scratch);
    uint64_t *extreme = t->extreme + part * t->columns;
    hu_walk *walk = hu_walk_start(t->all, part, scratch);
    while (hu_walk_next(walk)) {
        for (size_t c = 0; c < t->clusters; c++)
            b->raw[c * ROWS + b->rows] = walk->label[c];
        if (++b->rows == ROWS)
            count_block(t, b, extreme);
    }
    if (b->rows)
        count_block(t, b, extreme); /* rows beyond b->rows are left over from before and not counted */
    return NULL;
}

/* ---- */

static hu_error *set_up(tests *t, const hu_power_options *options, size_t studies, hu_arena *arena)
{
    const power_fixed *f = t->fixed;
    size_t g = t->clusters;
    bool by_size = options->statistic != HU_CLUSTER_MEANS;
    t->alone = !by_size;
    t->studentised = options->statistic == HU_STUDENTISED;
    t->weight = HU_NEW_ARRAY(arena, double, g);
    for (size_t c = 0; c < g; c++)
        t->weight[c] = by_size ? f->size[c] / f->design->size : 1;
    HU_TRY(set_projection(t, arena));
    t->columns = studies * t->n_effects;
    t->arm = HU_NEW_ARRAY(arena, uint32_t, studies * g);
    t->y = HU_NEW_ARRAY(arena, double, t->columns *g);
    t->y2 = HU_NEW_ARRAY(arena, double, t->columns *g);
    t->limit = HU_NEW_ARRAY(arena, double, t->columns);
    return hu_parallel(studies, options->threads, draw_study, t);
}

static hu_error *plan(const power_fixed *fixed, const hu_power_options *options, hu_arena *arena, hu_assignments **all)
{
    hu_assignment_design *design = HU_NEW(arena, hu_assignment_design);
    *design = (hu_assignment_design){fixed->design->clusters, fixed->deal, fixed->stratum};
    hu_assignment_options which = options->permutations;
    which.seed = options->seed;
    HU_TRY(hu_assignments_plan(design, &which, arena, all));
    if ((*all)->exact || which.draws)
        return NULL;
    which.draws = POWER_DRAWS;
    return hu_assignments_plan(design, &which, arena, all);
}

/* p of every study and effect (studies x effects). */
static hu_error *p_values(tests *t, const hu_power_options *options, hu_arena *arena, double **out)
{
    hu_blas_single();
    t->extreme = HU_NEW_ARRAY(arena, uint64_t, t->all->parts * t->columns);
    HU_TRY(hu_parallel(t->all->parts, options->threads, count_part, t));
    double *p = *out = HU_NEW_ARRAY(arena, double, t->columns);
    for (size_t j = 0; j < t->columns; j++) {
        uint64_t extreme = 0;
        for (size_t part = 0; part < t->all->parts; part++)
            extreme += t->extreme[part * t->columns + j];
        p[j] = t->all->exact ? (double)extreme / (double)t->all->count
                             : (1 + (double)extreme) / (1 + (double)t->all->count);
    }
    return NULL;
}

hu_error *hu_power_trials(const hu_power_design *design, const hu_power_options *options, hu_power_point *points,
                          size_t n, hu_arena *arena, hu_assignments **all)
{
    HU_SCRATCH(scratch);
    size_t studies = options->studies ? options->studies : 1000;
    power_fixed *fixed = HU_NEW(arena, power_fixed); /* the plan of assignments rests on it */
    double *effects = HU_NEW_ARRAY(scratch, double, n), *p;
    for (size_t e = 0; e < n; e++)
        effects[e] = points[e].effect;
    HU_TRY(power_fix(design, options->seed, arena, fixed));
    HU_TRY(plan(fixed, options, arena, all));
    tests t = {.fixed = fixed, .all = *all, .clusters = design->clusters, .effects = effects, .n_effects = n};
    HU_TRY(set_up(&t, options, studies, scratch));
    HU_TRY(p_values(&t, options, scratch, &p));
    for (size_t e = 0; e < n; e++) {
        size_t rejected = 0;
        for (size_t s = 0; s < studies; s++)
            rejected += p[s * n + e] <= design->alpha + 1e-12;
        points[e].studies = studies;
        points[e].power = (double)rejected / (double)studies;
        points[e].mc_error = sqrt(points[e].power * (1 - points[e].power) / (double)studies);
    }
    return NULL;
}

hu_error *hu_power_study_of(const hu_power_design *design, const hu_power_options *options, double effect, size_t study,
                            hu_arena *arena, hu_power_study *out)
{
    HU_SCRATCH(scratch);
    hu_assignments *all;
    power_fixed fixed;
    double *p;
    HU_TRY(power_fix(design, options->seed, arena, &fixed));
    HU_TRY(plan(&fixed, options, scratch, &all));
    tests t = {.fixed = &fixed, .all = all, .clusters = design->clusters, .effects = &effect, .n_effects = 1};
    HU_TRY(set_up(&t, options, study + 1, scratch));
    HU_TRY(p_values(&t, options, scratch, &p));
    *out = (hu_power_study){.clusters = design->clusters,
                            .size = fixed.size,
                            .covariate = fixed.covariate,
                            .stratum = design->strata > 1 ? fixed.stratum : NULL,
                            .arm = HU_NEW_ARRAY(arena, uint32_t, design->clusters),
                            .mean = HU_NEW_ARRAY(arena, double, design->clusters),
                            .p = p[study]};
    power_draw(&fixed, study, &effect, 1, out->arm, out->mean);
    return NULL;
}

void hu_power_interpolate(const hu_power_point *points, size_t n, double power, double *mde, double *mc_error)
{
    *mde = *mc_error = NAN;
    for (size_t i = 1; i < n; i++) {
        const hu_power_point *a = &points[i - 1], *b = &points[i];
        if (!(a->power < power && b->power >= power))
            continue;
        double least = 0.5 / (double)a->studies; /* 0 and 1 have no quantile */
        double qa = hu_normal_quantile(fmax(a->power, least)), qb = hu_normal_quantile(fmin(b->power, 1 - least));
        double share = (hu_normal_quantile(power) - qa) / (qb - qa);
        *mde = a->effect + share * (b->effect - a->effect);
        *mc_error =
            sqrt(power * (1 - power) / (double)a->studies) * fabs((b->effect - a->effect) / (b->power - a->power));
        return;
    }
}
