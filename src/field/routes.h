#ifndef HUELLA_FIELD_ROUTES_H
#define HUELLA_FIELD_ROUTES_H

/* Inside field/: the tables of routes, a file a resource. */

#include "call.h"

extern const route routes_session[];
extern const route routes_incidents[];
extern const route routes_identities[];
extern const route routes_referrals[];
extern const route routes_counts[];
extern const route routes_quality[];
extern const route routes_knowledge[];
extern const route routes_surveys[];
extern const route routes_board[];
extern const route routes_export[];
extern const route routes_handover[];
extern const route handover_page[];
extern const route routes_accounts[];
extern const route routes_about[];

#endif
