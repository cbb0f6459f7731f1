/* The two-parameter logistic model by marginal maximum likelihood. */

#include "huella/measures/items.h"

#include "huella/numerics/quadrature.h"
#include "huella/numerics/sums.h"
#include "huella/numerics/symmetric.h"

#include <math.h>
#include <string.h>

enum { NODES = 61, STEPS = 20000, NEWTON = 50, HALVINGS = 33 };
static const double settled = 1e-8;
static const double largest_slope = 50; /* beyond, an item tells the two halves of persons apart without error */

typedef struct irt {
    const double *x;
    size_t n, k, nodes;
    hu_irt_options options;
    bool *used;
    double *node, *weight;
    double *a, *d;         /* k */
    double *log_p, *log_q; /* k x nodes: of a right answer, of a wrong one */
    double *posterior;     /* nodes: of the person at hand */
    double *right, *all;   /* k x nodes: expected right answers and answers at each node */
} irt;

static double log1pexp(double v) /* log(1 + exp(v)) */
{
    return v > 0 ? v + log1p(exp(-v)) : log1p(exp(v));
}

static void set_curves(irt *m)
{
    for (size_t j = 0; j < m->k; j++)
        for (size_t q = 0; q < m->nodes; q++) {
            double e = m->a[j] * m->node[q] + m->d[j];
            m->log_p[j * m->nodes + q] = -log1pexp(-e);
            m->log_q[j * m->nodes + q] = -log1pexp(e);
        }
}

/* The person's posterior over nodes; returns the log of the marginal likelihood, NaN for one without an answer. */
static double person(irt *m, size_t i)
{
    bool answered = false;
    double most = -INFINITY, sum = 0;
    for (size_t q = 0; q < m->nodes; q++)
        m->posterior[q] = log(m->weight[q]);
    for (size_t j = 0; j < m->k; j++) {
        double v = m->x[j * m->n + i];
        if (!m->used[j] || isnan(v))
            continue;
        const double *curve = (v == 1 ? m->log_p : m->log_q) + j * m->nodes;
        answered = true;
        for (size_t q = 0; q < m->nodes; q++)
            m->posterior[q] += curve[q];
    }
    if (!answered)
        return NAN;
    for (size_t q = 0; q < m->nodes; q++)
        most = fmax(most, m->posterior[q]);
    for (size_t q = 0; q < m->nodes; q++) {
        m->posterior[q] = exp(m->posterior[q] - most);
        sum += m->posterior[q];
    }
    for (size_t q = 0; q < m->nodes; q++)
        m->posterior[q] /= sum;
    return most + log(sum);
}

static double expect(irt *m)
{
    hu_sum total = {0};
    set_curves(m);
    memset(m->right, 0, m->k * m->nodes * sizeof *m->right);
    memset(m->all, 0, m->k * m->nodes * sizeof *m->all);
    for (size_t i = 0; i < m->n; i++) {
        double likelihood = person(m, i);
        if (isnan(likelihood))
            continue;
        hu_sum_add(&total, likelihood);
        for (size_t j = 0; j < m->k; j++) {
            double v = m->x[j * m->n + i];
            if (!m->used[j] || isnan(v))
                continue;
            for (size_t q = 0; q < m->nodes; q++) {
                m->all[j * m->nodes + q] += m->posterior[q];
                m->right[j * m->nodes + q] += v * m->posterior[q];
            }
        }
    }
    return hu_sum_value(&total);
}

/* The penalty of the log-normal prior on a slope, and its derivatives. */
static double penalty(const irt *m, double a, double *first, double *second)
{
    double s = m->options.prior * m->options.prior, l = log(a);
    *first = *second = 0;
    if (s == 0)
        return 0;
    *first = -l / (a * s);
    *second = (l - 1) / (a * a * s);
    return -l * l / (2 * s);
}

typedef struct slopes {
    double value, a, d, aa, ad, dd; /* expected log-likelihood of an item, its derivatives */
} slopes;

static slopes derive(const irt *m, size_t j, double a, double d)
{
    slopes g = {0};
    for (size_t q = 0; q < m->nodes; q++) {
        double t = m->node[q], e = a * t + d, p = 1 / (1 + exp(-e));
        double n = m->all[j * m->nodes + q], r = m->right[j * m->nodes + q], v = n * p * (1 - p);
        g.value += r * e - n * log1pexp(e);
        g.d += r - n * p;
        g.a += (r - n * p) * t;
        g.dd -= v;
        g.ad -= v * t;
        g.aa -= v * t * t;
    }
    return g;
}

