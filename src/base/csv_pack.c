/* Columns of numbers in few bytes: whole numbers over a power of ten. */

#include "csv_pack.h"

#include <stdlib.h>

static const double most_decimals = 1e6;

hu_packed csv_pack_new(size_t room)
{
    return (hu_packed){hu_xcalloc(room, sizeof(int8_t)), sizeof(int8_t), 1};
}

static int32_t least(int bytes)
{
    return bytes == 1 ? INT8_MIN : bytes == 2 ? INT16_MIN : INT32_MIN;
}

static int32_t cell_at(const hu_packed *packed, size_t row)
{
    return packed->bytes == 1   ? (int32_t)((const int8_t *)packed->cells)[row]
           : packed->bytes == 2 ? ((const int16_t *)packed->cells)[row]
                                : ((const int32_t *)packed->cells)[row];
}

/* The cells before `row` times `factor` in so many bytes; false when one does not fit, and nothing has changed. */
static bool repack(hu_packed *packed, size_t row, size_t room, int bytes, double factor)
{
    hu_packed wider = {hu_xcalloc(room, (size_t)bytes), bytes, packed->divisor * factor};
    for (size_t r = 0; r < row; r++) {
        int32_t cell = cell_at(packed, r);
        double scaled = cell * factor;
        bool missing = cell == least(packed->bytes);
        if (!missing && (scaled <= INT32_MIN || scaled > INT32_MAX || !csv_pack_put(&wider, r, (int32_t)scaled))) {
            free(wider.cells);
            return false;
        }
        if (missing)
            csv_pack_put(&wider, r, least(bytes));
    }
    free(packed->cells);
    *packed = wider;
    return true;
}

/* The number times the divisor as a whole number; false where it is none that reads back to the number. */
static bool whole(double value, double divisor, int32_t *cell)
{
    double scaled = rint(value * divisor);
    if (!(scaled > INT32_MIN && scaled <= INT32_MAX))
        return false;
    *cell = (int32_t)scaled;
    return scaled / divisor == value && !(scaled == 0 && signbit(value));
}

bool csv_pack_wider(hu_packed *packed, size_t row, size_t room, double value)
{
    if (isnan(value)) {
        csv_pack_put(packed, row, least(packed->bytes));
        return true;
    }
    for (double factor = 1; packed->divisor * factor <= most_decimals; factor *= 10) {
        int32_t cell;
        if (!whole(value, packed->divisor * factor, &cell))
            continue;
        for (int bytes = packed->bytes; bytes <= 4; bytes *= 2)
            if (cell > least(bytes) && cell <= -(least(bytes) + 1) && repack(packed, row, room, bytes, factor))
                return csv_pack_put(packed, row, cell);
        return false; /* more decimals would need no fewer bytes */
    }
    return false;
}

double *csv_unpack(hu_packed *packed, size_t rows, size_t room)
{
    double *numbers = hu_xcalloc(room, sizeof *numbers);
    for (size_t r = 0; r < rows; r++)
        numbers[r] = hu_packed_at(packed, r);
    free(packed->cells);
    return numbers;
}
