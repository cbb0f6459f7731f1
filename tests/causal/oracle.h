#ifndef HUELLA_TESTS_CAUSAL_ORACLE_H
#define HUELLA_TESTS_CAUSAL_ORACLE_H

/* Runs of the peers as data: what was asked, what they answered. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/json.h"
#include "huella/causal/did.h"
#include "huella/causal/twfe.h"

/* The number under a key, NaN for null or absent. */
static inline double oracle_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Both NaN, or close. */
static inline void oracle_close(double actual, double expected, double tolerance, const char *what)
{
    if (isnan(expected) != isnan(actual))
        fail_msg("%s: %.15g, expected %.15g", what, actual, expected);
    if (!isnan(expected))
        check_close(actual, expected, tolerance, what);
}

/* A regression's coefficient and a row of the peer's table: estimate, se, t and p. */
static inline void oracle_coefficient(const hu_coefficient *c, const json_t *row)
{
    check_close(c->estimate, oracle_number(row, "estimate"), 1e-8, c->name);
    check_close(c->se, oracle_number(row, "se"), 1e-6, c->name);
    check_close(c->t, oracle_number(row, "t"), 1e-6, c->name);
    check_close(c->p, oracle_number(row, "p"), 1e-6, c->name);
}

static inline hu_table *oracle_table(hu_arena *arena, const char *path)
{
    hu_table *table = NULL;
    CHECK_OK(hu_csv_read(path, NULL, arena, &table));
    return table;
}

static inline json_t *oracle_json(const char *path)
{
    json_t *root = NULL;
    CHECK_OK(hu_json_load(path, &root));
    return root;
}

/* A run's call as options. */
static inline hu_did_options oracle_options(const json_t *call)
{
    const char *method = json_string_value(json_object_get(call, "method"));
    const char *control = json_string_value(json_object_get(call, "control"));
    const char *base = json_string_value(json_object_get(call, "base"));
    return (hu_did_options){
        .control = strcmp(control, "notyettreated") == 0 ? HU_NOT_YET_TREATED : HU_NEVER_TREATED,
        .method = strcmp(method, "dr") == 0    ? HU_DOUBLY_ROBUST
                  : strcmp(method, "ipw") == 0 ? HU_INVERSE_PROBABILITY
                                               : HU_OUTCOME_REGRESSION,
        .universal_base = strcmp(base, "universal") == 0,
        .cross_section = !json_is_true(json_object_get(call, "panel")),
        .anticipation = (int)oracle_number(call, "anticipation"),
    };
}

#endif
