/* Sheets as JSON: what the page sends is checked against the questionnaire and the text before it is kept. */

#include "huella/labelling/labelling.h"

#include "huella/base/date.h"
#include "huella/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 2000, MAX_LIST = 200, MAX_LABELS = 5000, MAX_SPANS = 5000 };

static bool short_text(const json_t *value)
{
    return json_is_string(value) && json_string_length(value) > 0 && json_string_length(value) <= MAX_TEXT &&
           strlen(json_string_value(value)) == json_string_length(value);
}

static bool is_choice(const hu_question *question, const json_t *value)
{
    char digits[32] = "";
    if (question->numbers && json_is_integer(value))
        snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
    const char *code = question->numbers ? digits : json_is_string(value) ? json_string_value(value) : "";
    for (size_t i = 0; i < question->n_choices; i++)
        if (strcmp(question->choices[i].code, code) == 0)
            return true;
    return false;
}

static bool is_offence(const hu_questionnaire *questionnaire, const json_t *value)
{
    const json_t *code = json_object_get(value, "offence"), *article = json_object_get(value, "article");
    if (!json_is_string(code) || !(short_text(article) || json_is_null(article)) || json_object_size(value) != 2)
        return false;
    if (strcmp(json_string_value(code), "other") == 0)
        return true;
    for (size_t i = 0; i < questionnaire->n_offences; i++)
        if (strcmp(questionnaire->offences[i], json_string_value(code)) == 0)
            return true;
    return false;
}

static bool is_list(const hu_questionnaire *questionnaire, const hu_question *question, const json_t *value)
{
    if (!json_is_array(value) || json_array_size(value) > MAX_LIST)
        return false;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        bool fine = question->kind == HU_ASK_CHOICES    ? is_choice(question, item)
                    : question->kind == HU_ASK_OFFENCES ? is_offence(questionnaire, item)
                                                        : short_text(item);
        if (!fine)
            return false;
    }
    return true;
}

static bool is_date(const json_t *value)
{
    hu_date date;
    return json_is_string(value) && hu_date_parse_iso(hu_str_of(json_string_value(value)), &date);
}

static bool value_fits(const hu_questionnaire *questionnaire, const hu_question *question, const json_t *value)
{
    if (json_is_null(value))
        return true;
    switch (question->kind) {
    case HU_ASK_TEXT:
        return short_text(value);
    case HU_ASK_DATE:
        return is_date(value);
    case HU_ASK_NUMBER:
        return json_is_number(value) && json_number_value(value) >= 0 && json_number_value(value) <= 1e12;
    case HU_ASK_BOOL:
        return json_is_boolean(value);
    case HU_ASK_CHOICE:
        return is_choice(question, value);
    default:
        return is_list(questionnaire, question, value);
    }
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const hu_label *)a)->key, ((const hu_label *)b)->key);
}

static int by_key_and_place(const void *a, const void *b)
{
    const hu_label_span *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order || x->start == y->start)
        return order ? order : (x->end > y->end) - (x->end < y->end);
    return x->start > y->start ? 1 : -1;
}

static hu_error *read_labels(const hu_questionnaire *questionnaire, const json_t *labels, hu_arena *arena,
                             hu_label_sheet *sheet)
{
    const char *key;
    json_t *value;
    if (!json_is_object(labels) || json_object_size(labels) > MAX_LABELS)
        return hu_fail(HU_BAD_INPUT, "\"labels\": expected an object of at most %d values", MAX_LABELS);
    sheet->labels = HU_NEW_ARRAY(arena, hu_label, json_object_size(labels));
    json_object_foreach((json_t *)labels, key, value) {
        const hu_question *question = hu_question_find(questionnaire, key, NULL);
        if (!question)
            return hu_fail(HU_BAD_INPUT, "\"%s\" is not asked", key);
        if (!value_fits(questionnaire, question, value))
            return hu_fail(HU_BAD_INPUT, "\"%s\": the value is not of the kind that is asked", key);
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
        sheet->labels[sheet->n_labels++] = (hu_label){hu_strdup(arena, key), hu_strdup(arena, text ? text : "null")};
        free(text);
    }
    if (sheet->n_labels)
        qsort(sheet->labels, sheet->n_labels, sizeof *sheet->labels, by_key);
    return NULL;
}

/* Byte offsets of code points, walked on from the last one asked for while they rise. */
typedef struct walk {
    const char *text, *end, *at;
    int64_t points;
} walk;

static const char *byte_at(walk *from, int64_t points)
{
    if (points < from->points) {
        from->at = from->text;
        from->points = 0;
    }
    while (from->points < points && from->at < from->end) {
        hu_utf8_next(&from->at, from->end);
        from->points++;
    }
    return from->points == points ? from->at : NULL;
}

