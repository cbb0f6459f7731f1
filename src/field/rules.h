#ifndef HUELLA_FIELD_RULES_H
#define HUELLA_FIELD_RULES_H

/* Inside field/: the rules that a running system works by, and reading their files. */

#include "huella/base/yaml.h"
#include "huella/field/indicators.h"
#include "huella/field/knowledge.h"
#include "huella/field/quality.h"
#include "huella/field/referral.h"

typedef struct field_rules {
    hu_indicators *indicators;
    hu_referral_rules *referrals;
    hu_rubric *rubric;
    hu_knowledge *knowledge;
    hu_node *trust; /* questions of the trust survey */
    const char *trust_json;
    hu_node *handover; /* words of the hand-over sheet */
} field_rules;

hu_error *field_rules_load(const char *rules_dir, hu_arena *arena, field_rules **rules);

/* A member that must be there: as text; as a list with something in it; as a list of text that ends with NULL. */
hu_error *rules_text(const hu_node *map, const char *key, const char **text);
hu_error *rules_list(const hu_node *map, const char *key, const hu_node **list);
hu_error *rules_words(const hu_node *map, const char *key, hu_arena *arena, const char ***words);
/** The tree as JSON, as the app takes it: what reads as a number and is not quoted is one. */
const char *rules_as_json(const hu_node *root, hu_arena *arena);

#endif
