/* The automatic part of the rubric: checks of a record. See quality.h and rules/quality.yaml. */

#include "huella/field/quality.h"

#include "huella/base/file.h"
#include "huella/base/instant.h"
#include "rules.h"

#include <string.h>

/* What checks look at. */
typedef struct facts {
    const json_t *record;
    int64_t occurred_at, received_at;
    size_t indicators; /* in the checklist */
    hu_arena *arena;
} facts;

typedef enum outcome { FAILS, HOLDS, UNKNOWN } outcome;

static bool is_there(const json_t *value)
{
    if (json_is_string(value))
        return *json_string_value(value) != '\0';
    if (json_is_array(value) || json_is_object(value))
        return json_is_array(value) ? json_array_size(value) > 0 : json_object_size(value) > 0;
    return value != NULL;
}

static const char *text_of(const hu_node *map, const char *key)
{
    const hu_node *node = hu_node_get(map, key);
    return node && node->kind == HU_SCALAR && node->text ? node->text : "";
}

static outcome check_words(const facts *f, const hu_node *what)
{
    const char *text = json_string_value(json_object_get(f->record, text_of(what, "member")));
    long least = 0, words = 0;
    hu_error_free(hu_node_integer(hu_node_get(what, "at_least"), &least));
    for (; text && *text; words += *text != 0) {
        text += strspn(text, " \t\r\n");
        text += strcspn(text, " \t\r\n");
    }
    return words >= least ? HOLDS : FAILS;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Whether folded text holds a word or phrase; "hora*" also as the beginning of one. */
static bool holds_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    bool open = length && word[length - 1] == '*';
    length -= open;
    const char *end = text + strlen(text);
    for (const char *at = text; length && (at = memmem(at, (size_t)(end - at), word, length)); at++)
        if ((at == text || !is_letter(at[-1])) && (open || !is_letter(at[length])))
            return true;
    return false;
}

static bool holds_any(const facts *f, const hu_node *what)
{
    const char *text = json_string_value(json_object_get(f->record, text_of(what, "member")));
    const hu_node *words = hu_node_get(what, "words");
    char *folded;
    size_t length;
    if (!text || !words)
        return false;
    hu_fold(text, strlen(text), f->arena, &folded, &length, NULL);
    for (size_t i = 0; i < words->count; i++)
        if (words->items[i]->text && holds_word(folded, words->items[i]->text))
            return true;
    return false;
}

static outcome check_order(const facts *f, const hu_node *what)
{
    int64_t at[2];
    for (size_t i = 0; i < 2; i++) {
        const char *text = what->count == 2 && what->items[i]->text
                               ? json_string_value(json_object_get(f->record, what->items[i]->text))
                               : NULL;
        if (!text || !hu_instant_parse(hu_str_of(text), &at[i]))
            return UNKNOWN;
    }
    return at[0] <= at[1] ? HOLDS : FAILS;
}

static outcome check_when(const facts *f, const hu_node *what)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(f->record, text_of(what, "member")), i, item)
        if (json_is_string(item) && strcmp(json_string_value(item), text_of(what, "has")) == 0)
            return is_there(json_object_get(f->record, text_of(what, "needs"))) ? HOLDS : FAILS;
    return UNKNOWN;
}

static outcome check_each_person(const facts *f, const char *member)
{
    size_t i;
    json_t *person;
    const json_t *persons = json_object_get(f->record, "persons");
    json_array_foreach(persons, i, person)
        if (!is_there(json_object_get(person, member)))
            return FAILS;
    return json_array_size(persons) ? HOLDS : UNKNOWN;
}

static outcome check_answered(const facts *f, double share)
{
    const char *key;
    json_t *answer;
    size_t answered = 0;
    json_object_foreach(json_object_get(f->record, "indicators"), key, answer)
        answered += json_is_string(answer) && strcmp(json_string_value(answer), "not_observed") != 0;
    return f->indicators && (double)answered >= share * (double)f->indicators ? HOLDS : FAILS;
}

