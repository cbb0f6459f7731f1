#ifndef HUELLA_FIELD_INDICATORS_H
#define HUELLA_FIELD_INDICATORS_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/json.h"

/**
 * The indicator checklist (rules/indicators.yaml) and what it says: never a score, never a verdict.
 *
 * UNODC's indicators "neither prove nor disprove" trafficking; the ILO's operational indicators (2009) weigh each as
 * strong, medium or weak by profile (adult or child, labour or sexual exploitation) and call a dimension (deceptive
 * recruitment, exploitation …) shown when enough of them are there. Both rules are data. What the officer sees is, for
 * each dimension, what speaks for it, what was not observed, and how many of a hundred such records are expected to be
 * no trafficking at all at the local base rate.
 */
typedef enum hu_strength { HU_NO_STRENGTH, HU_WEAK, HU_MEDIUM, HU_STRONG } hu_strength;
enum { HU_PROFILES = 4 };

typedef struct hu_indicator {
    const char *id, *dimension;
    const char *es, *en;
    const char *element; /* "act", "means", "purpose" or "vulnerability" */
    hu_strength strength[HU_PROFILES];
    const char *source; /* key of a source of the file */
} hu_indicator;

/** A way for a dimension to be shown: at least so many strong ones; medium or stronger; of any strength. */
typedef struct hu_indicator_rule {
    long strong, medium, any;
} hu_indicator_rule;

typedef struct hu_dimension {
    const char *key, *es, *en;
} hu_dimension;

typedef struct hu_indicators {
    const char *version;
    const char *profiles[HU_PROFILES]; /* "adult_labour" … in the file's order */
    const hu_indicator *items;         /* by id, for hu_indicator_find */
    size_t n;
    const hu_dimension *dimensions;
    size_t n_dimensions;
    const hu_indicator_rule *rules;
    size_t n_rules;
    double sensitivity, specificity, base_rate; /* of a checklist like this, with its source */
    const char *accuracy_source;
    const char *json; /* the file as the app takes it */
} hu_indicators;

hu_error *hu_indicators_load(const char *rules_dir, hu_arena *arena, hu_indicators **indicators);
const hu_indicator *hu_indicator_find(const hu_indicators *indicators, const char *id);
/** The profile's place; -1 = the file has none of that name. */
int hu_indicators_profile(const hu_indicators *indicators, const char *profile);

/** Of 100 records in which something is shown, how many are expected to be none: 100 (1-spec)(1-b) / (sens b +
 * (1-spec)(1-b)). */
double hu_expected_false(const hu_indicators *indicators, double base_rate);

/**
 * Writes the assessment of answers ({"id": "yes" | "no" | "not_observed"}) as a JSON object: every dimension that the
 * profile knows with "shown" (yes, no, undecided: what was not observed could still show it), "speaks_for",
 * "not_observed".
 */
void hu_indicators_assess(const hu_indicators *indicators, int profile, const json_t *answers, double base_rate,
                          hu_json *json);

#endif
