/* The questions: rules/labels.yaml to structs, and to JSON for the page. */

#include "huella/labelling/labelling.h"

#include "huella/base/file.h"
#include "huella/base/yaml.h"

#include <string.h>

static const char *const kinds[] = {"text", "date", "number", "bool", "choice", "choices", "list", "offences", NULL};

static hu_error *read_kind(const hu_node *node, hu_question_kind *kind)
{
    const char *word;
    HU_TRY(hu_node_text(node, &word));
    for (int i = 0; kinds[i]; i++)
        if (strcmp(kinds[i], word) == 0) {
            *kind = (hu_question_kind)i;
            return NULL;
        }
    return hu_node_fail(
        node, "\"%s\" is no kind of question: text, date, number, bool, choice, choices, list, offences", word);
}

static hu_error *read_choices(const hu_node *map, hu_arena *arena, const hu_choice **choices, size_t *count)
{
    hu_choice *read = HU_NEW_ARRAY(arena, hu_choice, map ? map->count : 0);
    *count = map && map->kind == HU_MAP ? map->count : 0;
    for (size_t i = 0; i < *count; i++) {
        HU_TRY(hu_node_text(map->keys[i], &read[i].code));
        HU_TRY(hu_node_text(map->items[i], &read[i].name));
    }
    *choices = read;
    return NULL;
}

static hu_error *read_question(const hu_node *node, const hu_node *shared, hu_arena *arena, hu_question *question)
{
    static const char *const keys[] = {"key", "name", "kind", "help", "choices", "numbers", NULL};
    const hu_node *key = NULL, *name = NULL, *kind = hu_node_get(node, "kind"), *help = hu_node_get(node, "help");
    const hu_node *choices = hu_node_get(node, "choices"), *numbers = hu_node_get(node, "numbers");
    HU_TRY(hu_node_check_keys(node, keys));
    HU_TRY(hu_node_require(node, "key", &key));
    HU_TRY(hu_node_require(node, "name", &name));
    HU_TRY(hu_node_text(key, &question->key));
    HU_TRY(hu_node_text(name, &question->name));
    question->kind = HU_ASK_CHOICE; /* where the group has its choices in common */
    if (kind)
        HU_TRY(read_kind(kind, &question->kind));
    if (help)
        HU_TRY(hu_node_text(help, &question->help));
    if (numbers)
        HU_TRY(hu_node_bool(numbers, &question->numbers));
    HU_TRY(read_choices(choices ? choices : shared, arena, &question->choices, &question->n_choices));
    bool choosing = question->kind == HU_ASK_CHOICE || question->kind == HU_ASK_CHOICES;
    return choosing == (question->n_choices > 0)
               ? NULL
               : hu_node_fail(node, "choices belong to questions of the kinds choice and choices, and must be there");
}

static hu_error *read_group(const hu_node *node, hu_arena *arena, hu_question_group *group)
{
    static const char *const keys[] = {"key", "name", "each", "default", "choices", "questions", NULL};
    const hu_node *key, *name, *questions, *fallback = hu_node_get(node, "default");
    HU_TRY(hu_node_check_keys(node, keys));
    HU_TRY(hu_node_require(node, "key", &key));
    HU_TRY(hu_node_require(node, "name", &name));
    HU_TRY(hu_node_require(node, "questions", &questions));
    HU_TRY(hu_node_text(key, &group->key));
    HU_TRY(hu_node_text(name, &group->name));
    if (fallback)
        HU_TRY(hu_node_text(fallback, &group->fallback));
    group->each_defendant = hu_node_get(node, "each") != NULL;
    group->questions = HU_NEW_ARRAY(arena, hu_question, questions->count);
    group->n_questions = questions->kind == HU_LIST ? questions->count : 0;
    for (size_t i = 0; i < group->n_questions; i++)
        HU_TRY(read_question(questions->items[i], hu_node_get(node, "choices"), arena, &group->questions[i]));
    return NULL;
}

