/* A second look at a released table, which shares no code with the one that made it. */

#include "huella/measures/disclosure.h"

#include "huella/numerics/factor.h"

/* Values as codes, a missing one as a code of its own: fewer than *levels. */
static uint32_t *codes_of(const hu_column *column, size_t n, hu_arena *arena, size_t *levels)
{
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, n + 1), *code = HU_NEW_ARRAY(arena, uint32_t, n + 1);
    size_t known = 0;
    hu_factor values;
    for (size_t i = 0; i < n; i++)
        if (!hu_table_missing(column, i))
            rows[known++] = (uint32_t)i;
    hu_factor_column(column, rows, known, arena, &values);
    for (size_t i = 0; i < n; i++)
        code[i] = (uint32_t)values.levels;
    for (size_t i = 0; i < known; i++)
        code[rows[i]] = values.code[i];
    *levels = values.levels + 1;
    return code;
}

/* Rows by the combination of their values: codes of the columns, joined one after the other. */
static hu_error *join(const hu_table *table, const char *const *names, hu_arena *arena, uint32_t *code, size_t *classes)
{
    size_t n = table->rows;
    double *joined = HU_NEW_ARRAY(arena, double, n + 1);
    *classes = n > 0;
    for (size_t j = 0; names && names[j]; j++) {
        hu_column *column;
        hu_factor both;
        size_t levels;
        HU_TRY(hu_table_column(table, names[j], &column));
        const uint32_t *value = codes_of(column, n, arena, &levels);
        for (size_t i = 0; i < n; i++)
            joined[i] = (double)code[i] * (double)levels + (double)value[i];
        hu_factor_numbers(joined, n, arena, &both);
        for (size_t i = 0; i < n; i++)
            code[i] = both.code[i];
        *classes = both.levels;
    }
    return NULL;
}

/* Classes with fewer than l values of the column; a missing value is none. */
static hu_error *count_uniform(const hu_table *table, const char *name, const uint32_t *code, size_t classes, size_t l,
                               bool *uniform)
{
    HU_SCRATCH(arena);
    hu_column *column;
    HU_TRY(hu_table_column(table, name, &column));
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, table->rows + 1);
    double *pair = HU_NEW_ARRAY(arena, double, table->rows + 1);
    size_t n = 0, *values_of = HU_NEW_ARRAY(arena, size_t, classes + 1);
    hu_factor values, pairs;
    for (size_t i = 0; i < table->rows; i++)
        if (!hu_table_missing(column, i))
            rows[n++] = (uint32_t)i;
    hu_factor_column(column, rows, n, arena, &values);
    for (size_t i = 0; i < n; i++)
        pair[i] = (double)code[rows[i]] * (double)values.levels + (double)values.code[i];
    hu_factor_numbers(pair, n, arena, &pairs);
    for (size_t p = 0; p < pairs.levels; p++)
        values_of[code[rows[pairs.first[p]]]]++;
    for (size_t c = 0; c < classes; c++)
        uniform[c] = uniform[c] || values_of[c] < l;
    return NULL;
}

hu_error *hu_disclosure_verify(const hu_table *table, const hu_disclosure_options *options, hu_disclosure_check *check)
{
    HU_SCRATCH(arena);
    size_t k = options->k ? (size_t)options->k : HU_DISCLOSURE_K, l = options->l ? (size_t)options->l : 2, classes;
    uint32_t *code = HU_NEW_ARRAY(arena, uint32_t, table->rows + 1);
    *check = (hu_disclosure_check){.smallest = table->rows};
    HU_TRY(join(table, options->quasi, arena, code, &classes));
    size_t *size = HU_NEW_ARRAY(arena, size_t, classes + 1);
    bool *uniform = HU_NEW_ARRAY(arena, bool, classes + 1);
    for (size_t i = 0; i < table->rows; i++)
        size[code[i]]++;
    for (size_t j = 0; options->sensitive && options->sensitive[j]; j++)
        HU_TRY(count_uniform(table, options->sensitive[j], code, classes, l, uniform));
    check->classes = classes;
    for (size_t c = 0; c < classes; c++) {
        check->smallest = size[c] < check->smallest ? size[c] : check->smallest;
        check->rows_below_k += size[c] < k ? size[c] : 0;
        check->classes_below_l += uniform[c];
    }
    check->holds = check->rows_below_k == 0 && check->classes_below_l == 0;
    return NULL;
}
