#ifndef HUELLA_REGISTRY_CHECK_H
#define HUELLA_REGISTRY_CHECK_H

/* Inside registry/: the data check of tables to import. Nothing here touches the store. */

#include "huella/registry/store.h"

/** What is wrong with what is imported: the first ten problems are kept, the rest counted. */
typedef struct hu_problems {
    hu_buf text;
    size_t count;
} hu_problems;

/** Takes over the error; NULL adds nothing. */
void hu_problems_add(hu_problems *problems, hu_error *error);
/** All problems as one HU_BAD_INPUT, or NULL when there are none; frees them. */
hu_error *hu_problems_end(hu_problems *problems);

typedef enum hu_cell_kind {
    HU_CELL_TEXT,
    HU_CELL_FILE_NUMBER, /* expediente */
    HU_CELL_REGION,      /* becomes the region's name in the list */
    HU_CELL_DATE,        /* becomes YYYY-MM-DD */
    HU_CELL_COUNT,       /* whole, not negative */
    HU_CELL_AMOUNT,      /* not negative */
} hu_cell_kind;

/** A column of a table to import. */
typedef struct hu_column_rule {
    const char *name;
    hu_cell_kind kind;
    bool needed; /* the column must be there and no cell be empty */
} hu_column_rule;

typedef struct hu_checked_cell {
    hu_str text;   /* data NULL = missing */
    double number; /* NaN = missing */
} hu_checked_cell;

/** A table whose cells were checked, in order of the rules. */
typedef struct hu_checked {
    const hu_table *table;
    const hu_column_rule *rules;
    size_t n_rules;
    hu_checked_cell *cells; /* rows x n_rules */
} hu_checked;

/** Checks every cell by itself; what is wrong goes to `problems`. regions NULL: any name is one. */
void hu_check_table(const hu_table *table, const hu_column_rule *rules, size_t n_rules, const hu_regions *regions,
                    hu_arena *arena, hu_problems *problems, hu_checked *checked);

hu_checked_cell hu_checked_at(const hu_checked *checked, size_t row, size_t rule);

/** The values of this rule's column may stand only once; a repeated one names the place of the first. */
void hu_check_unique(const hu_checked *checked, size_t rule, hu_problems *problems);

#endif
