#ifndef HUELLA_FIELD_REFERRAL_H
#define HUELLA_FIELD_REFERRAL_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/json.h"

/**
 * Referrals: states, who may take which step, deadlines and clocks, all from rules/referrals.yaml.
 *
 * Completion and quality are computed from what was done, never asked. A clock that has not stopped is censored, not
 * failed: its hours so far are given with "observed": false, as survival estimators take them.
 */
typedef enum hu_side { HU_SENDER = 1, HU_RECEIVER = 2, HU_EITHER = 3 } hu_side;

typedef struct hu_step_rule {
    const char *from, *to;
    hu_side by;
} hu_step_rule;

typedef struct hu_clock_rule {
    const char *key, *from, *to; /* from one state to another: "acceptance", sent, accepted */
} hu_clock_rule;

/** What a person is referred for. */
typedef struct hu_referral_kind {
    const char *key, *es, *en;
    const char **agencies;   /* the right ones; ends with NULL */
    const char **due_states; /* a state … */
    long *due_hours;         /* … is due so many hours after sending */
    size_t n_due;
} hu_referral_kind;

typedef struct hu_referral_rules {
    const char **states;             /* ends with NULL */
    const char *first;               /* drafted */
    const char **ended, **completed; /* states from which no step leads on; those of them that count as completed */
    const char **agencies;
    const hu_step_rule *steps;
    size_t n_steps;
    const hu_clock_rule *clocks;
    size_t n_clocks;
    const hu_referral_kind *kinds;
    size_t n_kinds;
    const char *json; /* the file as the app takes it */
} hu_referral_rules;

hu_error *hu_referral_rules_load(const char *rules_dir, hu_arena *arena, hu_referral_rules **rules);
/** The rule of a step; NULL = there is no such step. */
const hu_step_rule *hu_referral_step(const hu_referral_rules *rules, const char *from, const char *to);
const hu_referral_kind *hu_referral_kind_of(const hu_referral_rules *rules, const char *key);
bool hu_referral_has(const char *const *words, const char *word);

/** A state that was reached. */
typedef struct hu_reached {
    const char *state;
    int64_t at;
} hu_reached;

/** When the next step is due, after the way so far; 0 = nothing is. */
int64_t hu_referral_due(const hu_referral_rules *rules, const hu_referral_kind *kind, const hu_reached *way, size_t n);

/** What quality looks at. */
typedef struct hu_referral_facts {
    const hu_referral_kind *kind;
    const char *agency;  /* of the office it was sent to */
    bool consent_stated; /* given, refused, or why it was not possible */
    bool accompanied;
    bool sheet_complete; /* what the receiving office needs is filled in */
    const hu_reached *way;
    size_t n;
    int64_t now;
} hu_referral_facts;

/** Writes "clocks", "completion" and "quality" as members of the object that is being written. */
void hu_referral_measure(const hu_referral_rules *rules, const hu_referral_facts *facts, hu_json *json);

#endif
