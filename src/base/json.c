#include "huella/base/json.h"

#include "huella/base/file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hu_json_start(hu_json *json, hu_buf *out)
{
    *json = (hu_json){.out = out, .first = true};
}

static void line_break(hu_json *json)
{
    hu_buf_add_char(json->out, '\n');
    for (int i = 0; i < json->depth; i++)
        hu_buf_add(json->out, "  ", 2);
}

/* What goes before a key, or before a value that has none: a comma, a line break, or nothing. */
static void begin_item(hu_json *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (!json->first)
        hu_buf_add_char(json->out, ',');
    if (json->pretty && json->depth > 0)
        line_break(json);
    json->first = false;
}

static void open_level(hu_json *json, char bracket)
{
    begin_item(json);
    hu_buf_add_char(json->out, bracket);
    json->depth++;
    json->first = true;
}

static void close_level(hu_json *json, char bracket)
{
    json->depth--;
    if (json->pretty && !json->first)
        line_break(json);
    hu_buf_add_char(json->out, bracket);
    /* At the outermost level the next value starts anew: a writer may print one document a line. */
    json->first = json->depth == 0;
}

void hu_json_object(hu_json *json)
{
    open_level(json, '{');
}

void hu_json_object_end(hu_json *json)
{
    close_level(json, '}');
}

void hu_json_array(hu_json *json)
{
    open_level(json, '[');
}

void hu_json_array_end(hu_json *json)
{
    close_level(json, ']');
}

/* The characters from `text` that stand in a JSON string as they are. */
static size_t plain_run(const char *text, const char *end)
{
    const char *p = text;
    while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7F && *p != '"' && *p != '\\')
        p++;
    return (size_t)(p - text);
}

static void add_escaped(hu_buf *out, int32_t c)
{
    switch (c) {
    case '"':
        hu_buf_add(out, "\\\"", 2);
        return;
    case '\\':
        hu_buf_add(out, "\\\\", 2);
        return;
    case '\n':
        hu_buf_add(out, "\\n", 2);
        return;
    case '\r':
        hu_buf_add(out, "\\r", 2);
        return;
    case '\t':
        hu_buf_add(out, "\\t", 2);
        return;
    default:
        if (c < 0) /* not UTF-8 */
            hu_utf8_add(out, 0xFFFD);
        else if (c < 0x20 || c == 0x7F)
            hu_buf_printf(out, "\\u%04x", (unsigned)c);
        else
            hu_utf8_add(out, (uint32_t)c);
    }
}

static void add_string(hu_buf *out, const char *text, size_t length)
{
    const char *p = text, *end = text + length;
    hu_buf_add_char(out, '"');
    while (p < end) {
        size_t run = plain_run(p, end);
        hu_buf_add(out, p, run);
        p += run;
        if (p < end)
            add_escaped(out, hu_utf8_next(&p, end));
    }
    hu_buf_add_char(out, '"');
}

void hu_json_key(hu_json *json, const char *key)
{
    begin_item(json);
    add_string(json->out, key, strlen(key));
    hu_buf_add_text(json->out, json->pretty ? ": " : ":");
    json->after_key = true;
}

static void add_value(hu_json *json, const char *text)
{
    begin_item(json);
    hu_buf_add_text(json->out, text);
}

void hu_json_number(hu_json *json, double value)
{
    char buffer[32];
    add_value(json, isfinite(value) ? hu_format_double(value, buffer) : "null");
}

void hu_json_integer(hu_json *json, int64_t value)
{
    char buffer[32];
    snprintf(buffer, sizeof buffer, "%" PRId64, value);
    add_value(json, buffer);
}

void hu_json_text(hu_json *json, const char *text)
{
    hu_json_str(json, hu_str_of(text));
}

void hu_json_str(hu_json *json, hu_str text)
{
    if (!text.data) {
        hu_json_null(json);
        return;
    }
    begin_item(json);
    add_string(json->out, text.data, text.length);
}

void hu_json_bool(hu_json *json, bool value)
{
    add_value(json, value ? "true" : "false");
}

void hu_json_raw(hu_json *json, hu_str value)
{
    begin_item(json);
    hu_buf_add(json->out, value.data, value.length);
}

void hu_json_null(hu_json *json)
{
    add_value(json, "null");
}

void hu_json_put_number(hu_json *json, const char *key, double value)
{
    hu_json_key(json, key);
    hu_json_number(json, value);
}

void hu_json_put_integer(hu_json *json, const char *key, int64_t value)
{
    hu_json_key(json, key);
    hu_json_integer(json, value);
}

void hu_json_put_text(hu_json *json, const char *key, const char *text)
{
    hu_json_key(json, key);
    hu_json_text(json, text);
}

void hu_json_put_bool(hu_json *json, const char *key, bool value)
{
    hu_json_key(json, key);
    hu_json_bool(json, value);
}

/*
 * Every decimal number of up to 15 digits survives the way through a normal double, so that the shortest form is
 * %.15g's (which drops trailing zeros) if it has at most 15 digits. Subnormal doubles hold fewer digits: all lengths
 * are tried. 17 digits always suffice.
 */
const char *hu_format_double(double value, char buffer[32])
{
    if (fabs(value) < 1e15 && value == (double)(int64_t)value && (value != 0 || !signbit(value))) {
        snprintf(buffer, 32, "%" PRId64, (int64_t)value);
        return buffer;
    }
    for (int digits = fpclassify(value) == FP_SUBNORMAL ? 1 : 15; digits <= 17; digits++) {
        snprintf(buffer, 32, "%.*g", digits, value);
        if (digits == 17 || isnan(value) || strtod(buffer, NULL) == value)
            break;
    }
    return buffer;
}

hu_error *hu_json_parse(const char *text, size_t length, const char *source, json_t **root)
{
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* the byte-order mark of some editors */
        text += 3;
        length -= 3;
    }
    json_error_t error;
    *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (*root)
        return NULL;
    if (error.line < 1)
        return hu_fail_at(HU_BAD_INPUT, source, 0, NULL, "not JSON: %s", error.text);
    return hu_fail_at(HU_BAD_INPUT, source, error.line, NULL, "not JSON at character %d: %s", error.column, error.text);
}

hu_error *hu_json_load(const char *path, json_t **root)
{
    *root = NULL;
    hu_file file;
    HU_TRY(hu_file_open(path, 0, &file));
    hu_error *error = hu_json_parse(file.data, file.length, path, root);
    hu_file_close(&file);
    return error;
}
