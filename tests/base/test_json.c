#include "check.h"
#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/base/random.h"

#include <float.h>

static void write_sample(hu_json *json)
{
    hu_json_object(json);
    hu_json_put_text(json, "estimator", "callaway_santanna");
    hu_json_put_integer(json, "n", INT64_MIN);
    hu_json_put_number(json, "att", -0.0105);
    hu_json_put_bool(json, "exact", true);
    hu_json_key(json, "cells");
    hu_json_array(json);
    hu_json_object(json);
    hu_json_put_number(json, "se", NAN);
    hu_json_put_text(json, "note", NULL);
    hu_json_object_end(json);
    hu_json_array(json);
    hu_json_array_end(json);
    hu_json_number(json, 1);
    hu_json_null(json);
    hu_json_array_end(json);
    hu_json_key(json, "none");
    hu_json_object(json);
    hu_json_object_end(json);
    hu_json_object_end(json);
}

static void objects_and_arrays_nest(void **state)
{
    (void)state;
    HU_BUF(out);
    hu_json json;
    hu_json_start(&json, &out);
    write_sample(&json);
    assert_string_equal(out.data, "{\"estimator\":\"callaway_santanna\",\"n\":-9223372036854775808,\"att\":-0.0105,"
                                  "\"exact\":true,\"cells\":[{\"se\":null,\"note\":null},[],1,null],\"none\":{}}");
    hu_buf_add_char(&out, '\n'); /* one document a line */
    hu_json_array(&json);
    hu_json_array_end(&json);
    assert_string_equal(strchr(out.data, '\n'), "\n[]");
}

static void pretty_output_is_indented(void **state)
{
    (void)state;
    HU_BUF(out);
    hu_json json;
    hu_json_start(&json, &out);
    json.pretty = true;
    hu_json_object(&json);
    hu_json_put_integer(&json, "a", 1);
    hu_json_key(&json, "b");
    hu_json_array(&json);
    hu_json_integer(&json, 2);
    hu_json_bool(&json, false);
    hu_json_array_end(&json);
    hu_json_key(&json, "c");
    hu_json_array(&json);
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    assert_string_equal(out.data, "{\n  \"a\": 1,\n  \"b\": [\n    2,\n    false\n  ],\n  \"c\": []\n}");
}

static void texts_are_escaped(void **state)
{
    (void)state;
    HU_BUF(out);
    hu_json json;
    hu_json_start(&json, &out);
    hu_json_array(&json);
    hu_json_text(&json, "ñ \"q\" \\ \n\r\t\x01\x7F/ \U0001F600");
    hu_json_str(&json, (hu_str){"a\0b\xFF\xC3", 5});
    hu_json_array_end(&json);
    assert_string_equal(out.data,
                        "[\"ñ \\\"q\\\" \\\\ \\n\\r\\t\\u0001\\u007f/ \U0001F600\",\"a\\u0000b\uFFFD\uFFFD\"]");
}

/* Any text comes back from another JSON reader as it was. */
static void texts_read_back(void **state)
{
    (void)state;
    hu_random random = hu_random_start(1, 2);
    for (int round = 0; round < 500; round++) {
        HU_BUF(text);
        HU_BUF(out);
        hu_buf_add_text(&text, "");
        for (size_t i = hu_random_below(&random, 30); i > 0; i--) {
            uint32_t c = (uint32_t)hu_random_below(&random, round % 2 ? 0x100 : 0x10FFFF) + 1;
            hu_utf8_add(&text, c >= 0xD800 && c < 0xE000 ? 'x' : c);
        }
        hu_json json;
        hu_json_start(&json, &out);
        hu_json_array(&json);
        hu_json_text(&json, text.data);
        hu_json_array_end(&json);
        json_t *root;
        CHECK_OK(hu_json_parse(out.data, out.length, "memory", &root));
        assert_string_equal(json_string_value(json_array_get(root, 0)), text.data);
        json_decref(root);
    }
}

static void assert_prints(double value, const char *expected)
{
    char buffer[32];
    assert_string_equal(hu_format_double(value, buffer), expected);
}

