/* What an incident holds. Codes of age follow the groups of the Counter-Trafficking Data Collaborative. */

#include "incident.h"

#define CONSENT "given|refused|not_possible_minor|not_possible_danger|not_asked"

static const shape point[] = {
    {.name = "lat", .type = SHAPE_NUMBER, .required = true, .least = -90, .limit = 90},
    {.name = "lon", .type = SHAPE_NUMBER, .required = true, .least = -180, .limit = 180},
    {0},
};

static const shape person[] = {
    {.name = "id",
     .type = SHAPE_UUID,
     .required = true,
     .help = "A pseudonym; who the person is goes to /api/identities."},
    {.name = "age_group",
     .type = SHAPE_CHOICE,
     .required = true,
     .values = "0-8|9-17|18-20|21-23|24-26|27-29|30-38|39-47|48+|unknown"},
    {.name = "sex", .type = SHAPE_CHOICE, .required = true, .values = "female|male|other|unknown"},
    {.name = "nationality", .type = SHAPE_TEXT, .limit = 3, .help = "ISO 3166 code of three letters."},
    {.name = "language", .type = SHAPE_TEXT, .limit = 8, .help = "BCP 47 tag: es, qu, shp."},
    {.name = "needs",
     .type = SHAPE_CHOICES,
     .values =
         "safety|health|shelter|food|clothing|interpreter|legal|psychological|family_contact|documents|child_care"},
    {.name = "consent",
     .type = SHAPE_CHOICE,
     .required = true,
     .values = CONSENT,
     .help = "To share what concerns the person with the offices that help."},
    {.name = "own_words", .type = SHAPE_TEXT, .limit = 4000, .help = "What the person said, in the person's words."},
    {0},
};

const shape incident_shape[] = {
    {.name = "occurred_at", .type = SHAPE_INSTANT, .required = true},
    {.name = "recorded_at", .type = SHAPE_INSTANT, .help = "By the device's clock, when the record was begun."},
    {.name = "finished_at", .type = SHAPE_INSTANT, .help = "By the device's clock, when it was finished."},
    {.name = "district", .type = SHAPE_DISTRICT, .required = true},
    {.name = "point", .type = SHAPE_OBJECT, .of = point},
    {.name = "place", .type = SHAPE_TEXT, .limit = 300},
    {.name = "origin",
     .type = SHAPE_CHOICE,
     .required = true,
     .values = "patrol|call|camera|neighbour|institution|person_asked|other",
     .help = "How it came up."},
    {.name = "profile",
     .type = SHAPE_CHOICE,
     .required = true,
     .values = "adult_labour|adult_sexual|child_labour|child_sexual|unknown"},
    {.name = "checklist", .type = SHAPE_TEXT, .limit = 40, .help = "Version of the list of indicators."},
    {.name = "indicators",
     .type = SHAPE_MAP,
     .values = "yes|no|not_observed",
     .limit = 400,
     .help = "By the indicator's id: GET /api/indicators."},
    {.name = "inferences",
     .type = SHAPE_TEXT,
     .limit = 4000,
     .help = "What the officer concludes, apart from what was seen."},
    {.name = "persons", .type = SHAPE_LIST, .of = person, .limit = 50},
    {.name = "narrative",
     .type = SHAPE_TEXT,
     .limit = 20000,
     .help = "What was seen and heard: who, what, when, where."},
    {.name = "actions",
     .type = SHAPE_CHOICES,
     .values =
         "informed_rights|accompanied|called_police|called_health|called_supervisor|referred|gave_information|none"},
    {.name = "sources", .type = SHAPE_CHOICES, .values = "seen|told_by_person|told_by_other|camera|document"},
    {.name = "extra", .type = SHAPE_MAP, .limit = 400, .help = "Questions that a study adds."},
    {.name = "app_version", .type = SHAPE_TEXT, .limit = 40},
    {.name = "id", .type = SHAPE_READ_ONLY},
    {.name = "revision", .type = SHAPE_READ_ONLY},
    {.name = "recorded_by", .type = SHAPE_READ_ONLY},
    {.name = "received_at", .type = SHAPE_READ_ONLY},
    {.name = "changed_at", .type = SHAPE_READ_ONLY},
    {0},
};

const char incident_example[] =
    "{\"occurred_at\":\"2026-03-05T14:30:00-05:00\",\"district\":\"150116\",\"origin\":\"patrol\","
    "\"profile\":\"adult_labour\",\"place\":\"Workshop on the second floor of a market\",\"indicators\":"
    "{\"ec.documents_taken\":\"yes\",\"ex.no_day_off\":\"yes\",\"ec.movement_restricted\":\"not_observed\"},"
    "\"persons\":"
    "[{\"id\":\"6f0e3c1a-5a52-4a0e-8d3c-0b9a7f3f2c11\",\"age_group\":\"21-23\",\"sex\":\"female\",\"nationality\":"
    "\"VEN\",\"needs\":[\"safety\"],\"consent\":\"given\"}],\"narrative\":\"At half past two the patrol was called to "
    "the workshop. One person said that her papers were kept by the owner.\",\"actions\":[\"informed_rights\"],"
    "\"sources\":[\"seen\",\"told_by_person\"]}";
