#ifndef HUELLA_SRC_CLI_ACCURACY_H
#define HUELLA_SRC_CLI_ACCURACY_H

#include "command.h"

/** `huella accuracy --agreement`: kappa between the labellers in the study's store. */
hu_error *print_agreement(hu_run *run);

#endif
