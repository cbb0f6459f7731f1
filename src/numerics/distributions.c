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

double hu_beta_quantile(double p, double a, double b)
{
    return qbeta(p, a, b, 1, 0);
}

double hu_beta_below(double x, double a, double b)
{
    return pbeta(x, a, b, 1, 0);
}

double hu_gamma_quantile(double p, double shape, double scale)
{
    return qgamma(p, shape, scale, 1, 0);
}

double hu_gamma_below(double x, double shape, double scale)
{
    return pgamma(x, shape, scale, 1, 0);
}

double hu_t_below(double x, double df)
{
    return pt(x, df, 1, 0);
}

double hu_binomial_quantile(double p, double size, double probability)
{
    return qbinom(p, size, probability, 1, 0);
}

double hu_poisson_quantile(double p, double mean)
{
    return qpois(p, mean, 1, 0);
}

double hu_noncentral_t_below(double x, double df, double ncp)
{
    /* Johnson & Kotz (1970), chapter 31: T <= x as Z + ncp <= x chi / sqrt(df), chi near its mean */
    if (fabs(ncp) > 37)
        return pnorm((x * (1 - 1 / (4 * df)) - ncp) / sqrt(1 + x * x / (2 * df)), 0, 1, 1, 0);
    return pnt(x, df, ncp, 1, 0);
}

double hu_signed_rank_below(double v, double n)
{
    double p = psignrank(v, n, 1, 0);
    signrank_free();
    return p;
}
