/* Were the arms alike before? Normalised differences, and one randomization test of all covariates together. */

#include "trial_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <math.h>
#include <string.h>

static const double rounding = 1e-13; /* a spread below this share of the mean is none: the covariate is constant */

static void describe(const trial_rows *rows, const double *x, hu_balance_row *out)
{
    double weight[2] = {0}, square[2] = {0};
    size_t count[2] = {0};
    for (size_t i = 0; i < rows->n; i++) {
        int arm = rows->z[i];
        double w = rows->w ? rows->w[i] : 1;
        weight[arm] += w;
        count[arm]++;
        out->mean[arm] += w * x[i];
    }
    for (int arm = 0; arm < 2; arm++)
        out->mean[arm] /= weight[arm];
    for (size_t i = 0; i < rows->n; i++) {
        int arm = rows->z[i];
        square[arm] += (rows->w ? rows->w[i] : 1) * pow(x[i] - out->mean[arm], 2);
    }
    for (int arm = 0; arm < 2; arm++) {
        double n = (double)count[arm];
        out->sd[arm] = n > 1 ? sqrt(square[arm] / weight[arm] * n / (n - 1)) : NAN;
        if (out->sd[arm] <= rounding * fabs(out->mean[arm]))
            out->sd[arm] = 0;
    }
    out->normalised = out->sd[0] == 0 && out->sd[1] == 0
                          ? NAN
                          : (out->mean[1] - out->mean[0]) / sqrt((pow(out->sd[0], 2) + pow(out->sd[1], 2)) / 2);
}

/* Sums over units: of each covariate and of the weights; and the metric, the inverse of the covariance of rows. */
typedef struct distance {
    size_t units, k;
    double *sum;    /* units x (k + 1); the last is the weight */
    double *total;  /* k + 1 */
    double *metric; /* k x k */
} distance;

typedef struct distance_state {
    const distance *on;
    double *treated, *difference; /* k + 1; k */
} distance_state;

static void *distance_start(const void *context, hu_arena *arena)
{
    const distance *on = context;
    distance_state *s = HU_NEW(arena, distance_state);
    *s = (distance_state){on, HU_NEW_ARRAY(arena, double, on->k + 1), HU_NEW_ARRAY(arena, double, on->k + 1)};
    return s;
}

static void move(distance_state *s, size_t unit, double sign)
{
    for (size_t j = 0; j <= s->on->k; j++)
        s->treated[j] += sign * s->on->sum[unit * (s->on->k + 1) + j];
}

static void distance_evaluate(void *at, const hu_walk *walk, double *value)
{
    distance_state *s = at;
    size_t k = s->on->k;
    if (walk->fresh) {
        memset(s->treated, 0, (k + 1) * sizeof *s->treated);
        for (size_t c = 0; c < s->on->units; c++)
            if (walk->label[c])
                move(s, c, 1);
    } else if (walk->label[walk->a] != walk->label[walk->b]) {
        move(s, walk->a, walk->label[walk->a] ? 1 : -1);
        move(s, walk->b, walk->label[walk->b] ? 1 : -1);
    }
    for (size_t j = 0; j < k; j++)
        s->difference[j] =
            s->treated[j] / s->treated[k] - (s->on->total[j] - s->treated[j]) / (s->on->total[k] - s->treated[k]);
    *value = 0;
    for (size_t j = 0; j < k; j++)
        for (size_t i = 0; i < k; i++)
            *value += s->difference[i] * s->on->metric[i + j * k] * s->difference[j];
}

