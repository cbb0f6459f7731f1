#include "huella/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Powers of ten that a double, respectively a 64-bit word, holds exactly. */
static const double exact_double[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
static const uint64_t exact_word[] = {1ULL,
                                      10ULL,
                                      100ULL,
                                      1000ULL,
                                      10000ULL,
                                      100000ULL,
                                      1000000ULL,
                                      10000000ULL,
                                      100000000ULL,
                                      1000000000ULL,
                                      10000000000ULL,
                                      100000000000ULL,
                                      1000000000000ULL,
                                      10000000000000ULL,
                                      100000000000000ULL,
                                      1000000000000000ULL,
                                      10000000000000000ULL,
                                      100000000000000000ULL,
                                      1000000000000000000ULL,
                                      10000000000000000000ULL};
enum { MAX_DIGITS = 19, MAX_POWER_DOUBLE = 22, MAX_POWER_WORD = 19 };
static const uint64_t two_to_53 = 1ULL << 53;

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* Eight digits at once: the bytes of a word are digits when adding 6 does not carry out of '0'-'9' (Lemire 2018). */
static inline bool eight_digits(uint64_t word)
{
    return ((word & 0xF0F0F0F0F0F0F0F0) | (((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) ==
           0x3333333333333333;
}

static inline uint64_t eight_digits_value(uint64_t word)
{
    word -= 0x3030303030303030;
    word = word * 10 + (word >> 8); /* pairs, then fours, then eight */
    return (((word & 0x000000FF000000FF) * 0x000F424000000064) +
            (((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >>
           32;
}

/* Adds the digits at p to *mantissa (which wraps beyond 19 digits: the caller counts them). */
static inline const char *digits(const char *p, const char *end, uint64_t *mantissa)
{
    uint64_t m = *mantissa;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        if (!eight_digits(word))
            break;
        m = m * 100000000 + eight_digits_value(word);
        p += 8;
    }
#endif
    for (; p < end && is_digit(*p); p++)
        m = m * 10 + (uint64_t)(*p - '0');
    *mantissa = m;
    return p;
}

/*
 * mantissa / 10^power, correctly rounded (nearest, ties to even), by one exact division of 128 by 64 bits: the quotient
 * has at least 62 bits, and whether the remainder is zero says the rest. mantissa > 0, 0 < power <= 19.
 */
static double divided(uint64_t mantissa, int power)
{
    uint64_t divisor = exact_word[power];
    int shift = __builtin_clzll(mantissa), divisor_shift = __builtin_clzll(divisor);
    divisor <<= divisor_shift;
    unsigned __int128 numerator = (unsigned __int128)(mantissa << shift) << 63;
    uint64_t quotient = (uint64_t)(numerator / divisor);
    bool rest = numerator != (unsigned __int128)quotient * divisor;
    int exponent = divisor_shift - shift - 63;
    int excess = 64 - 53 - __builtin_clzll(quotient); /* bits beyond a double's 53: 10 or 11 */
    uint64_t kept = quotient >> excess, lost = quotient & ((1ULL << excess) - 1), half = 1ULL << (excess - 1);
    if (lost > half || (lost == half && (rest || (kept & 1))))
        kept++;
    uint64_t scale_bits = (uint64_t)(1023 + exponent + excess) << 52; /* a power of two, far from the subnormals */
    double scale;
    memcpy(&scale, &scale_bits, sizeof scale);
    return (double)kept * scale;
}

/* What is beyond the exact paths goes to strtod, from a copy that ends where the number ends. */
static double by_strtod(const char *text, const char *end, char decimal)
{
    char small[64];
    size_t length = (size_t)(end - text);
    char *copy = length < sizeof small ? small : hu_xcalloc(length + 1, 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (decimal != '.') {
        char *mark = memchr(copy, decimal, length);
        if (mark)
            *mark = '.';
    }
    double value = strtod(copy, NULL);
    if (copy != small)
        free(copy);
    return value;
}

static const char *infinity(const char *text, const char *p, const char *end, hu_number *number)
{
    if (end - p < 3 || strncasecmp(p, "inf", 3) != 0)
        return NULL;
    p += end - p >= 8 && strncasecmp(p, "infinity", 8) == 0 ? 8 : 3;
    *number = (hu_number){.value = *text == '-' ? -INFINITY : INFINITY};
    return p;
}

/* The exponent at p ("e-12"), or p itself when none stands there; beyond 99,999 it stays there. */
static const char *exponent_at(const char *p, const char *end, int *exponent)
{
    const char *q = p + 1;
    bool negative = q < end && *q == '-';
    if (q < end && (*q == '-' || *q == '+'))
        q++;
    if (q >= end || !is_digit(*q))
        return p;
    int e = 0;
    for (; q < end && is_digit(*q); q++)
        if (e < 10000)
            e = e * 10 + (*q - '0');
    *exponent = negative ? -e : e;
    return q;
}

/* m 10^e where that is exact in one rounding; false otherwise. */
static inline bool exactly(uint64_t m, int e, double *value)
{
    if (m <= two_to_53 && e >= -MAX_POWER_DOUBLE && e <= MAX_POWER_DOUBLE) { /* Clinger 1990: both factors exact */
        *value = e < 0 ? (double)m / exact_double[-e] : (double)m * exact_double[e];
        return true;
    }
    if (m == 0 || e < -MAX_POWER_WORD || e > MAX_POWER_WORD)
        return false;
    *value = e < 0 ? divided(m, -e) : (double)((unsigned __int128)m * exact_word[e]);
    return true;
}

const char *hu_number_scan(const char *text, const char *end, char decimal, hu_number *number)
{
    const char *p = text;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    const char *first = p;
    uint64_t m = 0;
    p = digits(p, end, &m);
    long count = p - first;
    int exponent = 0;
    bool whole = true;
    if (p < end && *p == decimal) {
        const char *fraction = p + 1;
        p = digits(fraction, end, &m);
        count += p - fraction;
        whole = false;
        if (p - fraction > 10000) /* no exponent can count that far; strtod will do */
            count = MAX_DIGITS + 1;
        else
            exponent = -(int)(p - fraction);
    }
    if (count == 0)
        return infinity(text, first, end, number);
    if (p < end && (*p == 'e' || *p == 'E')) {
        int e = 0;
        const char *after = exponent_at(p, end, &e);
        whole = whole && after == p;
        exponent += e;
        p = after;
    }
    double value;
    if (count > MAX_DIGITS || !exactly(m, exponent, &value))
        number->value = by_strtod(text, p, decimal);
    else
        number->value = negative ? -value : value;
    number->identifier = whole && ((*first == '0' && count > 1) || count > MAX_DIGITS || m > two_to_53);
    return p;
}

bool hu_number_parse(hu_str text, char decimal, hu_number *number)
{
    text = hu_str_trim(text);
    const char *end = text.data + text.length;
    const char *after = text.length ? hu_number_scan(text.data, end, decimal, number) : NULL;
    return after == end && text.length;
}

bool hu_missing_word(hu_str text)
{
    text = hu_str_trim(text);
    switch (text.length) {
    case 0:
        return true;
    case 1:
        return text.data[0] == '.';
    case 2:
        return memcmp(text.data, "NA", 2) == 0;
    case 3:
        return memcmp(text.data, "NaN", 3) == 0 || memcmp(text.data, "nan", 3) == 0;
    default:
        return false;
    }
}
