/* The table of who may do what: see permit.h. */

#include "huella/field/permit.h"

#include <stddef.h>
#include <string.h>

static const char *const roles[HU_ROLES] = {
    [HU_NO_ROLE] = "nobody",          [HU_OFFICER] = "officer",       [HU_SUPERVISOR] = "supervisor",
    [HU_INSTITUTION] = "institution", [HU_RESEARCHER] = "researcher", [HU_ADMINISTRATOR] = "administrator",
    [HU_AUDITOR] = "auditor",
};

static const char *const reaches[] = {
    [HU_NOBODY] = "nobody",  [HU_OWN] = "own", [HU_OWN_DISTRICT] = "district", [HU_OWN_INSTITUTION] = "institution",
    [HU_EVERYWHERE] = "all",
};

/* clang-format off: a row an act */
static const struct {
    const char *name;
    hu_reach reach[HU_ROLES];
} acts[HU_ACTS] = {
    [HU_ACT_OPEN] = {"open",
                     {HU_EVERYWHERE, HU_EVERYWHERE, HU_EVERYWHERE, HU_EVERYWHERE, HU_EVERYWHERE, HU_EVERYWHERE,
                      HU_EVERYWHERE}},
    [HU_ACT_SELF] = {"self",
                     {HU_NOBODY, HU_EVERYWHERE, HU_EVERYWHERE, HU_EVERYWHERE, HU_EVERYWHERE, HU_EVERYWHERE,
                      HU_EVERYWHERE}},
    [HU_ACT_INCIDENT_READ] =
        {"incident.read",
         {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN_DISTRICT, [HU_INSTITUTION] = HU_OWN_INSTITUTION}},
    [HU_ACT_INCIDENT_WRITE] = {"incident.write", {[HU_OFFICER] = HU_OWN}},
    [HU_ACT_IDENTITY_READ] =
        {"identity.read",
         {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN_DISTRICT, [HU_INSTITUTION] = HU_OWN_INSTITUTION}},
    [HU_ACT_IDENTITY_WRITE] = {"identity.write", {[HU_OFFICER] = HU_OWN}},
    [HU_ACT_REFERRAL_READ] =
        {"referral.read",
         {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN_DISTRICT, [HU_INSTITUTION] = HU_OWN_INSTITUTION}},
    [HU_ACT_REFERRAL_WRITE] = {"referral.write", {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN_DISTRICT}},
    [HU_ACT_REFERRAL_SEND] = {"referral.send", {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN_DISTRICT}},
    [HU_ACT_REFERRAL_ANSWER] = {"referral.answer", {[HU_INSTITUTION] = HU_OWN_INSTITUTION}},
    [HU_ACT_HANDOVER] = {"referral.sheet", {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN_DISTRICT}},
    [HU_ACT_COUNT_WRITE] = {"encounter.write", {[HU_OFFICER] = HU_OWN}},
    [HU_ACT_COUNT_READ] = {"encounter.read", {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN_DISTRICT}},
    [HU_ACT_BOARD] = {"board.read", {[HU_SUPERVISOR] = HU_OWN_DISTRICT, [HU_RESEARCHER] = HU_EVERYWHERE}},
    [HU_ACT_QUALITY] = {"quality.read", {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN_DISTRICT}},
    [HU_ACT_SCORE] = {"quality.score", {[HU_SUPERVISOR] = HU_OWN}},
    [HU_ACT_TEST] = {"knowledge.sit", {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN}},
    [HU_ACT_SURVEY] = {"survey.write",
                       {[HU_OFFICER] = HU_OWN, [HU_SUPERVISOR] = HU_OWN, [HU_RESEARCHER] = HU_EVERYWHERE}},
    [HU_ACT_RESEARCH] = {"research.read", {[HU_RESEARCHER] = HU_EVERYWHERE}},
    [HU_ACT_ACCOUNTS] = {"account.manage", {[HU_ADMINISTRATOR] = HU_EVERYWHERE}},
    [HU_ACT_ERASE] = {"record.erase", {[HU_ADMINISTRATOR] = HU_EVERYWHERE}},
    [HU_ACT_AUDIT] = {"audit.read", {[HU_AUDITOR] = HU_EVERYWHERE}},
    [HU_ACT_METRICS] = {"metrics.read", {[HU_ADMINISTRATOR] = HU_EVERYWHERE, [HU_AUDITOR] = HU_EVERYWHERE}},
};
/* clang-format on */

/* What a role does not see of what it may read. */
static const struct {
    hu_act act;
    hu_role role;
    const char *hidden[8];
} hides[] = {
    {HU_ACT_INCIDENT_READ, HU_INSTITUTION, {"narrative", "inferences", "point", "recorded_by", "extra", "place", NULL}},
    {HU_ACT_REFERRAL_READ, HU_INSTITUTION, {"internal_note", "recorded_by", NULL}},
};

hu_reach hu_permit_reach(hu_act act, hu_role role)
{
    return act < HU_ACTS && role < HU_ROLES ? acts[act].reach[role] : HU_NOBODY;
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool hu_permit_record(hu_act act, const hu_account *who, const hu_belongs *record)
{
    switch (hu_permit_reach(act, who->role)) {
    case HU_OWN:
        return same(who->id, record->account) && same(who->district, record->district);
    case HU_OWN_DISTRICT:
        return same(who->district, record->district);
    case HU_OWN_INSTITUTION:
        return same(who->institution, record->institution);
    case HU_EVERYWHERE:
        return true;
    default:
        return false;
    }
}

const char *const *hu_permit_hides(hu_act act, hu_role role)
{
    static const char *const nothing[] = {NULL};
    for (size_t i = 0; i < sizeof hides / sizeof *hides; i++)
        if (hides[i].act == act && hides[i].role == role)
            return hides[i].hidden;
    return nothing;
}

const char *hu_role_name(hu_role role)
{
    return role < HU_ROLES ? roles[role] : roles[HU_NO_ROLE];
}

hu_role hu_role_of(const char *name)
{
    for (int r = HU_OFFICER; name && r < HU_ROLES; r++)
        if (strcmp(roles[r], name) == 0)
            return (hu_role)r;
    return HU_NO_ROLE;
}

const char *hu_act_name(hu_act act)
{
    return act < HU_ACTS ? acts[act].name : "";
}

const char *hu_reach_name(hu_reach reach)
{
    return reaches[reach];
}
