#ifndef HUELLA_FUZZ_H
#define HUELLA_FUZZ_H

/* A target: one file, fuzz/NAME.c, that defines this function; seeds in fuzz/seeds/NAME/, words in fuzz/NAME.dict. */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for any input. */
#define MUST(condition)       \
    do {                      \
        if (!(condition))     \
            __builtin_trap(); \
    } while (0)

#endif
