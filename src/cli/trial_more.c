/* What `huella trial` estimates beside effects on means. */

#include "trial_more.h"

#include "huella/base/csv.h"

#include <string.h>

bool trial_more_asked(const hu_run *run)
{
    static const char *const names[] = {"index", "model", "by", "network", "coordinates"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (hu_opt_given(run, names[i]))
            return true;
    return false;
}

/* "trust=a,b,-c" */
static hu_error *parse_index(const hu_run *run, hu_str text, trial_index *index)
{
    const char *equals = memchr(text.data, '=', text.length), *end = text.data + text.length;
    hu_str name = equals ? hu_str_trim((hu_str){text.data, (size_t)(equals - text.data)}) : (hu_str){0};
    if (name.length == 0)
        return hu_fail(HU_USAGE, "--index: \"%.*s\": expected NAME=A,B,-C, an outcome's name and its columns",
                       HU_STR_ARG(text));
    *index = (trial_index){.name = hu_strndup(run->arena, name.data, name.length),
                           .columns = HU_NEW_ARRAY(run->arena, const char *, text.length + 1),
                           .sign = HU_NEW_ARRAY(run->arena, double, text.length + 1)};
    for (const char *p = equals + 1; p < end;) {
        const char *comma = memchr(p, ',', (size_t)(end - p)), *stop = comma ? comma : end;
        hu_str item = hu_str_trim((hu_str){p, (size_t)(stop - p)});
        bool less = item.length && item.data[0] == '-';
        if (item.length > less) {
            index->sign[index->k] = less ? -1 : 1;
            index->columns[index->k++] = hu_strndup(run->arena, item.data + less, item.length - less);
        }
        p = stop + 1;
    }
    if (index->k < 2)
        return hu_fail(HU_USAGE, "--index: %s has %zu columns: expected two or more, like %s=A,B,-C", index->name,
                       index->k, index->name);
    return NULL;
}

static hu_error *parse_indices(const hu_run *run, trial_more *more)
{
    const char *text = hu_opt_text(run, "index");
    size_t room = 1;
    for (const char *p = text; p && *p; p++)
        room += *p == ';';
    more->indices = HU_NEW_ARRAY(run->arena, trial_index, room);
    while (text && *text) {
        size_t length = strcspn(text, ";");
        hu_str part = hu_str_trim((hu_str){text, length});
        if (part.length)
            HU_TRY(parse_index(run, part, &more->indices[more->n_indices++]));
        text += length + (text[length] == ';');
    }
    return NULL;
}

static hu_error *make_index(const hu_run *run, hu_table *table, const hu_column *arm, trial_index *index)
{
    HU_SCRATCH(scratch);
    size_t n = table->rows;
    bool control = hu_opt_is(run, "index-reference", "control");
    double *x = HU_NEW_ARRAY(scratch, double, n * index->k), *reference = HU_NEW_ARRAY(scratch, double, n);
    if (hu_table_find(table, index->name))
        return hu_fail(HU_USAGE, "--index: %s has a column \"%s\" already: give the index another name", table->source,
                       index->name);
    double *group = HU_NEW_ARRAY(scratch, double, n);
    for (size_t i = 0; i < n; i++) {
        group[i] = hu_number_at(arm, i);
        reference[i] = group[i] == 0 || (!control && group[i] == 1);
    }
    for (size_t j = 0; j < index->k; j++) {
        hu_column *column;
        HU_TRY(hu_wrap(hu_table_numbers(table, index->columns[j], &column), "--index %s", index->name));
        for (size_t i = 0; i < n; i++)
            x[j * n + i] = hu_number_at(column, i);
    }
    hu_index_input input = {x, n, index->k, index->columns, index->sign, reference, group};
    HU_TRY(hu_wrap(hu_index_make(&input, hu_opt_is(run, "index-method", "klk") ? HU_INDEX_KLK : HU_INDEX_ANDERSON,
                                 run->arena, &index->made),
                   "%s: index %s", table->source, index->name));
    hu_column *out = hu_table_add_numbers(table, run->arena, index->name);
    memcpy(out->numbers, index->made.value, n * sizeof *out->numbers);
    return NULL;
}

hu_error *trial_more_indices(const hu_run *run, hu_table *table, const char *treatment, trial_more *more)
{
    hu_column *arm;
    if (!hu_opt_given(run, "index"))
        return NULL;
    HU_TRY(parse_indices(run, more));
    HU_TRY(hu_table_numbers(table, treatment, &arm));
    more->method = hu_opt_text(run, "index-method");
    more->reference = hu_opt_text(run, "index-reference");
    for (size_t i = 0; i < more->n_indices; i++)
        HU_TRY(make_index(run, table, arm, &more->indices[i]));
    return NULL;
}

const char *const *trial_more_outcomes(const hu_run *run, const char *const *outcomes, const trial_more *more)
{
    size_t n = 0;
    while (outcomes[n])
        n++;
    const char **all = HU_NEW_ARRAY(run->arena, const char *, n + more->n_indices + 1);
    memcpy(all, outcomes, n * sizeof *all);
    for (size_t i = 0; i < more->n_indices; i++) {
        bool named = false;
        for (size_t j = 0; j < n; j++)
            named |= strcmp(all[j], more->indices[i].name) == 0;
        if (!named)
            all[n++] = more->indices[i].name;
    }
    return all;
}

/* The same columns without indices, which are no counts. */
static hu_error *model(const hu_run *run, const hu_table *table, const hu_trial_columns *columns,
                       const hu_trial_options *options, trial_more *more)
{
    size_t n = 0;
    while (columns->outcomes[n])
        n++;
    const char **counts = HU_NEW_ARRAY(run->arena, const char *, n + 1);
    size_t kept = 0;
    for (size_t j = 0; j < n; j++) {
        bool index = false;
        for (size_t i = 0; i < more->n_indices; i++)
            index |= strcmp(columns->outcomes[j], more->indices[i].name) == 0;
        if (!index)
            counts[kept++] = columns->outcomes[j];
    }
    hu_trial_columns of_counts = *columns;
    of_counts.outcomes = counts;
    hu_trial_family family = hu_opt_is(run, "model", "poisson")  ? HU_TRIAL_POISSON
                             : hu_opt_is(run, "model", "negbin") ? HU_TRIAL_NEGBIN
                                                                 : HU_TRIAL_LOGIT;
    if (kept == 0)
        return hu_fail(HU_USAGE, "--model: an index is no count; name outcomes by --outcome");
    return hu_trial_model(table, &of_counts, hu_opt_text(run, "exposure"), family, options, run->arena, &more->ratios);
}

static hu_error *network_of(const hu_run *run, hu_spillover_network *network)
{
    size_t n;
    const char **places = hu_opt_list(run, "coordinates", &n);
    hu_table *edges;
    *network = (hu_spillover_network){0};
    if (hu_opt_given(run, "network") && n)
        return hu_fail(HU_USAGE, "--network and --coordinates both say who is a neighbour: give one");
    if (hu_opt_given(run, "network")) {
        HU_TRY(hu_table_read(hu_opt_text(run, "network"), &(hu_csv_options){0}, run->arena, &edges));
        network->edges = edges;
        return NULL;
    }
    if (n != 2)
        return hu_fail(HU_USAGE, "--coordinates: expected two columns, latitude and longitude");
    HU_TRY(hu_opt_require(run, (const char *const[]){"radius", NULL}));
    *network =
        (hu_spillover_network){.latitude = places[0], .longitude = places[1], .radius = hu_opt_number(run, "radius")};
    return NULL;
}

hu_error *trial_more_estimate(const hu_run *run, const hu_table *table, const hu_trial_columns *columns,
                              const hu_trial_options *options, trial_more *more)
{
    if (hu_opt_given(run, "exposure") && !hu_opt_given(run, "model"))
        return hu_fail(HU_USAGE, "--exposure needs --model poisson or negbin");
    if (hu_opt_given(run, "model"))
        HU_TRY(model(run, table, columns, options, more));
    if (hu_opt_given(run, "by"))
        HU_TRY(hu_trial_by(table, columns, hu_opt_text(run, "by"), options, run->arena, &more->groups));
    if (!hu_opt_given(run, "network") && !hu_opt_given(run, "coordinates"))
        return NULL;
    hu_spillover_network network;
    HU_TRY(network_of(run, &network));
    return hu_trial_spillover(table, columns, &network, options, run->arena, &more->spillovers);
}
