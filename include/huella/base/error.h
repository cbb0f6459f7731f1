#ifndef HUELLA_BASE_ERROR_H
#define HUELLA_BASE_ERROR_H

#include <stdarg.h>

/**
 * One way to fail: a function that can fail returns `hu_error *`, NULL when all is well.
 *
 * The message is written for a person: where, what stood there, what was expected. Context is added on the way up by
 * hu_wrap; the whole is printed once, in cli/. Whoever receives an error owns it: pass it on or free it.
 */
typedef enum hu_code {
    HU_OK = 0,
    HU_USAGE,       /* the command was called wrongly */
    HU_BAD_INPUT,   /* a file or table does not hold what it should */
    HU_NOT_FOUND,   /* a file, column or key that was named is not there */
    HU_EMPTY,       /* nothing to work on: no rows, no treated unit */
    HU_NO_CONTROLS, /* no unit to compare with */
    HU_SINGULAR,    /* a design that does not identify what was asked */
    HU_LIMIT,       /* larger, longer or deeper than the stated limit */
    HU_IO,          /* the system refused: disk, permission, process */
    HU_STORE,       /* the store refused */
    HU_BUG,         /* huella is wrong */
} hu_code;

typedef struct hu_error {
    hu_code code;
    char *message;
} hu_error;

/** A new error. Never NULL. */
hu_error *hu_fail(hu_code code, const char *format, ...) __attribute__((format(printf, 2, 3), returns_nonnull));

/** A new error at a place in a file: "cases.csv:418: column "cohort": …"; line 0 and column NULL are left out. */
hu_error *hu_fail_at(hu_code code, const char *path, long line, const char *column, const char *format, ...)
    __attribute__((format(printf, 5, 6), returns_nonnull));

/** A failed system call: `what` (like "opening cases.csv") and the system's reason for `errno_value`. */
hu_error *hu_fail_system(int errno_value, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));

/** Puts "context: " before the message. NULL stays NULL. */
hu_error *hu_wrap(hu_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

void hu_error_free(hu_error *error); /* NULL is fine */
void hu_error_free_at(hu_error **error);

/** The exit status of the program for this error (contracts.md): 0 for NULL, 2 usage, 3 input, 4 system, 5 bug. */
int hu_error_exit_status(const hu_error *error);

/* The static analyser does not take "never NULL" from the attribute: it is told, so that it follows no path that cannot
 * be. */
#if defined __clang_analyzer__ && !defined HU_ERROR_IS_MADE_HERE
static inline hu_error *hu_error_is_there(hu_error *error)
{
    if (!error)
        __builtin_unreachable();
    return error;
}
#define hu_fail(...) hu_error_is_there(hu_fail(__VA_ARGS__))
#define hu_fail_at(...) hu_error_is_there(hu_fail_at(__VA_ARGS__))
#define hu_fail_system(...) hu_error_is_there(hu_fail_system(__VA_ARGS__))
#endif

/** Returns from the calling function when `call` fails. */
#define HU_TRY(call)                \
    do {                            \
        hu_error *hu_try_ = (call); \
        if (hu_try_)                \
            return hu_try_;         \
    } while (0)

#endif
