#ifndef HUELLA_TESTS_CHECK_H
#define HUELLA_TESTS_CHECK_H

/* What all tests share: cmocka in the order it wants, and paths. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "huella/base/arena.h"
#include "huella/base/error.h"

/* Fails the test with the error's message when a call fails. */
#define CHECK_OK(call)                                             \
    do {                                                           \
        hu_error *check_error_ = (call);                           \
        if (check_error_) {                                        \
            print_error("%s: %s\n", #call, check_error_->message); \
            hu_error_free(check_error_);                           \
            fail();                                                \
        }                                                          \
    } while (0)

/* The call must fail with this code and a message that contains the text. */
#define CHECK_FAILS(call, expected_code, text)                                                            \
    do {                                                                                                  \
        hu_error *check_error_ = (call);                                                                  \
        if (!check_error_)                                                                                \
            fail_msg("%s did not fail", #call);                                                           \
        else if (check_error_->code != (expected_code) || !strstr(check_error_->message, (text)))         \
            fail_msg("%s: code %d, \"%s\" (expected code %d and \"%s\")", #call, (int)check_error_->code, \
                     check_error_->message, (int)(expected_code), (text));                                \
        hu_error_free(check_error_);                                                                      \
    } while (0)

/* |actual - expected| <= relative * max(|expected|, floor) */
static inline void check_close(double actual, double expected, double relative, const char *what)
{
    double scale = fabs(expected) > 1e-6 ? fabs(expected) : 1e-6;
    if (!(fabs(actual - expected) <= relative * scale))
        fail_msg("%s: %.15g, expected %.15g (relative difference %.3g)", what, actual, expected,
                 fabs(actual - expected) / scale);
}

/* The project's folder, where data files of tests stand. */
static inline const char *check_source(hu_arena *arena, const char *file)
{
    const char *root = getenv("HUELLA_SOURCE");
    return hu_printf(arena, "%s/%s", root ? root : ".", file);
}

/* A file of the shared material beside the project; NULL where it is absent (then the test skips). */
static inline const char *check_shared(hu_arena *arena, const char *file)
{
    const char *root = getenv("HUELLA_SOURCE");
    const char *path = hu_printf(arena, "%s/../shared/%s", root ? root : ".", file);
    return access(path, R_OK) == 0 ? path : NULL;
}

#endif