/* Maximises an item's expected log-likelihood by Newton's steps, halved where they lead down. */
static void maximise_item(irt *m, size_t j)
{
    for (int i = 0; i < NEWTON; i++) {
        slopes g = derive(m, j, m->a[j], m->d[j]);
        double first, second, value = g.value + penalty(m, m->a[j], &first, &second);
        g.a += first;
        g.aa += fmin(second, 0); /* which keeps the step uphill */
        double det = g.aa * g.dd - g.ad * g.ad;
        if (!(det > 0))
            return;
        double step_a = -(g.dd * g.a - g.ad * g.d) / det, step_d = -(g.aa * g.d - g.ad * g.a) / det, part = 1;
        for (int halved = 0; halved < HALVINGS; halved++, part /= 2) {
            double a = m->a[j] + part * step_a, d = m->d[j] + part * step_d;
            if (m->options.prior > 0 && !(a > 0))
                continue;
            if (derive(m, j, a, d).value + penalty(m, a, &first, &second) >= value)
                break;
        }
        m->a[j] += part * step_a;
        m->d[j] += part * step_d;
        if (fabs(part * step_a) + fabs(part * step_d) < 1e-12)
            return;
    }
}

/* With one slope for all: Newton in it and every item's d at once; the matrix is diagonal but for one row. */
static void maximise_rasch(irt *m)
{
    for (int i = 0; i < NEWTON; i++) {
        double slope = 0, curve = 0, moved = 0, first, second, a = 1;
        for (size_t j = 0; j < m->k; j++)
            if (m->used[j])
                a = m->a[j];
        penalty(m, a, &first, &second);
        slope += first;
        curve += fmin(second, 0);
        for (size_t j = 0; j < m->k; j++) {
            if (!m->used[j])
                continue;
            slopes g = derive(m, j, a, m->d[j]);
            slope += g.a - g.ad * g.d / g.dd;
            curve += g.aa - g.ad * g.ad / g.dd;
        }
        double step = fmin(fmax(-slope / curve, -0.5), 0.5);
        for (size_t j = 0; j < m->k; j++) {
            if (!m->used[j])
                continue;
            slopes g = derive(m, j, a, m->d[j]);
            double step_d = -(g.d + g.ad * step) / g.dd;
            m->d[j] += fmin(fmax(step_d, -1), 1);
            m->a[j] = a + step;
            moved = fmax(moved, fabs(step_d));
        }
        if (fabs(step) + moved < 1e-12)
            return;
    }
}

static double maximise(irt *m, const double *old_a, const double *old_d)
{
    double moved = 0;
    if (m->options.rasch)
        maximise_rasch(m);
    for (size_t j = 0; j < m->k; j++) {
        if (!m->used[j])
            continue;
        if (!m->options.rasch)
            maximise_item(m, j);
        moved = fmax(moved, fmax(fabs(m->a[j] - old_a[j]), fabs(m->d[j] - old_d[j])));
    }
    return moved;
}

static hu_error *run_em(irt *m, hu_arena *scratch, hu_irt *out)
{
    double *a = HU_NEW_ARRAY(scratch, double, m->k), *d = HU_NEW_ARRAY(scratch, double, m->k);
    double tolerance = m->options.tolerance > 0 ? m->options.tolerance : settled;
    size_t steps = m->options.iterations ? m->options.iterations : STEPS;
    for (out->iterations = 1; out->iterations <= steps; out->iterations++) {
        memcpy(a, m->a, m->k * sizeof *a);
        memcpy(d, m->d, m->k * sizeof *d);
        expect(m);
        double moved = maximise(m, a, d);
        for (size_t j = 0; j < m->k; j++)
            if (fabs(m->a[j]) > largest_slope)
                return hu_fail(HU_LIMIT,
                               "item %zu tells persons apart without error, so that its slope has no end: a "
                               "prior (or one slope for all items) keeps it finite",
                               j + 1);
        if (moved < tolerance)
            return NULL;
    }
    return hu_fail(HU_LIMIT, "the items' parameters have not settled after %zu steps", steps);
}

static void turn_round(irt *m) /* ability is what most items go up with */
{
    double sum = 0;
    for (size_t j = 0; j < m->k; j++)
        sum += m->used[j] ? m->a[j] : 0;
    for (size_t j = 0; j < m->k && sum < 0; j++)
        m->a[j] = -m->a[j];
}

