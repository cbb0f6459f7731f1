/* The community survey of trust: its questions, and answers without a name. */

#include "inside.h"
#include "routes.h"

#include <microhttpd.h>
#include <string.h>

static hu_error *questionnaire(call *c)
{
    c->exchange->answer = hu_str_of(c->field->rules->trust_json);
    return NULL;
}

static const shape survey_shape[] = {
    {.name = "district", .type = SHAPE_DISTRICT, .required = true},
    {.name = "wave", .type = SHAPE_CHOICE, .required = true, .values = "pre|post"},
    {.name = "mode", .type = SHAPE_CHOICE, .required = true, .values = "in_person|telephone|self|imported"},
    {.name = "taken_at", .type = SHAPE_INSTANT, .required = true},
    {.name = "answers",
     .type = SHAPE_MAP,
     .required = true,
     .limit = 200,
     .help = "A whole number on the question's scale, by its id; refused and \"does not know\" are left out."},
    {0},
};

static const char survey_example[] =
    "{\"district\":\"150116\",\"wave\":\"pre\",\"mode\":\"in_person\",\"taken_at\":\"2026-03-05T14:30:00-05:00\","
    "\"answers\":{\"trust_serenazgo\":4,\"trust_pnp\":3,\"report_serenazgo\":3}}";

static hu_error *points_of(const call *c, const char *id, long *points)
{
    const hu_node *questions, *scales;
    HU_TRY(rules_list(c->field->rules->trust, "questions", &questions));
    HU_TRY(rules_list(c->field->rules->trust, "scales", &scales));
    for (size_t i = 0; i < questions->count; i++) {
        const char *key = "", *scale = "", *name = "";
        HU_TRY(rules_text(questions->items[i], "id", &key));
        HU_TRY(rules_text(questions->items[i], "scale", &scale));
        for (size_t k = 0; strcmp(key, id) == 0 && k < scales->count; k++) {
            HU_TRY(rules_text(scales->items[k], "key", &name));
            if (strcmp(name, scale) == 0)
                return hu_node_integer(hu_node_get(scales->items[k], "points"), points);
        }
    }
    return hu_fail(HU_BAD_INPUT, "/answers/%s: no such question in the questionnaire", id);
}

static hu_error *prepare_put(call *c)
{
    const char *key, *district = call_text(c, "district");
    json_t *value;
    hu_belongs whose = {c->account.id, district, NULL};
    if (!hu_uuid_valid(c->id))
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "the survey's name: expected a UUID in small letters");
    if (!hu_permit_record(HU_ACT_SURVEY, &c->account, &whose))
        return call_refuse(c, MHD_HTTP_FORBIDDEN, "/district: you take surveys in district %s", c->account.district);
    json_object_foreach(json_object_get(c->body, "answers"), key, value) {
        long points = 0;
        HU_TRY(points_of(c, key, &points));
        if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > points)
            return hu_fail(HU_BAD_INPUT, "/answers/%s: expected a whole number from 1 to %ld", key, points);
    }
    return NULL;
}

/* A survey is what was answered: it is taken once and never changed. */
static hu_error *commit_put(call *c)
{
    sqlite3_stmt *row;
    bool found;
    const char *key, *version = "";
    json_t *value;
    HU_TRY(hu_db_first(c->store, &row, &found, "SELECT 1 FROM surveys WHERE survey_id = ? AND taken_by = ?", "tt",
                       c->id, c->account.id));
    hu_db_done(row);
    c->exchange->answer = hu_str_of(hu_printf(c->arena, "{\"id\":\"%s\"}", c->id));
    if (found)
        return NULL;
    HU_TRY(rules_text(c->field->rules->trust, "version", &version));
    HU_TRY(hu_db_run(c->store,
                     "INSERT INTO surveys (survey_id, district, wave, mode, taken_by, taken_at, questionnaire) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?)",
                     "tttttit", c->id, call_text(c, "district"), call_text(c, "wave"), call_text(c, "mode"),
                     c->account.id, call_instant(c, "taken_at"), version));
    json_object_foreach(json_object_get(c->body, "answers"), key, value)
        HU_TRY(hu_db_run(c->store, "INSERT INTO survey_answers (survey_id, question, value) VALUES (?, ?, ?)", "tti",
                         c->id, key, (int64_t)json_integer_value(value)));
    HU_TRY(call_audit(c, "survey.create", c->id, NULL));
    c->exchange->status = MHD_HTTP_CREATED;
    return NULL;
}

const route routes_surveys[] = {
    {"GET", "/api/surveys/questionnaire", HU_ACT_SELF, questionnaire, .summary = "The questions of the trust survey."},
    {"PUT", "/api/surveys/{uuid}", HU_ACT_SURVEY, prepare_put, commit_put, survey_shape, survey_example,
     .summary = "Answers of one respondent, without a name."},
    {0},
};
