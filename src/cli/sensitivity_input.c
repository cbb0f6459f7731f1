/* Event studies of other programs: --coefficients and --covariance. */

#include "sensitivity.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* Estimates in the order of their event times; without a reference among them the period before treatment is it. */
static hu_error *put_study(sensitivity *s, const char *source, const double *times, const double *estimates,
                           const double *covariance, size_t n)
{
    hu_arena *arena = s->run->arena;
    size_t place[HU_TRENDS_PERIODS + 1], count = 0;
    bool reference = false, added = false;
    hu_event_study *study = &s->study;
    if (n > HU_TRENDS_PERIODS)
        return hu_fail(HU_LIMIT, "%s: %zu event times: at most %d", source, n, HU_TRENDS_PERIODS);
    for (size_t i = 0; i < n; i++) {
        if (i && !(times[i] > times[i - 1]))
            return hu_fail(HU_BAD_INPUT, "%s: event time %g after %g: expected ascending event times", source, times[i],
                           times[i - 1]);
        reference |= estimates[i] == 0 && covariance[i * (n + 1)] == 0;
    }
    *study = (hu_event_study){.cells = HU_NEW_ARRAY(arena, hu_did_cell, n + 1),
                              .variance = HU_NEW_ARRAY(arena, double, (n + 1) * (n + 1)),
                              .df = INFINITY,
                              .critical = NAN,
                              .se_type = "covariance as given"};
    for (size_t i = 0; i < n; i++) {
        if (!reference && !added && times[i] > -1) {
            study->cells[count++] = (hu_did_cell){-1, {0, NAN, NAN, NAN, NAN, NAN, NAN}};
            added = true;
        }
        double variance = covariance[i * (n + 1)];
        place[i] = count;
        study->cells[count++] =
            (hu_did_cell){times[i], {estimates[i], variance > 0 ? sqrt(variance) : NAN, NAN, NAN, NAN, NAN, NAN}};
    }
    study->n = count;
    for (size_t b = 0; b < n; b++)
        for (size_t a = 0; a < n; a++)
            study->variance[place[a] + place[b] * count] = covariance[a + b * n];
    return NULL;
}

static hu_error *read_csv(sensitivity *s, const char *path)
{
    hu_arena *arena = s->run->arena;
    hu_table *table, *matrix;
    hu_column *time, *estimate;
    hu_csv_options csv = {.decimal_comma = hu_opt_flag(s->run, "decimal-comma")};
    HU_TRY(hu_opt_require(s->run, (const char *const[]){"covariance", NULL}));
    HU_TRY(hu_table_read(path, &csv, arena, &table));
    HU_TRY(hu_table_numbers(table, "event_time", &time));
    HU_TRY(hu_table_numbers(table, "estimate", &estimate));
    HU_TRY(hu_table_read(hu_opt_text(s->run, "covariance"), &csv, arena, &matrix));
    size_t n = table->rows;
    if (matrix->rows != n || matrix->n_columns != n)
        return hu_fail(HU_BAD_INPUT,
                       "%s: %zu rows below the header and %zu columns: expected %zu of each, as %s has estimates (the "
                       "first line names the columns)",
                       matrix->source, matrix->rows, matrix->n_columns, n, table->source);
    double *covariance = HU_NEW_ARRAY(arena, double, n *n + 1);
    for (size_t c = 0; c < n; c++) {
        hu_column *column;
        HU_TRY(hu_table_numbers(matrix, matrix->columns[c].name, &column));
        memcpy(covariance + c * n, column->numbers, n * sizeof *covariance);
    }
    return put_study(s, table->source, time->numbers, estimate->numbers, covariance, n);
}

/* A list of numbers under a key, or the matrix's rows one after the other. */
static hu_error *numbers_of(const json_t *list, const char *path, const char *key, size_t n, double *out)
{
    if (json_array_size(list) != n)
        return hu_fail(HU_BAD_INPUT, "%s: \"%s\": expected a list of %zu numbers", path, key, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_array_get(list, i);
        if (!json_is_number(value))
            return hu_fail(HU_BAD_INPUT, "%s: \"%s\": item %zu is not a number", path, key, i + 1);
        out[i] = json_number_value(value);
    }
    return NULL;
}

static hu_error *study_of_json(sensitivity *s, const char *path, const json_t *root)
{
    const json_t *matrix = json_object_get(root, "covariance");
    size_t n = json_array_size(json_object_get(root, "estimate"));
    hu_arena *arena = s->run->arena;
    double *times = HU_NEW_ARRAY(arena, double, n + 1), *estimates = HU_NEW_ARRAY(arena, double, n + 1);
    double *covariance = HU_NEW_ARRAY(arena, double, n *n + 1);
    if (n == 0 || json_array_size(matrix) != n)
        return hu_fail(HU_BAD_INPUT,
                       "%s: expected {\"event_time\": […], \"estimate\": […], \"covariance\": [[…], …]}, a row of the "
                       "covariance for each estimate",
                       path);
    HU_TRY(numbers_of(json_object_get(root, "event_time"), path, "event_time", n, times));
    HU_TRY(numbers_of(json_object_get(root, "estimate"), path, "estimate", n, estimates));
    for (size_t r = 0; r < n; r++)
        HU_TRY(numbers_of(json_array_get(matrix, r), path, "covariance", n, covariance + r * n));
    return put_study(s, path, times, estimates, covariance, n);
}

hu_error *sensitivity_read_files(sensitivity *s)
{
    const char *path = hu_opt_text(s->run, "coefficients"), *dot = strrchr(path, '.');
    json_t *root = NULL;
    if (!dot || strcasecmp(dot, ".json") != 0)
        return read_csv(s, path);
    if (hu_opt_given(s->run, "covariance"))
        return hu_fail(HU_USAGE, "--covariance: the JSON of --coefficients has its own");
    HU_TRY(hu_json_load(path, &root));
    hu_error *error = study_of_json(s, path, root);
    json_decref(root);
    return error;
}
