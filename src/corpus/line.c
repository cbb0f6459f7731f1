#include "line.h"

hu_text_line *hu_line_add(hu_line_list *list, hu_arena *arena)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 256;
        list->lines = hu_regrow(arena, list->lines, list->count, room, sizeof *list->lines);
        list->room = room;
    }
    return &list->lines[list->count++];
}
