/* Two fixed effects, the one with few levels solved exactly after eliminating the other. */

#include "huella/numerics/two_way.h"

#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <string.h>

enum { MAX_LEVELS = 4000 };

/* Rows by level of `many`: rows start[u] … start[u + 1] - 1 of `row`. */
typedef struct groups {
    size_t *start;
    uint32_t *row;
} groups;

static groups group_rows(const hu_factor *many, size_t n, hu_arena *arena)
{
    groups g = {HU_NEW_ARRAY(arena, size_t, many->levels + 2), HU_NEW_ARRAY(arena, uint32_t, n + 1)};
    for (size_t i = 0; i < n; i++)
        g.start[many->code[i] + 2]++;
    for (size_t u = 2; u < many->levels + 2; u++)
        g.start[u] += g.start[u - 1];
    for (size_t i = 0; i < n; i++)
        g.row[g.start[many->code[i] + 1]++] = (uint32_t)i;
    return g;
}

static uint32_t root_of(uint32_t *parent, uint32_t level)
{
    while (parent[level] != level)
        level = parent[level] = parent[parent[level]];
    return level;
}

/* Levels of `few` that share a unit are connected; components are numbered in the order of their first level. */
static void find_components(hu_two_way *t, hu_arena *arena, hu_arena *scratch)
{
    size_t levels = t->few->levels;
    uint32_t *parent = HU_NEW_ARRAY(scratch, uint32_t, levels + 1);
    for (size_t l = 0; l < levels; l++)
        parent[l] = (uint32_t)l;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t first = t->few->code[t->many->first[t->many->code[i]]];
        uint32_t a = root_of(parent, first), b = root_of(parent, t->few->code[i]);
        parent[a > b ? a : b] = a < b ? a : b;
    }
    t->component = HU_NEW_ARRAY(arena, uint32_t, levels + 1);
    t->place = HU_NEW_ARRAY(arena, uint32_t, levels + 1);
    t->size = HU_NEW_ARRAY(arena, uint32_t, levels + 1);
    for (size_t l = 0; l < levels; l++) {
        uint32_t root = root_of(parent, (uint32_t)l);
        t->component[l] = root == l ? (uint32_t)t->components++ : t->component[root];
        t->place[l] = t->size[t->component[l]]++;
    }
    t->member = HU_NEW_ARRAY(arena, uint32_t *, t->components + 1);
    for (size_t c = 0; c < t->components; c++)
        t->member[c] = HU_NEW_ARRAY(arena, uint32_t, t->size[c]);
    for (size_t l = 0; l < levels; l++)
        t->member[t->component[l]][t->place[l]] = (uint32_t)l;
}

static void weigh(hu_two_way *t, hu_arena *arena)
{
    t->weight_many = HU_NEW_ARRAY(arena, double, t->many->levels + 1);
    t->weight_few = HU_NEW_ARRAY(arena, double, t->few->levels + 1);
    for (size_t i = 0; i < t->n; i++) {
        double w = t->w ? t->w[i] : 1;
        t->weight_many[t->many->code[i]] += w;
        t->weight_few[t->few->code[i]] += w;
    }
}

/* What one unit takes from S: n_u n_u' / |n_u|, lower triangle. `seen` lists its levels, `weight` their weights. */
static void subtract_unit(hu_two_way *t, const uint32_t *seen, size_t count, const double *weight, double total)
{
    uint32_t c = t->component[seen[0]], k = t->size[c] - 1;
    double *s = t->inverse[c];
    for (size_t i = 0; i < count; i++) {
        uint32_t p = t->place[seen[i]];
        if (p == 0)
            continue;
        double share = weight[seen[i]] / total;
        for (size_t j = 0; j < count; j++) {
            uint32_t q = t->place[seen[j]];
            if (q >= p)
                s[(size_t)(p - 1) * k + q - 1] -= share * weight[seen[j]];
        }
    }
}

static void fill_normal_equations(hu_two_way *t, hu_arena *scratch)
{
    groups g = group_rows(t->many, t->n, scratch);
    double *weight = HU_NEW_ARRAY(scratch, double, t->few->levels + 1);
    uint32_t *seen = HU_NEW_ARRAY(scratch, uint32_t, t->few->levels + 1);
    for (size_t l = 0; l < t->few->levels; l++)
        if (t->place[l])
            t->inverse[t->component[l]][(size_t)(t->place[l] - 1) * t->size[t->component[l]]] = t->weight_few[l];
    for (size_t u = 0; u < t->many->levels; u++) {
        size_t count = 0;
        for (size_t k = g.start[u]; k < g.start[u + 1]; k++) {
            uint32_t level = t->few->code[g.row[k]];
            if (weight[level] == 0)
                seen[count++] = level;
            weight[level] += t->w ? t->w[g.row[k]] : 1;
        }
        if (count)
            subtract_unit(t, seen, count, weight, t->weight_many[u]);
        for (size_t k = 0; k < count; k++)
            weight[seen[k]] = 0;
    }
}

