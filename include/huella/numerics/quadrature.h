#ifndef HUELLA_NUMERICS_QUADRATURE_H
#define HUELLA_NUMERICS_QUADRATURE_H

#include "huella/base/error.h"

#include <stddef.h>

/**
 * Gauss-Hermite quadrature for a standard normal: E f(Z) = sum of weight_i f(node_i), exact for polynomials of degree
 * below 2 n. Nodes are the eigenvalues of the Jacobi matrix of Hermite's polynomials, weights the squared first
 * components of its eigenvectors. Source: Golub & Welsch (1969), Mathematics of Computation 23(106).
 *
 * node, weight   n, ascending; symmetric about zero. 1 <= n <= 200.
 */
hu_error *hu_normal_quadrature(size_t n, double *node, double *weight);

#endif
