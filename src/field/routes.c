/* Every table of routes, in the order of the description. */

#include "routes.h"

#include "inside.h"

/* clang-format off */
const route *const field_routes[] = {
    routes_session,
    routes_incidents,
    routes_identities,
    routes_referrals,
    routes_handover,
    handover_page,
    routes_counts,
    routes_quality,
    routes_knowledge,
    routes_surveys,
    routes_board,
    routes_export,
    routes_accounts,
    routes_about,
    NULL,
};
/* clang-format on */
