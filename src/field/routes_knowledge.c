/* Sitting the knowledge test: begun, answered once, never told which answers are right. */

#include "huella/field/knowledge.h"

#include "inside.h"
#include "routes.h"

#include <microhttpd.h>
#include <string.h>

typedef struct sitting {
    const char *account, *wave, *form;
    bool finished;
} sitting;

static hu_error *find(call *c, sitting *one, bool *found)
{
    sqlite3_stmt *row;
    HU_TRY(hu_db_first(c->store, &row, found,
                       "SELECT account_id, wave, form, finished_at IS NOT NULL FROM knowledge_sittings "
                       "WHERE sitting_id = ?",
                       "t", c->id));
    if (!*found)
        return NULL;
    *one = (sitting){hu_db_text(row, 0, c->arena), hu_db_text(row, 1, c->arena), hu_db_text(row, 2, c->arena),
                     sqlite3_column_int(row, 3)};
    hu_db_done(row);
    return NULL;
}

static hu_error *require(call *c, sitting *one)
{
    bool found;
    HU_TRY(find(c, one, &found));
    hu_belongs whose = {found ? one->account : NULL, c->account.district, NULL};
    return found && hu_permit_record(HU_ACT_TEST, &c->account, &whose) ? NULL : call_missing(c);
}

static void answer_sitting(call *c, int status, const sitting *one)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "id", c->id);
    hu_json_put_text(&json, "wave", one->wave);
    hu_json_put_text(&json, "form", one->form);
    hu_json_put_bool(&json, "finished", one->finished);
    if (!one->finished) {
        hu_json_key(&json, "items");
        hu_knowledge_print(c->field->rules->knowledge, one->form, c->id, &json);
    }
    hu_json_object_end(&json);
    call_answer(c, status, &text);
}

static const shape start_shape[] = {
    {.name = "wave", .type = SHAPE_CHOICE, .required = true, .values = "pre|post"},
    {0},
};

static const char start_example[] = "{\"wave\":\"pre\"}";

/* Half of the accounts sit form A first, the other half form B: which half follows from the account's number, made at
 * random. */
static const char *form_of(const call *c, const char *wave)
{
    bool a_first = strchr("01234567", c->account.id[0]) != NULL;
    return a_first == (strcmp(wave, "pre") == 0) ? "A" : "B";
}

static hu_error *commit_start(call *c)
{
    sitting one = {.wave = call_text(c, "wave")};
    sqlite3_stmt *row;
    bool found, taken;
    if (!hu_uuid_valid(c->id))
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "the sitting's name: expected a UUID in small letters");
    HU_TRY(find(c, &one, &found));
    if (found) {
        HU_TRY(require(c, &one));
        answer_sitting(c, MHD_HTTP_OK, &one);
        return NULL;
    }
    HU_TRY(hu_db_first(c->store, &row, &taken, "SELECT 1 FROM knowledge_sittings WHERE account_id = ? AND wave = ?",
                       "tt", c->account.id, one.wave));
    hu_db_done(row);
    if (taken)
        return call_refuse(c, MHD_HTTP_CONFLICT, "the %s test was begun under another number", one.wave);
    one.form = form_of(c, one.wave);
    HU_TRY(hu_db_run(c->store,
                     "INSERT INTO knowledge_sittings (sitting_id, account_id, wave, form, bank, started_at) "
                     "VALUES (?, ?, ?, ?, ?, ?)",
                     "tttt"
                     "ti",
                     c->id, c->account.id, one.wave, one.form, c->field->rules->knowledge->version, c->now));
    HU_TRY(call_audit(c, "knowledge.start", c->id, NULL));
    answer_sitting(c, MHD_HTTP_CREATED, &one);
    return NULL;
}

static const shape answers_shape[] = {
    {.name = "answers",
     .type = SHAPE_MAP,
     .required = true,
     .limit = 200,
     .help = "The chosen option's key by the item's id; an item left out was not answered."},
    {0},
};

static const char answers_example[] = "{\"answers\":{\"ind01\":\"a\",\"ind02\":\"c\"}}";

static hu_error *keep_answer(call *c, const hu_knowledge_item *item, size_t position, const char *answer)
{
    return hu_db_run(
        c->store, "INSERT INTO knowledge_answers (sitting_id, item, position, answer, correct) VALUES (?, ?, ?, ?, ?)",
        "ttiti", c->id, item->id, (int64_t)position, answer, (int64_t)(answer && strcmp(answer, item->right) == 0));
}

static hu_error *commit_answers(call *c)
{
    sitting one = {0};
    const hu_knowledge_item **items;
    size_t n, known = 0;
    const json_t *answers = json_object_get(c->body, "answers");
    HU_TRY(require(c, &one));
    if (one.finished)
        return call_refuse(c, MHD_HTTP_CONFLICT, "the test was handed in already");
    hu_knowledge_order(c->field->rules->knowledge, one.form, c->id, c->arena, &items, &n);
    for (size_t i = 0; i < n; i++) {
        const char *answer = json_string_value(json_object_get(answers, items[i]->id));
        known += json_object_get(answers, items[i]->id) != NULL;
        HU_TRY(keep_answer(c, items[i], i + 1, answer));
    }
    if (known != json_object_size(answers))
        return hu_fail(HU_BAD_INPUT, "/answers: an item is not among those of this sitting");
    HU_TRY(
        hu_db_run(c->store, "UPDATE knowledge_sittings SET finished_at = ? WHERE sitting_id = ?", "it", c->now, c->id));
    HU_TRY(call_audit(c, "knowledge.finish", c->id, NULL));
    call_done(c);
    return NULL;
}

static hu_error *get(call *c)
{
    sitting one = {0};
    HU_TRY(require(c, &one));
    answer_sitting(c, MHD_HTTP_OK, &one);
    return NULL;
}

const route routes_knowledge[] = {
    {"PUT", "/api/knowledge/sittings/{uuid}", HU_ACT_TEST, NULL, commit_start, start_shape, start_example,
     .summary = "Begin the test before or after the training: its items, in an order of this sitting's own."},
    {"GET", "/api/knowledge/sittings/{uuid}", HU_ACT_TEST, get,
     .summary = "A sitting; its items until it is handed in."},
    {"PUT", "/api/knowledge/sittings/{uuid}/answers", HU_ACT_TEST, NULL, commit_answers, answers_shape, answers_example,
     .summary = "Hand the test in, once."},
    {0},
};
