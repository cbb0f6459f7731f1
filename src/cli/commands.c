/* The command line as a table: one row a command, each in its own file. */

#include "command.h"

extern const hu_command hu_command_accuracy;
extern const hu_command hu_command_audit;
extern const hu_command hu_command_backup;
extern const hu_command hu_command_check;
extern const hu_command hu_command_did;
extern const hu_command hu_command_doctor;
extern const hu_command hu_command_estimate;
extern const hu_command hu_command_export;
extern const hu_command hu_command_import;
extern const hu_command hu_command_interplay;
extern const hu_command hu_command_keys;
extern const hu_command hu_command_label;
extern const hu_command hu_command_link;
extern const hu_command hu_command_lock;
extern const hu_command hu_command_new;
extern const hu_command hu_command_outcomes;
extern const hu_command hu_command_pilot;
extern const hu_command hu_command_power;
extern const hu_command hu_command_randomize;
extern const hu_command hu_command_read;
extern const hu_command hu_command_report;
extern const hu_command hu_command_restore;
extern const hu_command hu_command_rollout;
extern const hu_command hu_command_run;
extern const hu_command hu_command_sample;
extern const hu_command hu_command_scale;
extern const hu_command hu_command_sensitivity;
extern const hu_command hu_command_serve;
extern const hu_command hu_command_simulate;
extern const hu_command hu_command_survival;
extern const hu_command hu_command_train;
extern const hu_command hu_command_trial;

/* clang-format off */
const hu_command *const hu_commands[] = {
    &hu_command_new,
    &hu_command_simulate,
    &hu_command_read,
    &hu_command_sample,
    &hu_command_label,
    &hu_command_accuracy,
    &hu_command_train,
    &hu_command_import,
    &hu_command_check,
    &hu_command_link,
    &hu_command_randomize,
    &hu_command_power,
    &hu_command_pilot,
    &hu_command_outcomes,
    &hu_command_did,
    &hu_command_rollout,
    &hu_command_survival,
    &hu_command_trial,
    &hu_command_scale,
    &hu_command_interplay,
    &hu_command_sensitivity,
    &hu_command_lock,
    &hu_command_estimate,
    &hu_command_report,
    &hu_command_serve,
    &hu_command_keys,
    &hu_command_audit,
    &hu_command_backup,
    &hu_command_restore,
    &hu_command_run,
    &hu_command_export,
    &hu_command_doctor,
    NULL,
};
/* clang-format on */

const hu_option hu_common_options[] = {
    {"study", HU_OPT_TEXT, "DIR", ".", "The study's folder."},
    {"store", HU_OPT_TEXT, "URI", NULL, "The store; default sqlite:DIR/huella.db."},
    {"format", HU_OPT_CHOICE, "table|json|jsonl|csv", NULL,
     "How results are printed: a table on a terminal, else JSON."},
    {"out", HU_OPT_TEXT, "FILE", NULL, "Write the result to FILE, whole or not at all."},
    {"seed", HU_OPT_INTEGER, "N", "20270101", "Seed of all random numbers."},
    {"threads", HU_OPT_INTEGER, "N", "0", "Number of threads; 0 means all processors."},
    {"quiet", HU_OPT_FLAG, NULL, NULL, "No messages but errors."},
    {"no-progress", HU_OPT_FLAG, NULL, NULL, "No progress bar."},
    {"help", HU_OPT_FLAG, NULL, NULL, "Print this help."},
    {0},
};
