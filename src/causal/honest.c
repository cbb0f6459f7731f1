/* Sensitivity to parallel trends: confidence sets over M, and the M at which a conclusion falls. */

#include "huella/causal/honest.h"

#include "honest_parts.h"

#include "huella/base/parallel.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

/* ---- what was asked ---- */

static const char *method_name(hu_honest_method method)
{
    static const char *const names[] = {
        [HU_HONEST_FLCI] = "interval of fixed length (FLCI)",
        [HU_HONEST_CONDITIONAL] = "conditional test",
        [HU_HONEST_C_LF] = "conditional test, least favourable hybrid (C-LF)",
        [HU_HONEST_C_FLCI] = "conditional test, fixed-length hybrid (C-F)",
    };
    return names[method];
}

/* A covariance has no negative eigenvalue, but for the digits that it was written with. */
static hu_error *check_eigenvalues(const hu_trends *t, double largest)
{
    HU_SCRATCH(scratch);
    size_t n = t->pre + t->post;
    double *copy = HU_NEW_ARRAY(scratch, double, n *n), *value = HU_NEW_ARRAY(scratch, double, n);
    memcpy(copy, t->sigma, n * n * sizeof *copy);
    hu_blas_single();
    if (LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'L', (lapack_int)n, copy, (lapack_int)n, value) == 0 &&
        value[0] < -1e-5 * largest)
        return hu_fail(HU_BAD_INPUT,
                       "the covariance of the effects is none: a sum of them would have the variance %g; expected a "
                       "positive semidefinite matrix",
                       value[0]);
    return NULL;
}

static hu_error *check_trends(const hu_trends *t)
{
    size_t n = t->pre + t->post;
    if (t->pre == 0 || t->post == 0)
        return hu_fail(HU_USAGE,
                       "%zu periods before the reference period and %zu after it: expected at least one of "
                       "each",
                       t->pre, t->post);
    if (n > HU_TRENDS_PERIODS)
        return hu_fail(HU_LIMIT, "%zu periods: at most %d; restrict the event times", n, HU_TRENDS_PERIODS);
    double largest = 0;
    for (size_t j = 0; j < n; j++)
        largest = fmax(largest, t->sigma[j * (n + 1)]);
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++) {
            double a = t->sigma[i + j * n], b = t->sigma[j + i * n];
            if (!isfinite(a) || !isfinite(t->beta[j]))
                return hu_fail(HU_BAD_INPUT, "an estimate or covariance of period %zu is not a finite number", j + 1);
            if (fabs(a - b) > 1e-8 * largest || (i == j && a < 0))
                return hu_fail(HU_BAD_INPUT,
                               "the covariance of periods %zu and %zu (%g, %g) is none: expected a "
                               "symmetric matrix with no negative variance",
                               i + 1, j + 1, a, b);
        }
    for (size_t j = 0; j < t->post; j++)
        if (t->weight[j] != 0)
            return check_eigenvalues(t, largest);
    return hu_fail(HU_USAGE, "every effect has weight zero: nothing is estimated");
}

/* Fills in defaults and refuses what does not go together. */
static hu_error *resolve(const hu_trends *t, const hu_honest_options *given, hu_honest_options *o)
{
    *o = *given;
    HU_TRY(check_trends(t));
    if (o->level == 0)
        o->level = 0.95;
    if (!(o->level > 0 && o->level < 1))
        return hu_fail(HU_USAGE, "a level of %g: expected a share between 0 and 1, like 0.95", o->level);
    bool smooth = o->restriction == HU_SMOOTHNESS;
    if (o->method == HU_HONEST_DEFAULT)
        o->method = !smooth ? HU_HONEST_C_LF : o->shape == HU_ANY_SHAPE ? HU_HONEST_FLCI : HU_HONEST_C_FLCI;
    if (o->method == HU_HONEST_FLCI && o->shape != HU_ANY_SHAPE)
        return hu_fail(HU_USAGE,
                       "an interval of fixed length does not use a shape of trends: take a conditional method");
    if ((o->method == HU_HONEST_FLCI || o->method == HU_HONEST_C_FLCI) && !smooth)
        return hu_fail(HU_USAGE, "intervals of fixed length need smoothness: relative magnitudes take the conditional "
                                 "methods");
    if (o->restriction == HU_RELATIVE_LINEAR && t->pre < 2)
        return hu_fail(HU_USAGE, "deviations from a linear trend need two periods before the reference period");
    return NULL;
}

/* ---- sets by walking inwards ---- */

typedef struct walk {
    honest_test *test;
    double step;
} walk;

/* From `from`, which is rejected, to the first theta that is accepted, before `to`; NaN = none. */
static hu_error *first_accepted(const walk *w, double from, double to, double *found)
{
    double step = copysign(w->step, to - from), last = from;
    *found = NAN;
    for (double theta = from + step; (to - theta) * step >= 0; last = theta, theta += step) {
        bool accepts;
        HU_TRY(honest_test_accepts(w->test, theta, &accepts));
        if (!accepts)
            continue;
        double out = last, in = theta;
        for (int i = 0; i < 40 && fabs(in - out) > 1e-7 * w->step; i++) {
            double middle = (in + out) / 2;
            HU_TRY(honest_test_accepts(w->test, middle, &accepts));
            *(accepts ? &in : &out) = middle;
        }
        *found = in;
        return NULL;
    }
    return NULL;
}

