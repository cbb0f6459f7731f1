/* Sheets and files of labels: the format of tests/reading/corpus, both ways. */

#include "huella/labelling/labelling.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- sheet to gold ---- */

static json_t *label_value(const hu_label_sheet *sheet, const char *key)
{
    for (size_t i = 0; i < sheet->n_labels; i++)
        if (strcmp(sheet->labels[i].key, key) == 0)
            return json_loads(sheet->labels[i].json, JSON_DECODE_ANY, NULL);
    return NULL;
}

/* What was not answered: the group's word, an empty list, or null. */
static json_t *unanswered(const hu_question_group *group, const hu_question *question)
{
    if (group->fallback)
        return json_string(group->fallback);
    return question->kind >= HU_ASK_CHOICES ? json_array() : json_null();
}

static json_t *group_json(const hu_question_group *group, const hu_label_sheet *sheet, const char *prefix, json_t *into)
{
    HU_SCRATCH(scratch);
    for (size_t q = 0; q < group->n_questions; q++) {
        const hu_question *question = &group->questions[q];
        json_t *value = label_value(sheet, hu_printf(scratch, "%s%s", prefix, question->key));
        if (!value || (json_is_null(value) && question->kind >= HU_ASK_CHOICES)) {
            json_decref(value);
            value = unanswered(group, question);
        }
        json_object_set_new(into, question->key, value);
    }
    return into;
}

static size_t count_defendants(const hu_label_sheet *sheet)
{
    size_t count = 0;
    for (size_t i = 0; i < sheet->n_labels; i++)
        if (strncmp(sheet->labels[i].key, "defendants[", 11) == 0) {
            size_t index = strtoul(sheet->labels[i].key + 11, NULL, 10);
            count = index + 1 > count ? index + 1 : count;
        }
    return count;
}

static json_t *defendants_json(const hu_question_group *group, const hu_label_sheet *sheet)
{
    HU_SCRATCH(scratch);
    json_t *list = json_array();
    size_t count = count_defendants(sheet);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, group_json(group, sheet, hu_printf(scratch, "defendants[%zu].", i), json_object()));
    return list;
}

/* One quote as text, several as a list. */
static json_t *evidence_json(const hu_label_sheet *sheet)
{
    json_t *evidence = json_object();
    for (size_t i = 0; i < sheet->n_spans; i++) {
        const hu_label_span *span = &sheet->spans[i];
        json_t *there = json_object_get(evidence, span->key);
        if (!there)
            json_object_set_new(evidence, span->key, json_string(span->quote));
        else if (json_is_array(there))
            json_array_append_new(there, json_string(span->quote));
        else
            json_object_set_new(evidence, span->key, json_pack("[O,s]", there, span->quote));
    }
    return evidence;
}

json_t *hu_gold_from_sheet(const hu_questionnaire *questionnaire, const hu_label_sheet *sheet)
{
    HU_SCRATCH(scratch);
    json_t *gold = json_object();
    for (size_t g = 0; g < questionnaire->n_groups; g++) {
        const hu_question_group *group = &questionnaire->groups[g];
        if (group->each_defendant)
            json_object_set_new(gold, group->key, defendants_json(group, sheet));
        else if (*group->key)
            json_object_set_new(gold, group->key,
                                group_json(group, sheet, hu_printf(scratch, "%s.", group->key), json_object()));
        else
            group_json(group, sheet, "", gold);
    }
    json_object_set_new(gold, "labeller", json_string(sheet->labeller));
    json_object_set_new(gold, "evidence", evidence_json(sheet));
    return gold;
}

/* ---- gold to sheet ---- */

static void take_group(const hu_question_group *group, const char *prefix, const json_t *values, json_t *labels)
{
    HU_SCRATCH(scratch);
    for (size_t q = 0; q < group->n_questions; q++) {
        json_t *value = json_object_get(values, group->questions[q].key);
        if (value)
            json_object_set(labels, hu_printf(scratch, "%s%s", prefix, group->questions[q].key), value);
    }
}

