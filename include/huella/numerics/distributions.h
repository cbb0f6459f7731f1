#ifndef HUELLA_NUMERICS_DISTRIBUTIONS_H
#define HUELLA_NUMERICS_DISTRIBUTIONS_H

/**
 * Distributions, by R's own mathematical library, so that p-values agree with R's to the last digits.
 * NaN in, NaN out; degrees of freedom must be positive.
 */
double hu_normal_two_sided(double z); /* P(|Z| > |z|) */
double hu_normal_quantile(double p);
double hu_normal_below(double x); /* P(Z <= x) */
/** log P(Z <= x), right far out in the tail too. */
double hu_normal_log_below(double x);
/** The quantile of a standard normal between lower and upper (either may be infinite); exact far out in a tail too. */
double hu_truncated_normal_quantile(double p, double lower, double upper);
double hu_t_two_sided(double t, double df);
double hu_t_quantile(double p, double df);
double hu_chi_square_upper(double x, double df); /* P(X > x) */
double hu_chi_square_quantile(double p, double df);
double hu_f_upper(double x, double df1, double df2);
double hu_f_quantile(double p, double df1, double df2);
double hu_beta_quantile(double p, double a, double b);
double hu_beta_below(double x, double a, double b);
double hu_gamma_quantile(double p, double shape, double scale);
double hu_gamma_below(double x, double shape, double scale);
double hu_t_below(double x, double df);
double hu_binomial_quantile(double p, double size, double probability);
double hu_poisson_quantile(double p, double mean);
/** P(T <= x) of a noncentral t, as R's pt(x, df, ncp); beyond |ncp| of 37 where that gives up, by the normal. */
double hu_noncentral_t_below(double x, double df, double ncp);
/** P(V <= v) of the sum of positive ranks among n; not for several threads at once (Rmath keeps a table). */
double hu_signed_rank_below(double v, double n);

#endif