static hu_error *check(const facts *f, const hu_node *rule, outcome *result)
{
    const char *name = rule->kind == HU_MAP && rule->count == 1 ? rule->keys[0]->text : "";
    const hu_node *what = *name ? rule->items[0] : rule;
    double number = 0;
    if (strcmp(name, "present") == 0)
        *result = what->text && is_there(json_object_get(f->record, what->text)) ? HOLDS : FAILS;
    else if (strcmp(name, "words") == 0)
        *result = check_words(f, what);
    else if (strcmp(name, "any_of") == 0)
        *result = holds_any(f, what) ? HOLDS : FAILS;
    else if (strcmp(name, "none_of") == 0)
        *result = holds_any(f, what) ? FAILS : HOLDS;
    else if (strcmp(name, "order") == 0)
        *result = check_order(f, what);
    else if (strcmp(name, "when") == 0)
        *result = check_when(f, what);
    else if (strcmp(name, "each_person") == 0)
        *result = check_each_person(f, what->text ? what->text : "");
    else if (strcmp(name, "within_hours") == 0 || strcmp(name, "answered") == 0) {
        HU_TRY(hu_node_number(what, &number));
        if (*name == 'a')
            *result = check_answered(f, number);
        else
            *result = (double)(f->received_at - f->occurred_at) <= number * 3600 ? HOLDS : FAILS;
    } else
        return hu_node_fail(rule, "\"%s\" is no check: the head of the file names them", name);
    return NULL;
}

static void print_failed(const hu_node *rule, hu_json *json)
{
    HU_SCRATCH(arena);
    const hu_node *what = rule->items[0];
    const char *of = what->kind == HU_SCALAR ? what->text : text_of(what, "member");
    hu_json_text(json, hu_printf(arena, "%s %s", rule->keys[0]->text, of));
}

/* One criterion: the share of the checks that hold, of those that the record can show. */
static hu_error *score_criterion(const facts *f, const hu_node *criterion, hu_json *json, double *sum, size_t *n)
{
    const hu_node *checks;
    size_t held = 0, known = 0;
    HU_TRY(rules_list(criterion, "checks", &checks));
    hu_json_object(json);
    hu_json_put_text(json, "key", text_of(criterion, "key"));
    hu_json_key(json, "failed");
    hu_json_array(json);
    for (size_t i = 0; i < checks->count; i++) {
        outcome result = UNKNOWN;
        HU_TRY(check(f, checks->items[i], &result));
        held += result == HOLDS;
        known += result != UNKNOWN;
        if (result == FAILS)
            print_failed(checks->items[i], json);
    }
    hu_json_array_end(json);
    hu_json_key(json, "score");
    if (known)
        hu_json_number(json, 100.0 * (double)held / (double)known);
    else
        hu_json_null(json);
    hu_json_object_end(json);
    *sum += known ? 100.0 * (double)held / (double)known : 0;
    *n += known > 0;
    return NULL;
}

hu_error *hu_rubric_score(const hu_rubric *rubric, const json_t *record, int64_t occurred_at, int64_t received_at,
                          size_t indicators, hu_json *json)
{
    HU_SCRATCH(arena);
    facts f = {record, occurred_at, received_at, indicators, arena};
    double sum = 0;
    size_t n = 0;
    hu_json_object(json);
    hu_json_put_text(json, "rubric", rubric->version);
    hu_json_key(json, "criteria");
    hu_json_array(json);
    for (size_t i = 0; i < rubric->automatic->count; i++)
        HU_TRY(score_criterion(&f, rubric->automatic->items[i], json, &sum, &n));
    hu_json_array_end(json);
    hu_json_put_number(json, "score", n ? sum / (double)n : 0);
    hu_json_object_end(json);
    return NULL;
}

/* Every check is tried on an empty record, so that a wrong one is told when the file is read. */
static hu_error *try_checks(const hu_rubric *rubric)
{
    HU_BUF(text);
    hu_json json;
    json_t *empty = json_object();
    hu_json_start(&json, &text);
    hu_error *error = hu_rubric_score(rubric, empty, 0, 0, 1, &json);
    json_decref(empty);
    return error;
}

hu_error *hu_rubric_load(const char *rules_dir, hu_arena *arena, hu_rubric **rubric)
{
    hu_node *root;
    const hu_node *human;
    hu_rubric *to = HU_NEW(arena, hu_rubric);
    HU_TRY(hu_yaml_load(hu_path_join(arena, rules_dir, "quality.yaml"), arena, &root));
    HU_TRY(rules_text(root, "version", &to->version));
    HU_TRY(rules_list(root, "automatic", &to->automatic));
    HU_TRY(rules_list(root, "human", &human));
    to->human = HU_NEW_ARRAY(arena, const char *, human->count + 1);
    for (size_t i = 0; i < human->count; i++)
        HU_TRY(rules_text(human->items[i], "key", &to->human[to->n_human++]));
    to->json = rules_as_json(root, arena);
    HU_TRY(try_checks(to));
    *rubric = to;
    return NULL;
}