hu_error *hu_two_way_new(const hu_factor *many, const hu_factor *few, const double *w, size_t n, hu_arena *arena,
                         hu_two_way **out)
{
    HU_SCRATCH(scratch);
    hu_two_way *t = HU_NEW(arena, hu_two_way);
    *t = (hu_two_way){.n = n, .many = many, .few = few, .w = w};
    find_components(t, arena, scratch);
    weigh(t, arena);
    t->inverse = HU_NEW_ARRAY(arena, double *, t->components + 1);
    for (size_t c = 0; c < t->components; c++) {
        if (t->size[c] > MAX_LEVELS)
            return hu_fail(HU_LIMIT, "%u periods (or cells of cohort and period) are connected: at most %d; group them",
                           t->size[c], MAX_LEVELS);
        t->inverse[c] = HU_NEW_ARRAY(arena, double, (size_t)(t->size[c] - 1) * (t->size[c] - 1) + 1);
    }
    fill_normal_equations(t, scratch);
    for (size_t c = 0; c < t->components; c++)
        if (t->size[c] > 1 && !hu_invert_positive(t->inverse[c], t->size[c] - 1, t->inverse[c]))
            return hu_fail(HU_SINGULAR, "weights differ by so many orders of magnitude that effects of periods cannot "
                                        "be told apart; leave the smallest out");
    *out = t;
    return NULL;
}

/* b of one component from its right-hand sides r (few->levels); room holds 2 x size. */
static void solve_component(const hu_two_way *t, size_t c, const double *r, double *b, double *room)
{
    uint32_t k = t->size[c] - 1;
    const uint32_t *member = t->member[c];
    b[member[0]] = 0;
    if (k == 0)
        return;
    for (uint32_t p = 0; p < k; p++)
        room[p] = r[member[p + 1]];
    cblas_dsymv(CblasColMajor, CblasLower, (int)k, 1, t->inverse[c], (int)k, room, 1, 0, room + k, 1);
    for (uint32_t p = 0; p < k; p++)
        b[member[p + 1]] = room[k + p];
}

void hu_two_way_solve(const hu_two_way *t, const double *q_many, const double *q_few, double *a, double *b)
{
    HU_SCRATCH(scratch);
    hu_blas_single();
    double *r = HU_NEW_ARRAY(scratch, double, t->few->levels + 1);
    double *room = HU_NEW_ARRAY(scratch, double, 2 * t->few->levels + 1);
    memcpy(r, q_few, t->few->levels * sizeof *r);
    for (size_t i = 0; q_many && i < t->n; i++) {
        uint32_t u = t->many->code[i];
        r[t->few->code[i]] -= (t->w ? t->w[i] : 1) * q_many[u] / t->weight_many[u];
    }
    for (size_t c = 0; c < t->components; c++)
        solve_component(t, c, r, b, room);
    if (!a)
        return;
    for (size_t u = 0; u < t->many->levels; u++)
        a[u] = q_many ? q_many[u] : 0;
    for (size_t i = 0; i < t->n; i++)
        a[t->many->code[i]] -= (t->w ? t->w[i] : 1) * b[t->few->code[i]];
    for (size_t u = 0; u < t->many->levels; u++)
        a[u] /= t->weight_many[u];
}

void hu_two_way_residuals(const hu_two_way *t, double *v, double *a, double *b)
{
    HU_SCRATCH(scratch);
    size_t many = t->many->levels, few = t->few->levels;
    double *q_many = HU_NEW_ARRAY(scratch, double, many + 1), *q_few = HU_NEW_ARRAY(scratch, double, few + 1);
    double *da = HU_NEW_ARRAY(scratch, double, many + 1), *db = HU_NEW_ARRAY(scratch, double, few + 1);
    if (a)
        memset(a, 0, many * sizeof *a);
    if (b)
        memset(b, 0, few * sizeof *b);
    for (int round = 0; round < 2; round++) {
        memset(q_many, 0, many * sizeof *q_many);
        memset(q_few, 0, few * sizeof *q_few);
        for (size_t i = 0; i < t->n; i++) {
            double wv = (t->w ? t->w[i] : 1) * v[i];
            q_many[t->many->code[i]] += wv;
            q_few[t->few->code[i]] += wv;
        }
        hu_two_way_solve(t, q_many, q_few, da, db);
        for (size_t i = 0; i < t->n; i++)
            v[i] -= da[t->many->code[i]] + db[t->few->code[i]];
        for (size_t u = 0; a && u < many; u++)
            a[u] += da[u];
        for (size_t l = 0; b && l < few; l++)
            b[l] += db[l];
    }
}
