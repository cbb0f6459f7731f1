/* XLSForms: the fields of a questionnaire. */

#include "huella/measures/xlsform.h"

#include "huella/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

typedef struct opened { /* a group or repeat */
    const char *name;
    bool repeat;
    size_t row;
} opened;

typedef struct form_reader {
    const hu_table *survey, *choices;
    const char *language;
    hu_arena *arena;
    hu_form *form;
    opened open[MAX_DEPTH];
    size_t depth;
} form_reader;

static const char *text_at(const hu_table *table, const char *column, size_t row, hu_arena *arena)
{
    const hu_column *found = column ? hu_table_find(table, column) : NULL;
    return found ? hu_table_text(table, found, row, arena) : NULL;
}

/* The column of labels. */
static const char *label_column(const hu_table *table, const char *language, hu_arena *arena)
{
    if (language) {
        const char *name = hu_printf(arena, "label::%s", language);
        return hu_table_find(table, name) ? name : NULL;
    }
    if (hu_table_find(table, "label"))
        return "label";
    for (size_t c = 0; c < table->n_columns; c++)
        if (strncmp(table->columns[c].name, "label", 5) == 0)
            return table->columns[c].name;
    return NULL;
}

static hu_choice_list *find_list(const hu_form *form, const char *name)
{
    for (size_t i = 0; i < form->n_lists; i++)
        if (strcmp(form->lists[i].name, name) == 0)
            return &form->lists[i];
    return NULL;
}

static bool whole(const char *text)
{
    hu_number number;
    return hu_number_parse(hu_str_of(text), '.', &number) && number.value == floor(number.value) &&
           !number.identifier && fabs(number.value) < 2147483620;
}

static hu_error *read_choices(form_reader *r)
{
    const hu_table *t = r->choices;
    hu_form *form = r->form;
    if (!t)
        return NULL;
    const char *list_column = hu_table_find(t, "list_name") ? "list_name" : "list name";
    const char *name_column = hu_table_find(t, "name") ? "name" : "value",
               *label = label_column(t, r->language, r->arena);
    hu_column *needed;
    HU_TRY(hu_table_column(t, list_column, &needed));
    HU_TRY(hu_table_column(t, name_column, &needed));
    form->lists = HU_NEW_ARRAY(r->arena, hu_choice_list, t->rows + 1);
    for (size_t i = 0; i < t->rows; i++) {
        const char *list = text_at(t, list_column, i, r->arena), *name = text_at(t, name_column, i, r->arena);
        if (!list && !name)
            continue;
        if (!list || !name)
            return hu_table_fail(t, HU_BAD_INPUT, i, list ? name_column : list_column, "it is missing");
        hu_choice_list *of = find_list(form, list);
        if (!of) {
            of = &form->lists[form->n_lists++];
            *of = (hu_choice_list){.name = list, .whole = true, .choices = HU_NEW_ARRAY(r->arena, hu_choice, t->rows)};
        }
        const char *text = text_at(t, label, i, r->arena);
        of->choices[of->n++] = (hu_choice){name, text ? text : name};
        of->whole = of->whole && whole(name);
    }
    return NULL;
}

/* "select_one yesno", "select one yesno or_other", "select_multiple_from_file …": the kind, and where the list's name
 * begins. */
static hu_field_kind kind_of(const char *type, const char **list)
{
    static const struct {
        const char *word;
        hu_field_kind kind;
    } kinds[] = {{"select_one ", HU_FIELD_ONE},
                 {"select one ", HU_FIELD_ONE},
                 {"select1 ", HU_FIELD_ONE},
                 {"select_multiple ", HU_FIELD_SEVERAL},
                 {"select multiple ", HU_FIELD_SEVERAL},
                 {"integer", HU_FIELD_NUMBER},
                 {"int", HU_FIELD_NUMBER},
                 {"decimal", HU_FIELD_NUMBER},
                 {"range", HU_FIELD_NUMBER},
                 {"note", HU_FIELD_NOTE}};
    *list = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t length = strlen(kinds[i].word);
        bool select = kinds[i].word[length - 1] == ' ';
        if (select ? strncmp(type, kinds[i].word, length) != 0 : strcmp(type, kinds[i].word) != 0)
            continue;
        *list = select ? type + length : NULL;
        return kinds[i].kind;
    }
    return HU_FIELD_TEXT;
}

static hu_error *find_field_list(form_reader *r, const char *from, size_t row, hu_form_field *field)
{
    while (*from == ' ')
        from++;
    const char *name = hu_strndup(r->arena, from, strcspn(from, " "));
    field->list = find_list(r->form, name);
    if (!field->list)
        return hu_table_fail(r->survey, HU_BAD_INPUT, row, "type", "no list \"%s\" in the sheet of choices", name);
    return NULL;
}

