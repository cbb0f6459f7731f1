#ifndef HUELLA_LABELLING_LABELLING_H
#define HUELLA_LABELLING_LABELLING_H

#include "huella/http/server.h"
#include "huella/registry/labels.h"

#include <jansson.h>

/** What people are asked of a judgment: rules/labels.yaml, with the offences of rules/law.yaml. */
typedef enum hu_question_kind {
    HU_ASK_TEXT,
    HU_ASK_DATE,
    HU_ASK_NUMBER,
    HU_ASK_BOOL,
    HU_ASK_CHOICE,
    HU_ASK_CHOICES,
    HU_ASK_LIST,
    HU_ASK_OFFENCES,
} hu_question_kind;

typedef struct hu_choice {
    const char *code, *name;
} hu_choice;

typedef struct hu_question {
    const char *key, *name, *help; /* help: NULL = none */
    hu_question_kind kind;
    const hu_choice *choices;
    size_t n_choices;
    bool numbers; /* the codes of the choices are numbers */
} hu_question;

typedef struct hu_question_group {
    const char *key, *name; /* key "": its questions stand at the top */
    bool each_defendant;
    const char *fallback; /* what an unanswered question means; NULL = the text does not say */
    hu_question *questions;
    size_t n_questions;
} hu_question_group;

typedef struct hu_questionnaire {
    hu_question_group *groups;
    size_t n_groups;
    const char **offences;
    size_t n_offences;
} hu_questionnaire;

hu_error *hu_questionnaire_load(const char *rules_dir, hu_arena *arena, hu_questionnaire **questionnaire);
/** The question of a path ("defendants[2].verdict"); NULL when there is none. `group` may be NULL. */
const hu_question *hu_question_find(const hu_questionnaire *questionnaire, const char *key,
                                    const hu_question_group **group) __attribute__((nonnull(1, 2)));
/** The questionnaire as the page takes it; the caller json_decref()s it. */
json_t *hu_questionnaire_json(const hu_questionnaire *questionnaire);

/**
 * A sheet from {"revision":…,"done":…,"labels":{key: value},"evidence":{key: [{"start":…,"end":…,"quote":…}]}}. Every
 * key must be asked, every value be of its kind, every quote the text at its place: HU_BAD_INPUT says which is not.
 */
hu_error *hu_sheet_from_json(const hu_questionnaire *questionnaire, const char *text, const json_t *root,
                             hu_arena *arena, hu_label_sheet *sheet);
json_t *hu_sheet_json(const hu_label_sheet *sheet);

/**
 * A sheet as a file of tests/reading/corpus has it: groups of plain values, and quotes under "evidence". What was not
 * answered is null, or what the questionnaire says it means.
 */
json_t *hu_gold_from_sheet(const hu_questionnaire *questionnaire, const hu_label_sheet *sheet);
/**
 * The way back. Quotes are looked for in the text, white space aside; *lost counts those that are not there (a list of
 * quotes may stand for one). Keys that are not asked are left out.
 */
hu_error *hu_sheet_from_gold(const hu_questionnaire *questionnaire, const char *text, const json_t *gold,
                             hu_arena *arena, hu_label_sheet *sheet, size_t *lost);

/** The page and its data; a hu_http_handler whose context this is. */
typedef struct hu_label_site {
    hu_store *store;
    const hu_questionnaire *questionnaire;
    const char *labeller;
    bool all;         /* every judgment, not only the sample */
    bool show_reader; /* highlights of what the reader found; not blind */
    bool adjudicate;  /* decide between labellers; the sheet is that of HU_ADJUDICATED */
} hu_label_site;
hu_error *hu_label_site_answer(void *site, const hu_http_request *request, hu_http_response *response);

#endif
