/* Counts, durations and sums of money as rules capture them. */

#include "context.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A number in words or figures; -1 if neither. */
static int64_t plain_number(hu_str text)
{
    text = hu_str_trim(text);
    if (text.length == 0)
        return -1;
    if (isdigit((unsigned char)text.data[0])) {
        char digits[16] = {0};
        for (size_t i = 0, n = 0; i < text.length && n < 15; i++)
            if (isdigit((unsigned char)text.data[i]))
                digits[n++] = text.data[i];
        return strtoll(digits, NULL, 10);
    }
    return hu_spanish_number(text);
}

/* "doce (12)": words decide; *disagrees when the figures say otherwise. */
bool read_count(hu_reading_context *c, const hu_capture *capture, int *value, bool *disagrees)
{
    if (!capture)
        return false;
    hu_str text = {c->document->folded + capture->start, capture->end - capture->start};
    size_t words = 0;
    while (words < text.length && !strchr("(/", text.data[words]))
        words++;
    int64_t first = plain_number((hu_str){text.data, words}), second = -1;
    if (words < text.length) {
        hu_str rest = {text.data + words + 1, text.length - words - 1};
        if (rest.length && rest.data[rest.length - 1] == ')')
            rest.length--;
        second = plain_number(rest);
    }
    if (first < 0)
        first = second;
    if (first < 0 || first > 100000)
        return false;
    *disagrees |= second >= 0 && second != first;
    *value = (int)first;
    return true;
}

bool read_duration(hu_reading_context *c, const hu_mention *mention, hu_penalty *result)
{
    int years = 0, months = 0, days = 0, again;
    bool disagrees = false;
    bool has_years = read_count(c, mention_capture(mention, "years"), &years, &disagrees);
    bool has_months = read_count(c, mention_capture(mention, "months"), &months, &disagrees);
    bool has_days = read_count(c, mention_capture(mention, "days"), &days, &disagrees);
    if (!has_years && !has_months)
        return false;
    if (has_years && read_count(c, mention_capture(mention, "years_again"), &again, &disagrees))
        disagrees |= again != years;
    result->months = 12 * years + months;
    result->days = has_days ? days : 0;
    result->disagrees = disagrees;
    result->at = (hu_stretch){mention->start, mention->end};
    if (rule_sets(mention->rule, "bare")) { /* "al segundo doce": the words around tell whom it is for */
        const hu_capture *bare = mention_capture(mention, "years");
        result->at = (hu_stretch){bare->start, bare->end};
    }
    result->rule = mention->rule;
    result->confidence = mention->rule->confidence * (disagrees ? 0.7 : 1);
    return result->months < 12 * 100;
}

/* "10,000.00", "10 000", "10.000,00", "10'000": what stands last before two digits is the decimal mark. */
static bool read_figures(hu_str text, double *amount)
{
    char digits[32] = {0};
    size_t n = 0;
    text = hu_str_trim(text);
    while (text.length && !isdigit((unsigned char)text.data[text.length - 1]))
        text.length--;
    size_t end = text.length;
    if (end > 3 && strchr(".,", text.data[end - 3]) && isdigit((unsigned char)text.data[end - 2]))
        end -= 3; /* centimos are never awarded */
    for (size_t i = 0; i < end && n < sizeof digits - 1; i++)
        if (isdigit((unsigned char)text.data[i]))
            digits[n++] = text.data[i];
    if (n == 0 || n > 12)
        return false;
    *amount = strtod(digits, NULL);
    return true;
}

bool read_money(hu_reading_context *c, const hu_mention *mention, double *amount)
{
    const hu_capture *figures = mention_capture(mention, "figures"), *words = mention_capture(mention, "words");
    const char *folded = c->document->folded;
    if (figures) {
        bool read = read_figures((hu_str){folded + figures->start, figures->end - figures->start}, amount);
        if (mention_capture(mention, "thousands")) /* "S/ 20 mil" */
            *amount *= 1000;
        return read;
    }
    if (!words)
        return false;
    int64_t value = hu_spanish_number((hu_str){folded + words->start, words->end - words->start});
    *amount = (double)value;
    return value >= 0;
}
