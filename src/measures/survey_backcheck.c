/* Back-checks: a second interview against the first. */

#include "survey_check.h"

#include "huella/base/number.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_EXACT = 50 };

double hu_signed_rank_p(const double *differences, size_t n)
{
    HU_SCRATCH(scratch);
    double *size = HU_NEW_ARRAY(scratch, double, n + 1), *sign = HU_NEW_ARRAY(scratch, double, n + 1), ties = 0,
           positive = 0;
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (differences[i] != 0 && !isnan(differences[i])) {
            size[m] = fabs(differences[i]);
            sign[m++] = differences[i] > 0;
        }
    if (m == 0)
        return NAN;
    uint32_t *order = hu_order_numbers(size, m, scratch);
    for (size_t from = 0, to; from < m; from = to) {
        for (to = from; to < m && size[order[to]] == size[order[from]]; to++) {
        }
        double rank = ((double)from + 1 + (double)to) / 2, tied = (double)(to - from);
        ties += tied * tied * tied - tied;
        for (size_t i = from; i < to; i++)
            positive += sign[order[i]] > 0 ? rank : 0;
    }
    double k = (double)m, middle = k * (k + 1) / 4;
    if (m <= MOST_EXACT && m == n && ties == 0) {
        double tail = positive > middle ? 1 - hu_signed_rank_below(positive - 1, k) : hu_signed_rank_below(positive, k);
        return fmin(2 * tail, 1);
    }
    double sd = sqrt(k * (k + 1) * (2 * k + 1) / 24 - ties / 48), away = positive - middle;
    away -= away > 0 ? 0.5 : away < 0 ? -0.5 : 0;
    return fmin(hu_normal_two_sided(away / sd), 1);
}

typedef struct match {
    const char *id;
    size_t row;
} match;

static int by_id(const void *a, const void *b)
{
    return strcmp(((const match *)a)->id, ((const match *)b)->id);
}

/* Rows by respondent, sorted; those without a name are left out. */
static hu_error *list(const checker *c, const hu_table *table, hu_arena *arena, match **out, size_t *n)
{
    *out = HU_NEW_ARRAY(arena, match, table->rows + 1);
    *n = 0;
    for (size_t r = 0; r < table->rows; r++) {
        const char *id = checker_id(c, table, r, arena);
        if (id)
            (*out)[(*n)++] = (match){id, r};
    }
    qsort(*out, *n, sizeof **out, by_id);
    for (size_t i = 1; i < *n; i++)
        if (strcmp((*out)[i].id, (*out)[i - 1].id) == 0)
            return hu_table_fail(table, HU_BAD_INPUT, (*out)[i].row, c->ids[0]->name,
                                 "%s stands twice: expected one interview of a respondent; mend duplicates first",
                                 (*out)[i].id);
    return NULL;
}

typedef struct row_pair {
    size_t row[2]; /* of the first interview, of the second */
} row_pair;

typedef struct pairs {
    size_t n;
    row_pair *rows;
} pairs;

static hu_error *pair_up(const checker *c, const hu_survey *second, hu_backchecked *out, pairs *p)
{
    HU_SCRATCH(scratch);
    match *first, *again;
    size_t n, m;
    HU_TRY(list(c, c->survey->table, scratch, &first, &n));
    HU_TRY(list(c, second->table, scratch, &again, &m));
    p->rows = HU_NEW_ARRAY(c->arena, row_pair, m + 1);
    for (size_t i = 0; i < m; i++) {
        match *found = n ? bsearch(&again[i], first, n, sizeof *first, by_id) : NULL;
        if (!found) {
            out->unmatched++;
            continue;
        }
        p->rows[p->n++] = (row_pair){{found->row, again[i].row}};
    }
    out->pairs = p->n;
    return NULL;
}

static bool differ(hu_str a, hu_str b, bool numbers, double *difference)
{
    hu_number x, y;
    *difference = NAN;
    if (!numbers || !hu_number_parse(a, '.', &x) || !hu_number_parse(b, '.', &y))
        return !hu_str_equal(a, b);
    *difference = y.value - x.value;
    return fabs(*difference) > 1e-9 * fmax(fabs(x.value), fabs(y.value));
}

static void summarise(const double *first, const double *d, size_t n, hu_backcheck_row *row)
{
    double mean = 0, variance = 0, level = 0, spread = 0;
    row->difference = row->t_p = row->rank_p = row->reliability = NAN;
    if (n < 2)
        return;
    for (size_t i = 0; i < n; i++) {
        mean += d[i] / (double)n;
        level += (2 * first[i] + d[i]) / (2 * (double)n);
    }
    for (size_t i = 0; i < n; i++) {
        variance += (d[i] - mean) * (d[i] - mean) / ((double)n - 1);
        spread += (pow(first[i] - level, 2) + pow(first[i] + d[i] - level, 2)) / (2 * (double)n - 1);
    }
    row->difference = mean;
    row->t_p = variance > 0 ? hu_t_two_sided(mean / sqrt(variance / (double)n), (double)n - 1) : NAN;
    row->rank_p = hu_signed_rank_p(d, n);
    row->reliability = spread > 0 ? 1 - variance / (2 * spread) : NAN;
}

