/* Statistics of a trial under every assignment, on sums over units. */

#include "trial_parts.h"

#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

/*
 * Under labels z the regression is that of y on C (constant, strata, covariates) and z V, V the carriers: 1, and with
 * Lin's adjustment the covariates. With U = C turned so that U'WU = I and y, d (the arm carried out: what a constant
 * effect would move) less their projections on U, the normal equations of the carriers are
 *     S b = sum of z_c V_c'Wy,   S = sum of z_c V_c'WV_c - R R',   R = sum of z_c V_c'WU_c,
 * sums over units c, each of which changes by two terms when two units exchange labels. Residuals are
 * y - z V b + U R'b, and unit c's share in the error of b_0 is the sum of (z V g - U R'g) W times these, g the first
 * column of S^-1: two quadratic forms in the moments of F = [V U y d] within the unit.
 */
static const size_t most_moments = (size_t)1 << 26; /* doubles: half a GB */
static const double rounding = 1e-13;               /* of the largest outcome */

typedef struct moments {
    size_t units, p, m, t; /* t = p + m + 2 */
    double *unit;          /* units x t x t */
    bool studentised;
} moments;

typedef struct state {
    const moments *on;
    double *s, *r, *by, *bd; /* p x p, p x m, p, p: sums over treated units */
    double *work, *right;    /* p x p, p x 3: solutions by, bd, g */
    double *rho, *sy, *sd;   /* m: R'g, R'b of y and of d */
    double *h;               /* t */
} state;

static void *start(const void *context, hu_arena *arena)
{
    const moments *on = context;
    size_t p = on->p, m = on->m;
    state *s = HU_NEW(arena, state);
    *s = (state){on,
                 HU_NEW_ARRAY(arena, double, p *p),
                 HU_NEW_ARRAY(arena, double, p *m + 1),
                 HU_NEW_ARRAY(arena, double, p),
                 HU_NEW_ARRAY(arena, double, p),
                 HU_NEW_ARRAY(arena, double, p *p),
                 HU_NEW_ARRAY(arena, double, 3 * p),
                 HU_NEW_ARRAY(arena, double, m + 1),
                 HU_NEW_ARRAY(arena, double, m + 1),
                 HU_NEW_ARRAY(arena, double, m + 1),
                 HU_NEW_ARRAY(arena, double, on->t)};
    return s;
}

/* Adds (sign 1) or takes out a unit of the treated. Element (i, j) of a unit's moments stands at i * t + j. */
static void add_unit(state *s, size_t unit, double sign)
{
    const moments *on = s->on;
    size_t p = on->p, m = on->m, t = on->t;
    const double *u = on->unit + unit * t * t;
    for (size_t i = 0; i < p; i++, u += t) {
        for (size_t j = 0; j < p; j++)
            s->s[i + j * p] += sign * u[j];
        for (size_t j = 0; j < m; j++)
            s->r[i + j * p] += sign * u[p + j];
        s->by[i] += sign * u[p + m];
        s->bd[i] += sign * u[p + m + 1];
    }
}

static void follow(state *s, const hu_walk *walk)
{
    const moments *on = s->on;
    if (!walk->fresh) {
        bool now = walk->label[walk->a];
        if (walk->label[walk->a] != walk->label[walk->b]) {
            add_unit(s, walk->a, now ? 1 : -1);
            add_unit(s, walk->b, now ? -1 : 1);
        }
        return;
    }
    memset(s->s, 0, on->p * on->p * sizeof *s->s);
    memset(s->r, 0, on->p * on->m * sizeof *s->r);
    memset(s->by, 0, on->p * sizeof *s->by);
    memset(s->bd, 0, on->p * sizeof *s->bd);
    for (size_t c = 0; c < on->units; c++)
        if (walk->label[c])
            add_unit(s, c, 1);
}

