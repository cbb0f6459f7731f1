/* Numbers as people read them. */

#include "huella/report/people.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define MINUS "\xe2\x88\x92"
#define NOT_KNOWN "\xe2\x80\x93"

/* Digits before a point, in groups of three. */
static const char *group(hu_arena *arena, const char *digits)
{
    size_t whole = strcspn(digits, "."), length = strlen(digits);
    char *out = HU_NEW_ARRAY(arena, char, length + whole / 3 + 1), *at = out;
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            *at++ = ',';
        *at++ = digits[i];
    }
    memcpy(at, digits + whole, length - whole);
    return out;
}

const char *hu_people_count(hu_arena *arena, uint64_t count)
{
    return group(arena, hu_printf(arena, "%" PRIu64, count));
}

/* The rounded size of a number, and whether it rounds to zero: "−0.0" is never shown. */
static const char *size_of(hu_arena *arena, double value, int decimals, bool *zero)
{
    const char *digits = hu_printf(arena, "%.*f", decimals, fabs(value));
    *zero = strspn(digits, "0.") == strlen(digits);
    return group(arena, digits);
}

const char *hu_people_number(hu_arena *arena, double value, int decimals)
{
    bool zero;
    if (!isfinite(value))
        return NOT_KNOWN;
    const char *size = size_of(arena, value, decimals, &zero);
    return value < 0 && !zero ? hu_printf(arena, MINUS "%s", size) : size;
}

const char *hu_people_signed(hu_arena *arena, double value, int decimals)
{
    bool zero;
    if (!isfinite(value))
        return NOT_KNOWN;
    const char *size = size_of(arena, value, decimals, &zero);
    return zero ? size : hu_printf(arena, "%s%s", value < 0 ? MINUS : "+", size);
}

const char *hu_people_p(hu_arena *arena, double p)
{
    if (!isfinite(p))
        return NOT_KNOWN;
    return p < 0.001 ? "< 0.001" : hu_printf(arena, "%.3f", p);
}

const char *hu_people_percent(hu_arena *arena, double share, int decimals)
{
    return isfinite(share) ? hu_printf(arena, "%s %%", hu_people_number(arena, 100 * share, decimals)) : NOT_KNOWN;
}

const char *hu_people_duration(hu_arena *arena, double seconds)
{
    if (seconds < 60)
        return hu_printf(arena, "%.1f s", seconds);
    long whole = lround(seconds);
    return hu_printf(arena, "%ld min %ld s", whole / 60, whole % 60);
}

const char *hu_people_period(hu_arena *arena, int period, hu_period_unit unit)
{
    char text[16];
    hu_period_format(period, unit, text);
    return hu_strdup(arena, text);
}

hu_scale hu_scale_of(bool share)
{
    return share ? (hu_scale){100, 1, " pp"} : (hu_scale){1, 2, ""};
}

const char *hu_people_effect(hu_arena *arena, hu_scale scale, double effect)
{
    if (!isfinite(effect))
        return NOT_KNOWN;
    return hu_printf(arena, "%s%s", hu_people_signed(arena, effect * scale.factor, scale.decimals), scale.unit);
}

const char *hu_people_interval(hu_arena *arena, hu_scale scale, double lower, double upper)
{
    if (!isfinite(lower) || !isfinite(upper))
        return NOT_KNOWN;
    return hu_printf(arena, "%s to %s", hu_people_signed(arena, lower * scale.factor, scale.decimals),
                     hu_people_signed(arena, upper * scale.factor, scale.decimals));
}
