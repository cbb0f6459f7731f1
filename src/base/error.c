#define HU_ERROR_IS_MADE_HERE
#include "huella/base/error.h"

#include "huella/base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *format_message(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

static char *format_message(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    size_t size = (size_t)(length < 0 ? 0 : length) + 1;
    char *message = hu_xcalloc(size, 1);
    vsnprintf(message, size, format, again);
    va_end(again);
    return message;
}

/* Takes over `message`. */
static hu_error *new_error(hu_code code, char *message)
{
    hu_error *error = hu_xcalloc(1, sizeof *error);
    error->code = code;
    error->message = message;
    return error;
}

/* "before" + "after", both taken over. */
static char *joined(char *before, char *after)
{
    size_t length = strlen(before);
    before = hu_xrealloc(before, length + strlen(after) + 1);
    memcpy(before + length, after, strlen(after) + 1);
    free(after);
    return before;
}

hu_error *hu_fail(hu_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = format_message(format, args);
    va_end(args);
    return new_error(code, message);
}

static char *place(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *place(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = format_message(format, args);
    va_end(args);
    return text;
}

hu_error *hu_fail_at(hu_code code, const char *path, long line, const char *column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = format_message(format, args);
    va_end(args);
    if (column)
        message = joined(place("column \"%s\": ", column), message);
    if (line > 0)
        message = joined(place("%s:%ld: ", path, line), message);
    else
        message = joined(place("%s: ", path), message);
    return new_error(code, message);
}

hu_error *hu_fail_system(int errno_value, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = format_message(format, args);
    va_end(args);
    hu_code code = errno_value == ENOENT || errno_value == EISDIR || errno_value == ENOTDIR ? HU_NOT_FOUND : HU_IO;
    char text[128]; /* strerror_r: workers fail on several threads at once */
    return new_error(code, joined(message, place(": %s", strerror_r(errno_value, text, sizeof text))));
}

hu_error *hu_wrap(hu_error *error, const char *format, ...)
{
    if (!error)
        return NULL;
    va_list args;
    va_start(args, format);
    char *context = format_message(format, args);
    va_end(args);
    error->message = joined(joined(context, place(": ")), error->message);
    return error;
}

void hu_error_free(hu_error *error)
{
    if (!error)
        return;
    free(error->message);
    free(error);
}

void hu_error_free_at(hu_error **error)
{
    hu_error_free(*error);
}

int hu_error_exit_status(const hu_error *error)
{
    if (!error)
        return 0;
    switch (error->code) {
    case HU_OK:
        return 0;
    case HU_USAGE:
        return 2;
    case HU_BAD_INPUT:
    case HU_NOT_FOUND:
    case HU_EMPTY:
    case HU_NO_CONTROLS:
    case HU_SINGULAR:
    case HU_LIMIT:
        return 3;
    case HU_IO:
    case HU_STORE:
        return 4;
    case HU_BUG:
        break;
    }
    return 5;
}
