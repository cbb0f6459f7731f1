/* The estimate under the assignment that was carried out, with its errors. */

#include "rollout_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <math.h>

/* Covariances within a cohort of what its weights make of each unit's series, and of outcomes before anybody is
 * treated.
 */
typedef struct spread {
    double tt, tx, xx, freedom;
    double *m;  /* early: covariance of theta_g with each early period */
    double *mm; /* early x early */
} spread;

typedef struct workspace {
    const rollout *r;
    const rollout_weights *w;
    size_t early;     /* periods before anybody is treated */
    double *mean;     /* cohorts x periods */
    uint32_t *member; /* units in order of cohort */
    size_t *start;    /* cohorts + 1 */
} workspace;

static void workspace_build(const rollout *r, const rollout_weights *w, hu_arena *arena, workspace *s)
{
    const did_panel *p = &r->panel;
    *s = (workspace){.r = r, .w = w, .early = r->from[0]};
    s->mean = HU_NEW_ARRAY(arena, double, p->cohorts * p->periods);
    s->member = HU_NEW_ARRAY(arena, uint32_t, p->units);
    s->start = HU_NEW_ARRAY(arena, size_t, p->cohorts + 1);
    size_t *next = HU_NEW_ARRAY(arena, size_t, p->cohorts + 1);
    for (size_t g = 0; g < p->cohorts; g++)
        next[g + 1] = s->start[g + 1] = s->start[g] + p->size[g];
    for (size_t u = 0; u < p->units; u++) {
        size_t g = p->cohort_of[u];
        s->member[next[g]++] = (uint32_t)u;
        for (size_t t = 0; t < p->periods; t++)
            s->mean[g * p->periods + t] += p->y[u * p->periods + t] / (double)p->size[g];
    }
}

/* Covariances within cohort `lender` of what the weights of cohort g make of a unit's series. */
static void spread_of(const workspace *s, size_t g, size_t lender, bool early, spread *v)
{
    const did_panel *p = &s->r->panel;
    const double *mean = s->mean + lender * p->periods, *theta = s->w->theta + g * p->periods,
                 *pre = s->w->pre + g * p->periods;
    double *m = v->m, *mm = v->mm, n = (double)p->size[lender] - 1;
    *v = (spread){.m = m, .mm = mm};
    for (size_t i = 0; early && i < s->early * (s->early + 1); i++)
        i < s->early ? (m[i] = 0) : (mm[i - s->early] = 0);
    for (size_t i = s->start[lender]; i < s->start[lender + 1]; i++) {
        const double *y = p->y + s->member[i] * p->periods;
        double a = 0, b = 0;
        for (size_t t = 0; t < p->periods; t++) {
            a += theta[t] * (y[t] - mean[t]);
            b += pre[t] * (y[t] - mean[t]);
        }
        v->tt += a * a / n;
        v->tx += a * b / n;
        v->xx += b * b / n;
        for (size_t t = 0; early && t < s->early; t++) {
            double d = (y[t] - mean[t]) / n;
            m[t] += a * d;
            for (size_t q = 0; q <= t; q++)
                mm[t * s->early + q] += d * (y[q] - mean[q]);
        }
    }
    for (size_t t = 0; early && t < s->early; t++)
        for (size_t q = 0; q < t; q++)
            mm[q * s->early + t] = mm[t * s->early + q];
}

/* Whose covariance a cohort of one unit borrows: that under which its variance is largest. */
static size_t lender(const workspace *s, size_t g)
{
    const did_panel *p = &s->r->panel;
    if (p->size[g] > 1)
        return g;
    size_t best = p->cohorts;
    double most = -1;
    for (size_t c = 0; c < p->cohorts; c++) {
        spread v = {0};
        if (p->size[c] < 2)
            continue;
        spread_of(s, g, c, false, &v);
        if (v.tt > most) {
            most = v.tt;
            best = c;
        }
    }
    return best;
}

/*
 * Section 2.5: with b_g the regression of A_g Y on outcomes before anybody is treated, the refined variance is less by
 * (sum_g b_g)' S_early (sum_g b_g) / N, S_early being their covariance, the mean over cohorts.
 */
typedef struct refinement {
    double *b, *mm; /* early; early x early */
} refinement;

static void refine(const workspace *s, const spread *v, hu_arena *arena, refinement *sum)
{
    size_t k = s->early;
    double *b = HU_NEW_ARRAY(arena, double, k);
    for (size_t t = 0; t < k; t++)
        b[t] = v->m[t];
    hu_solve_semidefinite(v->mm, k, b);
    for (size_t t = 0; t < k; t++)
        sum->b[t] += b[t];
    for (size_t i = 0; i < k * k; i++)
        sum->mm[i] += v->mm[i] / (double)s->r->panel.cohorts;
}

static double gain(const workspace *s, const refinement *sum)
{
    double gain = 0;
    for (size_t t = 0; t < s->early; t++)
        for (size_t q = 0; q < s->early; q++)
            gain += sum->b[t] * sum->mm[t * s->early + q] * sum->b[q];
    return gain / (double)s->r->panel.units;
}

