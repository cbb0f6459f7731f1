/* Periods: what is printed reads back, and nothing else does. */

#include "check.h"

#include "huella/base/date.h"

static void printed_periods_read_back(void **state)
{
    (void)state;
    for (int unit = HU_YEAR; unit <= HU_MONTH; unit++)
        for (int64_t day = 0; day < 30000; day += 29) {
            int period = hu_period_of(hu_date_from_days(day), (hu_period_unit)unit), back = -1;
            char text[16];
            hu_period_format(period, (hu_period_unit)unit, text);
            assert_true(hu_period_parse(hu_str_of(text), (hu_period_unit)unit, &back));
            assert_int_equal(back, period);
        }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        hu_period_unit unit;
    } wrong[] = {{"", HU_YEAR},
                 {"202", HU_YEAR},
                 {"2021-H1", HU_YEAR},
                 {"0000", HU_YEAR},
                 {"2021", HU_HALF_YEAR},
                 {"2021-H3", HU_HALF_YEAR},
                 {"2021-H0", HU_HALF_YEAR},
                 {"2021-h1", HU_HALF_YEAR},
                 {"2021-H1 ", HU_HALF_YEAR},
                 {"2021-Q5", HU_QUARTER},
                 {"2021-13", HU_MONTH},
                 {"2021-7", HU_MONTH},
                 {"-021-07", HU_MONTH}};
    int period = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (hu_period_parse(hu_str_of(wrong[i].text), wrong[i].unit, &period))
            fail_msg("\"%s\" was read as a period", wrong[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed_periods_read_back),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