static void numbers_take_the_fewest_digits(void **state)
{
    (void)state;
    assert_prints(0, "0");
    assert_prints(-0.0, "-0");
    assert_prints(0.1, "0.1");
    assert_prints(-1.5, "-1.5");
    assert_prints(1.0 / 3, "0.3333333333333333");
    assert_prints(0.1 + 0.2, "0.30000000000000004");
    assert_prints(123456789012345, "123456789012345");
    assert_prints(1e22, "1e+22");
    assert_prints(5e-324, "5e-324");
    assert_prints(DBL_MIN, "2.2250738585072014e-308");
    assert_prints(DBL_MAX, "1.7976931348623157e+308");
    assert_prints(NAN, "nan");
    assert_prints(-INFINITY, "-inf");
}

/* The definition: what is read is the same double, bit for bit, and one digit less would be another. */
static void numbers_read_back_to_the_same_double(void **state)
{
    (void)state;
    hu_random random = hu_random_start(3, 4);
    for (int round = 0; round < 200000; round++) {
        uint64_t bits = hu_random_u64(&random);
        double value, back;
        if (round % 2) {
            value = hu_random_normal(&random) * pow(10, (double)(round % 20) - 10);
            memcpy(&bits, &value, sizeof bits);
        } else {
            memcpy(&value, &bits, sizeof value);
        }
        char buffer[32], shorter[400];
        back = strtod(hu_format_double(value, buffer), NULL);
        if (isnan(value))
            continue;
        assert_memory_equal(&back, &bits, sizeof back);
        int digits = 0;
        for (const char *p = buffer; *p && *p != 'e'; p++)
            digits += *p >= '0' && *p <= '9' && (digits || *p != '0');
        if (digits > 1 && strpbrk(buffer, ".e")) {
            snprintf(shorter, sizeof shorter, "%.*g", digits - 1, value);
            assert_true(strtod(shorter, NULL) != value);
        }
    }
}

static hu_error *parse(const char *text)
{
    json_t *root;
    hu_error *error = hu_json_parse(text, strlen(text), "truth.json", &root);
    json_decref(root);
    return error;
}

static void mistakes_are_named_by_line(void **state)
{
    (void)state;
    CHECK_OK(parse("\xEF\xBB\xBF{\"a\": [1, 2.5, null]}\n"));
    CHECK_FAILS(parse("{\"a\": 1,\n \"b\" 2}"), HU_BAD_INPUT, "truth.json:2: not JSON at character 6: ':' expected");
    CHECK_FAILS(parse(""), HU_BAD_INPUT, "truth.json:1: not JSON");
    CHECK_FAILS(parse("{\"a\":1,\"a\":2}"), HU_BAD_INPUT, "duplicate");
    CHECK_FAILS(parse("[1e999]"), HU_BAD_INPUT, "truth.json:1");
    CHECK_FAILS(parse("[\"\\u0000\"]"), HU_BAD_INPUT, "truth.json:1");
    CHECK_FAILS(parse("[1] 2"), HU_BAD_INPUT, "truth.json:1");
    HU_BUF(deep);
    for (int i = 0; i < 1000000; i++)
        hu_buf_add_char(&deep, '[');
    CHECK_FAILS(parse(deep.data), HU_BAD_INPUT, "depth");
    json_t *root;
    CHECK_FAILS(hu_json_load("/nowhere/truth.json", &root), HU_NOT_FOUND, "/nowhere/truth.json");
    assert_null(root);
}

static void files_are_loaded(void **state)
{
    (void)state;
    char path[] = "/tmp/huella-test-XXXXXX";
    close(mkstemp(path));
    CHECK_OK(hu_write_file(path, "{\"version\": 3}", 14));
    json_t *root;
    CHECK_OK(hu_json_load(path, &root));
    assert_int_equal(json_integer_value(json_object_get(root, "version")), 3);
    json_decref(root);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_and_arrays_nest),
        cmocka_unit_test(pretty_output_is_indented),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(texts_read_back),
        cmocka_unit_test(numbers_take_the_fewest_digits),
        cmocka_unit_test(numbers_read_back_to_the_same_double),
        cmocka_unit_test(mistakes_are_named_by_line),
        cmocka_unit_test(files_are_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
