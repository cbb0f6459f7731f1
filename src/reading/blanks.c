#include "blanks.h"

#include <ctype.h>
#include <string.h>

static void cut(hu_one_blank *one, size_t *room, size_t dropped, hu_arena *arena)
{
    if (one->n_cuts == *room) {
        size_t larger = *room ? 2 * *room : 256;
        one->cuts = hu_regrow(arena, one->cuts, *room, larger, sizeof *one->cuts);
        *room = larger;
    }
    one->cuts[one->n_cuts++] = (struct hu_cut){one->length, dropped};
}

void blanks_to_one(const char *text, size_t length, hu_arena *arena, hu_one_blank *result)
{
    size_t room = 0, dropped = 0;
    *result = (hu_one_blank){.text = HU_NEW_ARRAY(arena, char, length + 1)};
    for (size_t i = 0; i < length;) {
        if (!isspace((unsigned char)text[i])) {
            result->text[result->length++] = text[i++];
            continue;
        }
        size_t from = i++;
        while (i < length && isspace((unsigned char)text[i]))
            i++;
        result->text[result->length++] = ' ';
        if (i - from > 1)
            cut(result, &room, dropped += i - from - 1, arena);
    }
}

size_t blanks_end(const hu_one_blank *one, size_t end)
{
    size_t low = 0, high = one->n_cuts, last = end - 1;
    while (low < high) { /* the cuts up to the last byte */
        size_t middle = (low + high) / 2;
        if (one->cuts[middle].at <= last)
            low = middle + 1;
        else
            high = middle;
    }
    return end + (low ? one->cuts[low - 1].dropped : 0);
}
