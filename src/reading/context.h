#ifndef HUELLA_READING_CONTEXT_H
#define HUELLA_READING_CONTEXT_H

#include "engine.h"
#include "law.h"
#include "regions.h"

#include "huella/base/date.h"
#include "huella/reading/passages.h"
#include "huella/reading/reading.h"

/* What the resolvers of one reading share. Offsets are bytes of the folded text unless said otherwise. */

typedef struct hu_practice {
    const char *key, *applies;
    int sign;
} hu_practice;

typedef struct hu_agency {
    const char *key;
    const char *also; /* the agency that this one is part of, or NULL */
    bool state;       /* police and prosecution: not counted in `collaboration` */
    bool presumed;    /* acts wherever nothing tells otherwise */
    bool source;      /* often cited as a source: its papers are no acts in this case */
    bool houses;      /* acts also where persons are placed in it */
} hu_agency;

/* The shapes of lexicon.yaml that tell how a practice or an agency's act is told. */
typedef enum hu_telling_condition {
    CITED,
    CITED_BEHIND,
    WEIGHED,
    DENIED_BEFORE,
    DENIED_BEHIND,
    DENIED_LATER,
    WISHED,
    ADVISED,
    ADDRESSED,
    IDLE,
    ACTS_BEFORE,
    ACTS_PAPER,
    ACTS_BEHIND,
    ACTS_RELATED,
    PLACED_BEFORE,
    PLACED_BEHIND,
    OBLIQUE,
    N_TELLING_CONDITIONS
} hu_telling_condition;

struct hu_reader {
    hu_arena *arena;
    hu_lexicon *lexicon;
    hu_engine *engine;
    hu_law *law;
    hu_regions *regions;
    hu_practice *practices;
    size_t n_practices;
    hu_agency *agencies;
    size_t n_agencies;
    void *tells;                         /* pcre2_code */
    void *telling[N_TELLING_CONDITIONS]; /* pcre2_code, in the order of hu_telling_condition */
    const hu_words *ordinal, *abbreviation, *pronoun;
    const hu_words *name_end, *name_particle, *no_name, *given_name, *more_names;
    const hu_words *relative, *everybody;
    const hu_words *pseudonym, *pseudonym_next;
    const hu_words *own_nation; /* of the country whose courts these are */
    hu_trained_model *model;    /* NULL = rules alone */
    const char *version;
};

/* An offence as a stretch of text charges or convicts for it. */
typedef struct hu_charge {
    const hu_law_offence *offence;
    const char *article;    /* as the law table writes it, or NULL */
    hu_stretch evidence[2]; /* name, article */
    size_t n_evidence;
    bool highest; /* the words around show the highest range */
} hu_charge;

typedef struct hu_charge_list {
    hu_charge *items;
    size_t count;
} hu_charge_list;

enum { HU_MAX_PENALTIES = 16 };

/* What is known about one defendant; filled by rulings.c. */
typedef enum hu_standing { NOT_RULED, CONVICTED, ACQUITTED, DISMISSED, RESERVED, CONTINUED } hu_standing;

typedef struct hu_penalty {
    int months, days;
    bool life, disagrees, total;
    const struct hu_law_offence *offence; /* that it is said to be for; NULL = all */
    hu_stretch at;
    const hu_rule *rule;
    double confidence;
} hu_penalty;

typedef struct hu_phase { /* what one mode of the operative part says about a person */
    hu_standing standing;
    hu_stretch ruling;
    const hu_rule *rule;
    hu_charge_list convicted, acquitted;
    hu_penalty penalties[HU_MAX_PENALTIES];
    size_t n_penalties;
    const char *prison_kind;
    hu_stretch prison_kind_at;
    double reparation;
    hu_stretch reparation_at;
    bool joint, sums_disagree;
    size_t reparation_item; /* where the point that fixed it begins */
    struct hu_term {
        double value;
        hu_stretch at;
        const hu_rule *rule;
        double confidence;
    } probation, disqualification, day_fines;
    const char *role;
    hu_stretch role_at;
    hu_stretch requalified; /* where the court says that it leaves the charge */
} hu_phase;

typedef struct hu_defendant {
    const char *label; /* as written */
    hu_stretch at;
    const hu_rule *rule;
    const char **tokens; /* folded words of the name, without particles */
    size_t n_tokens;
    const char *initials;    /* "jrpm" when the label is initials only, else NULL */
    hu_phase stands, fallen; /* what holds after this decision; what it took away */
    bool confirmed, reversed, annulled, reformed;
    bool ruled;     /* by a word of the operative part */
    bool above;     /* by a court that reviews another's judgment */
    bool bystander; /* not judged here: the judgment below became final about this person */
    bool revived;   /* a conviction or acquittal stands again once what took it away is quashed */
    bool limited;   /* only penalty or reparation was reversed */
    hu_stretch confirmed_at, reversed_at, annulled_at;
    hu_charge_list charged;
    const char *role;
    hu_stretch role_at;
} hu_defendant;

typedef struct hu_occurrence {
    size_t who;
    hu_stretch at;
} hu_occurrence;