typedef struct person_counts {
    hu_backcheck_person *all;
    size_t n;
} person_counts;

static void count_person(checker *c, person_counts *p, size_t row, bool differs)
{
    if (!c->enumerator)
        return;
    const char *name = hu_table_text(c->survey->table, c->enumerator, row, c->arena);
    size_t i = 0;
    while (name && i < p->n && strcmp(p->all[i].enumerator, name) != 0)
        i++;
    if (!name)
        return;
    if (i == p->n) {
        p->all = hu_regrow(c->arena, p->all, p->n, p->n + 1, sizeof *p->all);
        p->all[p->n++].enumerator = name;
    }
    p->all[i].values++;
    p->all[i].differ += differs;
}

static bool is_id(const checker *c, const hu_column *column)
{
    for (size_t i = 0; i < c->n_ids; i++)
        if (strcmp(c->ids[i]->name, column->name) == 0)
            return true;
    return column == c->enumerator;
}

static void compare(checker *c, const hu_survey_column *one, const hu_survey *second, const hu_column *other,
                    const pairs *p, person_counts *persons, hu_backcheck_row *row)
{
    HU_SCRATCH(scratch);
    double *d = HU_NEW_ARRAY(scratch, double, p->n + 1), *first = HU_NEW_ARRAY(scratch, double, p->n + 1), difference;
    size_t n = 0;
    bool numbers = one->field->kind == HU_FIELD_NUMBER;
    checker again = *c;
    again.survey = second;
    *row = (hu_backcheck_row){.column = one->column->name};
    for (size_t i = 0; i < p->n; i++) {
        char was[80], is[80];
        hu_str a = checker_cell(c, one->column, p->rows[i].row[0], scratch),
               b = checker_cell(&again, other, p->rows[i].row[1], scratch);
        if (!a.data || !b.data)
            continue;
        bool differs = differ(a, b, numbers, &difference);
        row->pairs++;
        row->differ += differs;
        count_person(c, persons, p->rows[i].row[0], differs);
        if (!isnan(difference)) {
            first[n] = strtod(hu_strndup(scratch, a.data, a.length), NULL);
            d[n++] = difference;
        }
        if (differs)
            checker_add(c, (hu_finding){.check = "backcheck",
                                        .severity = HU_SHOULD_BE_LOOKED_AT,
                                        .row = p->rows[i].row[0],
                                        .column = one->column->name,
                                        .what = hu_printf(c->arena, "\"%s\", and \"%s\" when asked again",
                                                          hu_excerpt(a, was), hu_excerpt(b, is)),
                                        .expected = "the same answer twice",
                                        .score = isnan(difference) ? 0 : fabs(difference)});
    }
    row->rate = (double)row->differ / (double)row->pairs;
    summarise(first, d, n, row);
}

static int by_rate(const void *a, const void *b)
{
    const hu_backcheck_person *x = a, *y = b;
    return x->rate != y->rate ? (x->rate > y->rate ? -1 : 1) : strcmp(x->enumerator, y->enumerator);
}

hu_error *hu_survey_backcheck(const hu_survey *first, const hu_survey *second, const hu_survey_check_options *options,
                              hu_arena *arena, hu_backchecked *out)
{
    checker c;
    pairs p = {0};
    person_counts persons = {0};
    HU_TRY(checker_start(first, options, arena, &c));
    if (c.n_ids == 0)
        return hu_fail(HU_USAGE, "a back-check needs the columns that name a respondent");
    for (size_t i = 0; i < c.n_ids; i++) {
        hu_column *column;
        HU_TRY(hu_table_column(second->table, c.ids[i]->name, &column));
    }
    *out = (hu_backchecked){.rows = HU_NEW_ARRAY(arena, hu_backcheck_row, first->table->n_columns + 1)};
    HU_TRY(pair_up(&c, second, out, &p));
    for (size_t i = 0; i < first->table->n_columns; i++) {
        const hu_survey_column *one = &first->columns[i];
        const hu_column *other = hu_table_find(second->table, one->column->name);
        if (!one->field || one->choice != SIZE_MAX || !other || is_id(&c, one->column) ||
            strcmp(one->field->type, "start") == 0 || strcmp(one->field->type, "end") == 0)
            continue;
        compare(&c, one, second, other, &p, &persons, &out->rows[out->n]);
        out->n += out->rows[out->n].pairs > 0;
    }
    for (size_t i = 0; i < persons.n; i++)
        persons.all[i].rate = (double)persons.all[i].differ / (double)persons.all[i].values;
    if (persons.n)
        qsort(persons.all, persons.n, sizeof *persons.all, by_rate);
    checker_sort(c.findings, c.n);
    out->persons = persons.all;
    out->n_persons = persons.n;
    out->findings = c.findings;
    out->n_findings = c.n;
    return NULL;
}
