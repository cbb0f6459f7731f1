#ifndef HUELLA_CORPUS_RECORD_H
#define HUELLA_CORPUS_RECORD_H

#include "protocol.h"

#include <stdbool.h>
#include <stddef.h>

/** Writes one record of protocol.h; false when nobody listens any more. */
bool record_write(int out, uint32_t kind, const void *bytes, size_t length);

#endif