static hu_error *read_span(const char *key, const json_t *value, walk *points, hu_arena *arena, hu_label_span *span)
{
    const json_t *start = json_object_get(value, "start"), *end = json_object_get(value, "end");
    const json_t *quote = json_object_get(value, "quote");
    if (!json_is_integer(start) || !json_is_integer(end) || !json_is_string(quote) || json_integer_value(start) < 0 ||
        json_integer_value(end) <= json_integer_value(start))
        return hu_fail(HU_BAD_INPUT, "evidence of \"%s\": expected start, end and quote", key);
    const char *from = byte_at(points, json_integer_value(start)),
               *to = from ? byte_at(points, json_integer_value(end)) : NULL;
    if (!to || json_string_length(quote) != (size_t)(to - from) ||
        memcmp(json_string_value(quote), from, (size_t)(to - from)) != 0)
        return hu_fail(HU_BAD_INPUT, "evidence of \"%s\": the quote is not the text from %lld to %lld", key,
                       (long long)json_integer_value(start), (long long)json_integer_value(end));
    *span = (hu_label_span){.key = hu_strdup(arena, key),
                            .quote = hu_strndup(arena, from, (size_t)(to - from)),
                            .start = json_integer_value(start),
                            .end = json_integer_value(end)};
    return NULL;
}

static hu_error *read_evidence(const hu_questionnaire *questionnaire, const char *text, const json_t *evidence,
                               hu_arena *arena, hu_label_sheet *sheet)
{
    const char *key;
    json_t *list;
    walk points = {.text = text, .end = text + strlen(text), .at = text};
    if (!json_is_object(evidence))
        return hu_fail(HU_BAD_INPUT, "\"evidence\": expected an object");
    json_object_foreach((json_t *)evidence, key, list) {
        if (!hu_question_find(questionnaire, key, NULL) || !json_is_array(list))
            return hu_fail(HU_BAD_INPUT, "evidence of \"%s\": expected a key that is asked, and a list", key);
        for (size_t i = 0; i < json_array_size(list); i++) {
            if (sheet->n_spans == MAX_SPANS)
                return hu_fail(HU_LIMIT, "more than %d pieces of evidence", MAX_SPANS);
            sheet->spans = hu_regrow(arena, sheet->spans, sheet->n_spans, sheet->n_spans + 1, sizeof *sheet->spans);
            HU_TRY(read_span(key, json_array_get(list, i), &points, arena, &sheet->spans[sheet->n_spans]));
            sheet->n_spans++;
        }
    }
    if (sheet->n_spans)
        qsort(sheet->spans, sheet->n_spans, sizeof *sheet->spans, by_key_and_place);
    return NULL;
}

hu_error *hu_sheet_from_json(const hu_questionnaire *questionnaire, const char *text, const json_t *root,
                             hu_arena *arena, hu_label_sheet *sheet)
{
    const json_t *revision = json_object_get(root, "revision"), *done = json_object_get(root, "done");
    if (!json_is_integer(revision) || json_integer_value(revision) < 0 || !json_is_boolean(done))
        return hu_fail(HU_BAD_INPUT, "expected \"revision\", a number, and \"done\", true or false");
    *sheet = (hu_label_sheet){.revision = json_integer_value(revision), .done = json_is_true(done)};
    HU_TRY(read_labels(questionnaire, json_object_get(root, "labels"), arena, sheet));
    return read_evidence(questionnaire, text, json_object_get(root, "evidence"), arena, sheet);
}

json_t *hu_sheet_json(const hu_label_sheet *sheet)
{
    json_t *labels = json_object(), *evidence = json_object();
    for (size_t i = 0; i < sheet->n_labels; i++)
        json_object_set_new(labels, sheet->labels[i].key, json_loads(sheet->labels[i].json, JSON_DECODE_ANY, NULL));
    for (size_t i = 0; i < sheet->n_spans; i++) {
        const hu_label_span *span = &sheet->spans[i];
        if (!json_object_get(evidence, span->key))
            json_object_set_new(evidence, span->key, json_array());
        json_array_append_new(json_object_get(evidence, span->key),
                              json_pack("{s:I,s:I,s:s}", "start", (json_int_t)span->start, "end", (json_int_t)span->end,
                                        "quote", span->quote));
    }
    return json_pack("{s:s,s:I,s:b,s:o,s:o}", "labeller", sheet->labeller, "revision", (json_int_t)sheet->revision,
                     "done", sheet->done, "labels", labels, "evidence", evidence);
}
