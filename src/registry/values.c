#include "values.h"

#include <jansson.h>
#include <math.h>

const char *hu_value_text(const char *json, hu_arena *arena)
{
    json_t *value = json ? json_loads(json, JSON_DECODE_ANY, NULL) : NULL;
    const char *text = json_string_value(value);
    text = text ? hu_strndup(arena, text, json_string_length(value)) : NULL;
    json_decref(value);
    return text;
}

double hu_value_number(const char *json)
{
    json_t *value = json ? json_loads(json, JSON_DECODE_ANY, NULL) : NULL;
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    json_decref(value);
    return number;
}
