/* Answers against the form: required, relevant, constraints, choices, numbers. */

#include "survey_check.h"

#include "huella/base/number.h"

#include <string.h>

typedef struct cell_at { /* where an expression is evaluated */
    const checker *c;
    size_t row;
    hu_str self;
    hu_arena *arena;
} cell_at;

static hu_str value_of(const void *context, const char *name, size_t length)
{
    const cell_at *at = context;
    if (!name)
        return at->self;
    const hu_column *column = hu_survey_find(at->c->survey, name, length);
    return column ? checker_cell(at->c, column, at->row, at->arena) : (hu_str){0};
}

typedef struct field_check {
    const hu_survey_column *column;
    bool relevant_known, constraint_known; /* the expressions are ones that we understand */
} field_check;

/* Tries the expression once: what is not understood is one finding, not one a row. */
static bool understood(checker *c, const hu_form_field *field, const char *what, const char *expression)
{
    HU_SCRATCH(scratch);
    cell_at at = {c, 0, {0}, scratch};
    bool holds;
    if (!expression)
        return false;
    hu_error *error = hu_form_holds(expression, value_of, &at, &holds);
    if (!error)
        return true;
    checker_add(c, (hu_finding){.check = "form",
                                .severity = HU_TO_KNOW,
                                .row = SIZE_MAX,
                                .column = field->name,
                                .what = hu_printf(c->arena, "the %s is not checked: %s", what, error->message),
                                .expected = "an expression as docs/surveys.md lists"});
    hu_error_free(error);
    return false;
}

static bool holds(const checker *c, const char *expression, size_t row, hu_str self, hu_arena *scratch)
{
    cell_at at = {c, row, self, scratch};
    bool is = true;
    hu_error *error = hu_form_holds(expression, value_of, &at, &is);
    if (!error)
        return is;
    hu_error_free(error); /* only where a pattern comes from an answer */
    return true;
}

static void add(checker *c, const char *check, hu_severity severity, size_t row, const hu_survey_column *column,
                const char *what, const char *expected)
{
    checker_add(c, (hu_finding){.check = check,
                                .severity = severity,
                                .row = row,
                                .column = column->column->name,
                                .what = what,
                                .expected = expected});
}

static void check_choices(checker *c, const hu_survey_column *column, size_t row, hu_str text)
{
    const hu_choice_list *list = column->field->list;
    bool several = column->field->kind == HU_FIELD_SEVERAL;
    if (!several && hu_choice_find(list, text) != SIZE_MAX)
        return;
    const char *at = text.data, *end = text.data + text.length;
    while (several && at < end) {
        const char *next = memchr(at, ' ', (size_t)(end - at));
        next = next ? next : end;
        if (next > at && hu_choice_find(list, (hu_str){at, (size_t)(next - at)}) == SIZE_MAX)
            break;
        at = next + 1;
    }
    if (several && at >= end)
        return;
    char excerpt[80];
    add(c, "choice", HU_MUST_BE_CORRECTED, row, column,
        hu_printf(c->arena, "\"%s\" is no choice", hu_excerpt(text, excerpt)),
        hu_printf(c->arena, "one of the list %s", list->name));
}

static void check_cell(checker *c, const field_check *f, size_t row, hu_arena *scratch)
{
    const hu_form_field *field = f->column->field;
    hu_str text = checker_cell(c, f->column->column, row, scratch);
    bool relevant = !f->relevant_known || holds(c, field->relevant, row, text, scratch);
    hu_number number;
    char excerpt[80];
    c->relevant[row] += relevant;
    c->empty[row] += relevant && !text.data;
    if (!text.data) {
        if (relevant && field->required && (f->relevant_known || !field->relevant))
            add(c, "required", HU_MUST_BE_CORRECTED, row, f->column, "it is missing",
                "an answer: the question is required");
        return;
    }
    if (!relevant)
        add(c, "irrelevant", HU_SHOULD_BE_LOOKED_AT, row, f->column,
            hu_printf(c->arena, "\"%s\" where the question was not to be asked", hu_excerpt(text, excerpt)),
            hu_printf(c->arena, "an answer only if %s", field->relevant));
    if (f->constraint_known && !holds(c, field->constraint, row, text, scratch))
        add(c, "constraint", HU_MUST_BE_CORRECTED, row, f->column,
            hu_printf(c->arena, "\"%s\"", hu_excerpt(text, excerpt)),
            field->constraint_message ? field->constraint_message : field->constraint);
    if (field->kind == HU_FIELD_NUMBER && !hu_number_parse(text, '.', &number))
        add(c, "number", HU_MUST_BE_CORRECTED, row, f->column,
            hu_printf(c->arena, "\"%s\" is no number", hu_excerpt(text, excerpt)), "a number");
    if (field->list)
        check_choices(c, f->column, row, text);
}

void check_against_form(checker *c)
{
    const hu_survey *s = c->survey;
    for (size_t i = 0; i < s->table->n_columns; i++) {
        field_check f = {.column = &s->columns[i]};
        if (!f.column->field || f.column->choice != SIZE_MAX)
            continue;
        bool side_by_side = f.column->instance > 0; /* of a repeat: its conditions look at its own row of answers */
        f.relevant_known = !side_by_side && understood(c, f.column->field, "condition", f.column->field->relevant);
        f.constraint_known = !side_by_side && understood(c, f.column->field, "constraint", f.column->field->constraint);
        for (size_t r = 0; r < s->table->rows; r++) {
            HU_SCRATCH(scratch);
            check_cell(c, &f, r, scratch);
        }
    }
}
