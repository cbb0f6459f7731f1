#ifndef HUELLA_READING_PATTERN_DATABASE_H
#define HUELLA_READING_PATTERN_DATABASE_H

#include <hs/hs.h>
#include <stddef.h>

/* What Hyperscan is asked to find: `count` expressions, each known by its index. */
typedef struct hu_pattern_set {
    const char **expressions;
    unsigned *flags, *ids;
    size_t count;
} hu_pattern_set;

/**
 * The compiled patterns. Compiling takes a second; so the result is kept in the user's cache folder under the hash of
 * the patterns and of Hyperscan's version, and taken from there as long as both are the same. A cache that cannot be
 * read, used (another processor) or written only costs the second. NULL and *failure as hs_compile_multi gives them.
 */
hs_database_t *pattern_database_open(const hu_pattern_set *set, hs_compile_error_t **failure);

#endif