/* Pushes a bound outwards until it is rejected; infinite when it never is. */
static hu_error *push_out(const walk *w, double centre, double *bound)
{
    for (int doubling = 0; doubling < 12; doubling++) {
        bool accepts;
        HU_TRY(honest_test_accepts(w->test, *bound, &accepts));
        if (!accepts)
            return NULL;
        *bound = centre + 2 * (*bound - centre);
    }
    *bound = copysign(INFINITY, *bound - centre);
    return NULL;
}

static hu_error *invert(const hu_trends *t, const hu_honest_options *o, honest_test *test, double m, hu_honest_set *set)
{
    double bias[2], sd = honest_sd(t), estimate = honest_estimate(t);
    honest_bias(t, o, m, bias);
    double centre = estimate - (bias[0] + bias[1]) / 2, reach = (bias[1] - bias[0]) / 2 + 10 * fmax(sd, 1e-12);
    double low = centre - reach, high = centre + reach;
    walk w = {test, fmax(sd / 25, reach / 400)};
    HU_TRY(push_out(&w, centre, &low));
    HU_TRY(push_out(&w, centre, &high));
    set->lower = low;
    set->upper = high;
    if (isfinite(low))
        HU_TRY(first_accepted(&w, low, isfinite(high) ? high : centre, &set->lower));
    if (isfinite(high) && !isnan(set->lower))
        HU_TRY(first_accepted(&w, high, isfinite(low) ? set->lower : centre, &set->upper));
    if (isnan(set->lower))
        set->upper = NAN;
    else if (isnan(set->upper)) /* a set narrower than a step */
        set->upper = set->lower;
    return NULL;
}

static hu_error *one_set(const hu_trends *t, const hu_honest_options *o, double m, hu_honest_set *set)
{
    HU_SCRATCH(scratch);
    set->m = m;
    if (o->method == HU_HONEST_FLCI) {
        hu_effect interval;
        HU_TRY(hu_honest_flci(t, m, o->level, &interval, NULL));
        set->lower = interval.lower;
        set->upper = interval.upper;
        return NULL;
    }
    honest_test *test = NULL;
    hu_error *error = honest_test_open(t, o, m, scratch, &test);
    if (!error)
        error = invert(t, o, test, m, set);
    honest_test_close(test);
    return error;
}

/* ---- all of it ---- */

static hu_error *accepts_at(const hu_trends *t, const hu_honest_options *o, double m, double theta, bool *accepts)
{
    HU_SCRATCH(scratch);
    honest_test *test = NULL;
    if (o->method == HU_HONEST_FLCI) {
        hu_effect interval;
        HU_TRY(hu_honest_flci(t, m, o->level, &interval, NULL));
        *accepts = interval.lower <= theta && theta <= interval.upper;
        return NULL;
    }
    hu_error *error = honest_test_open(t, o, m, scratch, &test);
    if (!error)
        error = honest_test_accepts(test, theta, accepts);
    honest_test_close(test);
    return error;
}

hu_error *hu_honest_accepts(const hu_trends *trends, const hu_honest_options *options, double m, double theta,
                            bool *accepts)
{
    hu_honest_options o;
    HU_TRY(resolve(trends, options, &o));
    if (o.method == HU_HONEST_FLCI)
        return hu_fail(HU_USAGE, "an interval of fixed length is no test; hu_honest_flci computes it");
    return accepts_at(trends, &o, m, theta, accepts);
}

typedef struct work {
    const hu_trends *trends;
    const hu_honest_options *options;
    const double *m;
    hu_honest_set *sets;
} work;

static hu_error *set_task(void *context, size_t i)
{
    work *w = context;
    return one_set(w->trends, w->options, w->m[i], &w->sets[i]);
}

/* The M from which on zero is accepted, by doubling and bisection to a thousandth. */
static hu_error *find_breakdown(const hu_trends *t, const hu_honest_options *o, const hu_honest_set *sets, size_t n,
                                double *breakdown)
{
    double low = 0, high = NAN;
    bool accepts;
    HU_TRY(accepts_at(t, o, 0, 0, &accepts));
    *breakdown = 0;
    if (accepts)
        return NULL;
    for (size_t i = 0; i < n && isnan(high); i++) {
        bool holds_zero = isnan(sets[i].lower) || (sets[i].lower <= 0 && sets[i].upper >= 0);
        if (!holds_zero)
            low = sets[i].m;
        else
            high = sets[i].m;
    }
    double unit = o->restriction == HU_SMOOTHNESS ? honest_sd(t) : 1;
    for (int doubling = 0; isnan(high); doubling++) {
        double next = fmax(2 * low, unit > 0 ? unit : 1);
        if (doubling == 20) {
            *breakdown = INFINITY;
            return NULL;
        }
        HU_TRY(accepts_at(t, o, next, 0, &accepts));
        *(accepts ? &high : &low) = next;
    }
    while (high - low > 1e-3 * high) {
        double middle = (low + high) / 2;
        HU_TRY(accepts_at(t, o, middle, 0, &accepts));
        *(accepts ? &high : &low) = middle;
    }
    *breakdown = (low + high) / 2;
    return NULL;
}

