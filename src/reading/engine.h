#ifndef HUELLA_READING_ENGINE_H
#define HUELLA_READING_ENGINE_H

#include "phrase.h"

#include "huella/corpus/document.h"

/**
 * The rule engine: every phrase of every rule in one Hyperscan database, scanned once over the folded text; what needs
 * captures or conditions is then looked at by PCRE2, on the hits only.
 */
/** From start up to end, in bytes of the folded text. */
typedef struct hu_stretch {
    size_t start, end;
} hu_stretch;

typedef struct hu_rule_value {
    const char *key, *value;
} hu_rule_value;

/** Whose words a passage gives; the court's unless a rule that sets `speaker` says otherwise. */
typedef enum hu_speaker {
    HU_SPEAKER_COURT,
    HU_SPEAKER_PROSECUTION,
    HU_SPEAKER_DEFENCE,
    HU_SPEAKER_LOWER, /* the court whose ruling is reviewed */
    HU_SPEAKER_PRECEDENT,
    HU_N_SPEAKERS
} hu_speaker;

/** The speaker of that name ("defence"); HU_N_SPEAKERS if there is none. */
hu_speaker speaker_named(const char *name);

typedef struct hu_rule {
    const char *id, *source;
    long line;
    size_t order;                       /* place among all rules, in order of files and lines */
    unsigned parts;                     /* bit per hu_part; 0 = anywhere */
    unsigned speakers;                  /* bit per hu_speaker; 0 = anybody */
    size_t within_first;                /* only in the first bytes of the folded text; 0 = anywhere */
    size_t within_last;                 /* only in the last ones */
    bool title;                         /* only as a title: it opens a paragraph or stands in capitals */
    size_t window;                      /* how far unless_before and unless_after look */
    void *unless_before, *unless_after; /* pcre2_code, or NULL: what may not stand beside it in its sentence */
    void *with, *and_with, *without;    /* what must, must too, and may not stand anywhere in its sentence */
    double confidence;
    const hu_rule_value *sets;
    size_t n_sets;
    uint64_t keys;     /* a bit for each key that it sets, see rule_key_bit: most rules set other keys than asked for */
    hu_speaker speaks; /* what it sets for `speaker`; HU_N_SPEAKERS if nothing */
} hu_rule;

const char *rule_value(const hu_rule *rule, const char *key);

/** A bit for a key; keys may share one. */
static inline uint64_t rule_key_bit(const char *key)
{
    unsigned first = (unsigned char)key[0], second = first ? (unsigned char)key[1] : 0;
    return (uint64_t)1 << ((first * 7 + second * 3) & 63);
}

/** The value that a rule sets for a key, or NULL. */
static inline const char *rule_sets(const hu_rule *rule, const char *key)
{
    return rule->keys & rule_key_bit(key) ? rule_value(rule, key) : NULL;
}

typedef struct hu_capture {
    const char *name;
    size_t start, end; /* bytes of the folded text */
} hu_capture;

/** A place where a rule fired. */
typedef struct hu_mention {
    const hu_rule *rule;
    size_t start, end; /* bytes of the folded text */
    const hu_capture *captures;
    size_t n_captures;
} hu_mention;

const hu_capture *mention_capture(const hu_mention *mention, const char *name);

typedef struct hu_mention_list {
    hu_mention *items; /* in order of start; longer first */
    size_t count;
} hu_mention_list;

/** Mentions that do not count and why, kept for who asks for it (huella read --explain). */
typedef struct hu_trace {
    hu_arena *arena;
    struct hu_aside {
        hu_mention mention;
        const char *why;
    } * items;
    size_t count, capacity;
} hu_trace;

/** Sets a mention aside; nothing happens where trace is NULL. */
void trace_aside(hu_trace *trace, const hu_mention *mention, const char *why);

typedef struct hu_engine hu_engine;

/** A name out of a table (an offence's, an agency's) that is searched for like a rule's phrase. */
typedef struct hu_name_phrase {
    const hu_node *node;
    const char *id, *phrase;
    hu_rule_value sets[2];       /* the second may be empty */
    const hu_node *unless_after; /* phrases, or NULL */
} hu_name_phrase;

typedef struct hu_rule_sources {
    const hu_lexicon *lexicon;
    const hu_node **files; /* trees with a `rules` list */
    size_t n_files;
    hu_name_phrase *names;
    size_t n_names, capacity;
} hu_rule_sources;

void rule_sources_add_name(hu_rule_sources *sources, hu_arena *arena, hu_name_phrase name);

/** Compiles all rules and names into one database. The arena must outlive the engine. */
hu_error *engine_open(const hu_rule_sources *sources, hu_arena *arena, hu_engine **result);
void engine_close(hu_engine *engine);

/** All mentions in a document; parts and speakers are not yet checked (see filter_mentions). */
hu_error *engine_scan(hu_engine *engine, const hu_document *document, hu_arena *arena, hu_trace *trace,
                      hu_mention_list *result);

/** The bare scan that engine_scan begins with: what bench/ measures the rest against. */
hu_error *engine_count_hits(hu_engine *engine, const hu_document *document, size_t *n_hits);

/** A list of phrases as one compiled PCRE2 pattern; the caller frees it. */
hu_error *phrases_regex(const hu_lexicon *lexicon, const hu_node *list, const hu_node *owner, hu_arena *arena,
                        void **code);

/**
 * The sentence around a stretch: between full stops and paragraph ends, at most some hundred characters to either side.
 * Full stops of initials, abbreviations and figures end nothing. A clause ends at semicolons too.
 */
hu_stretch sentence_around(const hu_document *document, hu_stretch at);
hu_stretch clause_around(const hu_document *document, hu_stretch at);

/** What a rule asks of the words around a mention and does not hold, in words; NULL when all does. `match` is a
 * pcre2_match_data. */
const char *condition_broken(const hu_document *document, const hu_mention *mention, void *match);

/** Room for engine_found to work in, one for each thread: a pcre2_match_data, NULL when memory is out. */
void *engine_match_open(void);
void engine_match_close(void *match);

/** True when a compiled condition is found between start and end of the folded text. */
bool engine_found(const void *code, const hu_document *document, size_t start, size_t end, void *match);

#endif
