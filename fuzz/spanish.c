#include "fuzz.h"

#include "huella/base/date.h"

/* What was read is written out in words, and must be read again as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hu_str text = {(const char *)data, size};
    int64_t number = hu_spanish_number(text);
    MUST(number >= -1 && number <= 999999999999);
    if (number >= 0) {
        HU_BUF(words);
        hu_spanish_number_words(number, &words);
        MUST(hu_spanish_number((hu_str){words.data, words.length}) == number);
    }
    hu_date date, again;
    if (hu_spanish_date(text, &date)) {
        HU_BUF(words);
        MUST(hu_date_valid(date) && date.year >= 1800 && date.year <= 2199);
        hu_spanish_date_words(date, &words);
        MUST(hu_spanish_date((hu_str){words.data, words.length}, &again) && hu_date_compare(date, again) == 0);
    }
    if (hu_date_parse_iso(text, &date)) {
        char iso[16];
        hu_date_format_iso(date, iso);
        MUST(hu_str_is(text, iso));
    }
    return 0;
}