static bool is_true(const char *text)
{
    static const char *const words[] = {"yes", "true", "true()", "TRUE", "1", "Yes", "True", "YES", "TRUE()"};
    for (size_t i = 0; text && i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

static hu_error *add_field(form_reader *r, const char *type, const char *name, const char *label, size_t row)
{
    hu_form_field *field = &r->form->fields[r->form->n];
    const char *list;
    HU_BUF(path);
    *field =
        (hu_form_field){.name = name,
                        .label = text_at(r->survey, label, row, r->arena),
                        .type = type,
                        .kind = kind_of(type, &list),
                        .constraint = text_at(r->survey, "constraint", row, r->arena),
                        .constraint_message = text_at(r->survey, "constraint_message", row, r->arena),
                        .relevant = text_at(r->survey, "relevant", row, r->arena),
                        .required = is_true(text_at(r->survey, "required", row, r->arena)),
                        .line = r->survey->lines ? (long)r->survey->lines[row] : (long)row + r->survey->first_line};
    for (size_t d = 0; d < r->depth; d++) {
        hu_buf_printf(&path, "%s/", r->open[d].name);
        field->repeat = r->open[d].repeat ? r->open[d].name : field->repeat;
    }
    hu_buf_add_text(&path, name);
    field->path = hu_strdup(r->arena, path.data);
    for (size_t i = 0; i < r->form->n; i++)
        if (strcmp(r->form->fields[i].path, field->path) == 0)
            return hu_table_fail(r->survey, HU_BAD_INPUT, row, "name", "%s stands twice", field->path);
    if (list)
        HU_TRY(find_field_list(r, list, row, field));
    r->form->n++;
    return NULL;
}

/* "begin group", "begin_repeat", …: 1 opens, -1 closes, 0 is a field. */
static int structure(const char *type, bool *repeat)
{
    bool begins = strncmp(type, "begin", 5) == 0,
         ends = strncmp(type, "end", 3) == 0 && (type[3] == ' ' || type[3] == '_');
    *repeat = strstr(type, "repeat") != NULL;
    if (!*repeat && !strstr(type, "group"))
        return 0;
    return begins ? 1 : ends ? -1 : 0;
}

static hu_error *read_row(form_reader *r, size_t row, const char *label)
{
    bool repeat;
    const char *type = text_at(r->survey, "type", row, r->arena), *name = text_at(r->survey, "name", row, r->arena);
    if (!type)
        return NULL;
    int step = structure(type, &repeat);
    if (step < 0) {
        if (r->depth == 0 || r->open[r->depth - 1].repeat != repeat)
            return hu_table_fail(r->survey, HU_BAD_INPUT, row, "type", "\"%s\" closes what is not open", type);
        r->depth--;
        return NULL;
    }
    if (!name)
        return kind_of(type, &label) == HU_FIELD_NOTE
                   ? NULL
                   : hu_table_fail(r->survey, HU_BAD_INPUT, row, "name", "a \"%s\" without a name", type);
    if (step == 0)
        return add_field(r, type, name, label, row);
    if (r->depth == MAX_DEPTH)
        return hu_table_fail(r->survey, HU_LIMIT, row, "type", "more than %d groups in each other", MAX_DEPTH);
    r->open[r->depth++] = (opened){name, repeat, row};
    return NULL;
}

hu_error *hu_form_read(const hu_table *survey, const hu_table *choices, const char *language, hu_arena *arena,
                       hu_form **out)
{
    form_reader *r = HU_NEW(arena, form_reader);
    hu_column *needed;
    *r = (form_reader){
        .survey = survey, .choices = choices, .language = language, .arena = arena, .form = HU_NEW(arena, hu_form)};
    HU_TRY(hu_table_column(survey, "type", &needed));
    HU_TRY(hu_table_column(survey, "name", &needed));
    const char *label = label_column(survey, language, arena);
    if (language && !label)
        return hu_fail(HU_NOT_FOUND, "%s: no column \"label::%s\"; columns are %s", survey->source, language,
                       hu_table_names(survey, arena));
    r->form->source = survey->source;
    r->form->fields = HU_NEW_ARRAY(arena, hu_form_field, survey->rows + 1);
    HU_TRY(read_choices(r));
    for (size_t i = 0; i < survey->rows; i++)
        HU_TRY(read_row(r, i, label));
    if (r->depth)
        return hu_table_fail(survey, HU_BAD_INPUT, r->open[r->depth - 1].row, "type", "%s \"%s\" is never closed",
                             r->open[r->depth - 1].repeat ? "repeat" : "group", r->open[r->depth - 1].name);
    *out = r->form;
    return NULL;
}

size_t hu_choice_find(const hu_choice_list *list, hu_str text)
{
    for (size_t i = 0; i < list->n; i++)
        if (hu_str_is(text, list->choices[i].name))
            return i;
    for (size_t i = 0; i < list->n; i++)
        if (hu_str_is(text, list->choices[i].label))
            return i;
    return SIZE_MAX;
}

double hu_choice_code(const hu_choice_list *list, size_t choice)
{
    return list->whole ? strtod(list->choices[choice].name, NULL) : (double)(choice + 1);
}
