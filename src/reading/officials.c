/* Judges and prosecutors: from the header, from how the court presents itself, from the signatures. */

#include "names.h"

#include <string.h>

enum { MAX_OFFICIALS = 12 };

typedef struct hu_officials {
    hu_defendant items[MAX_OFFICIALS]; /* only their names are used */
    size_t count;
} officials;

static void add_official(hu_reading_context *c, officials *list, hu_stretch bytes, const char *label,
                         const hu_rule *rule)
{
    hu_defendant found = {.at = {to_folded(c, bytes.start), to_folded(c, bytes.end)}, .rule = rule};
    found.label = label ? label : as_written(c, found.at);
    name_tokens(c, bytes, &found);
    for (size_t i = 0; i < c->n_defendants; i++)
        if (same_person(&c->defendants[i], &found))
            return;
    for (size_t i = 0; i < list->count; i++) {
        if (!same_person(&list->items[i], &found))
            continue;
        if (found.n_tokens > list->items[i].n_tokens)
            list->items[i] = found;
        return;
    }
    if (list->count < MAX_OFFICIALS && found.n_tokens)
        list->items[list->count++] = found;
}

static void add_judge(hu_reading_context *c, hu_stretch bytes, const char *label, const hu_rule *rule)
{
    add_official(c, c->judges, bytes, label, rule);
}

static bool sets_official(const hu_mention *mention, const char *what)
{
    const char *official = rule_sets(mention->rule, "official");
    return official && strcmp(official, what) == 0;
}

static void read_judges(hu_reading_context *c)
{
    const hu_roster *nobody = roster_new(c, c->document->length); /* in lists, lines part the names */
    const hu_roster *everybody = NULL;                            /* in prose, lines do not */
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (!sets_official(mention, "judges"))
            continue;
        bool prose = rule_sets(mention->rule, "written") != NULL;
        if (prose && !everybody)
            everybody = roster_new(c, 0);
        header_names(c, prose ? everybody : nobody, mention, add_judge);
    }
}

/* "El fiscal adjunto Pedro Ruiz Soto": the name that follows at once. */
static void read_prosecutors(hu_reading_context *c, officials *list)
{
    hu_stretch name;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        size_t at = c->document->byte_of[mention->end];
        if (sets_official(mention, "prosecutor") && name_at(c, at, c->document->length, &name) && name.start <= at + 1)
            add_official(c, list, name, NULL, mention->rule);
    }
}

static void write_officials(hu_reading_context *c, const char *key, const officials *list)
{
    for (size_t i = 0; i < list->count; i++)
        add_text(c, hu_printf(c->arena, "decision.%s[%zu]", key, i), list->items[i].label, 0.8, list->items[i].rule,
                 list->items[i].at);
}

void read_officials(hu_reading_context *c)
{
    officials *prosecutors = HU_NEW(c->arena, officials);
    c->judges = HU_NEW(c->arena, officials);
    read_judges(c);
    read_prosecutors(c, prosecutors);
    write_officials(c, "judges", c->judges);
    write_officials(c, "prosecutors", prosecutors);
}
