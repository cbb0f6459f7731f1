/* Periods as people write them ("2022-H1"), back to numbers; date.c prints them. */

#include "huella/base/date.h"

#include <string.h>

static bool read_digits(const char *text, size_t count, int *number)
{
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *number = *number * 10 + (text[i] - '0');
    }
    return true;
}

bool hu_period_parse(hu_str text, hu_period_unit unit, int *period)
{
    static const struct {
        const char *mark;
        size_t digits;
        int per_year;
    } forms[] = {
        [HU_YEAR] = {"", 0, 1}, [HU_HALF_YEAR] = {"-H", 1, 2}, [HU_QUARTER] = {"-Q", 1, 4}, [HU_MONTH] = {"-", 2, 12}};
    size_t mark = strlen(forms[unit].mark), digits = forms[unit].digits;
    int year = 0, number = 1;
    if (text.length != 4 + mark + digits || !read_digits(text.data, 4, &year) || year == 0 ||
        memcmp(text.data + 4, forms[unit].mark, mark) != 0)
        return false;
    if (digits && !read_digits(text.data + 4 + mark, digits, &number))
        return false;
    if (number < 1 || number > forms[unit].per_year)
        return false;
    *period = year * forms[unit].per_year + number - 1;
    return true;
}
