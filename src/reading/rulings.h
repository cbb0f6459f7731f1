#ifndef HUELLA_READING_RULINGS_H
#define HUELLA_READING_RULINGS_H

#include "context.h"

/* What is shared while the operative part is read: see rulings.c for the idea. */

typedef enum hu_ruling_mode { MODE_NONE, MODE_DIRECT, MODE_CONFIRM, MODE_REVOKE, MODE_ANNUL } hu_ruling_mode;

/* From `start` on, a ruling's words are about these persons. */
typedef struct hu_clause {
    size_t start;
    bool *subjects;
} hu_clause;

enum {
    MAX_CLAUSES = 64,
    NAME_WITHIN = 220, /* bytes behind a ruling's verb in which its first name stands */
    NAME_GAP = 60,     /* between names of one list */
};

typedef struct hu_reader_state {
    hu_reading_context *c;
    hu_ruling_mode mode;
    bool appeal;       /* contents need a mode */
    bool hidden;       /* inside what a lower court revoked */
    bool reforming;    /* behind "reforming it" */
    bool limited;      /* the mode reaches penalty or reparation only */
    bool content_seen; /* since the mode began */
    bool *subjects;    /* of the latest content, one a defendant */
    hu_stretch mode_at;
    size_t last_used; /* occurrence that a penalty in front of it took */
    size_t end;
    hu_clause clauses[MAX_CLAUSES]; /* of the latest ruling or mode */
    size_t n_clauses;
    bool fill; /* only fill what is still unknown */
} hu_reader_state;

/* subjects.c: whom a clause is about */
bool any_subject(const hu_reader_state *s);
void all_subjects(hu_reader_state *s);
/** Index of the first occurrence of a defendant at or behind `start`. */
size_t occurrence_from(const hu_reading_context *c, size_t start);
/** The end of what a content event says: the next ruling or mode. */
size_t event_end(const hu_reader_state *s, size_t index);
/** Names in one run from `start`: sets the subjects, returns true if there are any. */
bool take_run(hu_reader_state *s, size_t start, size_t within, size_t end);
void find_subjects(hu_reader_state *s, size_t index);
void add_clause(hu_reader_state *s, size_t start);
/** The subjects that hold at a place: those of the clause that it stands in. */
void enter_clause(hu_reader_state *s, size_t at);

/* rulings.c */
hu_phase *phase_of(hu_reader_state *s, hu_defendant *who);
void begin_reform(hu_reader_state *s, hu_defendant *who);
void mark_mode(hu_reader_state *s, hu_defendant *who);

/* penalties.c: penalties, sums, terms */
void read_penalty(hu_reader_state *s, size_t index, const char *kind);
void read_reparation(hu_reader_state *s, const hu_mention *mention);
void read_term(hu_reader_state *s, const hu_mention *mention, const char *term);

#endif
