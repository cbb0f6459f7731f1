#ifndef HUELLA_FIELD_PERMIT_H
#define HUELLA_FIELD_PERMIT_H

#include <stdbool.h>

/**
 * Who may do what: the one place that decides. Denied by default.
 *
 * A route names an act; the table in permit.c says for each act and role how far it reaches; hu_permit_record compares
 * the reach with whose record it is; hu_permit_hides names what of a record a role does not see. The table itself is
 * shown at GET /api/permissions, and tests hold a second one, written by hand, against it.
 */
typedef enum hu_role {
    HU_NO_ROLE,
    HU_OFFICER,
    HU_SUPERVISOR,
    HU_INSTITUTION,
    HU_RESEARCHER,
    HU_ADMINISTRATOR,
    HU_AUDITOR,
    HU_ROLES,
} hu_role;

typedef enum hu_act {
    HU_ACT_OPEN, /* without signing in */
    HU_ACT_SELF, /* whoever is signed in, about oneself, and what all may read */
    HU_ACT_INCIDENT_READ,
    HU_ACT_INCIDENT_WRITE,
    HU_ACT_IDENTITY_READ,
    HU_ACT_IDENTITY_WRITE,
    HU_ACT_REFERRAL_READ,
    HU_ACT_REFERRAL_WRITE,
    HU_ACT_REFERRAL_SEND,   /* steps of whoever refers */
    HU_ACT_REFERRAL_ANSWER, /* steps of whoever receives */
    HU_ACT_HANDOVER,        /* print a hand-over sheet */
    HU_ACT_COUNT_WRITE,     /* encounters, screenings, refusals */
    HU_ACT_COUNT_READ,
    HU_ACT_BOARD,   /* figures of a district */
    HU_ACT_QUALITY, /* the automatic part of the rubric */
    HU_ACT_SCORE,   /* documentation quality, by hand */
    HU_ACT_TEST,    /* sit a knowledge test */
    HU_ACT_SURVEY,
    HU_ACT_RESEARCH, /* de-identified data */
    HU_ACT_ACCOUNTS,
    HU_ACT_ERASE,
    HU_ACT_AUDIT,
    HU_ACT_METRICS,
    HU_ACTS,
} hu_act;

typedef enum hu_reach {
    HU_NOBODY,
    HU_OWN,             /* records that the account made, in its own district */
    HU_OWN_DISTRICT,    /* records of the account's district */
    HU_OWN_INSTITUTION, /* what is addressed to the account's institution */
    HU_EVERYWHERE,
} hu_reach;

/** Whose a record is. NULL = nobody's. */
typedef struct hu_belongs {
    const char *account, *district, *institution;
} hu_belongs;

/** Who asks. */
typedef struct hu_account {
    const char *id, *username, *district, *institution;
    hu_role role;
    bool must_change; /* the password was given by somebody else: first change it */
} hu_account;

hu_reach hu_permit_reach(hu_act act, hu_role role);
bool hu_permit_record(hu_act act, const hu_account *who, const hu_belongs *record);
/** Members of a record that this role does not see where the act reads it: NULL-terminated, never NULL. */
const char *const *hu_permit_hides(hu_act act, hu_role role);

const char *hu_role_name(hu_role role); /* "officer" */
hu_role hu_role_of(const char *name);   /* HU_NO_ROLE for anything else */
const char *hu_act_name(hu_act act);    /* "incident.read" */
const char *hu_reach_name(hu_reach reach);

#endif
