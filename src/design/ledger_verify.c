/* Running a draw again: what is identical, and what is not. */

#include "ledger_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct verification {
    const hu_ledger *ledger;
    hu_draw *draw;
    uint32_t *sorted; /* units in order of their names */
    hu_ledger_check *check;
    hu_arena *arena;
} verification;

static void __attribute__((format(printf, 2, 3))) found(verification *v, const char *format, ...)
{
    va_list args;
    hu_ledger_check *c = v->check;
    va_start(args, format);
    c->findings = hu_regrow(v->arena, c->findings, c->n, c->n + 1, sizeof *c->findings);
    c->findings[c->n++] = hu_vprintf(v->arena, format, args);
    va_end(args);
}

static void __attribute__((format(printf, 2, 3))) note(verification *v, const char *format, ...)
{
    va_list args;
    hu_ledger_check *c = v->check;
    va_start(args, format);
    c->notes = hu_regrow(v->arena, c->notes, c->n_notes, c->n_notes + 1, sizeof *c->notes);
    c->notes[c->n_notes++] = hu_vprintf(v->arena, format, args);
    va_end(args);
}

/* What stops the draw from being run again is a finding too. */
static bool finding_of(verification *v, const char *what, hu_error *error)
{
    if (!error)
        return false;
    found(v, "%s: %s", what, error->message);
    hu_error_free(error);
    return true;
}

static int by_unit(const void *a, const void *b, void *units)
{
    const char *const *unit = units;
    return strcmp(unit[*(const uint32_t *)a], unit[*(const uint32_t *)b]);
}

static void sort_units(verification *v)
{
    v->sorted = HU_NEW_ARRAY(v->arena, uint32_t, v->draw->units);
    for (size_t i = 0; i < v->draw->units; i++)
        v->sorted[i] = (uint32_t)i;
    qsort_r(v->sorted, v->draw->units, sizeof *v->sorted, by_unit, v->draw->unit);
}

/* The unit's place in the draw; draw->units when it is not there. */
static size_t place_of(const verification *v, const char *unit)
{
    size_t low = 0, high = v->draw->units;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(v->draw->unit[v->sorted[middle]], unit);
        if (order == 0)
            return v->sorted[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return v->draw->units;
}

/* Rows against their hashes in the commitment. */
static void check_rows(verification *v, const char *sha256)
{
    const json_t *input = json_object_get(hu_ledger_find(v->ledger, "commit", NULL), "input");
    const json_t *rows = json_object_get(input, "rows");
    size_t n = json_array_size(rows), before = v->check->n;
    bool *seen = HU_NEW_ARRAY(v->arena, bool, v->draw->units + 1), moved = false;
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(rows, i);
        const char *unit = json_string_value(json_array_get(row, 0)), *hash = json_string_value(json_array_get(row, 1));
        size_t at = unit ? place_of(v, unit) : v->draw->units;
        if (at == v->draw->units) {
            found(v, "input: unit %s was committed and is not in the table", unit ? unit : "without a name");
            continue;
        }
        seen[at] = true;
        moved = moved || at != i;
        if (!hash || strcmp(hash, v->draw->row_hash[at]) != 0)
            found(v, "input: the row of unit %s was changed", unit);
    }
    for (size_t i = 0; i < v->draw->units; i++)
        if (!seen[i])
            found(v, "input: unit %s is in the table and was not committed", v->draw->unit[i]);
    if (v->check->n == before && moved)
        found(v, "input: the rows stand in another order than when they were committed");
    if (v->check->n == before && strcmp(sha256, ledger_text(input, "sha256")) != 0)
        note(v, "the table's file changed, but no cell that the draw uses");
}

/* Arms of an entry against those drawn again. */
static void check_arms(verification *v, const json_t *units, const char *where)
{
    size_t n = json_array_size(units);
    if (n != v->draw->units)
        found(v, "assignment: %s lists %zu units, the draw %zu", where, n, v->draw->units);
    for (size_t i = 0; i < n; i++) {
        const json_t *entry = json_array_get(units, i);
        const char *unit = ledger_text(entry, "unit"), *arm = ledger_text(entry, "arm");
        size_t at = place_of(v, unit);
        if (at == v->draw->units)
            found(v, "assignment: %s names unit %s, which was not drawn", where, unit);
        else if (strcmp(arm, v->draw->setup.arms[v->draw->arm[at]]) != 0)
            found(v, "assignment: %s puts %s into %s, the draw into %s", where, unit, arm,
                  v->draw->setup.arms[v->draw->arm[at]]);
    }
}

static void check_sealed(verification *v, const json_t *draw, const hu_ledger_key *key)
{
    const json_t *units = json_object_get(draw, "units");
    for (size_t i = 0; i < json_array_size(units); i++) {
        const json_t *entry = json_array_get(units, i);
        size_t at = place_of(v, ledger_text(entry, "unit"));
        uint32_t arm;
        hu_error *error = ledger_unseal(ledger_text(entry, "sealed"), key, &arm);
        if (error || at == v->draw->units || arm != v->draw->arm[at])
            found(v, "assignment: the sealed arm of %s is not the one that was drawn", ledger_text(entry, "unit"));
        hu_error_free(error);
    }
    for (size_t i = 0; i < v->ledger->n; i++)
        if (strcmp(ledger_text(v->ledger->entries[i], "entry"), "reveal") == 0) {
            size_t at = place_of(v, ledger_text(v->ledger->entries[i], "unit"));
            if (at == v->draw->units ||
                strcmp(ledger_text(v->ledger->entries[i], "arm"), v->draw->setup.arms[v->draw->arm[at]]) != 0)
                found(v, "assignment: line %zu reveals another arm of %s than was drawn", i + 1,
                      ledger_text(v->ledger->entries[i], "unit"));
        }
}

