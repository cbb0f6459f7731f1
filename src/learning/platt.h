#ifndef HUELLA_LEARNING_PLATT_H
#define HUELLA_LEARNING_PLATT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Fits P(y = 1) = 1/(1 + exp(-(slope * score + offset))) by maximum likelihood with Platt's smoothed targets, by Newton
 * steps with backtracking: Lin, Lin & Weng (2007), Mach. Learn. 68, 267-276, algorithm 1. Rows that are not `in` are
 * left out (NULL = all).
 */
void platt_fit(const double *scores, const bool *truth, const bool *in, size_t count, double *slope, double *offset);
double platt_probability(double slope, double offset, double score);

#endif
