#ifndef HUELLA_BASE_ARENA_H
#define HUELLA_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/**
 * Arenas: memory that is freed all at once.
 *
 * Results live in the arena that the caller passes; nothing in it is freed one by one. Memory is zeroed and aligned
 * for any type. An arena is used by one thread at a time; threads take one each.
 *
 * When the system has no memory left, the process ends with exit status 4 and one line on standard error. It is the
 * only place below cli/ that does so: no caller could do better.
 */
typedef struct hu_arena hu_arena;

hu_arena *hu_arena_new(void);
void hu_arena_free(hu_arena *arena); /* NULL is fine */

/** `size` zeroed bytes that live as long as the arena. */
void *hu_alloc(hu_arena *arena, size_t size) __attribute__((malloc, returns_nonnull));

/** Room for `count` items of `size` bytes each, zeroed; a product beyond SIZE_MAX ends as memory not to be had. */
void *hu_alloc_array(hu_arena *arena, size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/** Grows an array to `new_count` items: the first `count` are copied, the rest are zero. */
void *hu_regrow(hu_arena *arena, const void *items, size_t count, size_t new_count, size_t size)
    __attribute__((returns_nonnull));

/**
 * The memory of an array that nothing points to any more goes back to the system before the arena ends, where the array
 * is large enough to stand by itself; else nothing happens. NULL is fine.
 */
void hu_give_back(hu_arena *arena, const void *memory);

char *hu_strdup(hu_arena *arena, const char *text) __attribute__((returns_nonnull));
char *hu_strndup(hu_arena *arena, const char *text, size_t length) __attribute__((returns_nonnull));
char *hu_printf(hu_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3), returns_nonnull));
char *hu_vprintf(hu_arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), returns_nonnull));

/**
 * Calls `function(data)` when the arena is freed, before its memory goes; the last asked for is called first. For what
 * a result in the arena keeps open or holds elsewhere: a mapped file, memory of malloc.
 */
void hu_arena_at_end(hu_arena *arena, void (*function)(void *data), void *data);

/** Bytes handed out so far, for limits and reports. */
size_t hu_arena_used(const hu_arena *arena);

#define HU_NEW(arena, type) ((type *)hu_alloc((arena), sizeof(type)))
#define HU_NEW_ARRAY(arena, type, count) ((type *)hu_alloc_array((arena), (count), sizeof(type)))

/** An arena that ends with the block it is declared in: `HU_SCRATCH(scratch);` */
void hu_arena_free_at(hu_arena **arena);
#define HU_SCRATCH(name) __attribute__((cleanup(hu_arena_free_at))) hu_arena *name = hu_arena_new()

/** malloc, realloc and strdup that end the process when there is no memory (see above); freed by free(). */
void *hu_xrealloc(void *memory, size_t size) __attribute__((returns_nonnull));
void *hu_xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

#endif
