#include "check.h"

#include "huella/base/json.h"
#include "huella/base/number.h"
#include "huella/base/random.h"

static uint64_t bits(double value)
{
    uint64_t b;
    memcpy(&b, &value, sizeof b);
    return b;
}

/* The whole text must read to the same bits as strtod reads. */
static void check_as_strtod(const char *text)
{
    hu_number number;
    char *end;
    double expected = strtod(text, &end);
    assert_true(*end == '\0');
    if (!hu_number_parse(hu_str_of(text), '.', &number))
        fail_msg("%s is not read", text);
    if (bits(number.value) != bits(expected))
        fail_msg("%s: %.17g, strtod gives %.17g", text, number.value, expected);
}

static void hard_numbers_read_as_strtod_reads_them(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "0",
        "-0",
        "0.0",
        "-0.0",
        "+5",
        "5.",
        ".5",
        "1e5",
        "1E-5",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993.0",
        "9007199254740995",
        "18446744073709551615",
        "18446744073709551616",
        "1e22",
        "1e23",
        "8.5e22",
        "9999999999999999999e19",
        "123456789012345678e-19",
        "0.1",
        "0.3",
        "2.2250738585072011e-308",
        "4.9e-324",
        "1e-400",
        "1.7976931348623157e308",
        "1e400",
        "-1e400",
        "0e99999999999",
        "0.000000000000000000000000000000000000000012345",
        "1.00000000000000011102230246251565404236316680908203125", /* a tie between two doubles */
        "1.00000000000000011102230246251565404236316680908203124", /* just below it */
        "1.00000000000000011102230246251565404236316680908203126", /* just above it */
        "100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
        "9007199254740993e-1",
        "4503599627370497.5",
        "4503599627370496.5",
        "6.0221407600000000e23",
        "3.14159265358979323846"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        check_as_strtod(numbers[i]);
}

static void random_numbers_read_as_strtod_reads_them(void **state)
{
    (void)state;
    hu_random random = hu_random_start(7, 1);
    char text[64];
    for (int i = 0; i < 300000; i++) {
        uint64_t mantissa = hu_random_u64(&random) >> hu_random_below(&random, 64);
        int digits = snprintf(text, sizeof text, "%llu", (unsigned long long)mantissa);
        if (i % 3 == 0) { /* with a point somewhere */
            int point = (int)hu_random_below(&random, (uint64_t)digits + 1);
            memmove(text + point + 1, text + point, (size_t)(digits - point) + 1);
            text[point] = '.';
        } else if (i % 3 == 1) {
            snprintf(text + digits, sizeof text - (size_t)digits, "e%d", (int)hu_random_below(&random, 80) - 40);
        } else { /* doubles of any size, in 17 digits */
            double value;
            uint64_t any = hu_random_u64(&random);
            memcpy(&value, &any, sizeof value);
            snprintf(text, sizeof text, "%.17g", isfinite(value) ? value : 0.1);
        }
        check_as_strtod(text);
    }
}

/* 17 digits of a double, cut to 16 after the point: the division path with ties near at hand. */
static void halves_are_rounded_to_even(void **state)
{
    (void)state;
    char text[64];
    for (uint64_t odd = 1; odd < 20000; odd += 2) {
        snprintf(text, sizeof text, "%llu.5", (unsigned long long)((1ULL << 52) + odd)); /* between two doubles */
        check_as_strtod(text);
        snprintf(text, sizeof text, "%llu.50", (unsigned long long)((1ULL << 52) + odd));
        check_as_strtod(text);
        snprintf(text, sizeof text, "%llu.51", (unsigned long long)((1ULL << 52) + odd));
        check_as_strtod(text);
    }
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const others[] = {"",     "-",     "+",     ".",   "e5",   "1e",  "1e+", "0x10",
                                         "1,5",  "1.2.3", "12a",   "nan", "NA",   "1 2", "--1", "in",
                                         "infi", "1_000", "1e5.0", "١",   "-.e1", "inff"};
    hu_number number;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (hu_number_parse(hu_str_of(others[i]), '.', &number))
            fail_msg("\"%s\" reads as %g", others[i], number.value);
}

static void infinities_and_decimal_commas(void **state)
{
    (void)state;
    hu_number number;
    static const char *const infinite[] = {"inf", "Inf", "INF", "+inf", "infinity", " Infinity "};
    for (size_t i = 0; i < sizeof infinite / sizeof *infinite; i++) {
        assert_true(hu_number_parse(hu_str_of(infinite[i]), '.', &number));
        assert_true(number.value == INFINITY);
    }
    assert_true(hu_number_parse(hu_str_of("-Inf"), '.', &number) && number.value == -INFINITY);
    assert_true(hu_number_parse(hu_str_of("1234,5"), ',', &number) && number.value == 1234.5);
    assert_true(hu_number_parse(hu_str_of("-0,1234567890123456789012"), ',', &number) &&
                number.value == -0.1234567890123456789012);
    assert_false(hu_number_parse(hu_str_of("1.234,5"), ',', &number));
}

static void identifiers_are_told_from_amounts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool identifier;
    } cases[] = {{"0", false},
                 {"0012", true},
                 {"-07", true},
                 {"00", true},
                 {"0.5", false},
                 {"00.5", false},
                 {"0e1", false},
                 {"10", false},
                 {"1e20", false},
                 {"9007199254740992", false},
                 {"9007199254740993", true},
                 {"123456789012345678901", true}};
    hu_number number;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(hu_number_parse(hu_str_of(cases[i].text), '.', &number));
        if (number.identifier != cases[i].identifier)
            fail_msg("%s: identifier %d", cases[i].text, number.identifier);
    }
}

static void reading_stops_at_the_end_given(void **state)
{
    (void)state;
    hu_number number;
    const char *text = "123456789.25e3";
    assert_ptr_equal(hu_number_scan(text, text + 3, '.', &number), text + 3);
    assert_true(number.value == 123);
    assert_ptr_equal(hu_number_scan(text, text + 12, '.', &number), text + 12);
    assert_true(number.value == 123456789.25);
    const char *comma = "7,8";
    assert_ptr_equal(hu_number_scan(comma, comma + strlen(comma), '.', &number), comma + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_numbers_read_as_strtod_reads_them),
        cmocka_unit_test(random_numbers_read_as_strtod_reads_them),
        cmocka_unit_test(halves_are_rounded_to_even),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(infinities_and_decimal_commas),
        cmocka_unit_test(identifiers_are_told_from_amounts),
        cmocka_unit_test(reading_stops_at_the_end_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
