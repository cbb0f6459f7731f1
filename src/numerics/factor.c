/* Columns as levels: whole numbers by a table of presence, other numbers by sorting, texts by hashing. */

#include "huella/numerics/factor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fills first[] and the number of rows from finished codes. */
static void finish(hu_factor *factor, size_t n, size_t levels, hu_arena *arena)
{
    factor->n = n;
    factor->levels = levels;
    factor->first = HU_NEW_ARRAY(arena, uint32_t, levels + 1);
    for (size_t i = n; i-- > 0;)
        factor->first[factor->code[i]] = (uint32_t)i;
}

/* Where numbers come from: an array; rows of a column (NULL: its first ones); or pairs of codes, counted through. */
typedef struct source {
    const double *values;
    const hu_column *column;
    const uint32_t *rows;
    const hu_factor *a, *b;
} source;

static inline double number_of(const source *s, size_t i)
{
    if (s->values)
        return s->values[s->rows ? s->rows[i] : i];
    if (s->column)
        return hu_packed_at(&s->column->packed, s->rows ? s->rows[i] : i);
    return (double)s->a->code[i] * (double)s->b->levels + s->b->code[i];
}

/* Whole numbers within a range of a few times n: levels are found by marking what is present. */
static bool factor_whole(const source *s, size_t n, hu_arena *arena, hu_factor *factor)
{
    double low = number_of(s, 0), high = low;
    for (size_t i = 0; i < n; i++) {
        double value = number_of(s, i);
        if (value < low)
            low = value;
        if (value > high)
            high = value;
    }
    if (!(high - low < 4 * (double)n + 1024) || low < -9e15 || high > 9e15)
        return false;
    size_t range = (size_t)(high - low) + 1, levels = 0;
    HU_SCRATCH(scratch);
    uint32_t *level = HU_NEW_ARRAY(scratch, uint32_t, range);
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(number_of(s, i) - low);
        if (low + (double)at != number_of(s, i))
            return false;
        level[at] = 1;
    }
    for (size_t at = 0; at < range; at++)
        if (level[at])
            level[at] = (uint32_t)levels++;
    factor->code = HU_NEW_ARRAY(arena, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        factor->code[i] = level[(size_t)(number_of(s, i) - low)];
    finish(factor, n, levels, arena);
    return true;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void factor_sorted(const source *s, size_t n, hu_arena *arena, hu_factor *factor)
{
    HU_SCRATCH(scratch);
    double *sorted = HU_NEW_ARRAY(scratch, double, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = number_of(s, i);
    qsort(sorted, n, sizeof *sorted, compare_numbers);
    size_t levels = 0;
    for (size_t i = 0; i < n; i++)
        if (levels == 0 || sorted[i] != sorted[levels - 1])
            sorted[levels++] = sorted[i];
    factor->code = HU_NEW_ARRAY(arena, uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        double value = number_of(s, i);
        const double *found = bsearch(&value, sorted, levels, sizeof *sorted, compare_numbers);
        factor->code[i] = (uint32_t)(found - sorted);
    }
    finish(factor, n, levels, arena);
}

static void factor_source(const source *s, size_t n, hu_arena *arena, hu_factor *factor)
{
    *factor = (hu_factor){0};
    if (n == 0)
        finish(factor, 0, 0, arena);
    else if (!factor_whole(s, n, arena, factor))
        factor_sorted(s, n, arena, factor);
}

void hu_factor_numbers(const double *values, size_t n, hu_arena *arena, hu_factor *factor)
{
    factor_source(&(source){.values = values}, n, arena, factor);
}

static uint64_t hash_text(hu_str text)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

typedef struct level {
    hu_str text;
    uint32_t provisional;
} level;

static int compare_levels(const void *a, const void *b)
{
    return hu_str_compare(&((const level *)a)->text, &((const level *)b)->text);
}

static void factor_texts(const hu_column *column, const uint32_t *rows, size_t n, hu_arena *arena, hu_factor *factor)
{
    HU_SCRATCH(scratch);
    size_t slots = 16, levels = 0;
    while (slots < 2 * n)
        slots *= 2;
    uint32_t *slot = HU_NEW_ARRAY(scratch, uint32_t, slots); /* level + 1; 0 = free */
    level *found = HU_NEW_ARRAY(scratch, level, n);
    factor->code = HU_NEW_ARRAY(arena, uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        hu_str text = column->texts[rows ? rows[i] : i];
        size_t at = hash_text(text) & (slots - 1);
        while (slot[at] && !hu_str_equal(found[slot[at] - 1].text, text))
            at = (at + 1) & (slots - 1);
        if (!slot[at]) {
            found[levels] = (level){text, (uint32_t)levels};
            slot[at] = (uint32_t)++levels;
        }
        factor->code[i] = slot[at] - 1;
    }
    qsort(found, levels, sizeof *found, compare_levels);
    uint32_t *final = HU_NEW_ARRAY(scratch, uint32_t, levels + 1);
    for (size_t k = 0; k < levels; k++)
        final[found[k].provisional] = (uint32_t)k;
    for (size_t i = 0; i < n; i++)
        factor->code[i] = final[factor->code[i]];
    finish(factor, n, levels, arena);
}

void hu_factor_column(const hu_column *column, const uint32_t *rows, size_t n, hu_arena *arena, hu_factor *factor)
{
    *factor = (hu_factor){0};
    if (column->type == HU_TEXT)
        factor_texts(column, rows, n, arena, factor);
    else
        factor_source(&(source){.values = column->numbers, .column = column, .rows = rows}, n, arena, factor);
}

void hu_factor_cross(const hu_factor *a, const hu_factor *b, hu_arena *arena, hu_factor *factor)
{
    factor_source(&(source){.a = a, .b = b}, a->n, arena, factor);
}