typedef struct hu_reading_context {
    const hu_reader *reader;
    const hu_document *document;
    hu_arena *arena;
    const uint32_t *folded_of; /* of each byte of the text and its end: see to_folded */
    hu_mention_list mentions;
    hu_trace *trace;      /* NULL when nobody asked */
    void *match;          /* for engine_found */
    hu_stretch operative; /* empty when there is none */
    const char *kind, *level;
    const hu_rule *kind_rule; /* NULL: nothing said it */
    hu_stretch kind_at;
    hu_date date;       /* of the decision; year 0 = not known */
    hu_stretch date_at; /* where it stands */
    bool on_merits;     /* may rule about persons: a judgment, or an order that dismisses */
    hu_defendant *defendants;
    size_t n_defendants;
    struct hu_officials *judges;
    hu_occurrence *occurrences; /* of defendants, in order */
    size_t n_occurrences;
    hu_finding *findings;
    size_t n_findings, capacity;
} hu_reading_context;

/* findings.c */
void add_text(hu_reading_context *c, const char *key, const char *text, double confidence, const hu_rule *rule,
              hu_stretch at);
void add_number(hu_reading_context *c, const char *key, double number, double confidence, const hu_rule *rule,
                hu_stretch at);
void add_bool(hu_reading_context *c, const char *key, bool truth, double confidence, const hu_rule *rule,
              hu_stretch at);
hu_finding *add_finding(hu_reading_context *c, const char *key, double confidence, const hu_rule *rule,
                        const hu_stretch *at, size_t n_at);
/** The text as written, blanks at the ends trimmed. */
const char *as_written(hu_reading_context *c, hu_stretch at);
/** The folded text, line ends as blanks: what numbers and dates are read from. */
const char *as_folded(hu_reading_context *c, hu_stretch at);
hu_stretch to_bytes(const hu_reading_context *c, hu_stretch at);
/** The text as written without its blanks. */
const char *without_blanks(hu_reading_context *c, hu_stretch at);
/** The place in the folded text that a byte of the text stands at, or the first behind it. */
size_t to_folded(const hu_reading_context *c, size_t byte);
/** Makes to_folded ready, once a document. */
void map_to_folded(hu_reading_context *c);

/* trained.c */
/** Lets the trained readers add to and take back from what the rules found. */
hu_error *apply_trained(hu_reading_context *c);

/* trace.c */
/** Everything that was looked at, in bytes of the text, into the reading. */
void list_candidates(const hu_reading_context *c, hu_reading *reading);

/* operative.c */
void find_operative(hu_reading_context *c);
/** Drops mentions whose part, title or speaker condition does not hold. */
void filter_mentions(hu_reading_context *c);
/** The first mention at or behind index `from` that sets `key` and begins before `end`; count when there is none. */
size_t next_mention(const hu_reading_context *c, const char *key, size_t from, size_t end);
/** Index of the first mention that begins at or behind `start`. */
size_t mention_from(const hu_reading_context *c, size_t start);
size_t paragraph_end(const hu_reading_context *c, size_t at);

/* telling.c */
typedef enum hu_telling { TOLD, DENIED, SUPPOSED } hu_telling;
/** Whether a condition is met between two places of the folded text. */
bool tells_between(const hu_reading_context *c, hu_telling_condition condition, size_t start, size_t end);
/** How the clause around a stretch tells it. */
hu_telling telling_of(const hu_reading_context *c, hu_stretch at);

/* one file a variable or group of them */
void read_kind(hu_reading_context *c);
void read_numbers(hu_reading_context *c);
void read_court(hu_reading_context *c);
void read_district(hu_reading_context *c);
void read_date(hu_reading_context *c);
void read_procedure(hu_reading_context *c);
void read_defendants(hu_reading_context *c);
void read_rulings(hu_reading_context *c);
void read_roles(hu_reading_context *c);
void read_charges(hu_reading_context *c);
void read_practices(hu_reading_context *c);
void read_agencies(hu_reading_context *c);
void write_defendants(hu_reading_context *c);
void read_officials(hu_reading_context *c);
void read_victims(hu_reading_context *c);
void read_exploitation(hu_reading_context *c);
void read_indices(hu_reading_context *c);

/* names.c */
/** A person's name or initials that opens at byte `at` of the text (blanks skipped); false if none does. */
bool name_at(const hu_reading_context *c, size_t at, size_t limit, hu_stretch *bytes);
void name_tokens(hu_reading_context *c, hu_stretch bytes, hu_defendant *defendant);
bool same_person(const hu_defendant *a, const hu_defendant *b);
/** Whether a text is one of a NULL-terminated list. */
bool one_of(const char *text, const char *const *list);

/* surnames.c */
/** A surname that one defendant alone bears, standing by itself at byte `at` of the text. */
bool surname_at(const hu_reading_context *c, size_t at, size_t limit, size_t *who, hu_stretch *bytes);

/* amounts.c */
bool read_count(hu_reading_context *c, const hu_capture *capture, int *value, bool *disagrees);
bool read_duration(hu_reading_context *c, const hu_mention *mention, hu_penalty *result);
bool read_money(hu_reading_context *c, const hu_mention *mention, double *amount);

/* offences.c */
hu_charge_list collect_offences(hu_reading_context *c, size_t start, size_t end);
void charges_merge(hu_reading_context *c, hu_charge_list *into, const hu_charge_list *from);
bool is_trafficking(const hu_charge *charge);

#endif
