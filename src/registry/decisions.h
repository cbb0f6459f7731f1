#ifndef HUELLA_REGISTRY_DECISIONS_H
#define HUELLA_REGISTRY_DECISIONS_H

/* Inside registry/: the decisions of a case in the order in which they were taken, and where each person stands. */

#include "huella/registry/store.h"

/** A number that was read, and where; finding 0 = not known. */
typedef struct hu_read_number {
    double value;
    int64_t finding, judgment;
} hu_read_number;

typedef enum hu_standing {
    HU_STANDING_UNKNOWN,
    HU_STANDING_CONVICTED,
    HU_STANDING_ACQUITTED,
    HU_STANDING_OPEN
} hu_standing;

/** What a decision says of one defendant. */
typedef struct hu_ruling {
    const char *label; /* folded; "" = not named */
    hu_standing standing;
    int64_t standing_finding; /* 0 = it does not say */
    int64_t reversed_finding; /* the verdict "reversed", which may concern the penalty only; 0 = another verdict */
    bool confirmed, dismissed;
    bool names_offence; /* of which the person stands convicted */
    hu_read_number prison_months;
} hu_ruling;

/** A decision on the merits, as far as outcomes need it. */
typedef struct hu_decision {
    int64_t judgment;
    const char *document;
    const char *date; /* YYYY-MM-DD, or "" */
    int64_t date_finding;
    const char *kind; /* "" = not known */
    int level;        /* 0 first instance, 1 appeal, 2 supreme */
    hu_ruling *rulings;
    size_t n_rulings;
    hu_read_number charge_severity, victim_centred, collaboration;
} hu_decision;

typedef struct hu_case_decisions {
    const char *case_id, *opened, *closed; /* closed NULL = open */
    hu_decision *decisions;                /* on the merits, in order of time */
    size_t n_decisions;
} hu_case_decisions;

/**
 * Reads the decisions on the merits of every case, in order of case_id. A decision is on the merits when it is no
 * plenary agreement or other paper and rules on at least one person; of orders only those that dismiss are. Defendants
 * on whom it does not rule are left out.
 * Order of time: date, then level; where one of the case has no date: level, then date.
 */
hu_error *hu_decisions_load(hu_store *store, hu_arena *arena, hu_case_decisions **cases, size_t *count);

/** A person across the decisions of a case. */
typedef struct hu_person {
    const char *label;
    hu_standing standing;
    int64_t standing_finding, standing_judgment; /* 0: never said */
    hu_read_number prison_months, charge_severity;
} hu_person;

/** Where everyone stands after the last decision; see docs/outcomes.md, "Following persons". */
void hu_persons_follow(const hu_case_decisions *of, hu_arena *arena, hu_person **persons, size_t *count);

#endif