hu_error *hu_honest(const hu_trends *trends, const hu_honest_options *options, const double *m, size_t n,
                    hu_arena *arena, hu_honest_result **out)
{
    hu_honest_options o;
    HU_TRY(resolve(trends, options, &o));
    for (size_t i = 0; i < n; i++)
        if (!(m[i] >= 0 && isfinite(m[i])) || (i && m[i] <= m[i - 1]))
            return hu_fail(HU_USAGE, "M is %g: expected ascending numbers, zero or more", m[i]);
    hu_honest_result *result = *out = HU_NEW(arena, hu_honest_result);
    double sd = honest_sd(trends), estimate = honest_estimate(trends),
           half = hu_normal_quantile(0.5 + o.level / 2) * sd;
    if (!(sd > 0))
        return hu_fail(HU_SINGULAR, "the effect has no error to judge it by: does the outcome vary?");
    result->original =
        (hu_effect){estimate, sd, estimate - half, estimate + half, hu_normal_two_sided(estimate / sd), NAN, NAN};
    result->method = o.method;
    result->method_name = method_name(o.method);
    result->n = n;
    result->sets = HU_NEW_ARRAY(arena, hu_honest_set, n + 1);
    HU_TRY(hu_parallel(n, o.threads, set_task, &(work){trends, &o, m, result->sets}));
    return find_breakdown(trends, &o, result->sets, n, &result->breakdown);
}

/* ---- event studies as trends ---- */

/*
 * The last one before treatment that is zero without an error: where an outcome does not vary among a few cases of an
 * earlier period, its effect is zero without an error too.
 */
static hu_error *find_reference(const hu_event_study *study, size_t *reference)
{
    size_t found = study->n;
    for (size_t i = 0; i < study->n; i++)
        if (study->cells[i].effect.estimate == 0 && isnan(study->cells[i].effect.se) &&
            (found == study->n || study->cells[i].at < 0))
            found = i;
    if (found == study->n)
        return hu_fail(HU_USAGE, "the event study has no reference period: with callaway_santanna a universal base is "
                                 "needed");
    *reference = found;
    return NULL;
}

hu_error *hu_trends_of(const hu_event_study *study, double from, double to, double at, bool average, hu_arena *arena,
                       hu_trends *trends)
{
    size_t reference = study->n, n = 0, *kept = HU_NEW_ARRAY(arena, size_t, study->n + 1), averaged = 0;
    if (!study->variance)
        return hu_fail(HU_USAGE, "the covariance of this event study is not known");
    HU_TRY(find_reference(study, &reference));
    *trends = (hu_trends){0};
    double last = NAN;
    for (size_t i = 0; i < study->n; i++) {
        double e = study->cells[i].at;
        if ((e < from || e > to) && i != reference)
            continue;
        if (!isnan(last) && e != last + 1)
            return hu_fail(HU_USAGE, "event time %g follows %g: trends need every period; restrict the event times", e,
                           last);
        last = e;
        if (i == reference)
            continue;
        *(i < reference ? &trends->pre : &trends->post) += 1;
        averaged += i > reference && e >= 0;
        kept[n++] = i;
    }
    double *beta = HU_NEW_ARRAY(arena, double, n + 1), *sigma = HU_NEW_ARRAY(arena, double, n *n + 1);
    double *weight = HU_NEW_ARRAY(arena, double, trends->post + 1), total = 0;
    double *times = HU_NEW_ARRAY(arena, double, n + 1);
    for (size_t b = 0; b < n; b++) {
        double e = study->cells[kept[b]].at;
        beta[b] = study->cells[kept[b]].effect.estimate;
        times[b] = e;
        for (size_t a = 0; a < n; a++)
            sigma[a + b * n] = study->variance[kept[a] + kept[b] * study->n];
        if (b >= trends->pre)
            total += weight[b - trends->pre] = average ? (e >= 0 ? 1 / (double)averaged : 0) : e == at;
    }
    trends->beta = beta;
    trends->sigma = sigma;
    trends->weight = weight;
    trends->times = times;
    trends->reference = study->cells[reference].at;
    if (trends->pre == 0 || trends->post == 0)
        return hu_fail(HU_EMPTY,
                       "%zu event times before the reference period and %zu after it: expected at least one "
                       "of each",
                       trends->pre, trends->post);
    if (total == 0)
        return hu_fail(HU_USAGE, "event time %g is not among those after the reference period", at);
    return NULL;
}
