#ifndef HUELLA_READING_SUMS_H
#define HUELLA_READING_SUMS_H

#include "rulings.h"

/* sums.c: the sums of money that a clause tells, and which of them stand for themselves. */

/* A sum of the point that is read. */
typedef struct hu_sum {
    double amount;
    hu_stretch at;
    size_t end; /* of what is said about it: the next sum or the end of the clause */
    const hu_mention *mention;
    bool disagrees;
    bool except; /* of one who owes less than the others */
} hu_sum;

enum { MAX_SUMS = 24 };

/* The sums of a clause, in order, and who is named before or behind each. */
typedef struct hu_sums {
    double amounts[MAX_SUMS];
    size_t starts[MAX_SUMS], n;
} hu_sums;

typedef enum hu_paid { PAID_TOGETHER, PAID_BEHIND_NAME, PAID_BEFORE_NAME } hu_paid;

/** Whether words that set `about` to this stand between two places. */
bool speaks_about(const hu_reading_context *c, const char *about, size_t from, size_t to);
bool tells(const hu_reading_context *c, const char *key, size_t from, size_t to);
bool named_between(const hu_reading_context *c, size_t from, size_t to);
/** The end of the figures in brackets that say mention `index` again; they may change the amount or disagree. */
size_t again(const hu_reading_context *c, const hu_mention *first, size_t index, double *amount, bool *disagrees);
bool is_again(const hu_reading_context *c, size_t index);
/** Whether the last words between `near` and `at` tell that the sum is none of reparation. */
bool is_other(const hu_reading_context *c, size_t near, size_t at);
bool is_share(const hu_reading_context *c, size_t at);
/** Where the next sum that stands for itself begins; `end` when there is none. */
size_t next_sum(const hu_reading_context *c, size_t from, size_t end);
bool has_sum(const hu_reading_context *c, size_t from, size_t to);
void list_sums(const hu_reading_context *c, const hu_scope *scope, hu_sums *sums);
hu_paid paid_apart(const hu_reading_context *c, const hu_scope *scope, const hu_sums *sums);
bool is_part(const hu_reading_context *c, const hu_scope *scope, size_t at);
size_t end_of_sum(const hu_reading_context *c, const hu_scope *scope, size_t at);

#endif
