#ifndef HUELLA_BASE_CSV_PACK_H
#define HUELLA_BASE_CSV_PACK_H

/* Private to the CSV reader: a column of numbers that grows row by row in as few bytes as its numbers allow. */

#include "huella/base/table.h"

/* A column with room for that many rows, of one byte each to begin with. Its cells are of malloc. */
hu_packed csv_pack_new(size_t room);

/* The same for a number that does not fit what is packed so far: wider cells, more decimals. False: it cannot be. */
bool csv_pack_wider(hu_packed *packed, size_t row, size_t room, double value);

/* The first `rows` numbers as doubles (of malloc, with room for `room`); the packed cells are freed. */
double *csv_unpack(hu_packed *packed, size_t rows, size_t room);

static inline bool csv_pack_put(const hu_packed *packed, size_t row, int32_t cell)
{
    if (packed->bytes == 1) {
        ((int8_t *)packed->cells)[row] = (int8_t)cell;
        return cell > INT8_MIN && cell <= INT8_MAX;
    }
    if (packed->bytes == 2) {
        ((int16_t *)packed->cells)[row] = (int16_t)cell;
        return cell > INT16_MIN && cell <= INT16_MAX;
    }
    ((int32_t *)packed->cells)[row] = cell;
    return true;
}

/* Puts a number (or NaN) at `row`; false when it cannot be packed, all before it being as they were. */
static inline bool csv_pack(hu_packed *packed, size_t row, size_t room, double value)
{
    double scaled = value * packed->divisor;
    if (fabs(scaled) < INT32_MAX) {
        int32_t cell = (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        if ((double)cell / packed->divisor == value && (cell || !signbit(value)) && csv_pack_put(packed, row, cell))
            return true;
    }
    return csv_pack_wider(packed, row, room, value);
}

#endif
