#ifndef HUELLA_CLI_READ_EXPLAIN_H
#define HUELLA_CLI_READ_EXPLAIN_H

#include "huella/reading/reading.h"

/**
 * Why a variable was read as it was: for each value of `key` ("decision.date", "date", "practices", "verdict") its
 * passage, page, part and rule; then the places that rules of the same family looked at and that do not count, each
 * with the reason. A key that nothing was found for says so; the rules that bear its name tell what they looked at.
 */
void explain_reading(const hu_reading *reading, const char *key, hu_buf *out);

#endif
