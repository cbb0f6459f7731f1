#ifndef HUELLA_CLI_SENSITIVITY_H
#define HUELLA_CLI_SENSITIVITY_H

#include "did.h"
#include "plot.h"

#include "huella/causal/honest.h"

/** What the checks of `huella sensitivity` work on: a table and its estimator, or an event study from files. */
typedef struct sensitivity {
    hu_run *run;
    const char *estimator; /* NULL: from files */
    const hu_did_columns *columns;
    hu_table *table;
    hu_did_options options; /* of Callaway & Sant'Anna, with a universal base */
    hu_event_study study;
    size_t clusters; /* 0 = not known */
    const char **warnings;
    size_t n_warnings;
} sensitivity;

void sensitivity_warn(sensitivity *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** --event-times, --at and --average applied to the event study; `effect` says what theta is. */
hu_error *sensitivity_trends_of(sensitivity *s, hu_trends *trends, const char **effect);
/** --name as ascending numbers; n = 0 when it is not given. */
hu_error *sensitivity_numbers(const hu_run *run, const char *name, double **values, size_t *n);
void sensitivity_put_effect(hu_json *json, const hu_effect *effect);

/* sensitivity_input.c */
hu_error *sensitivity_read_files(sensitivity *s);

/* the checks, each prints its result */
hu_error *sensitivity_trends(sensitivity *s);
hu_error *sensitivity_power(sensitivity *s);
hu_error *sensitivity_leave_one_out(sensitivity *s);
hu_error *sensitivity_placebo_cohorts(sensitivity *s);
hu_error *sensitivity_placebo_outcomes(sensitivity *s);
hu_error *sensitivity_donut(sensitivity *s);

#endif
