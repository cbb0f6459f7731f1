/* Letters that recognition or a typist confused with figures, mended in the folded text alone. */
#pragma once

#include "huella/corpus/document.h"

/*
 * "FALLAM0S" reads as "fallamos", "lca" and "TEÓFlLO" as "ica" and "teofilo", "deIito" as "delito", "2O19-13-O6O9" as
 * "2019-13-0609". `folded` has `length` bytes, each of the character of `text` that begins at `byte_of` it. The text
 * itself stays as written: evidence quotes it.
 */
void hu_confusions_mend(const char *text, const uint32_t *byte_of, char *folded, size_t length);
