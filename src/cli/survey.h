#ifndef HUELLA_CLI_SURVEY_H
#define HUELLA_CLI_SURVEY_H

#include "command.h"

#include "huella/measures/survey.h"

/** The form that --form names: a workbook (.xlsx), or its sheets as CSV: survey.csv,choices.csv. */
hu_error *survey_form(const hu_run *run, hu_form **form);

/** An export beside its form. */
hu_error *survey_open(const hu_run *run, const char *path, const hu_form *form, hu_survey **survey);

/* import_survey.c */
hu_error *import_survey(hu_run *run);

#endif
