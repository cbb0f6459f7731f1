/* The JSON Schema of a body, from the table that also checks it. */

#include "shape.h"

#include <string.h>

static void print_enum(const char *values, hu_json *json)
{
    HU_SCRATCH(arena);
    hu_json_key(json, "enum");
    hu_json_array(json);
    for (const char *v = values; *v; v += *v == '|') {
        size_t n = strcspn(v, "|");
        hu_json_text(json, hu_strndup(arena, v, n));
        v += n;
    }
    hu_json_array_end(json);
}

static void print_object(const char *key, const shape *of, hu_json *json)
{
    hu_json_key(json, key);
    shape_print(of, json);
}

static void print_words(const char *values, hu_json *json)
{
    hu_json_put_text(json, "type", "string");
    if (values)
        print_enum(values, json);
}

static void print_items(const shape *member, hu_json *json)
{
    hu_json_put_text(json, "type", "array");
    if (member->type == SHAPE_LIST) {
        hu_json_put_integer(json, "maxItems", member->limit);
        print_object("items", member->of, json);
        return;
    }
    hu_json_put_bool(json, "uniqueItems", true);
    hu_json_key(json, "items");
    hu_json_object(json);
    print_words(member->values, json);
    hu_json_object_end(json);
}

static void print_map(const shape *member, hu_json *json)
{
    hu_json_put_text(json, "type", "object");
    hu_json_put_integer(json, "maxProperties", member->limit);
    hu_json_key(json, "additionalProperties");
    hu_json_object(json);
    if (member->values) {
        print_words(member->values, json);
    } else {
        hu_json_key(json, "type");
        hu_json_array(json);
        hu_json_text(json, "string");
        hu_json_text(json, "number");
        hu_json_text(json, "boolean");
        hu_json_array_end(json);
    }
    hu_json_object_end(json);
}

static void print_scalar(const shape *member, hu_json *json)
{
    static const char *const formats[] = {[SHAPE_INSTANT] = "date-time", [SHAPE_UUID] = "uuid"};
    switch (member->type) {
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
        hu_json_put_text(json, "type", member->type == SHAPE_INTEGER ? "integer" : "number");
        hu_json_put_integer(json, "minimum", member->least);
        hu_json_put_integer(json, "maximum", member->limit);
        break;
    case SHAPE_BOOL:
        hu_json_put_text(json, "type", "boolean");
        break;
    case SHAPE_TEXT:
        hu_json_put_text(json, "type", "string");
        if (member->required)
            hu_json_put_integer(json, "minLength", 1);
        hu_json_put_integer(json, "maxLength", member->limit);
        break;
    case SHAPE_DISTRICT:
        hu_json_put_text(json, "type", "string");
        hu_json_put_text(json, "pattern", "^[0-9]{6}$");
        break;
    default:
        hu_json_put_text(json, "type", "string");
        hu_json_put_text(json, "format", formats[member->type]);
        break;
    }
}

static void print_member(const shape *member, hu_json *json)
{
    hu_json_key(json, member->name);
    if (member->type == SHAPE_OBJECT) {
        shape_print(member->of, json);
        return;
    }
    hu_json_object(json);
    if (member->type == SHAPE_READ_ONLY)
        hu_json_put_bool(json, "readOnly", true);
    else if (member->type == SHAPE_CHOICE)
        print_words(member->values, json);
    else if (member->type == SHAPE_LIST || member->type == SHAPE_CHOICES)
        print_items(member, json);
    else if (member->type == SHAPE_MAP)
        print_map(member, json);
    else
        print_scalar(member, json);
    if (member->help)
        hu_json_put_text(json, "description", member->help);
    hu_json_object_end(json);
}

void shape_print(const shape *members, hu_json *json)
{
    hu_json_object(json);
    hu_json_put_text(json, "type", "object");
    hu_json_put_bool(json, "additionalProperties", false);
    hu_json_key(json, "properties");
    hu_json_object(json);
    for (const shape *member = members; member->name; member++)
        print_member(member, json);
    hu_json_object_end(json);
    hu_json_key(json, "required");
    hu_json_array(json);
    for (const shape *member = members; member->name; member++)
        if (member->required)
            hu_json_text(json, member->name);
    hu_json_array_end(json);
    hu_json_object_end(json);
}