/* Covariates of rows, each less its mean and over its spread, in sums; false where they are collinear. */
static bool set_metric(const trial_rows *rows, distance *d, hu_arena *scratch)
{
    size_t k = d->k, n = rows->n;
    double *x = HU_NEW_ARRAY(scratch, double, k + 1), *means = HU_NEW_ARRAY(scratch, double, k + 1);
    double *spread = HU_NEW_ARRAY(scratch, double, k + 1), weight = 0;
    for (size_t i = 0; i < n; i++)
        weight += rows->w ? rows->w[i] : 1;
    for (size_t j = 0; j < k; j++) {
        double mean = 0, square = 0;
        for (size_t i = 0; i < n; i++)
            mean += (rows->w ? rows->w[i] : 1) * trial_covariate(rows, j, i) / weight;
        for (size_t i = 0; i < n; i++)
            square += (rows->w ? rows->w[i] : 1) * pow(trial_covariate(rows, j, i) - mean, 2) / weight;
        if (!(sqrt(square) > rounding * fabs(mean)))
            return false;
        means[j] = mean;
        spread[j] = sqrt(square);
    }
    for (size_t i = 0; i < n; i++) {
        double w = rows->w ? rows->w[i] : 1, *unit = d->sum + rows->unit.code[i] * (k + 1);
        for (size_t j = 0; j < k; j++)
            x[j] = (trial_covariate(rows, j, i) - means[j]) / spread[j];
        for (size_t j = 0; j < k; j++) {
            unit[j] += w * x[j];
            for (size_t l = 0; l < k; l++)
                d->metric[l + j * k] += w * x[l] * x[j] / weight;
        }
        unit[k] += w;
    }
    for (size_t c = 0; c < d->units; c++)
        for (size_t j = 0; j <= k; j++)
            d->total[j] += d->sum[c * (k + 1) + j];
    return hu_rcond(d->metric, k) > 1e-12 && hu_invert_positive(d->metric, k, d->metric);
}

static hu_error *joint_test(const trial_rows *rows, const hu_assignments *all, int threads, hu_arena *arena,
                            hu_trial *trial)
{
    HU_SCRATCH(scratch);
    size_t k = rows->k, units = rows->unit.levels;
    distance d = {units, k, HU_NEW_ARRAY(scratch, double, units *(k + 1)), HU_NEW_ARRAY(scratch, double, k + 1),
                  HU_NEW_ARRAY(scratch, double, k *k)};
    if (!set_metric(rows, &d, scratch)) {
        trial_note(trial, arena, "no joint test of balance: a covariate is constant or a combination of others");
        return NULL;
    }
    hu_statistic statistic = {&d, 1, distance_start, distance_evaluate};
    double *values = HU_NEW_ARRAY(scratch, double, all->count), observed;
    hu_walk real = {.label = rows->unit_arm, .fresh = true};
    distance_evaluate(distance_start(&d, scratch), &real, &observed);
    HU_TRY(hu_assignments_evaluate(all, &statistic, threads, values));
    trial->joint_balance = HU_NEW(arena, hu_fisher);
    *trial->joint_balance = hu_fisher_test(all, values, 1, observed);
    return NULL;
}

hu_error *trial_balance(const trial_rows *rows, hu_trial_se se, const hu_assignments *all, int threads, hu_arena *arena,
                        hu_trial *trial)
{
    trial->n_balance = rows->k;
    trial->balance = HU_NEW_ARRAY(arena, hu_balance_row, rows->k + 1);
    for (size_t j = 0; j < rows->k; j++) {
        HU_SCRATCH(scratch);
        hu_balance_row *row = &trial->balance[j];
        trial_regression on;
        double *x = HU_NEW_ARRAY(scratch, double, rows->n + 1);
        for (size_t i = 0; i < rows->n; i++)
            x[i] = trial_covariate(rows, j, i);
        row->covariate = rows->names->covariates[j];
        describe(rows, x, row);
        HU_TRY(hu_wrap(trial_regress(rows, x, HU_UNADJUSTED, se, scratch, &on), "%s", row->covariate));
        row->difference = on.estimate;
        row->se = on.se;
        row->p = hu_t_two_sided(on.estimate / on.se, on.df);
    }
    return rows->k && all ? joint_test(rows, all, threads, arena, trial) : NULL;
}
