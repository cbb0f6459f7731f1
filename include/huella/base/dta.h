#ifndef HUELLA_BASE_DTA_H
#define HUELLA_BASE_DTA_H

#include "huella/base/table.h"

/** Stata .dta (versions 104 to 119) by ReadStat. Value labels are read as their codes; missing codes as missing. */
hu_error *hu_dta_read(const char *path, const char *const *columns, hu_arena *arena, hu_table **table);

/** Writes Stata 118 (UTF-8); column names that Stata refuses are an error that says which and why. Whole or not at all.
 */
hu_error *hu_dta_write(const char *path, const hu_table *table);

#endif