static hu_error *read_offences(const char *path, hu_arena *arena, hu_questionnaire *result)
{
    hu_node *root;
    const hu_node *list;
    HU_TRY(hu_yaml_load(path, arena, &root));
    HU_TRY(hu_node_require(root, "offences", &list));
    result->offences = HU_NEW_ARRAY(arena, const char *, list->count + 1);
    for (size_t i = 0; list->kind == HU_LIST && i < list->count; i++) {
        const hu_node *code;
        HU_TRY(hu_node_require(list->items[i], "code", &code));
        HU_TRY(hu_node_text(code, &result->offences[result->n_offences++]));
    }
    return NULL;
}

hu_error *hu_questionnaire_load(const char *rules_dir, hu_arena *arena, hu_questionnaire **questionnaire)
{
    hu_node *root;
    const hu_node *groups;
    hu_questionnaire *result = HU_NEW(arena, hu_questionnaire);
    HU_TRY(hu_yaml_load(hu_path_join(arena, rules_dir, "labels.yaml"), arena, &root));
    HU_TRY(hu_node_require(root, "groups", &groups));
    result->n_groups = groups->kind == HU_LIST ? groups->count : 0;
    result->groups = HU_NEW_ARRAY(arena, hu_question_group, result->n_groups);
    for (size_t i = 0; i < result->n_groups; i++)
        HU_TRY(read_group(groups->items[i], arena, &result->groups[i]));
    *questionnaire = result;
    return read_offences(hu_path_join(arena, rules_dir, "law.yaml"), arena, result);
}

/* What follows "defendants[7]." in a key; NULL when it is none. */
static const char *after_defendant(const char *key)
{
    static const char start[] = "defendants[";
    if (strncmp(key, start, sizeof start - 1) != 0)
        return NULL;
    const char *p = key + sizeof start - 1;
    size_t digits = strspn(p, "0123456789");
    if (!digits || digits > 3 || (digits > 1 && *p == '0') || p[digits] != ']' || p[digits + 1] != '.')
        return NULL;
    return p + digits + 2;
}

static const char *key_within(const hu_question_group *group, const char *key)
{
    size_t length = strlen(group->key);
    if (group->each_defendant)
        return after_defendant(key);
    if (!length)
        return key;
    return strncmp(key, group->key, length) == 0 && key[length] == '.' ? key + length + 1 : NULL;
}

const hu_question *hu_question_find(const hu_questionnaire *questionnaire, const char *key,
                                    const hu_question_group **group)
{
    for (size_t g = 0; g < questionnaire->n_groups; g++) {
        const hu_question_group *one = &questionnaire->groups[g];
        const char *rest = key_within(one, key);
        for (size_t q = 0; rest && q < one->n_questions; q++)
            if (strcmp(one->questions[q].key, rest) == 0) {
                if (group)
                    *group = one;
                return &one->questions[q];
            }
    }
    return NULL;
}

static json_t *question_json(const hu_question *question)
{
    json_t *choices = json_array();
    for (size_t i = 0; i < question->n_choices; i++)
        json_array_append_new(
            choices, json_pack("{s:s,s:s}", "code", question->choices[i].code, "name", question->choices[i].name));
    return json_pack("{s:s,s:s,s:s?,s:s,s:b,s:o}", "key", question->key, "name", question->name, "help", question->help,
                     "kind", kinds[question->kind], "numbers", question->numbers, "choices", choices);
}

json_t *hu_questionnaire_json(const hu_questionnaire *questionnaire)
{
    json_t *groups = json_array(), *offences = json_array();
    for (size_t g = 0; g < questionnaire->n_groups; g++) {
        const hu_question_group *group = &questionnaire->groups[g];
        json_t *questions = json_array();
        for (size_t q = 0; q < group->n_questions; q++)
            json_array_append_new(questions, question_json(&group->questions[q]));
        json_array_append_new(groups,
                              json_pack("{s:s,s:s,s:b,s:s?,s:o}", "key", group->key, "name", group->name, "each",
                                        group->each_defendant, "fallback", group->fallback, "questions", questions));
    }
    for (size_t i = 0; i < questionnaire->n_offences; i++)
        json_array_append_new(offences, json_string(questionnaire->offences[i]));
    return json_pack("{s:o,s:o}", "groups", groups, "offences", offences);
}
