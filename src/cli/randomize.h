#ifndef HUELLA_CLI_RANDOMIZE_H
#define HUELLA_CLI_RANDOMIZE_H

#include "print.h"

#include "huella/design/ledger.h"

/** A ledger with the table it names, ready to draw or to verify. */
typedef struct ledger_input {
    hu_ledger *ledger;
    hu_draw_setup setup;
    const char *path; /* of the table */
    hu_table *table;
    char sha256[65];
} ledger_input;

/** Loads the ledger and its table; `table_path` (NULL = as the ledger names it). */
hu_error *ledger_input_load(const hu_run *run, const char *ledger_path, const char *table_path, ledger_input *in);

/** The draw of a ledger, run again and verified, for tests that replay it; HU_BAD_INPUT says what does not hold. */
hu_error *ledger_draw_verified(const hu_run *run, const char *ledger_path, hu_draw **draw);

/** The table of units, hashed; identifiers and strata stay text. */
hu_error *randomize_read(const hu_run *run, const char *path, const hu_draw_setup *setup, hu_table **table,
                         char sha256[65]);

/* randomize_print.c: what was drawn. `balance` NULL where it would tell sealed arms. */
typedef struct randomize_result {
    const hu_ledger *ledger;
    const hu_draw *draw;
    const hu_draw_balance *balance;
    bool sealed;
    const char *assignments; /* the file they were written to; NULL = none */
} randomize_result;
hu_error *randomize_print(const hu_run *run, const randomize_result *result);
void randomize_write_csv(FILE *out, const hu_draw *draw);
void randomize_print_check(const hu_run *run, const hu_ledger *ledger, const hu_ledger_check *check);

#endif