/* b of y, b of d, and g into `right`; false where the arm cannot be told from C. */
static bool solve(state *s)
{
    size_t p = s->on->p, m = s->on->m;
    double scale = s->s[0];
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            double sum = s->s[i + j * p];
            for (size_t l = 0; l < m; l++)
                sum -= s->r[i + l * p] * s->r[j + l * p];
            s->work[i + j * p] = sum;
        }
    memcpy(s->right, s->by, p * sizeof *s->right);
    memcpy(s->right + p, s->bd, p * sizeof *s->right);
    memset(s->right + 2 * p, 0, p * sizeof *s->right);
    s->right[2 * p] = 1;
    if (!(s->work[0] > 1e-10 * scale))
        return false;
    if (p == 1) {
        for (size_t j = 0; j < 3; j++)
            s->right[j] /= s->work[0];
        return true;
    }
    return LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', (lapack_int)p, 3, s->work, (lapack_int)p, s->right, (lapack_int)p) == 0;
}

/* The unit's shares in the errors for y and for d. */
static void shares(const state *s, size_t unit, bool treated, double *y, double *d)
{
    size_t p = s->on->p, m = s->on->m, t = s->on->t;
    const double *u = s->on->unit + unit * t * t, *by = s->right, *bd = s->right + p, *g = s->right + 2 * p;
    double *h = s->h;
    for (size_t j = 0; j < t; j++) {
        h[j] = 0;
        for (size_t i = 0; i < p && treated; i++)
            h[j] += g[i] * u[i * t + j];
        for (size_t i = 0; i < m; i++)
            h[j] -= s->rho[i] * u[(p + i) * t + j];
    }
    *y = h[p + m];
    *d = h[p + m + 1];
    for (size_t i = 0; i < p && treated; i++) {
        *y -= h[i] * by[i];
        *d -= h[i] * bd[i];
    }
    for (size_t i = 0; i < m; i++) {
        *y += h[p + i] * s->sy[i];
        *d += h[p + i] * s->sd[i];
    }
}

static void evaluate(void *at, const hu_walk *walk, double *values)
{
    state *s = at;
    const moments *on = s->on;
    size_t p = on->p, m = on->m;
    follow(s, walk);
    if (!solve(s)) {
        for (size_t i = 0; i < (on->studentised ? 5 : 2); i++)
            values[i] = NAN;
        return;
    }
    values[0] = s->right[0];
    values[1] = s->right[p];
    if (!on->studentised)
        return;
    for (size_t j = 0; j < m; j++) {
        s->rho[j] = s->sy[j] = s->sd[j] = 0;
        for (size_t i = 0; i < p; i++) {
            s->sy[j] += s->r[i + j * p] * s->right[i];
            s->sd[j] += s->r[i + j * p] * s->right[p + i];
            s->rho[j] += s->r[i + j * p] * s->right[2 * p + i];
        }
    }
    values[2] = values[3] = values[4] = 0;
    for (size_t c = 0; c < on->units; c++) {
        double y, d;
        shares(s, c, walk->label[c], &y, &d);
        values[2] += y * y;
        values[3] += y * d;
        values[4] += d * d;
    }
}

/* What a row's F = [V U y d] is made of: the carriers without the arm, turned columns, residuals of y and of the arm.
 */
typedef struct sources {
    hu_fit y, d;
    double *turn; /* arm x m */
} sources;

static hu_error *sources_of(const trial_regression *on, hu_arena *scratch, sources *from, moments *about)
{
    size_t n = on->n, first = on->arm;
    const double *x = on->columns.x;
    HU_TRY(hu_least_squares(x, n, first, on->columns.y, on->w, scratch, &from->y));
    hu_give_back(scratch, from->y.residuals); /* row_of makes them anew, row by row */
    HU_TRY(hu_least_squares(x, n, first, x + on->arm * n, on->w, scratch, &from->d));
    hu_give_back(scratch, from->d.residuals);
    HU_TRY(hu_turn(&from->y, scratch, &from->turn, &about->m));
    for (size_t j = 0; j < on->carriers; j++)
        about->p += !on->fit.dropped[on->arm + j];
    return NULL;
}

static double residual(const hu_fit *fit, const double *x, double y, size_t i)
{
    for (size_t j = 0; j < fit->k; j++)
        y -= fit->dropped[j] ? 0 : fit->coefficients[j] * x[j * fit->n + i];
    return y;
}

