#ifndef HUELLA_FIELD_SHAPE_H
#define HUELLA_FIELD_SHAPE_H

/*
 * Inside field/: the shape of a JSON body as data. The same table checks what comes in and becomes the schema of the
 * API's description, so that the two cannot differ.
 */

#include "huella/base/json.h"

#include <stdint.h>

typedef enum shape_type {
    SHAPE_TEXT,    /* limit: most code points */
    SHAPE_INTEGER, /* least … limit */
    SHAPE_NUMBER,  /* least … limit */
    SHAPE_BOOL,
    SHAPE_INSTANT, /* RFC 3339, to the second */
    SHAPE_UUID,
    SHAPE_DISTRICT,  /* ubigeo: six digits */
    SHAPE_CHOICE,    /* one of `values`, separated by | */
    SHAPE_CHOICES,   /* an array of some of them, each once */
    SHAPE_OBJECT,    /* of */
    SHAPE_LIST,      /* an array of `of`, at most `limit` */
    SHAPE_MAP,       /* any keys, at most `limit`; each value one of `values`, or any text, number or truth when NULL */
    SHAPE_READ_ONLY, /* what a GET adds: whatever it is, it is taken back and passed over */
} shape_type;

typedef struct shape {
    const char *name;
    shape_type type;
    bool required;
    const char *values;
    long least, limit;
    const struct shape *of; /* ends with a row without a name */
    const char *help;
} shape;

/** HU_BAD_INPUT names the member by its JSON pointer. Members that the shape does not name are refused. */
hu_error *shape_check(const shape *members, const json_t *value);
/** The JSON Schema of an object of these members. */
void shape_print(const shape *members, hu_json *json);

#endif
