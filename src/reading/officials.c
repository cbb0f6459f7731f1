/* Judges and prosecutors: from the header, from how the court presents itself, from the signatures. */

#include "names.h"

#include <ctype.h>
#include <string.h>

enum { MAX_OFFICIALS = 12, MAX_SIGNATURES = 12 };

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

/* How many words of names stand in a line of signatures ("ROJAS LEÓN  Juez"); -1 when it is none. */
static int signature_words(const hu_reading_context *c, hu_stretch line)
{
    const hu_reader *reader = c->reader;
    const char *text = c->document->text;
    int names = 0;
    for (size_t at = line.start; at < line.end;) {
        hu_token token;
        if (!token_at(c, at, line.end, &token)) {
            if (!strchr(" ,./()-|", text[at]) && (unsigned char)text[at] < 0x80)
                return -1;
            at++;
            continue;
        }
        at = token.end;
        size_t length = bare_length(&token);
        bool upper = true;
        for (size_t i = token.start; i < token.end; i++)
            upper &= !islower((unsigned char)text[i]);
        if (upper && is_name_word(c, &token))
            names++;
        else if (!word_in(token.folded, length, reader->no_name) && !token.initials &&
                 !word_in(token.folded, length, reader->name_particle) &&
                 !(word_in(token.folded, length, reader->name_end) && !upper))
            return -1;
    }
    return names;
}

/* The last lines of a decision that are nothing but names in capitals, with no "S.S." before them. */
static void read_bare_signatures(hu_reading_context *c, const hu_roster *roster)
{
    const char *text = c->document->text;
    size_t end = c->document->length, start;
    while (end > 0 && strchr(" \n", text[end - 1]))
        end--;
    start = end;
    int names = 0;
    for (int lines = 0; lines < MAX_SIGNATURES && start > 0; lines++) {
        size_t stop = start;
        while (stop > 0 && strchr(" \n", text[stop - 1]))
            stop--;
        size_t from = stop;
        while (from > 0 && text[from - 1] != '\n')
            from--;
        int words = from < stop ? signature_words(c, (hu_stretch){from, stop}) : -1;
        if (words < 0)
            break;
        names += words;
        start = from;
    }
    hu_capture block = {"names", to_folded(c, start), to_folded(c, end)};
    if (names >= 2 && names < 2 * MAX_OFFICIALS)
        header_names(c, roster,
                     &(hu_mention){.start = block.start, .end = block.end, .captures = &block, .n_captures = 1},
                     add_judge);
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
    if (c->judges->count < 2 && c->kind_rule)
        read_bare_signatures(c, nobody);
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
