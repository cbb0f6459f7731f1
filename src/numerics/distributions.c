/* Distributions by Rmath. Its header defines macros with short names, so it is included here only. */

#include "huella/numerics/distributions.h"

#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

double hu_normal_two_sided(double z)
{
    return isnan(z) ? NAN : 2 * pnorm(fabs(z), 0, 1, 0, 0);
}

double hu_normal_quantile(double p)
{
    return qnorm(p, 0, 1, 1, 0);
}

double hu_normal_below(double x)
{
    return pnorm(x, 0, 1, 1, 0);
}

double hu_normal_log_below(double x)
{
    return pnorm(x, 0, 1, 1, 1);
}

double hu_truncated_normal_quantile(double p, double lower, double upper)
{
    if (!(upper > lower))
        return lower;
    if (lower + upper < 0) /* upper tails keep their digits */
        return -hu_truncated_normal_quantile(1 - p, -upper, -lower);
    /* log Q(q) = log((1 - p) Q(lower) + p Q(upper)), Q the upper tail */
    double a = log1p(-p) + pnorm(lower, 0, 1, 0, 1), b = log(p) + pnorm(upper, 0, 1, 0, 1);
    double most = fmax(a, b), tail = most + log1p(exp(fmin(a, b) - most));
    return fmin(fmax(qnorm(tail, 0, 1, 0, 1), lower), upper);
}

double hu_t_two_sided(double t, double df)
{
    return isnan(t) ? NAN : 2 * pt(fabs(t), df, 0, 0);
}

double hu_t_quantile(double p, double df)
{
    return qt(p, df, 1, 0);
}

double hu_chi_square_upper(double x, double df)
{
    return pchisq(x, df, 0, 0);
}

double hu_chi_square_quantile(double p, double df)
{
    return qchisq(p, df, 1, 0);
}

double hu_f_upper(double x, double df1, double df2)
{
    return pf(x, df1, df2, 0, 0);
}

double hu_f_quantile(double p, double df1, double df2)
{
    return qf(p, df1, df2, 1, 0);
}
