/* The infinitesimal jackknife of a curve, summed by cluster, in linear time. */

#include "survival_jackknife.h"

/*
 * The influence of cluster c on a curve F at t is
 *
 *   U_c(t) = a_c + n_c A(t) - F(t) (b_c + n_c B(t)),
 *
 * n_c the weight of its rows at risk, A and B what every row at risk gathers, a_c and b_c what its rows gathered by
 * events and have brought along (less A, B at their entry) or left behind (plus A, B at their end). The sum of squares
 * over clusters is a polynomial in A, B, F whose coefficients change only where a row comes, goes or has an event.
 */

void jackknife_start(jackknife *j, size_t clusters, hu_arena *arena)
{
    *j = (jackknife){.part = HU_NEW_ARRAY(arena, jackknife_part, clusters)};
}

void jackknife_clear(jackknife *j, const uint32_t *cluster, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        j->part[cluster[i]] = (jackknife_part){0};
    *j = (jackknife){.part = j->part};
}

static void change(jackknife *j, const jackknife_part *p, double sign)
{
    hu_sum_add(&j->aa, sign * p->a * p->a);
    hu_sum_add(&j->an, sign * p->a * p->n);
    hu_sum_add(&j->nn, sign * p->n * p->n);
    hu_sum_add(&j->ab, sign * p->a * p->b);
    hu_sum_add(&j->bn, sign * p->b * p->n);
    hu_sum_add(&j->bb, sign * p->b * p->b);
}

static void add(jackknife *j, uint32_t cluster, double a, double b, double n)
{
    jackknife_part *p = &j->part[cluster];
    change(j, p, -1);
    p->a += a;
    p->b += b;
    p->n += n;
    change(j, p, 1);
}

void jackknife_enter(jackknife *j, uint32_t cluster, double w)
{
    add(j, cluster, -w * j->A, -w * j->B, w);
}

void jackknife_event(jackknife *j, uint32_t cluster, double a, double b)
{
    add(j, cluster, a, b, 0);
}

void jackknife_leave(jackknife *j, uint32_t cluster, double w)
{
    add(j, cluster, w * j->A, w * j->B, -w);
}

double jackknife_variance(const jackknife *j, double f)
{
    double m = j->A - f * j->B;
    double sum = hu_sum_value(&j->aa) + 2 * m * hu_sum_value(&j->an) + m * m * hu_sum_value(&j->nn) -
                 2 * f * hu_sum_value(&j->ab) - 2 * f * m * hu_sum_value(&j->bn) + f * f * hu_sum_value(&j->bb);
    return sum > 0 ? sum : 0;
}
