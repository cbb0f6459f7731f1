#ifndef HUELLA_CLI_COMMAND_H
#define HUELLA_CLI_COMMAND_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/progress.h"
#include "huella/base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** One option of a command: feeds parsing, --help and the man page. A table of them ends with a row whose name is NULL.
 */
typedef enum hu_option_type {
    HU_OPT_FLAG, /* takes no value */
    HU_OPT_TEXT,
    HU_OPT_INTEGER,
    HU_OPT_NUMBER,
    HU_OPT_CHOICE,  /* one of `values`, separated by | */
    HU_OPT_LIST,    /* a,b,c */
    HU_OPT_CHOICES, /* a list of some of `values`, separated by | */
} hu_option_type;

typedef struct hu_option {
    const char *name;
    hu_option_type type;
    const char *value; /* what stands for the value in help: "COLUMN"; for HU_OPT_CHOICE the values: "never|notyet" */
    const char *fallback; /* the default, or NULL for none */
    const char *help;     /* one sentence */
} hu_option;

typedef enum hu_format { HU_FORMAT_TABLE, HU_FORMAT_JSON, HU_FORMAT_JSONL, HU_FORMAT_CSV } hu_format;

/** What a running command has: its options, the common options, and where its results go. */
typedef struct hu_run {
    const struct hu_command *command;
    hu_arena *arena;            /* lives as long as the run */
    const char **option_values; /* in order of the command's option table; NULL = not given and no default */
    bool *option_given;
    const char **files; /* positional arguments */
    size_t n_files;
    const char *study, *store; /* store: as given, or sqlite:STUDY/huella.db */
    const char *out_path;      /* NULL = standard output */
    hu_format format;
    bool format_given;
    uint64_t seed;
    int threads;
    bool quiet, progress;
    FILE *out;  /* results; reaches its place whole when the command succeeds, or at once when it streams */
    int status; /* 0, or 1: done, and what it checked does not hold */
    const struct hu_corrected *correction; /* what --hand found, printed beside the results; NULL = not asked */
} hu_run;

typedef struct hu_command {
    const char *name;
    const char *summary;     /* half a line */
    const char *usage;       /* after the name: "DATA.csv --outcome Y …" */
    const char *description; /* paragraphs, separated by an empty line */
    const char *example;     /* lines of commands, or NULL */
    const hu_option *options;
    size_t min_files, max_files; /* SIZE_MAX = any number */
    bool streams;                /* results go to standard output as they come */
    hu_error *(*run)(hu_run *run);
} hu_command;

/** All commands in the order of `huella --help`; ends with NULL. */
extern const hu_command *const hu_commands[];
extern const hu_option hu_common_options[];

/* Values of options; the name must be in the command's table. */
const char *hu_opt_text(const hu_run *run, const char *name); /* NULL = absent */
bool hu_opt_flag(const hu_run *run, const char *name);
bool hu_opt_given(const hu_run *run, const char *name);
double hu_opt_number(const hu_run *run, const char *name);   /* NaN = absent */
int64_t hu_opt_integer(const hu_run *run, const char *name); /* 0 = absent */
bool hu_opt_is(const hu_run *run, const char *name, const char *value);
/** A list as a NULL-terminated array in the run's arena; empty when absent. */
const char **hu_opt_list(const hu_run *run, const char *name, size_t *count);

/** HU_USAGE when an option that must be there is not: NULL-terminated names. */
hu_error *hu_opt_require(const hu_run *run, const char *const *names);

/** A message for a person on standard error, unless --quiet. */
void hu_say(const hu_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** The terminal for progress bars, or NULL. */
FILE *hu_run_terminal(const hu_run *run);

/* paths.c: where the program's data and helpers stand, installed or in the build folder */
const char *hu_rules_dir(hu_arena *arena);  /* $HUELLA_RULES, else found from the program's own place */
const char *hu_web_dir(hu_arena *arena);    /* the field app's files; NULL: it was not built */
const char *hu_pdf_worker(hu_arena *arena); /* huella-pdf-worker, beside the program or in libexec */

/* options.c */
hu_error *hu_parse_options(const hu_command *command, int argc, char **argv, hu_run *run, bool *help);
/* help.c */
void hu_print_overview(FILE *out);
void hu_print_help(FILE *out, const hu_command *command);
void hu_print_man(FILE *out, const hu_command *command); /* NULL = huella(1) itself */

#endif
