/* Coarsening and suppression; see disclosure.h. */

#include "huella/measures/disclosure.h"

#include "huella/base/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum ladder { OF_TEXT, OF_DATES, OF_PLACES, OF_NUMBERS, LADDERS } ladder;

static const char *const steps[LADDERS][8] = {
    [OF_TEXT] = {"exact", "*"},
    [OF_DATES] = {"day", "month", "year", "*"},
    [OF_PLACES] = {"district", "province", "department", "*"},
    [OF_NUMBERS] = {"exact", "fives", "tens", "twenties", "fifties", "hundreds", "*"},
};

typedef struct quasi {
    const hu_column *column;
    ladder ladder;
    size_t step;
    const char **values; /* rows: the cells as they stand at this step */
    size_t different;
} quasi;

typedef struct release {
    const hu_table *table;
    const hu_disclosure_options *options;
    size_t k, l, n_quasi, n_sensitive;
    quasi *quasi;
    const hu_column **sensitive;
    hu_arena *arena;
    uint32_t *order; /* rows, sorted by their values: classes stand together */
    bool *kept;
    size_t suppressed, classes, smallest;
} release;

static bool is_date(const char *text)
{
    hu_date date;
    return strlen(text) >= 10 && hu_date_parse_iso((hu_str){text, 10}, &date);
}

static bool is_place(const char *text)
{
    return strlen(text) == 6 && strspn(text, "0123456789") == 6;
}

static bool is_number(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    return end > text && !*end && isfinite(value);
}

/* The ladder that every cell fits. */
static ladder ladder_of(const release *r, const hu_column *column)
{
    bool dates = true, places = true, numbers = true;
    for (size_t i = 0; i < r->table->rows; i++) {
        const char *text = hu_table_text(r->table, column, i, r->arena);
        if (!text)
            continue;
        dates = dates && is_date(text);
        places = places && is_place(text);
        numbers = numbers && is_number(text);
    }
    return dates ? OF_DATES : places ? OF_PLACES : numbers ? OF_NUMBERS : OF_TEXT;
}

static const char *in_bins(const char *text, double width, hu_arena *arena)
{
    double from = width * floor(strtod(text, NULL) / width);
    return hu_printf(arena, "%.0f to %.0f", from, from + width - 1);
}

static const char *coarsened(const char *text, const quasi *q, hu_arena *arena)
{
    static const double widths[] = {1, 5, 10, 20, 50, 100};
    static const size_t date_lengths[] = {10, 7, 4};
    if (!text || q->step == 0)
        return text ? text : "";
    if (strcmp(steps[q->ladder][q->step], "*") == 0)
        return "*";
    if (q->ladder == OF_DATES)
        return hu_strndup(arena, text, date_lengths[q->step]);
    if (q->ladder == OF_PLACES)
        return hu_strndup(arena, text, 6 - 2 * q->step);
    return in_bins(text, widths[q->step], arena);
}

static void take_step(release *r, quasi *q)
{
    for (size_t i = 0; i < r->table->rows; i++)
        q->values[i] = coarsened(hu_table_text(r->table, q->column, i, r->arena), q, r->arena);
}

/* ---- classes ---- */

static int by_values(const void *a, const void *b, void *context)
{
    const release *r = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    for (size_t j = 0; j < r->n_quasi; j++) {
        int order = strcmp(r->quasi[j].values[x], r->quasi[j].values[y]);
        if (order)
            return order;
    }
    return (x > y) - (x < y);
}

static bool same_class(const release *r, uint32_t x, uint32_t y)
{
    for (size_t j = 0; j < r->n_quasi; j++)
        if (strcmp(r->quasi[j].values[x], r->quasi[j].values[y]) != 0)
            return false;
    return true;
}

/* Whether rows order[from … to) show at least l values of a sensitive column. */
static bool is_diverse(const release *r, const hu_column *column, size_t from, size_t to)
{
    HU_SCRATCH(scratch);
    const char **seen = HU_NEW_ARRAY(scratch, const char *, r->l);
    size_t n = 0;
    for (size_t i = from; i < to && n < r->l; i++) {
        const char *text = hu_table_text(r->table, column, r->order[i], scratch);
        bool known = !text;
        for (size_t s = 0; s < n && !known; s++)
            known = strcmp(seen[s], text) == 0;
        if (!known)
            seen[n++] = text;
    }
    return n >= r->l;
}

static bool may_be_given(const release *r, size_t from, size_t to)
{
    if (to - from < r->k)
        return false;
    for (size_t j = 0; j < r->n_sensitive; j++)
        if (!is_diverse(r, r->sensitive[j], from, to))
            return false;
    return true;
}

static void find_classes(release *r)
{
    size_t n = r->table->rows;
    qsort_r(r->order, n, sizeof *r->order, by_values, r);
    r->suppressed = r->classes = 0;
    r->smallest = n;
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && same_class(r, r->order[from], r->order[to]);)
            to++;
        bool given = may_be_given(r, from, to);
        for (size_t i = from; i < to; i++)
            r->kept[r->order[i]] = given;
        r->suppressed += given ? 0 : to - from;
        r->classes += given;
        if (given && to - from < r->smallest)
            r->smallest = to - from;
    }
}

