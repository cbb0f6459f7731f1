#include "huella/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ALIGNMENT = 16, FIRST_BLOCK = 8 * 1024, LARGEST_BLOCK = 4 * 1024 * 1024 };

typedef struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGNMENT) unsigned char bytes[];
} block;

typedef struct ending {
    struct ending *next;
    void (*function)(void *data);
    void *data;
} ending;

struct hu_arena {
    block *blocks;   /* the first is the one being filled */
    ending *endings; /* in the arena's own memory; the last asked for first */
    size_t next_size;
    size_t handed_out;
};

static _Noreturn void out_of_memory(void)
{
    static const char message[] = "huella: out of memory: close other programs or give the machine more\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(4);
}

void *hu_xrealloc(void *memory, size_t size)
{
    void *grown = realloc(memory, size ? size : 1);
    if (!grown)
        out_of_memory();
    return grown;
}

void *hu_xcalloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

hu_arena *hu_arena_new(void)
{
    hu_arena *arena = hu_xcalloc(1, sizeof *arena);
    arena->next_size = FIRST_BLOCK;
    return arena;
}

void hu_arena_free(hu_arena *arena)
{
    if (!arena)
        return;
    for (ending *e = arena->endings; e; e = e->next)
        e->function(e->data);
    for (block *b = arena->blocks; b;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

void hu_arena_free_at(hu_arena **arena)
{
    hu_arena_free(*arena);
}

static block *new_block(size_t size)
{
    block *b = calloc(1, sizeof *b + size); /* calloc: large blocks come zeroed from the kernel for free */
    if (!b)
        out_of_memory();
    b->size = size;
    return b;
}

void *hu_alloc(hu_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        out_of_memory();
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!size)
        size = ALIGNMENT;
    arena->handed_out += size;
    block *b = arena->blocks;
    if (!b || b->size - b->used < size) {
        int large = size > arena->next_size / 4;
        b = new_block(large ? size : arena->next_size);
        if (large && arena->blocks) { /* behind the one being filled, whose rest stays in use */
            b->next = arena->blocks->next;
            arena->blocks->next = b;
        } else {
            b->next = arena->blocks;
            arena->blocks = b;
        }
        if (!large && arena->next_size < LARGEST_BLOCK)
            arena->next_size *= 2;
    }
    void *memory = b->bytes + b->used;
    b->used += size;
    return memory;
}

void *hu_alloc_array(hu_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory();
    return hu_alloc(arena, bytes);
}

void *hu_regrow(hu_arena *arena, const void *items, size_t count, size_t new_count, size_t size)
{
    void *grown = hu_alloc_array(arena, new_count, size);
    if (count)
        memcpy(grown, items, (count < new_count ? count : new_count) * size);
    return grown;
}

void hu_give_back(hu_arena *arena, const void *memory)
{
    block **at = &arena->blocks;
    while (*at && (*at)->bytes != memory)
        at = &(*at)->next;
    block *b = *at;
    if (!b || b == arena->blocks || b->used != b->size) /* of a block that others are in, or that is being filled */
        return;
    *at = b->next;
    free(b);
}

char *hu_strndup(hu_arena *arena, const char *text, size_t length)
{
    char *copy = hu_alloc(arena, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *hu_strdup(hu_arena *arena, const char *text)
{
    return hu_strndup(arena, text, strlen(text));
}

char *hu_vprintf(hu_arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = hu_alloc(arena, (size_t)(length < 0 ? 0 : length) + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *hu_printf(hu_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = hu_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void hu_arena_at_end(hu_arena *arena, void (*function)(void *data), void *data)
{
    ending *e = HU_NEW(arena, ending);
    *e = (ending){.next = arena->endings, .function = function, .data = data};
    arena->endings = e;
}

size_t hu_arena_used(const hu_arena *arena)
{
    return arena->handed_out;
}
