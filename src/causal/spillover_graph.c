/* Who is whose neighbour: from a table of edges, or from places. */

#include "spillover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double earth_km = 6371.0088; /* mean radius, IUGG */

typedef struct pair_list {
    uint32_t (*pairs)[2];
    size_t n, room;
    hu_arena *arena;
} pair_list;

static void add_pair(pair_list *list, size_t a, size_t b)
{
    if (list->n + 2 > list->room) {
        size_t room = list->room ? 2 * list->room : 64;
        list->pairs = hu_regrow(list->arena, list->pairs, list->n, room, sizeof *list->pairs);
        list->room = room;
    }
    for (int turn = 0; turn < 2; turn++) {
        list->pairs[list->n][0] = (uint32_t)(turn ? b : a);
        list->pairs[list->n++][1] = (uint32_t)(turn ? a : b);
    }
}

static int by_units(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return x[0] != y[0] ? (x[0] < y[0] ? -1 : 1) : x[1] != y[1] ? (x[1] < y[1] ? -1 : 1) : 0;
}

static void finish(pair_list *list, size_t units, hu_arena *arena, spillover_graph *graph)
{
    qsort(list->pairs, list->n, sizeof *list->pairs, by_units);
    graph->units = units;
    graph->first = HU_NEW_ARRAY(arena, size_t, units + 1);
    graph->to = HU_NEW_ARRAY(arena, uint32_t, list->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (i && by_units(list->pairs[i], list->pairs[i - 1]) == 0)
            continue; /* named twice */
        graph->to[n++] = list->pairs[i][1];
        graph->first[list->pairs[i][0] + 1] = n;
    }
    for (size_t u = 0; u < units; u++)
        if (graph->first[u + 1] < graph->first[u])
            graph->first[u + 1] = graph->first[u];
}

typedef struct unit_name {
    const char *name;
    uint32_t unit;
} unit_name;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const unit_name *)a)->name, ((const unit_name *)b)->name);
}

static unit_name *names_of(const trial_rows *rows, hu_arena *arena)
{
    unit_name *names = HU_NEW_ARRAY(arena, unit_name, rows->unit.levels);
    for (size_t u = 0; u < rows->unit.levels; u++)
        names[u] =
            (unit_name){hu_table_text(rows->table, rows->clusters, rows->row[rows->unit.first[u]], arena), (uint32_t)u};
    qsort(names, rows->unit.levels, sizeof *names, by_name);
    return names;
}

static const unit_name *find(const unit_name *names, size_t n, const char *name)
{
    return bsearch(&(unit_name){.name = name}, names, n, sizeof *names, by_name);
}

static hu_error *from_edges(const trial_rows *rows, const hu_table *edges, pair_list *list, spillover_graph *graph)
{
    HU_SCRATCH(scratch);
    if (edges->n_columns < 2)
        return hu_fail(HU_BAD_INPUT, "%s: expected two columns, the units that are neighbours, and a row a pair",
                       edges->source);
    unit_name *names = names_of(rows, scratch);
    for (size_t r = 0; r < edges->rows; r++) {
        const char *ends[2];
        const unit_name *units[2];
        for (size_t e = 0; e < 2; e++) {
            ends[e] = hu_table_text(edges, &edges->columns[e], r, scratch);
            if (!ends[e])
                return hu_table_fail(edges, HU_BAD_INPUT, r, edges->columns[e].name, "a unit is missing");
            units[e] = find(names, rows->unit.levels, ends[e]);
        }
        if (strcmp(ends[0], ends[1]) == 0)
            return hu_table_fail(edges, HU_BAD_INPUT, r, edges->columns[1].name, "%s would be its own neighbour",
                                 ends[0]);
        if (units[0] && units[1])
            add_pair(list, units[0]->unit, units[1]->unit);
        else
            graph->unknown++;
    }
    return NULL;
}

/* Where a unit's rows are on average, in degrees: units are small beside the earth. */
static hu_error *place_units(const trial_rows *rows, const char *column, double most, hu_arena *arena, double **out)
{
    double *values, *weight = HU_NEW_ARRAY(arena, double, rows->unit.levels);
    *out = HU_NEW_ARRAY(arena, double, rows->unit.levels);
    HU_TRY(trial_rows_values(rows, column, arena, &values));
    for (size_t i = 0; i < rows->n; i++) {
        if (fabs(values[i]) > most)
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], column,
                                 "%g is no place: expected degrees from -%g to %g", values[i], most, most);
        if (isnan(values[i]))
            continue;
        (*out)[rows->unit.code[i]] += values[i];
        weight[rows->unit.code[i]]++;
    }
    for (size_t u = 0; u < rows->unit.levels; u++) {
        if (weight[u] == 0)
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[rows->unit.first[u]], column,
                                 "the place is missing in every row of this unit");
        (*out)[u] /= weight[u];
    }
    return NULL;
}

/* Great-circle distance by the haversine formula, which keeps its digits for near places. */
static double distance_km(double lat1, double lon1, double lat2, double lon2)
{
    double rad = acos(-1) / 180, a = sin((lat2 - lat1) * rad / 2), b = sin((lon2 - lon1) * rad / 2);
    double h = a * a + cos(lat1 * rad) * cos(lat2 * rad) * b * b;
    return 2 * earth_km * asin(fmin(1, sqrt(h)));
}

static hu_error *from_places(const trial_rows *rows, const hu_spillover_network *network, pair_list *list)
{
    HU_SCRATCH(scratch);
    double *lat, *lon;
    if (!(network->radius > 0))
        return hu_fail(HU_USAGE, "a radius of %g km: expected more than zero", network->radius);
    HU_TRY(place_units(rows, network->latitude, 90, scratch, &lat));
    HU_TRY(place_units(rows, network->longitude, 180, scratch, &lon));
    for (size_t a = 0; a < rows->unit.levels; a++)
        for (size_t b = a + 1; b < rows->unit.levels; b++)
            if (distance_km(lat[a], lon[a], lat[b], lon[b]) < network->radius)
                add_pair(list, a, b);
    return NULL;
}

hu_error *spillover_graph_make(const trial_rows *rows, const hu_spillover_network *network, hu_arena *arena,
                               spillover_graph *graph)
{
    HU_SCRATCH(scratch);
    pair_list list = {.arena = scratch};
    *graph = (spillover_graph){0};
    if (network->edges)
        HU_TRY(from_edges(rows, network->edges, &list, graph));
    else if (network->latitude && network->longitude)
        HU_TRY(from_places(rows, network, &list));
    else
        return hu_fail(HU_USAGE, "spillovers need a network: a table of edges, or coordinates and a radius");
    if (list.n == 0)
        return hu_fail(HU_EMPTY, "no two units are neighbours: %s",
                       network->edges ? "expected edges that name units as the cluster column does"
                                      : "expected a larger radius");
    finish(&list, rows->unit.levels, arena, graph);
    return NULL;
}

void spillover_conditions(const spillover_graph *graph, const uint32_t *label, uint8_t *condition)
{
    for (size_t u = 0; u < graph->units; u++) {
        bool exposed = false;
        for (size_t e = graph->first[u]; e < graph->first[u + 1] && !exposed; e++)
            exposed = label[graph->to[e]] != 0;
        condition[u] = (uint8_t)((label[u] ? HU_TREATED : HU_ALONE) + exposed);
    }
}
