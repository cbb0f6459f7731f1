#ifndef HUELLA_REGISTRY_EXPEDIENTE_H
#define HUELLA_REGISTRY_EXPEDIENTE_H

/* Inside registry/: court file numbers. */

#include "huella/registry/store.h"

/**
 * A court file number, number-year-incident-court-organ-specialty-sequence: 00412-2015-37-2701-JR-PE-02. The incident
 * (cuaderno) counts the folders of one file: it differs between decisions of the same case. What was left out is -1 or
 * "".
 */
typedef struct hu_expediente {
    long number;
    int year, incident;
    int court; /* four digits, as in 2701: judicial district 27, office 01 */
    char organ[3], specialty[3];
    int sequence;
} hu_expediente;

/**
 * Reads a file number out of what stands in a cell or a finding: leading zeros, blanks around hyphens, typographic
 * dashes, words before and after ("Exp. N.° …") do not matter. Year first ("2010-01815") is understood when only the
 * first number can be a year. False when there is no number-year.
 */
bool hu_expediente_parse(hu_str text, hu_expediente *expediente);

/**
 * True when the number says which case: it needs the court's code, as every court counts for itself, and must not be
 * the number that the Supreme Court gave its own file (organ SU).
 */
bool hu_expediente_identifies(const hu_expediente *expediente);

/** Same file: number, year and court agree. Incident, organ and sequence may differ between instances. */
bool hu_expediente_same(const hu_expediente *a, const hu_expediente *b);
/** Same in every part, none left out. */
bool hu_expediente_identical(const hu_expediente *a, const hu_expediente *b);
/** Order by year, number, court, so that those of the same file stand together. */
int hu_expediente_compare(const hu_expediente *a, const hu_expediente *b);

#endif
