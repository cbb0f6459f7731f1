/* The log-rank test, stratified or not. */

#include "survival_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/order.h"
#include "huella/numerics/symmetric.h"

#include <math.h>

/* Rows in the order of the test: by block, then time, whatever their stratum, which is their group. */
typedef struct pooled {
    const hu_survival *data;
    uint32_t *group;         /* n */
    uint32_t *order, *entry; /* n; entry NULL without start */
    size_t groups;
    double *at_risk, *died; /* groups */
    double *variance;       /* groups x groups */
    hu_logrank *result;
} pooled;

/* Observed less expected, and the hypergeometric variance of it, at one time. */
static void add_time(pooled *p, double y, double d)
{
    double v = y > 1 ? d * (y - d) / (y - 1) : 0;
    for (size_t g = 0; g < p->groups; g++) {
        double share = p->at_risk[g] / y;
        p->result->observed[g] += p->died[g];
        p->result->expected[g] += d * share;
        p->variance[g + g * p->groups] += v * share;
        for (size_t h = 0; h < p->groups; h++)
            p->variance[g + h * p->groups] -= v * share * p->at_risk[h] / y;
    }
}

/* One block: rows from … to - 1 of the order. */
static void walk(pooled *p, size_t from, size_t to)
{
    const hu_survival *data = p->data;
    size_t entered = from, left = from;
    for (size_t g = 0; g < p->groups; g++)
        p->at_risk[g] = 0;
    while (left < to) {
        double time = data->stop[p->order[left]], y = 0, d = 0;
        for (; entered < to && (!p->entry || data->start[p->entry[entered]] < time); entered++)
            p->at_risk[p->group[p->entry ? p->entry[entered] : p->order[entered]]]++;
        for (size_t g = 0; g < p->groups; g++) {
            y += p->at_risk[g];
            p->died[g] = 0;
        }
        size_t next = left;
        for (; next < to && data->stop[p->order[next]] == time; next++)
            if (data->event[p->order[next]]) {
                p->died[p->group[p->order[next]]]++;
                d++;
            }
        if (d > 0)
            add_time(p, y, d);
        for (; left < next; left++)
            p->at_risk[p->group[p->order[left]]]--;
    }
}

/* (O - E)' V^-1 (O - E) over the groups with expected events but one: the last follows from the others. */
static hu_error *test(pooled *p, hu_arena *scratch)
{
    hu_logrank *r = p->result;
    size_t *used = HU_NEW_ARRAY(scratch, size_t, p->groups), n = 0;
    for (size_t g = 0; g < p->groups; g++)
        if (r->expected[g] > 0)
            used[n++] = g;
    if (n < 2)
        return hu_fail(HU_EMPTY, "%s: the log-rank test needs two groups that were at risk when events came",
                       p->data->source);
    double *v = HU_NEW_ARRAY(scratch, double, n *n), *u = HU_NEW_ARRAY(scratch, double, n);
    n--;
    for (size_t a = 0; a < n; a++) {
        u[a] = r->observed[used[a]] - r->expected[used[a]];
        for (size_t b = 0; b < n; b++)
            v[a + b * n] = p->variance[used[a] + used[b] * p->groups];
    }
    r->df = (int)n;
    r->statistic = hu_quadratic_inverse(v, n, u);
    r->p = hu_chi_square_upper(r->statistic, r->df);
    return NULL;
}

hu_error *hu_logrank_test(const hu_survival *data, hu_arena *arena, hu_logrank *result)
{
    HU_SCRATCH(scratch);
    if (data->weight)
        return hu_fail(HU_USAGE, "the log-rank test takes no weights; a Cox model with the groups as covariates does");
    size_t groups = data->strata, blocks = data->block ? data->blocks : 1;
    *result =
        (hu_logrank){.observed = HU_NEW_ARRAY(arena, double, groups), .expected = HU_NEW_ARRAY(arena, double, groups)};
    pooled p = {.data = data,
                .groups = groups,
                .group = HU_NEW_ARRAY(scratch, uint32_t, data->n),
                .order = hu_order_numbers(data->stop, data->n, scratch),
                .entry = data->start ? hu_order_numbers(data->start, data->n, scratch) : NULL,
                .at_risk = HU_NEW_ARRAY(scratch, double, groups),
                .died = HU_NEW_ARRAY(scratch, double, groups),
                .variance = HU_NEW_ARRAY(scratch, double, groups *groups),
                .result = result};
    for (size_t s = 0; s < data->strata; s++)
        for (size_t i = data->first[s]; i < data->first[s + 1]; i++)
            p.group[i] = (uint32_t)s;
    size_t *first = HU_NEW_ARRAY(scratch, size_t, blocks + 1);
    first[blocks] = data->n;
    if (data->block) {
        hu_order_by_code(p.order, data->block, data->n, blocks);
        if (p.entry)
            hu_order_by_code(p.entry, data->block, data->n, blocks);
        for (size_t i = data->n; i-- > 0;)
            first[data->block[p.order[i]]] = i;
    }
    for (size_t b = 0; b < blocks; b++)
        walk(&p, first[b], first[b + 1]);
    return test(&p, scratch);
}
