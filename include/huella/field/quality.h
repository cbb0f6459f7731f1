#ifndef HUELLA_FIELD_QUALITY_H
#define HUELLA_FIELD_QUALITY_H

#include "huella/base/json.h"
#include "huella/base/yaml.h"

/**
 * Documentation quality: the rubric of rules/quality.yaml. Its automatic part is computed from a record; its human part
 * is scored on a random, blinded sample.
 */
typedef struct hu_rubric {
    const char *version;
    const hu_node *automatic; /* list of criteria with their checks */
    const char **human;       /* keys of the criteria scored by hand; ends with NULL */
    size_t n_human;
    const char *json; /* the file as the app takes it */
} hu_rubric;

hu_error *hu_rubric_load(const char *rules_dir, hu_arena *arena, hu_rubric **rubric);

/**
 * Writes {"rubric", "score": 0 … 100, "criteria": [{"key", "score", "failed": ["present narrative", …]}]}. The score is
 * the mean of the criteria's, each the share of its checks that hold. `occurred_at` and `received_at` are instants; a
 * check about something that the record cannot show (an instant that is not there) is left out. HU_BAD_INPUT: a check
 * that is none.
 */
hu_error *hu_rubric_score(const hu_rubric *rubric, const json_t *record, int64_t occurred_at, int64_t received_at,
                          size_t indicators, hu_json *json);

#endif
