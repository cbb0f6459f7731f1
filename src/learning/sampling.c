/* Stratified sampling in a fixed random order; see sampling.h. */

#include "huella/learning/sampling.h"

#include "huella/base/random.h"

#include <stdlib.h>
#include <string.h>

static int by_stratum_and_id(const void *a, const void *b)
{
    const hu_sampling_unit *first = a, *second = b;
    int order = strcmp(first->stratum, second->stratum);
    return order ? order : strcmp(first->id, second->id);
}

static int by_stratum_and_position(const void *a, const void *b)
{
    const hu_sampling_unit *first = a, *second = b;
    int order = strcmp(first->stratum, second->stratum);
    return order ? order : (first->position > second->position) - (first->position < second->position);
}

/* Each stratum draws from a stream of its own name, so that it keeps its order whatever the other strata hold. */
static void shuffle(hu_sampling_unit *units, size_t count, uint64_t seed, uint64_t design)
{
    HU_SCRATCH(scratch);
    size_t *places = HU_NEW_ARRAY(scratch, size_t, count);
    for (size_t i = 0; i < count; i++)
        places[i] = i + 1;
    hu_random random = hu_random_start(seed, hu_random_stream(hu_printf(scratch, "sample %s", units->stratum), design));
    hu_random_shuffle(&random, places, count);
    for (size_t i = 0; i < count; i++)
        units[i].position = places[i];
}

hu_error *hu_sampling_order(hu_sampling_unit *units, size_t n_units, uint64_t seed, uint64_t design, hu_arena *arena,
                            hu_stratum **strata, size_t *n_strata)
{
    hu_stratum *found = HU_NEW_ARRAY(arena, hu_stratum, n_units);
    size_t count = 0;
    if (n_units)
        qsort(units, n_units, sizeof *units, by_stratum_and_id);
    for (size_t start = 0, end; start < n_units; start = end) {
        for (end = start + 1; end < n_units && strcmp(units[end].stratum, units[start].stratum) == 0; end++)
            if (strcmp(units[end].id, units[end - 1].id) == 0)
                return hu_fail(HU_BUG, "the unit %s was to be sampled twice", units[end].id);
        shuffle(units + start, end - start, seed, design);
        found[count++] = (hu_stratum){.name = units[start].stratum, .population = end - start};
    }
    if (n_units)
        qsort(units, n_units, sizeof *units, by_stratum_and_position);
    *strata = found;
    *n_strata = count;
    return NULL;
}

/* The stratum whose next unit is most due: the largest N_h/(2 n_h + 1), compared without division; n_strata = none. */
static size_t most_due(const hu_stratum *strata, size_t n_strata)
{
    size_t best = n_strata;
    for (size_t h = 0; h < n_strata; h++) {
        if (strata[h].drawn == strata[h].population)
            continue;
        if (best == n_strata || (double)strata[h].population * (double)(2 * strata[best].drawn + 1) >
                                    (double)strata[best].population * (double)(2 * strata[h].drawn + 1))
            best = h;
    }
    return best;
}

hu_error *hu_sampling_allocate(hu_stratum *strata, size_t n_strata, size_t more, size_t at_least)
{
    size_t left = 0, floor = 0;
    for (size_t h = 0; h < n_strata; h++) {
        size_t wanted = at_least < strata[h].population ? at_least : strata[h].population;
        left += strata[h].population - strata[h].drawn;
        floor += wanted > strata[h].drawn ? wanted - strata[h].drawn : 0;
    }
    if (more > left)
        return hu_fail(HU_USAGE, "%zu to draw, but only %zu judgments are left to draw from", more, left);
    if (more < floor)
        return hu_fail(HU_USAGE,
                       "%zu to draw, but %zu are needed for %zu in each of %zu strata: draw more, or use fewer or "
                       "coarser strata",
                       more, floor, at_least, n_strata);
    for (size_t h = 0; h < n_strata; h++) {
        size_t wanted = at_least < strata[h].population ? at_least : strata[h].population;
        if (wanted > strata[h].drawn)
            strata[h].drawn = wanted;
    }
    for (size_t i = floor; i < more; i++)
        strata[most_due(strata, n_strata)].drawn++;
    return NULL;
}

size_t hu_sampling_allocate_each(hu_stratum *strata, size_t n_strata, size_t more)
{
    size_t added = 0;
    for (size_t h = 0; h < n_strata; h++) {
        size_t left = strata[h].population - strata[h].drawn, now = more < left ? more : left;
        strata[h].drawn += now;
        added += now;
    }
    return added;
}

double hu_sampling_probability(const hu_stratum *stratum)
{
    return (double)stratum->drawn / (double)stratum->population;
}

double hu_sampling_union(const double *probabilities, size_t n_designs)
{
    double missed = 1;
    if (n_designs == 1)
        return probabilities[0]; /* exact, not 1 - (1 - p) */
    for (size_t k = 0; k < n_designs; k++)
        missed *= 1 - probabilities[k];
    return 1 - missed;
}

double hu_sampling_joint(const hu_stratum *a, const hu_stratum *b)
{
    double n = (double)a->drawn, population = (double)a->population;
    if (strcmp(a->name, b->name) != 0)
        return hu_sampling_probability(a) * hu_sampling_probability(b);
    return a->population < 2 ? 0 : n * (n - 1) / (population * (population - 1));
}
