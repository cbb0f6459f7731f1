/* What a rule may set where the program knows every value: a misspelt one is told where it stands. */

#include "rules.h"

#include <string.h>

enum { MAX_VALUES = 12 };

static const struct {
    const char *key;
    const char *values[MAX_VALUES]; /* NULL-terminated */
} closed[] = {
    {"kind",
     {"first_instance", "conformity", "early_termination", "appeal", "cassation", "nullity_appeal", "plenary_agreement",
      "order", "other"}},
    {"level", {"first_instance", "appeal", "supreme"}},
    {"ruling", {"convict", "acquit", "dismiss", "reserve", "continue"}},
    {"mode", {"confirm", "uphold", "revoke", "annul", "again", "reform", "instance", "none"}},
    {"tense", {"lower", "this"}},
    {"scope", {"penalty", "reparation"}},
    {"penalty", {"duration", "life"}},
    {"topic", {"prison", "ban", "trial", "other"}},
    {"prison_kind", {"effective", "suspended"}},
    {"about", {"reparation", "share", "part", "other", "fixing", "cap"}},
    {"each", {"victim", "defendant"}},
    {"role", {"author", "coauthor", "accomplice", "instigator"}},
    {"operative", {"open", "heading", "end"}},
};

hu_error *sets_check(const char *key, const hu_node *value)
{
    if (strcmp(key, "offence") == 0)
        return hu_node_fail(value, "offences are not set by rules: name them in law.yaml");
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        if (strcmp(closed[i].key, key) != 0)
            continue;
        HU_BUF(known);
        for (const char *const *one = closed[i].values; *one; one++) {
            if (strcmp(*one, value->text) == 0)
                return NULL;
            hu_buf_printf(&known, "%s%s", known.length ? ", " : "", *one);
        }
        return hu_node_fail(value, "\"%s\" is no value of %s: expected one of %s", value->text, key, known.data);
    }
    return NULL;
}