/* Scores of persons, and the outer products of their gradients in the parameters. */
static void score_persons(irt *m, hu_irt *out, double *information, double *gradient, size_t p)
{
    hu_sum mean = {0}, square = {0}, noise = {0};
    for (size_t i = 0; i < m->n; i++) {
        out->score[i] = out->se[i] = NAN;
        if (isnan(person(m, i)))
            continue;
        double t = 0, tt = 0;
        memset(gradient, 0, p * sizeof *gradient);
        for (size_t q = 0; q < m->nodes; q++) {
            t += m->posterior[q] * m->node[q];
            tt += m->posterior[q] * m->node[q] * m->node[q];
        }
        for (size_t j = 0, at = 0; j < m->k; j++) {
            double v = m->x[j * m->n + i], da = 0, dd = 0;
            for (size_t q = 0; q < m->nodes && m->used[j] && !isnan(v); q++) {
                double e = m->posterior[q] * (v - exp(m->log_p[j * m->nodes + q]));
                da += e * m->node[q];
                dd += e;
            }
            if (!m->used[j])
                continue;
            gradient[m->options.rasch ? 0 : 2 * at] += da;
            gradient[m->options.rasch ? 1 + at : 2 * at + 1] = dd;
            at++;
        }
        for (size_t r = 0; r < p * p; r++)
            information[r] += gradient[r / p] * gradient[r % p];
        out->score[i] = t;
        out->se[i] = sqrt(fmax(tt - t * t, 0));
        out->persons++;
        hu_sum_add(&mean, t);
        hu_sum_add(&square, t * t);
        hu_sum_add(&noise, tt - t * t);
    }
    double n = (double)out->persons, between = hu_sum_value(&square) / n - pow(hu_sum_value(&mean) / n, 2);
    out->reliability = between / (between + hu_sum_value(&noise) / n);
}

static void report(irt *m, hu_irt *out, hu_arena *scratch)
{
    size_t used = 0;
    for (size_t j = 0; j < m->k; j++)
        used += m->used[j];
    size_t p = out->parameters = m->options.rasch ? used + 1 : 2 * used;
    double *information = HU_NEW_ARRAY(scratch, double, p *p), *gradient = HU_NEW_ARRAY(scratch, double, p);
    turn_round(m);
    out->log_likelihood = expect(m);
    score_persons(m, out, information, gradient, p);
    bool inverted = hu_invert_positive(information, p, information);
    for (size_t j = 0, at = 0; j < m->k; j++) {
        hu_irt_item *item = &out->items[j];
        *item = (hu_irt_item){m->used[j], NAN, NAN, NAN, NAN, NAN};
        if (!m->used[j])
            continue;
        size_t ia = m->options.rasch ? 0 : 2 * at, id = m->options.rasch ? 1 + at : 2 * at + 1;
        item->a = m->a[j];
        item->d = m->d[j];
        item->difficulty = -m->d[j] / m->a[j];
        item->a_se = inverted ? sqrt(information[ia * (p + 1)]) : NAN;
        item->d_se = inverted ? sqrt(information[id * (p + 1)]) : NAN;
        at++;
    }
}

static hu_error *start(irt *m)
{
    size_t used = 0;
    for (size_t j = 0; j < m->k; j++) {
        double right = 0, answers = 0;
        for (size_t i = 0; i < m->n; i++) {
            double v = m->x[j * m->n + i];
            if (!isnan(v) && v != 0 && v != 1)
                return hu_fail(HU_BAD_INPUT, "item %zu, person %zu: %g is not 0 (wrong) or 1 (right)", j + 1, i + 1, v);
            right += v == 1;
            answers += !isnan(v);
        }
        m->used[j] = right > 0 && right < answers;
        used += m->used[j];
        m->a[j] = 1;
        m->d[j] = m->used[j] ? log(right / (answers - right)) : 0;
    }
    if (used < 3)
        return hu_fail(HU_EMPTY, "%zu items with right and wrong answers: item response scores need three or more",
                       used);
    return NULL;
}

hu_error *hu_irt_fit(const double *x, size_t n, size_t k, const hu_irt_options *options, hu_arena *arena, hu_irt *out)
{
    HU_SCRATCH(scratch);
    size_t nodes = options->nodes ? options->nodes : NODES;
    irt m = {.x = x,
             .n = n,
             .k = k,
             .nodes = nodes,
             .options = *options,
             .used = HU_NEW_ARRAY(scratch, bool, k),
             .node = HU_NEW_ARRAY(scratch, double, nodes),
             .weight = HU_NEW_ARRAY(scratch, double, nodes),
             .a = HU_NEW_ARRAY(scratch, double, k),
             .d = HU_NEW_ARRAY(scratch, double, k),
             .log_p = HU_NEW_ARRAY(scratch, double, k *nodes),
             .log_q = HU_NEW_ARRAY(scratch, double, k *nodes),
             .posterior = HU_NEW_ARRAY(scratch, double, nodes),
             .right = HU_NEW_ARRAY(scratch, double, k *nodes),
             .all = HU_NEW_ARRAY(scratch, double, k *nodes)};
    *out = (hu_irt){.items = HU_NEW_ARRAY(arena, hu_irt_item, k),
                    .score = HU_NEW_ARRAY(arena, double, n),
                    .se = HU_NEW_ARRAY(arena, double, n)};
    HU_TRY(start(&m));
    HU_TRY(hu_normal_quadrature(nodes, m.node, m.weight));
    HU_TRY(run_em(&m, scratch, out));
    report(&m, out, scratch);
    return NULL;
}
