#ifndef HUELLA_CLI_SCALE_H
#define HUELLA_CLI_SCALE_H

#include "print.h"

#include "huella/measures/items.h"
#include "huella/measures/krippendorff.h"
#include "huella/numerics/factor.h"

typedef struct scale_result {
    const char **names;
    size_t k; /* items; 0 = not asked */
    hu_item_analysis items;
    bool has_irt, has_agreement;
    hu_irt irt;
    hu_krippendorff agreement;
    size_t raters;
    const char *level;
} scale_result;

/* scale_print.c */
void scale_print(const hu_run *run, const scale_result *result);

#endif
