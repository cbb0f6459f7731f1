#ifndef HUELLA_BASE_JSON_H
#define HUELLA_BASE_JSON_H

#include "huella/base/text.h"

#include <jansson.h>

/**
 * JSON out: a writer that streams into a buffer. Numbers are printed so that they read back to the same double, in the
 * fewest digits; NaN and infinities become null. Reading and building trees is Jansson's.
 */
typedef struct hu_json {
    hu_buf *out;
    int depth;
    bool first;     /* nothing written yet at this depth */
    bool pretty;    /* line breaks and two spaces a level */
    bool after_key; /* the value of a key comes next */
} hu_json;

void hu_json_start(hu_json *json, hu_buf *out);
void hu_json_object(hu_json *json);     /* { */
void hu_json_object_end(hu_json *json); /* } */
void hu_json_array(hu_json *json);      /* [ */
void hu_json_array_end(hu_json *json);  /* ] */
void hu_json_key(hu_json *json, const char *key);
void hu_json_number(hu_json *json, double value);
void hu_json_integer(hu_json *json, int64_t value);
void hu_json_text(hu_json *json, const char *text); /* NULL becomes null */
void hu_json_str(hu_json *json, hu_str text);
void hu_json_bool(hu_json *json, bool value);
void hu_json_null(hu_json *json);
void hu_json_raw(hu_json *json, hu_str value); /* a value that is JSON text already */

/** key and value in one call */
void hu_json_put_number(hu_json *json, const char *key, double value);
void hu_json_put_integer(hu_json *json, const char *key, int64_t value);
void hu_json_put_text(hu_json *json, const char *key, const char *text);
void hu_json_put_bool(hu_json *json, const char *key, bool value);

/** The fewest digits that read back to the same double, as C text ("0.1", "1e+22", "nan", "-inf"); returns `buffer`. */
const char *hu_format_double(double value, char buffer[32]);

/** Loads a JSON file: an object or array. HU_BAD_INPUT names line and character. The caller json_decref()s it. */
hu_error *hu_json_load(const char *path, json_t **root);
/** The same from memory; `source` is the name used in messages. */
hu_error *hu_json_parse(const char *text, size_t length, const char *source, json_t **root);

#endif
