#include "fuzz.h"

#include "huella/base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Any text comes back through the writer and the reader as it was; what is not UTF-8 becomes something that is. */
static void write_and_read(const char *data, size_t size)
{
    HU_BUF(out);
    hu_json json;
    hu_json_start(&json, &out);
    json.pretty = size % 2;
    hu_json_array(&json);
    hu_json_str(&json, (hu_str){data, size});
    hu_json_array_end(&json);
    MUST(hu_utf8_valid(out.data, out.length));
    if (memchr(data, '\0', size)) /* the reader refuses NUL */
        return;
    json_t *root;
    hu_error *error = hu_json_parse(out.data, out.length, "fuzz.json", &root);
    MUST(!error);
    const json_t *text = json_array_get(root, 0);
    if (hu_utf8_valid(data, size))
        MUST(json_string_length(text) == size && memcmp(json_string_value(text), data, size) == 0);
    json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *root;
    hu_error *error = hu_json_parse((const char *)data, size, "fuzz.json", &root);
    MUST(!error == !!root);
    hu_error_free(error);
    json_decref(root);
    if (size)
        write_and_read((const char *)data, size);
    double value;
    if (size >= sizeof value) {
        char buffer[32];
        memcpy(&value, data, sizeof value);
        MUST(isnan(value) || strtod(hu_format_double(value, buffer), NULL) == value);
    }
    return 0;
}