static hu_error *check_handed_out(verification *v, const hu_table *table)
{
    hu_column *unit, *arm;
    HU_TRY(hu_table_column(table, v->draw->setup.unit, &unit));
    HU_TRY(hu_table_column(table, hu_ledger_arm_column, &arm));
    bool *seen = HU_NEW_ARRAY(v->arena, bool, v->draw->units + 1);
    for (size_t r = 0; r < table->rows; r++) {
        const char *name = hu_table_text(table, unit, r, v->arena), *is = hu_table_text(table, arm, r, v->arena);
        size_t at = name ? place_of(v, name) : v->draw->units;
        if (at == v->draw->units) {
            found(v, "assignment: %s names unit %s, which was not drawn", table->source, name ? name : "(none)");
            continue;
        }
        seen[at] = true;
        if (!is || strcmp(is, v->draw->setup.arms[v->draw->arm[at]]) != 0)
            found(v, "assignment: %s puts %s into %s, the draw into %s", table->source, name, is ? is : "no arm",
                  v->draw->setup.arms[v->draw->arm[at]]);
    }
    for (size_t i = 0; i < v->draw->units; i++)
        if (!seen[i])
            found(v, "assignment: %s leaves out %s", table->source, v->draw->unit[i]);
    return NULL;
}

/* The draw again, by the seed that the ledger or the key tells. */
static hu_error *run_again(verification *v, const json_t *draw, const hu_ledger_key *key)
{
    char hex[65];
    const json_t *open = hu_ledger_find(v->ledger, "open", NULL), *told = open ? open : draw;
    ledger_commitment(key, hex);
    if (strcmp(hex, ledger_text(hu_ledger_find(v->ledger, "commit", NULL), "commitment")) != 0)
        found(v, "seed: seed and nonce are not those that were committed to");
    HU_TRY(hu_draw_run(v->draw, ledger_draw_seed(key, ledger_text(draw, "beacon")), v->arena));
    v->check->draw = v->draw;
    if (v->draw->setup.method == HU_DRAW_RERANDOMIZED &&
        fabs(json_number_value(json_object_get(draw, "threshold")) - v->draw->setup.threshold) >
            1e-9 * v->draw->setup.threshold)
        found(v, "design: the ledger accepts distances up to %g, the design up to %g",
              json_number_value(json_object_get(draw, "threshold")), v->draw->setup.threshold);
    if (json_object_get(told, "attempts") &&
        json_integer_value(json_object_get(told, "attempts")) != (json_int_t)v->draw->attempts)
        found(v, "design: the ledger tells of %lld tries, the draw takes %llu",
              (long long)json_integer_value(json_object_get(told, "attempts")), (unsigned long long)v->draw->attempts);
    ledger_digest(v->draw, key, hex);
    if (strcmp(hex, ledger_text(draw, "digest")) != 0)
        found(v, "assignment: the draw's digest is another one");
    if (hu_ledger_sealed(v->ledger))
        check_sealed(v, draw, key);
    else
        check_arms(v, json_object_get(draw, "units"), "the ledger");
    if (open)
        check_arms(v, json_object_get(open, "units"), "the opening");
    return NULL;
}

hu_error *hu_ledger_verify(const hu_ledger *ledger, const hu_table *table, const char *sha256, const hu_ledger_key *key,
                           const hu_table *assignments, hu_arena *arena, hu_ledger_check **out)
{
    hu_draw_setup setup;
    hu_ledger_key told;
    const char *path;
    verification v = {.ledger = ledger, .check = HU_NEW(arena, hu_ledger_check), .arena = arena};
    const json_t *draw = hu_ledger_find(ledger, "draw", NULL), *open = hu_ledger_find(ledger, "open", NULL);
    *out = v.check;
    HU_TRY(hu_ledger_setup(ledger, arena, &setup, &path));
    if (finding_of(&v, "input", hu_draw_prepare(table, &setup, arena, &v.draw)))
        return NULL;
    sort_units(&v);
    check_rows(&v, sha256);
    if (!draw) {
        note(&v, "committed, not drawn yet");
        return NULL;
    }
    if (hu_ledger_state_of(ledger) == HU_LEDGER_PUBLIC) {
        if (finding_of(&v, "seed", ledger_entry_key(ledger, open ? open : draw, &told)))
            return NULL;
        key = &told;
    }
    if (!key) {
        note(&v, "the draw is sealed: it can be run again with its key, or once it is opened");
        return NULL;
    }
    HU_TRY(run_again(&v, draw, key));
    return assignments ? check_handed_out(&v, assignments) : NULL;
}
