#include "check.h"
#include "huella/base/date.h"

#include <time.h>

static void known_days_have_known_numbers(void **state)
{
    (void)state;
    static const struct {
        hu_date date;
        int64_t days;
    } known[] = {{{1970, 1, 1}, 0},       {{1969, 12, 31}, -1}, {{2000, 2, 29}, 11016},   {{2000, 3, 1}, 11017},
                 {{1821, 7, 28}, -54213}, {{1, 1, 1}, -719162}, {{9999, 12, 31}, 2932896}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_int_equal(hu_date_to_days(known[i].date), known[i].days);
        assert_int_equal(hu_date_compare(hu_date_from_days(known[i].days), known[i].date), 0);
    }
    assert_int_equal(hu_date_from_days(-719163).year, 0);
    assert_int_equal(hu_date_from_days(2932897).year, 0);
    assert_int_equal(hu_date_from_days(INT64_MAX).year, 0);
    assert_int_equal(hu_date_from_days(INT64_MIN).year, 0);
}

/* Every day there is: the next day is the next number, and the C library's calendar agrees. */
static void every_day_goes_both_ways(void **state)
{
    (void)state;
    hu_date before = {0};
    for (int64_t days = -719162; days <= 2932896; days++) {
        hu_date date = hu_date_from_days(days);
        if (!hu_date_valid(date) || hu_date_to_days(date) != days || hu_date_compare(before, date) != -1)
            fail_msg("day %lld", (long long)days);
        before = date;
        if (days % 97 == 0) {
            time_t seconds = days * 86400;
            struct tm tm;
            gmtime_r(&seconds, &tm);
            assert_int_equal(date.year, tm.tm_year + 1900);
            assert_int_equal(date.month, tm.tm_mon + 1);
            assert_int_equal(date.day, tm.tm_mday);
        }
    }
}

static void impossible_days_are_not_valid(void **state)
{
    (void)state;
    static const hu_date wrong[] = {{2023, 2, 29}, {1900, 2, 29}, {2023, 4, 31}, {2023, 13, 1}, {2023, 0, 1},
                                    {2023, 1, 0},  {0, 1, 1},     {10000, 1, 1}, {2023, 1, 32}, {2023, -1, 5}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(hu_date_valid(wrong[i]));
    assert_true(hu_date_valid((hu_date){2000, 2, 29}));
    assert_true(hu_date_valid((hu_date){2024, 2, 29}));
}

static void dates_compare_by_year_month_day(void **state)
{
    (void)state;
    assert_int_equal(hu_date_compare((hu_date){2020, 12, 31}, (hu_date){2021, 1, 1}), -1);
    assert_int_equal(hu_date_compare((hu_date){2021, 2, 1}, (hu_date){2021, 1, 31}), 1);
    assert_int_equal(hu_date_compare((hu_date){2021, 2, 1}, (hu_date){2021, 2, 2}), -1);
    assert_int_equal(hu_date_compare((hu_date){2021, 2, 2}, (hu_date){2021, 2, 2}), 0);
}

static void iso_dates_are_read_exactly(void **state)
{
    (void)state;
    hu_date date = {1, 1, 1};
    assert_true(hu_date_parse_iso(hu_str_of("2023-04-05"), &date));
    assert_int_equal(hu_date_compare(date, (hu_date){2023, 4, 5}), 0);
    static const char *const wrong[] = {"",           "2023-4-5",   "2023-04-05 ",     " 2023-04-05", "2023/04/05",
                                        "2023-02-30", "20230405",   "2023-04-0x",      "-023-04-05",  "0000-01-01",
                                        "2023-04-+5", "05-04-2023", "2023-04-05T00:00"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (hu_date_parse_iso(hu_str_of(wrong[i]), &date))
            fail_msg("\"%s\" was read as a date", wrong[i]);
    assert_false(hu_date_parse_iso((hu_str){0}, &date));
    assert_int_equal(date.year, 2023); /* left alone */
    char text[16];
    hu_date_format_iso((hu_date){12, 3, 4}, text);
    assert_string_equal(text, "0012-03-04");
    hu_date_format_iso((hu_date){0}, text);
    assert_string_equal(text, "");
    hu_date_format_iso((hu_date){2023, 99999999, 5}, text);
    assert_string_equal(text, "");
}

static void periods_can_be_subtracted(void **state)
{
    (void)state;
    static const struct {
        hu_date date;
        hu_period_unit unit;
        int period;
        const char *text;
    } known[] = {
        {{2022, 6, 30}, HU_YEAR, 2022, "2022"},        {{2022, 6, 30}, HU_HALF_YEAR, 4044, "2022-H1"},
        {{2022, 7, 1}, HU_HALF_YEAR, 4045, "2022-H2"}, {{2022, 9, 30}, HU_QUARTER, 8090, "2022-Q3"},
        {{2022, 10, 1}, HU_QUARTER, 8091, "2022-Q4"},  {{2022, 7, 31}, HU_MONTH, 24270, "2022-07"},
        {{2022, 12, 31}, HU_MONTH, 24275, "2022-12"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[16];
        assert_int_equal(hu_period_of(known[i].date, known[i].unit), known[i].period);
        hu_period_format(known[i].period, known[i].unit, text);
        assert_string_equal(text, known[i].text);
    }
    /* A period ends where the next begins, in every unit. */
    for (int unit = HU_YEAR; unit <= HU_MONTH; unit++)
        for (int64_t days = 0; days < 3000; days++) {
            int step = hu_period_of(hu_date_from_days(days + 1), (hu_period_unit)unit) -
                       hu_period_of(hu_date_from_days(days), (hu_period_unit)unit);
            hu_date next = hu_date_from_days(days + 1);
            int months = (int[]){12, 6, 3, 1}[unit];
            assert_int_equal(step, next.day == 1 && (next.month - 1) % months == 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days_have_known_numbers), cmocka_unit_test(every_day_goes_both_ways),
        cmocka_unit_test(impossible_days_are_not_valid), cmocka_unit_test(dates_compare_by_year_month_day),
        cmocka_unit_test(iso_dates_are_read_exactly),    cmocka_unit_test(periods_can_be_subtracted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