static json_t *labels_of(const hu_questionnaire *questionnaire, const json_t *gold)
{
    HU_SCRATCH(scratch);
    json_t *labels = json_object();
    for (size_t g = 0; g < questionnaire->n_groups; g++) {
        const hu_question_group *group = &questionnaire->groups[g];
        const json_t *values = *group->key ? json_object_get(gold, group->key) : gold;
        if (!group->each_defendant)
            take_group(group, *group->key ? hu_printf(scratch, "%s.", group->key) : "", values, labels);
        for (size_t i = 0; group->each_defendant && i < json_array_size(values); i++)
            take_group(group, hu_printf(scratch, "defendants[%zu].", i), json_array_get(values, i), labels);
    }
    return labels;
}

/* Text without its white space, and for each byte where it stood. */
typedef struct squeezed {
    char *bytes;
    size_t *at;
    size_t length;
} squeezed;

static squeezed squeeze(const char *text, hu_arena *arena)
{
    size_t length = strlen(text);
    squeezed result = {.bytes = HU_NEW_ARRAY(arena, char, length + 1), .at = HU_NEW_ARRAY(arena, size_t, length + 1)};
    for (size_t i = 0; i < length; i++)
        if (!isspace((unsigned char)text[i])) {
            result.bytes[result.length] = text[i];
            result.at[result.length++] = i;
        }
    return result;
}

static json_t *place_of(const char *text, const squeezed *all, const char *quote)
{
    HU_SCRATCH(scratch);
    squeezed words = squeeze(quote, scratch);
    const char *found = words.length ? memmem(all->bytes, all->length, words.bytes, words.length) : NULL;
    if (!found)
        return NULL;
    size_t first = (size_t)(found - all->bytes), start = all->at[first], end = all->at[first + words.length - 1] + 1;
    json_int_t before = (json_int_t)hu_utf8_count(text, start);
    json_int_t within = (json_int_t)hu_utf8_count(text + start, end - start);
    return json_pack("{s:I,s:I,s:s#}", "start", before, "end", before + within, "quote", text + start,
                     (int)(end - start));
}

static json_t *evidence_of(const hu_questionnaire *questionnaire, const char *text, const json_t *quotes, size_t *lost)
{
    HU_SCRATCH(scratch);
    squeezed all = squeeze(text, scratch);
    json_t *evidence = json_object(), *value;
    const char *key;
    json_object_foreach((json_t *)quotes, key, value) {
        size_t count = json_is_array(value) ? json_array_size(value) : 1;
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++) {
            const json_t *quote = json_is_array(value) ? json_array_get(value, i) : value;
            json_t *span = json_is_string(quote) ? place_of(text, &all, json_string_value(quote)) : NULL;
            *lost += span == NULL;
            if (span)
                json_array_append_new(list, span);
        }
        if (hu_question_find(questionnaire, key, NULL) && json_array_size(list))
            json_object_set(evidence, key, list);
        json_decref(list);
    }
    return evidence;
}

hu_error *hu_sheet_from_gold(const hu_questionnaire *questionnaire, const char *text, const json_t *gold,
                             hu_arena *arena, hu_label_sheet *sheet, size_t *lost)
{
    if (!json_is_object(json_object_get(gold, "decision")))
        return hu_fail(HU_BAD_INPUT, "expected an object with \"decision\", \"defendants\" …");
    *lost = 0;
    json_t *root = json_pack("{s:i,s:b,s:o,s:o}", "revision", 0, "done", 1, "labels", labels_of(questionnaire, gold),
                             "evidence", evidence_of(questionnaire, text, json_object_get(gold, "evidence"), lost));
    hu_error *error = hu_sheet_from_json(questionnaire, text, root, arena, sheet);
    json_decref(root);
    return error;
}
