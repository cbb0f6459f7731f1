/* Court file numbers as they are written, and which of them mean the same file. */

#include "check.h"

#include "../../src/registry/expediente.h"

static hu_expediente parsed(const char *text)
{
    hu_expediente number;
    if (!hu_expediente_parse(hu_str_of(text), &number))
        fail_msg("\"%s\" was not read", text);
    return number;
}

static void ways_of_writing_one_number(void **state)
{
    (void)state;
    static const char *ways[] = {
        "00412-2015-37-2701-JR-PE-02",
        "412-2015-37-2701-jr-pe-2",
        "Expediente N.° 00412-2015-37-2701-JR-PE-02, Madre de Dios",
        "EXP. N° 00412 - 2015 - 37 - 2701 - JR - PE - 02",
        "00412–2015–37–2701–JR–PE–02",
        "1° Juzgado, exp. 00412-2015-37-2701-JR-PE-02",
        "2015-00412-37-2701-JR-PE-02",
    };
    hu_expediente first = parsed(ways[0]);
    assert_int_equal(first.number, 412);
    assert_int_equal(first.year, 2015);
    assert_int_equal(first.incident, 37);
    assert_int_equal(first.court, 2701);
    assert_string_equal(first.organ, "JR");
    assert_string_equal(first.specialty, "PE");
    assert_int_equal(first.sequence, 2);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        hu_expediente number = parsed(ways[i]);
        if (!hu_expediente_identical(&first, &number))
            fail_msg("%s", ways[i]);
    }
}

static void the_same_file_in_other_instances(void **state)
{
    (void)state;
    hu_expediente first = parsed("00412-2015-37-2701-JR-PE-02"), appeal = parsed("00412-2015-41-2701-SP-PE-01"),
                  folder = parsed("00412-2015-2701-JR-PE-02"), bare = parsed("412-2015-37-2701");
    assert_true(hu_expediente_same(&first, &appeal));
    assert_false(hu_expediente_identical(&first, &appeal));
    assert_true(hu_expediente_same(&first, &folder));
    assert_int_equal(folder.incident, -1);
    assert_false(hu_expediente_identical(&first, &folder));
    assert_true(hu_expediente_same(&first, &bare));
    static const char *others[] = {"00412-2015-37-2702-JR-PE-02", "00413-2015-37-2701-JR-PE-02",
                                   "00412-2016-37-2701-JR-PE-02"};
    for (size_t i = 0; i < 3; i++) {
        hu_expediente other = parsed(others[i]);
        assert_false(hu_expediente_same(&first, &other));
        assert_int_not_equal(hu_expediente_compare(&first, &other), 0);
        assert_int_equal(hu_expediente_compare(&first, &other), -hu_expediente_compare(&other, &first));
    }
}

static void numbers_that_do_not_identify(void **state)
{
    (void)state;
    static const char *loose[] = {"APELACIÓN 389-2025", "2506-2019-0", "00389-2025-0-5001-SU-PE-01", "412-2015"};
    for (size_t i = 0; i < 4; i++) {
        hu_expediente number = parsed(loose[i]);
        assert_false(hu_expediente_identifies(&number));
        assert_false(hu_expediente_same(&number, &number));
    }
    hu_expediente national = parsed("00029-2017-33-5001-JR-PE-03");
    assert_true(hu_expediente_identifies(&national));
}

static void what_is_no_number(void **state)
{
    (void)state;
    static const char *texts[] = {"",       "-",        "2015",      "--2015",        "en trámite", "12-15",
                                  "0-2015", "412-1915", "412-20155", "12345678-2015", "412/2015",   "412-2015X1"};
    hu_expediente number;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (hu_expediente_parse(hu_str_of(texts[i]), &number))
            fail_msg("\"%s\" was read", texts[i]);
    assert_false(hu_expediente_parse((hu_str){NULL, 0}, &number));
    assert_false(hu_expediente_parse((hu_str){"412-2015", 7}, &number)); /* does not read past the end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_of_writing_one_number),
        cmocka_unit_test(the_same_file_in_other_instances),
        cmocka_unit_test(numbers_that_do_not_identify),
        cmocka_unit_test(what_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