/* F of one row. The covariates that carriers after the first stand for come just before the arm. */
static void row_of(const trial_regression *on, const sources *from, size_t m, size_t i, double *row)
{
    size_t n = on->n, first = on->arm;
    const double *x = on->columns.x;
    for (size_t j = 0; j < on->carriers; j++)
        if (!on->fit.dropped[on->arm + j])
            *row++ = j ? x[(on->arm - on->carriers + j) * n + i] : 1;
    for (size_t j = 0; j < m; j++, row++) {
        *row = 0;
        for (size_t l = 0; l < first; l++)
            *row += x[l * n + i] * from->turn[l + j * first];
    }
    *row++ = residual(&from->y, x, on->columns.y[i], i);
    *row = residual(&from->d, x, x[on->arm * n + i], i);
}

static hu_error *collect(const trial_rows *rows, const trial_regression *on, hu_arena *arena, moments *out)
{
    HU_SCRATCH(scratch);
    sources from;
    HU_TRY(sources_of(on, scratch, &from, out));
    out->units = rows->unit.levels;
    out->t = out->p + out->m + 2;
    out->unit = HU_NEW_ARRAY(arena, double, out->units * out->t * out->t);
    double *row = HU_NEW_ARRAY(scratch, double, out->t);
    for (size_t i = 0; i < on->n; i++) {
        double *u = out->unit + rows->unit.code[trial_at(on, i)] * out->t * out->t, w = on->w ? on->w[i] : 1;
        row_of(on, &from, out->m, i, row);
        for (size_t a = 0; a < out->t; a++)
            for (size_t b = 0; b < out->t; b++)
                u[a * out->t + b] += w * row[a] * row[b];
    }
    return NULL;
}

/* ---- means of units' means ---- */

typedef struct means {
    size_t units;
    const bool *known;      /* units with a value */
    const double *y, *d;    /* their means; the arm carried out */
    double total[2], count; /* over known units */
} means;

typedef struct means_state {
    const means *on;
    double y, d, treated; /* sums over treated units */
} means_state;

static void *means_start(const void *context, hu_arena *arena)
{
    means_state *s = HU_NEW(arena, means_state);
    s->on = context;
    return s;
}

static void means_add(means_state *s, size_t unit, double sign)
{
    if (!s->on->known[unit])
        return;
    s->y += sign * s->on->y[unit];
    s->d += sign * s->on->d[unit];
    s->treated += sign;
}

static void means_evaluate(void *at, const hu_walk *walk, double *values)
{
    means_state *s = at;
    const means *on = s->on;
    if (walk->fresh) {
        s->y = s->d = s->treated = 0;
        for (size_t c = 0; c < on->units; c++)
            if (walk->label[c])
                means_add(s, c, 1);
    } else if (walk->label[walk->a] != walk->label[walk->b]) {
        means_add(s, walk->a, walk->label[walk->a] ? 1 : -1);
        means_add(s, walk->b, walk->label[walk->b] ? 1 : -1);
    }
    double control = on->count - s->treated;
    values[0] = s->y / s->treated - (on->total[0] - s->y) / control;
    values[1] = s->d / s->treated - (on->total[1] - s->d) / control;
}

static void collect_means(const trial_rows *rows, const double *y, hu_arena *scratch, means *out)
{
    size_t units = rows->unit.levels;
    double *mean = HU_NEW_ARRAY(scratch, double, units), *weight = HU_NEW_ARRAY(scratch, double, units);
    double *dose = HU_NEW_ARRAY(scratch, double, units);
    bool *known = HU_NEW_ARRAY(scratch, bool, units);
    for (size_t i = 0; i < rows->n; i++)
        if (!isnan(y[i])) {
            double w = rows->w ? rows->w[i] : 1;
            mean[rows->unit.code[i]] += w * y[i];
            weight[rows->unit.code[i]] += w;
        }
    *out = (means){units, known, mean, dose, {0}, 0};
    for (size_t c = 0; c < units; c++) {
        known[c] = weight[c] > 0;
        if (!known[c])
            continue;
        mean[c] /= weight[c];
        dose[c] = rows->unit_arm[c];
        out->total[0] += mean[c];
        out->total[1] += dose[c];
        out->count++;
    }
}