/* theta and x of the cohorts' means; false when no cohort has two units, so that there is no variance. */
static bool observed(const workspace *s, hu_arena *arena, rollout_moments *m, spread *parts, double *adjustment)
{
    const did_panel *p = &s->r->panel;
    size_t k = s->early;
    refinement sum = {HU_NEW_ARRAY(arena, double, k), HU_NEW_ARRAY(arena, double, k *k)};
    spread v = {.m = HU_NEW_ARRAY(arena, double, k), .mm = HU_NEW_ARRAY(arena, double, k *k)};
    bool known = true;
    for (size_t g = 0; g < p->cohorts; g++) {
        for (size_t t = 0; t < p->periods; t++) {
            m->theta[0] += s->w->theta[g * p->periods + t] * s->mean[g * p->periods + t];
            m->x[0] += s->w->pre[g * p->periods + t] * s->mean[g * p->periods + t];
        }
        size_t from = lender(s, g);
        known = from < p->cohorts;
        if (!known)
            continue;
        spread_of(s, g, from, true, &v);
        parts[g] = (spread){.tt = v.tt / (double)p->size[g],
                            .tx = v.tx / (double)p->size[g],
                            .xx = v.xx / (double)p->size[g],
                            .freedom = (double)p->size[from] - 1};
        m->tt[0] += v.tt / (double)p->size[g];
        m->tx[0] += v.tx / (double)p->size[g];
        m->xx[0] += v.xx / (double)p->size[g];
        refine(s, &v, arena, &sum);
    }
    *adjustment = gain(s, &sum);
    return known;
}

/*
 * Degrees of freedom of Neyman's variance, a sum over cohorts of variances estimated apart (Welch 1947, Biometrika
 * 34(1); Satterthwaite 1946; for two arms Imbens & Kolesar 2016, REStat 98(4)): (sum V_g)^2 / sum V_g^2 / (N_g - 1).
 */
static double degrees(const spread *parts, size_t cohorts, double beta)
{
    double sum = 0, squares = 0;
    for (size_t g = 0; g < cohorts; g++) {
        double v = parts[g].tt - 2 * beta * parts[g].tx + beta * beta * parts[g].xx;
        sum += v;
        squares += parts[g].freedom > 0 ? v * v / parts[g].freedom : 0;
    }
    return sum * sum / squares;
}

/* The effect one period before treatment is what the adjustment takes out: zero by construction. */
static bool is_reference(const rollout *r, const rollout_weights *w)
{
    if (!(w->at < 0))
        return false;
    for (size_t i = 0; i < r->panel.cohorts * r->panel.periods; i++)
        if (w->theta[i] != w->pre[i])
            return false;
    return true;
}

/* An error below this is rounding. */
static double rounding(const did_panel *p)
{
    double largest = 0;
    for (size_t i = 0; i < p->units * p->periods; i++)
        largest = fmax(largest, fabs(p->y[i]));
    return 1e-13 * largest;
}

hu_error *rollout_estimate(rollout *r, const rollout_weights *w, hu_rollout_estimate *e)
{
    HU_SCRATCH(scratch);
    workspace s;
    workspace_build(r, w, scratch, &s);
    rollout_moments m = {0};
    double adjustment, least = rounding(&r->panel), level = r->options->level > 0 ? r->options->level : 0.95;
    spread *parts = HU_NEW_ARRAY(scratch, spread, r->panel.cohorts);
    bool known = observed(&s, scratch, &m, parts, &adjustment);
    e->at = w->at;
    e->reference = is_reference(r, w) && r->options->beta != HU_BETA_NUMBER;
    if (r->options->beta == HU_BETA_EFFICIENT && !known)
        return hu_fail(HU_SINGULAR, "every cohort has one unit only, so the efficient adjustment cannot be estimated: "
                                    "--beta did takes differences in differences, and --permutations tests them");
    if (r->options->beta == HU_BETA_EFFICIENT && !e->reference && !(m.xx[0] > least * least))
        return hu_fail(HU_SINGULAR, "the outcome does not vary before treatment, so there is nothing to adjust by: "
                                    "--beta 0 compares means");
    rollout_value v = rollout_at(r->options, &m, 0);
    e->effect = (hu_effect){NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    e->beta = e->reference ? 1 : v.beta;
    e->effect.estimate = e->reference ? 0 : v.estimate;
    e->se_neyman = e->df = NAN;
    if (known && !e->reference) {
        e->se_neyman = sqrt(fmax(v.variance, 0));
        e->effect.se = sqrt(fmax(v.variance - adjustment, 0));
        if (!(e->se_neyman > least))
            e->se_neyman = NAN;
        if (!(e->effect.se > least))
            e->effect.se = NAN;
        e->df = INFINITY;
        double error = e->effect.se, critical = hu_normal_quantile(0.5 + level / 2);
        if (r->panel.units < HU_FEW_CLUSTERS) {
            error = e->se_neyman;
            e->df = degrees(parts, r->panel.cohorts, v.beta);
            critical = hu_t_quantile(0.5 + level / 2, e->df);
        }
        e->effect.lower = v.estimate - critical * error;
        e->effect.upper = v.estimate + critical * error;
        e->effect.p =
            isfinite(e->df) ? hu_t_two_sided(v.estimate / error, e->df) : hu_normal_two_sided(v.estimate / error);
    }
    return NULL;
}
