/* Fixed effects by alternating projections with conjugate-gradient acceleration. */

#include "huella/numerics/within.h"

#include <math.h>
#include <string.h>

static const double tolerance = 1e-12;
enum { max_steps = 10000 };

typedef struct space {
    const hu_factor *effects;
    size_t n_effects, n;
    const double *w;
    double **weight_of; /* effects: total weight of each level */
    double *sums;       /* room for the sums of the largest effect */
} space;

static double weight(const space *s, size_t i)
{
    return s->w ? s->w[i] : 1;
}

/* Subtracts from v its mean in each level of one effect. */
static void demean(const space *s, size_t effect, double *v)
{
    const hu_factor *f = &s->effects[effect];
    memset(s->sums, 0, f->levels * sizeof *s->sums);
    for (size_t i = 0; i < s->n; i++)
        s->sums[f->code[i]] += weight(s, i) * v[i];
    for (size_t l = 0; l < f->levels; l++)
        s->sums[l] /= s->weight_of[effect][l];
    for (size_t i = 0; i < s->n; i++)
        v[i] -= s->sums[f->code[i]];
}

/* out = v - T v, where T projects off each effect forth and back, and so is symmetric. */
static void apply(const space *s, const double *v, double *out)
{
    memcpy(out, v, s->n * sizeof *out);
    for (size_t e = 0; e < s->n_effects; e++)
        demean(s, e, out);
    for (size_t e = s->n_effects - 1; e-- > 0;)
        demean(s, e, out);
    for (size_t i = 0; i < s->n; i++)
        out[i] = v[i] - out[i];
}

static double inner(const space *s, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += weight(s, i) * a[i] * b[i];
    return sum;
}

/* Solves (I - T) u = (I - T) y by conjugate gradients; y - u is the within transform. y is replaced by it. */
static hu_error *project(const space *s, double *y, double *r, double *p, double *q)
{
    double length = inner(s, y, y);
    apply(s, y, r);
    memcpy(p, r, s->n * sizeof *p);
    double rr = inner(s, r, r);
    for (int step = 0; rr > tolerance * tolerance * length; step++) {
        if (step == max_steps)
            return hu_fail(HU_LIMIT,
                           "fixed effects: not settled after %d steps: the effects barely overlap; drop "
                           "the finest, or the units that connect nothing",
                           max_steps);
        apply(s, p, q);
        double curvature = inner(s, p, q);
        if (!(curvature > 0))
            break;
        double alpha = rr / curvature, before = rr;
        for (size_t i = 0; i < s->n; i++) {
            y[i] -= alpha * p[i];
            r[i] -= alpha * q[i];
        }
        rr = inner(s, r, r);
        for (size_t i = 0; i < s->n; i++)
            p[i] = r[i] + rr / before * p[i];
    }
    return NULL;
}

hu_error *hu_within(const hu_factor *effects, size_t n_effects, const double *w, size_t n, double *columns,
                    size_t n_columns)
{
    if (n_effects == 0)
        return NULL;
    HU_SCRATCH(scratch);
    space s = {effects, n_effects, n, w, HU_NEW_ARRAY(scratch, double *, n_effects), NULL};
    size_t most = 0;
    for (size_t e = 0; e < n_effects; e++) {
        s.weight_of[e] = HU_NEW_ARRAY(scratch, double, effects[e].levels);
        for (size_t i = 0; i < n; i++)
            s.weight_of[e][effects[e].code[i]] += weight(&s, i);
        if (effects[e].levels > most)
            most = effects[e].levels;
    }
    s.sums = HU_NEW_ARRAY(scratch, double, most);
    double *r = HU_NEW_ARRAY(scratch, double, n), *p = HU_NEW_ARRAY(scratch, double, n);
    double *q = HU_NEW_ARRAY(scratch, double, n);
    for (size_t j = 0; j < n_columns; j++) {
        demean(&s, 0, columns + j * n);
        if (n_effects > 1)
            HU_TRY(project(&s, columns + j * n, r, p, q));
    }
    return NULL;
}

size_t hu_singletons(const hu_factor *effects, size_t n_effects, size_t n, bool *keep)
{
    HU_SCRATCH(scratch);
    size_t dropped = 0, before;
    for (size_t i = 0; i < n; i++)
        keep[i] = true;
    do {
        before = dropped;
        for (size_t e = 0; e < n_effects; e++) {
            uint32_t *count = HU_NEW_ARRAY(scratch, uint32_t, effects[e].levels);
            for (size_t i = 0; i < n; i++)
                count[effects[e].code[i]] += keep[i];
            for (size_t i = 0; i < n; i++)
                if (keep[i] && count[effects[e].code[i]] == 1) {
                    keep[i] = false;
                    dropped++;
                }
        }
    } while (dropped > before);
    return dropped;
}
