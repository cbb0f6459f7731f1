#ifndef HUELLA_READING_RULINGS_H
#define HUELLA_READING_RULINGS_H

#include "context.h"

/* What is shared while the operative part is read: see rulings.c for the idea. */

typedef enum hu_ruling_mode { MODE_NONE, MODE_DIRECT, MODE_CONFIRM, MODE_REVOKE, MODE_ANNUL } hu_ruling_mode;

enum {
    NAME_WITHIN = 220, /* bytes behind a ruling's verb in which its first name stands */
    NAME_GAP = 60,     /* between names of one list */
};

/* What a duration or a sum is about. */
typedef enum hu_topic { TOPIC_NONE, TOPIC_PRISON, TOPIC_BAN, TOPIC_TRIAL, TOPIC_FINE, TOPIC_MONEY } hu_topic;

/* From `start` on, a ruling's words are about these persons. */
typedef struct hu_clause {
    size_t start;
    bool *subjects;
} hu_clause;

typedef struct hu_reader_state {
    hu_reading_context *c;
    hu_ruling_mode mode;
    bool appeal;       /* contents need a mode */
    bool hidden;       /* inside what a lower court revoked */
    bool reforming;    /* behind "reforming it" */
    bool instance;     /* behind "acting as a court of instance": what was quashed is decided again */
    bool limited;      /* the mode reaches penalty or reparation only */
    bool content_seen; /* since the mode began */
    bool *subjects;    /* of the latest content, one a defendant */
    bool *punished;    /* and of the latest prison term */
    hu_stretch mode_at;
    size_t start, end;   /* of the span that is read */
    const size_t *items; /* where its points begin, in order; the last is `end` */
    size_t n_items;
    hu_clause *clauses; /* whom the contents behind a place are about, in order */
    size_t n_clauses, clause_capacity;
    hu_charge_list offences; /* of the latest ruling that names any: "the same offence" */
    size_t last_used;        /* occurrence that an amount in front of it took */
    size_t served;           /* end of the latest amount */
    hu_topic served_topic;   /* and what it was about */
    bool fill;               /* only fill what is still unknown */
} hu_reader_state;

/* scope.c: how the operative part is cut */
void find_items(hu_reader_state *s);
/** The point ("2.-", "SEGUNDO:", a paragraph) that a place stands in. */
hu_stretch item_of(const hu_reader_state *s, size_t at);
/** Where the sentence that a place stands in begins and ends; abbreviations and initials end none. */
size_t sentence_start(const hu_reading_context *c, size_t at, size_t limit);
size_t sentence_end(const hu_reading_context *c, size_t at, size_t limit);
/** The stretch around a place, within its point, that one ruling or mode governs. */
typedef struct hu_scope {
    hu_stretch at;
    bool ruling, mode; /* which of them opens it */
} hu_scope;
hu_scope scope_of(const hu_reader_state *s, size_t at);
/** Whether a mention is written in capitals: this court speaks. */
bool in_capitals(const hu_reading_context *c, const hu_mention *mention);

/* subjects.c: whom a clause is about */
bool any_subject(const hu_reader_state *s);
void no_subjects(hu_reader_state *s);
void all_subjects(hu_reader_state *s);
/** Index of the first occurrence of a defendant at or behind `start`. */
size_t occurrence_from(const hu_reading_context *c, size_t start);
/** The end of what a content event says: the next ruling or mode, or the end of the point. */
size_t event_end(const hu_reader_state *s, size_t index);
/** Names in one run from `start`: sets the subjects, returns true if there are any. */
bool take_run(hu_reader_state *s, size_t start, size_t within, size_t end);
void find_subjects(hu_reader_state *s, size_t index);
void add_clause(hu_reader_state *s, size_t start);
/** The subjects that hold at a place: those of the clause that it stands in. */
void enter_clause(hu_reader_state *s, size_t at);
/** "Both", "the first": sets the subjects, returns true if such words stand between two places. */
bool take_words(hu_reader_state *s, size_t from, size_t to);
/** Sets the subjects of an amount that stands at `at` and is about `topic`. */
void subjects_of_amount(hu_reader_state *s, hu_stretch at, hu_topic topic);

/* rulings.c */
hu_phase *phase_of(hu_reader_state *s, hu_defendant *who);
void begin_reform(hu_reader_state *s, hu_defendant *who);
void mark_mode(hu_reader_state *s, hu_defendant *who);

void read_span(hu_reader_state *s, hu_stretch where);

/* below.c: what the judgment below ruled */
/** Marks whom this decision does not judge: he did not appeal, or withdrew. */
void find_bystanders(hu_reading_context *c);
/** Fills what the operative part leaves open from what the opening tells; `s` has read the operative part. */
void fill_from_opening(hu_reading_context *c, hu_reader_state *s);

/* penalties.c: prison, and the terms beside it */
/** What the duration (or life term) of mention `index` is about. */
hu_topic duration_topic(const hu_reader_state *s, size_t index);
void read_duration_event(hu_reader_state *s, size_t index);
void read_life(hu_reader_state *s, size_t index);
void read_fine(hu_reader_state *s, const hu_mention *mention);
void read_same_term(hu_reader_state *s, const hu_mention *mention);
/** One penalty out of those named for a person: the total, else what all say, else their sum. */
bool choose_penalty(const hu_phase *phase, hu_penalty *result);

/* reparation.c */
void read_reparation(hu_reader_state *s, size_t index);
/** On review, a sum fixed below that the reasons say nobody contested, where the operative part tells none. */
void keep_reparation(hu_reading_context *c);

#endif