/* ---- */

static hu_error *run(const trial_rows *rows, const hu_statistic *statistic, const hu_assignments *all, int threads,
                     hu_arena *arena, trial_draws *out)
{
    HU_SCRATCH(scratch);
    out->width = statistic->width;
    out->values = HU_NEW_ARRAY(arena, double, all->count * out->width);
    out->observed = HU_NEW_ARRAY(arena, double, out->width);
    hu_walk real = {.label = rows->unit_arm, .fresh = true};
    statistic->evaluate(statistic->start(statistic->context, scratch), &real, out->observed);
    return hu_assignments_evaluate(all, statistic, threads, out->values);
}

static double ratio(const double *row, size_t width)
{
    if (width < 5)
        return row[0];
    return row[2] > 0 ? row[0] / sqrt(row[2]) : row[0] == 0 ? 0 : row[0] * INFINITY;
}

/*
 * Estimates and variances that are rounding become zero: outcomes that do not vary, arms of one cluster each. `least`
 * is what rounding leaves of an outcome; the arm, moved by a constant effect, is of size 1.
 */
static void clear_rounding(double *row, size_t width, double least)
{
    if (fabs(row[0]) <= least)
        row[0] = 0;
    if (width < 5)
        return;
    bool y = row[2] <= least * least, d = row[4] <= rounding * rounding;
    row[2] = y ? 0 : row[2];
    row[3] = y || d ? 0 : row[3];
    row[4] = d ? 0 : row[4];
}

double trial_permute_cost(const trial_rows *rows, const trial_regression *on, hu_trial_statistic statistic)
{
    double m = (double)on->arm, p = (double)on->carriers, t = m + p + 2;
    if (statistic == HU_CLUSTER_MEANS)
        return 8;
    return statistic == HU_COEFFICIENT ? p * t + p * p * m : (double)rows->unit.levels * (p + m) * t;
}

bool trial_permute_fits(const trial_rows *rows, const trial_regression *on, hu_trial_statistic statistic)
{
    size_t t = on->columns.k + 2;
    return statistic == HU_CLUSTER_MEANS || rows->unit.levels <= most_moments / (t * t);
}

hu_error *trial_permute(const trial_rows *rows, const trial_regression *on, const double *y,
                        hu_trial_statistic statistic, const hu_assignments *all, int threads, hu_arena *arena,
                        trial_draws *out)
{
    hu_blas_single();
    HU_SCRATCH(scratch);
    moments sums = {.studentised = statistic == HU_STUDENTISED};
    means of_units;
    hu_statistic how = {&sums, sums.studentised ? 5 : 2, start, evaluate};
    if (statistic == HU_CLUSTER_MEANS) {
        collect_means(rows, y, scratch, &of_units);
        how = (hu_statistic){&of_units, 2, means_start, means_evaluate};
    } else {
        if (!trial_permute_fits(rows, on, statistic))
            return hu_fail(HU_LIMIT,
                           "%zu units times %zu strata and covariates are too many for a permuted regression: "
                           "--statistic cluster_means takes any number",
                           rows->unit.levels, on->columns.k);
        HU_TRY(collect(rows, on, scratch, &sums));
    }
    HU_TRY(run(rows, &how, all, threads, arena, out));
    out->statistic = HU_NEW_ARRAY(arena, double, all->count);
    double least = 0;
    for (size_t i = 0; i < rows->n; i++)
        least = fmax(least, rounding * fabs(y[i])); /* which passes over what is missing */
    clear_rounding(out->observed, out->width, least);
    for (uint64_t i = 0; i < all->count; i++) {
        clear_rounding(out->values + i * out->width, out->width, least);
        out->statistic[i] = ratio(out->values + i * out->width, out->width);
    }
    out->seen = ratio(out->observed, out->width);
    return NULL;
}
