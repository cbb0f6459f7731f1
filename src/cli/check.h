#ifndef HUELLA_CLI_CHECK_H
#define HUELLA_CLI_CHECK_H

#include "survey.h"

#include "huella/measures/survey_check.h"

typedef struct check_result {
    hu_survey *survey;
    hu_survey_checked checked;
    bool has_back;
    hu_backchecked back;
    size_t limit;
} check_result;

/* check_print.c */
void check_print(const hu_run *run, const check_result *result);

#endif