/* ---- the release ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t count_different(const release *r, const quasi *q)
{
    HU_SCRATCH(scratch);
    size_t n = r->table->rows, different = n > 0;
    const char **sorted = HU_NEW_ARRAY(scratch, const char *, n + 1);
    memcpy(sorted, q->values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_text);
    for (size_t i = 1; i < n; i++)
        different += strcmp(sorted[i - 1], sorted[i]) != 0;
    return different;
}

/* The column with most different values that can go one step further; NULL when none can. */
static quasi *next_to_coarsen(const release *r)
{
    quasi *most = NULL;
    for (size_t j = 0; j < r->n_quasi; j++) {
        quasi *q = &r->quasi[j];
        if (steps[q->ladder][q->step + 1] && (!most || q->different > most->different))
            most = q;
    }
    return most;
}

static hu_error *prepare(release *r)
{
    size_t n = r->table->rows;
    const hu_disclosure_options *o = r->options;
    while (o->quasi && o->quasi[r->n_quasi])
        r->n_quasi++;
    while (o->sensitive && o->sensitive[r->n_sensitive])
        r->n_sensitive++;
    if (!r->n_quasi)
        return hu_fail(HU_BAD_INPUT, "no column is named by which somebody could be recognised");
    if (o->k < 0 || o->k == 1 || o->l < 0)
        return hu_fail(HU_BAD_INPUT, "k must be 2 or more, l 1 or more");
    r->k = o->k ? (size_t)o->k : HU_DISCLOSURE_K;
    r->l = o->l ? (size_t)o->l : 2;
    if (n < r->k)
        return hu_fail(HU_EMPTY, "%s: %zu rows: fewer than k = %zu cannot be given away", r->table->source, n, r->k);
    r->quasi = HU_NEW_ARRAY(r->arena, quasi, r->n_quasi);
    r->sensitive = HU_NEW_ARRAY(r->arena, const hu_column *, r->n_sensitive + 1);
    for (size_t j = 0; j < r->n_sensitive; j++)
        HU_TRY(hu_table_column(r->table, o->sensitive[j], (hu_column **)&r->sensitive[j]));
    for (size_t j = 0; j < r->n_quasi; j++) {
        quasi *q = &r->quasi[j];
        HU_TRY(hu_table_column(r->table, o->quasi[j], (hu_column **)&q->column));
        q->ladder = ladder_of(r, q->column);
        q->values = HU_NEW_ARRAY(r->arena, const char *, n + 1);
        take_step(r, q);
        q->different = count_different(r, q);
    }
    r->kept = HU_NEW_ARRAY(r->arena, bool, n + 1);
    r->order = HU_NEW_ARRAY(r->arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        r->order[i] = (uint32_t)i;
    return NULL;
}

static bool is_named(const char *const *names, const char *name)
{
    for (size_t i = 0; names && names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* What a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection). */
static hu_str harmless(const char *text, hu_arena *arena)
{
    if (text && *text && strchr("=+-@\t\r", *text) && !is_number(text))
        return hu_str_of(hu_printf(arena, "'%s", text));
    return hu_str_of(text);
}

static void fill_column(const release *r, const hu_column *from, const uint32_t *rows, size_t n, hu_table *to)
{
    const quasi *q = NULL;
    for (size_t j = 0; j < r->n_quasi && !q; j++)
        q = r->quasi[j].column == from ? &r->quasi[j] : NULL;
    bool numbers = from->type == HU_NUMBER && (!q || q->step == 0);
    hu_column *column =
        numbers ? hu_table_add_numbers(to, r->arena, from->name) : hu_table_add_texts(to, r->arena, from->name);
    for (size_t i = 0; i < n; i++)
        if (numbers)
            column->numbers[i] = hu_number_at(from, rows[i]);
        else if (q)
            column->texts[i] = *q->values[rows[i]] ? harmless(q->values[rows[i]], r->arena) : (hu_str){0};
        else if (from->texts[rows[i]].data)
            column->texts[i] = harmless(hu_table_text(r->table, from, rows[i], r->arena), r->arena);
}

static void write_release(const release *r, hu_disclosed *out)
{
    size_t n = 0;
    uint32_t *rows = HU_NEW_ARRAY(r->arena, uint32_t, r->table->rows + 1);
    for (size_t i = 0; i < r->table->rows; i++)
        if (r->kept[i])
            rows[n++] = (uint32_t)i;
    out->table = hu_table_new(r->arena, r->table->source, n);
    for (size_t c = 0; c < r->table->n_columns; c++)
        if (!is_named(r->options->drop, r->table->columns[c].name))
            fill_column(r, &r->table->columns[c], rows, n, out->table);
    out->suppressed = r->suppressed;
    out->classes = r->classes;
    out->smallest = r->classes ? r->smallest : 0;
    out->n_quasi = r->n_quasi;
    out->coarser = HU_NEW_ARRAY(r->arena, const char *, r->n_quasi + 1);
    for (size_t j = 0; j < r->n_quasi; j++)
        out->coarser[j] = steps[r->quasi[j].ladder][r->quasi[j].step];
}

hu_error *hu_disclose(const hu_table *table, const hu_disclosure_options *options, hu_arena *arena, hu_disclosed *out)
{
    release r = {.table = table, .options = options, .arena = arena};
    double allowed = options->most_suppressed > 0 ? options->most_suppressed : 0.05;
    *out = (hu_disclosed){0};
    HU_TRY(prepare(&r));
    find_classes(&r);
    quasi *q;
    while ((double)r.suppressed > allowed * (double)table->rows && (q = next_to_coarsen(&r))) {
        q->step++;
        take_step(&r, q);
        q->different = count_different(&r, q);
        find_classes(&r);
    }
    write_release(&r, out);
    return NULL;
}
