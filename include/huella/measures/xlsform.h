#ifndef HUELLA_MEASURES_XLSFORM_H
#define HUELLA_MEASURES_XLSFORM_H

#include "huella/base/table.h"

/**
 * The questionnaire of a survey as field teams write it: an XLSForm, its sheets "survey" and "choices".
 *
 * Source: xlsform.org and pyxform's reading of it. What data have nothing of (notes, groups) is kept for the structure;
 * types that are not listed here count as text.
 */
typedef enum hu_field_kind {
    HU_FIELD_TEXT,
    HU_FIELD_NUMBER,  /* integer, decimal, range */
    HU_FIELD_ONE,     /* select_one */
    HU_FIELD_SEVERAL, /* select_multiple */
    HU_FIELD_NOTE,    /* no data */
} hu_field_kind;

typedef struct hu_choice {
    const char *name, *label;
} hu_choice;

typedef struct hu_choice_list {
    const char *name;
    hu_choice *choices;
    size_t n;
    bool whole; /* all names are whole numbers: they are the codes; else codes count from 1 */
} hu_choice_list;

typedef struct hu_form_field {
    const char *name, *path, *label, *type; /* path: groups and name, "group/name" */
    hu_field_kind kind;
    const hu_choice_list *list;
    const char *repeat; /* the innermost repeat it stands in, or NULL */
    const char *constraint, *constraint_message, *relevant;
    bool required;
    long line; /* in the sheet */
} hu_form_field;

typedef struct hu_form {
    const char *source;
    hu_form_field *fields;
    size_t n;
    hu_choice_list *lists;
    size_t n_lists;
} hu_form;

/**
 * language   of labels: "Spanish (es)" finds the column "label::Spanish (es)"; NULL = column "label", else the first
 *            that begins with it
 *
 * Errors name the sheet's row: HU_BAD_INPUT a field without name or twice in a group, a list that is not in choices, a
 * group that is not closed; HU_NOT_FOUND the columns type and name.
 */
hu_error *hu_form_read(const hu_table *survey, const hu_table *choices, const char *language, hu_arena *arena,
                       hu_form **form);

/** The choice's place in the list by its name, else by its label; SIZE_MAX for none. */
size_t hu_choice_find(const hu_choice_list *list, hu_str text);
/** The number that stands for it. */
double hu_choice_code(const hu_choice_list *list, size_t choice);

/**
 * Whether a constraint or condition of a form holds (XPath as XLSForm uses it): numbers, 'texts', ., ${field}, and or
 * not() = != < <= > >= + - * div mod, selected(), regex(), if(), coalesce(), string-length(), count-selected(),
 * number(), int(), round(), date(), true(), false(). Dates compare by their day.
 *
 * value    text of a field (data NULL: missing) for ${name}; NULL as the name: "."
 *
 * Errors: HU_BAD_INPUT what is no expression, or uses something else, by its place.
 */
typedef hu_str hu_field_value(const void *context, const char *name, size_t length);
hu_error *hu_form_holds(const char *expression, hu_field_value *value, const void *context, bool *holds);

#endif
