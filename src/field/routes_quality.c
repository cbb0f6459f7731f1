/* Documentation quality: the automatic part of one's own records, and scoring by hand of a random, blinded sample. */

#include "incident.h"
#include "inside.h"
#include "routes.h"

#include "huella/base/random.h"
#include "huella/measures/krippendorff.h"

#include <math.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

enum { RATERS = 2 };

static hu_error *rubric(call *c)
{
    c->exchange->answer = hu_str_of(c->field->rules->rubric->json);
    return NULL;
}

static hu_error *automatic(call *c)
{
    HU_BUF(text);
    hu_json json;
    incident one;
    HU_TRY(incident_require(c, HU_ACT_QUALITY, c->id, &one));
    json_t *record = json_loadb(one.text.data, one.text.length, 0, NULL);
    size_t indicators = 0;
    const hu_indicators *list = c->field->rules->indicators;
    int profile = hu_indicators_profile(list, json_string_value(json_object_get(record, "profile")));
    for (size_t i = 0; i < list->n; i++)
        indicators += profile < 0 || list->items[i].strength[profile] != HU_NO_STRENGTH;
    hu_json_start(&json, &text);
    hu_error *error =
        hu_rubric_score(c->field->rules->rubric, record, one.occurred_at, one.received_at, indicators, &json);
    json_decref(record);
    call_answer(c, MHD_HTTP_OK, &text);
    return error;
}

/* ---- the sample ---- */

static const shape sample_shape[] = {
    {.name = "size",
     .type = SHAPE_INTEGER,
     .required = true,
     .least = 1,
     .limit = 10000,
     .help = "Incidents to draw, without replacement, among those that were not drawn yet."},
    {.name = "seed",
     .type = SHAPE_INTEGER,
     .required = true,
     .least = 0,
     .limit = 2147483647,
     .help = "Public: the same seed draws the same of the same incidents."},
    {0},
};

static const char sample_example[] = "{\"size\":20,\"seed\":20270101}";

typedef struct names {
    const char **ids;
    size_t n;
} names;

static hu_error *read_names(call *c, const char *sql, names *to)
{
    sqlite3_stmt *row;
    bool more = true;
    size_t room = 0;
    hu_error *error;
    *to = (names){0};
    HU_TRY(hu_db_bind(c->store, &row, sql, ""));
    while (!(error = hu_db_step(c->store, row, &more)) && more) {
        if (to->n == room) {
            to->ids = hu_regrow(c->arena, to->ids, to->n, room * 2 + 64, sizeof *to->ids);
            room = room * 2 + 64;
        }
        to->ids[to->n++] = hu_db_text(row, 0, c->arena);
    }
    return error;
}

/* Two raters for each, taken in turns from a random place on, so that every pair meets. */
static hu_error *assign(call *c, const names *raters, hu_random *random, const char *incident_id, double probability)
{
    size_t first = (size_t)hu_random_below(random, raters->n);
    size_t second = (first + 1 + (size_t)hu_random_below(random, raters->n - 1)) % raters->n;
    size_t both[RATERS] = {first, second};
    for (int k = 0; k < RATERS; k++)
        HU_TRY(hu_db_run(c->store,
                         "INSERT INTO quality_items (item_id, incident_id, rater, probability, drawn_at) "
                         "VALUES (?, ?, ?, ?, ?)",
                         "tttdi", hu_uuid_new(c->arena), incident_id, raters->ids[both[k]], probability, c->now));
    return NULL;
}

static hu_error *draw(call *c)
{
    names incidents, raters;
    size_t size = (size_t)json_integer_value(json_object_get(c->body, "size"));
    uint64_t seed = (uint64_t)json_integer_value(json_object_get(c->body, "seed"));
    HU_TRY(
        read_names(c,
                   "SELECT incident_id FROM incidents WHERE incident_id NOT IN (SELECT incident_id FROM quality_items) "
                   "AND incident_id IN (SELECT record_id FROM vault_keys) ORDER BY incident_id",
                   &incidents));
    HU_TRY(read_names(
        c, "SELECT account_id FROM accounts WHERE role = 'supervisor' AND disabled = 0 ORDER BY account_id", &raters));
    if (raters.n < RATERS)
        return call_refuse(c, MHD_HTTP_CONFLICT, "two raters are needed: supervisors who may sign in");
    if (size > incidents.n)
        size = incidents.n;
    size_t *order = HU_NEW_ARRAY(c->arena, size_t, incidents.n + 1);
    for (size_t i = 0; i < incidents.n; i++)
        order[i] = i;
    hu_random random = hu_random_start(seed, hu_random_stream("field.quality", 0));
    hu_random_shuffle(&random, order, incidents.n);
    for (size_t i = 0; i < size; i++)
        HU_TRY(assign(c, &raters, &random, incidents.ids[order[i]], (double)size / (double)incidents.n));
    HU_TRY(call_audit(
        c, "quality.sample", "",
        hu_printf(c->arena, "{\"size\":%zu,\"of\":%zu,\"seed\":%llu}", size, incidents.n, (unsigned long long)seed)));
    c->exchange->answer = hu_str_of(hu_printf(c->arena, "{\"drawn\":%zu,\"of\":%zu}", size, incidents.n));
    c->exchange->status = MHD_HTTP_CREATED;
    return NULL;
}

/* ---- scoring ---- */

static hu_error *queue(call *c)
{
    HU_BUF(text);
    hu_json json;
    sqlite3_stmt *row;
    bool more = true;
    hu_error *error;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_key(&json, "items");
    hu_json_array(&json);
    HU_TRY(hu_db_bind(c->store, &row,
                      "SELECT item_id, scored_at IS NOT NULL FROM quality_items WHERE rater = ? "
                      "ORDER BY scored_at IS NOT NULL, item_id LIMIT 500",
                      "t", c->account.id));
    while (!(error = hu_db_step(c->store, row, &more)) && more) {
        hu_json_object(&json);
        hu_json_put_text(&json, "id", hu_db_text(row, 0, c->arena));
        hu_json_put_bool(&json, "scored", sqlite3_column_int(row, 1));
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return error;
}

/* The incident behind an item that is this rater's. */
static hu_error *require_item(call *c, const char **incident_id)
{
    sqlite3_stmt *row;
    bool found;
    HU_TRY(hu_db_first(c->store, &row, &found, "SELECT incident_id FROM quality_items WHERE item_id = ? AND rater = ?",
                       "tt", c->id, c->account.id));
    if (!found)
        return call_missing(c);
    *incident_id = hu_db_text(row, 0, c->arena);
    hu_db_done(row);
    return NULL;
}

/* What is scored, without who, where and when: a rater should not guess the officer, the district, or its arm. */
static hu_error *item(call *c)
{
    static const char *const blinded[] = {"district",    "place", "point",       "occurred_at", "recorded_at",
                                          "finished_at", "extra", "app_version", NULL};
    const char *incident_id = "";
    incident one;
    bool found;
    HU_TRY(require_item(c, &incident_id));
    HU_TRY(incident_find(c, incident_id, &one, &found));
    if (!found)
        return call_missing(c);
    json_t *record = json_loadb(one.text.data, one.text.length, 0, NULL);
    for (const char *const *hidden = blinded; *hidden; hidden++)
        json_object_del(record, *hidden);
    char *text = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(record);
    c->exchange->answer = hu_str_of(hu_strdup(c->arena, text ? text : "{}"));
    free(text);
    return NULL;
}

static const shape score_shape[] = {
    {.name = "scores",
     .type = SHAPE_MAP,
     .required = true,
     .values = "0|1|2",
     .limit = 50,
     .help = "By the criterion's key: GET /api/quality/rubric. All of them."},
    {0},
};

static const char score_example[] =
    "{\"scores\":{\"who_what_when_where\":\"2\",\"facts_apart_from_inference\":\"1\",\"act_means_purpose\":\"1\","
    "\"source_of_each_fact\":\"1\",\"own_words\":\"2\",\"risk_and_needs\":\"1\",\"referral_reason\":\"0\","
    "\"respectful_language\":\"2\"}}";

static hu_error *check_scores(call *c, const json_t *scores)
{
    const hu_rubric *r = c->field->rules->rubric;
    for (size_t i = 0; i < r->n_human; i++)
        if (!json_object_get(scores, r->human[i]))
            return hu_fail(HU_BAD_INPUT, "/scores/%s: expected 0, 1 or 2", r->human[i]);
    return json_object_size(scores) == r->n_human
               ? NULL
               : hu_fail(HU_BAD_INPUT, "/scores: expected the rubric's criteria only");
}

static hu_error *score(call *c)
{
    const char *incident_id = "", *key;
    json_t *value, *scores = json_object_get(c->body, "scores");
    HU_TRY(require_item(c, &incident_id));
    HU_TRY(check_scores(c, scores));
    json_object_foreach(scores, key, value)
        HU_TRY(hu_db_run(c->store,
                         "INSERT INTO quality_scores (item_id, criterion, points) VALUES (?, ?, ?) "
                         "ON CONFLICT (item_id, criterion) DO UPDATE SET points = excluded.points",
                         "tti", c->id, key, (int64_t)(json_string_value(value)[0] - '0')));
    HU_TRY(hu_db_run(c->store, "UPDATE quality_items SET scored_at = ? WHERE item_id = ?", "it", c->now, c->id));
    HU_TRY(call_audit(c, "quality.score", c->id, NULL));
    call_done(c);
    return NULL;
}

/* ---- agreement ---- */

/* Pairs of one criterion's points: the first rater's beside the second's. */
static hu_error *read_pairs(call *c, const char *criterion, double **pairs, size_t *n)
{
    sqlite3_stmt *row;
    bool more = true;
    size_t room = 0;
    double *first = NULL, *second = NULL;
    hu_error *error;
    *n = 0;
    HU_TRY(hu_db_bind(c->store, &row,
                      "SELECT sa.points, sb.points FROM quality_items a JOIN quality_items b "
                      "ON b.incident_id = a.incident_id AND b.item_id > a.item_id "
                      "JOIN quality_scores sa ON sa.item_id = a.item_id AND sa.criterion = ?1 "
                      "JOIN quality_scores sb ON sb.item_id = b.item_id AND sb.criterion = ?1 ORDER BY a.item_id",
                      "t", criterion));
    for (; !(error = hu_db_step(c->store, row, &more)) && more; ++*n) {
        if (*n == room) {
            first = hu_regrow(c->arena, first, room, room * 2 + 64, sizeof *first);
            second = hu_regrow(c->arena, second, room, room * 2 + 64, sizeof *second);
            room = room * 2 + 64;
        }
        first[*n] = sqlite3_column_double(row, 0);
        second[*n] = sqlite3_column_double(row, 1);
    }
    *pairs = HU_NEW_ARRAY(c->arena, double, 2 * *n + 1);
    if (*n) {
        memcpy(*pairs, first, *n * sizeof **pairs);
        memcpy(*pairs + *n, second, *n * sizeof **pairs);
    }
    return error;
}

static hu_error *agreement(call *c)
{
    HU_BUF(text);
    hu_json json;
    const hu_rubric *r = c->field->rules->rubric;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_key(&json, "criteria");
    hu_json_array(&json);
    for (size_t i = 0; i < r->n_human; i++) {
        double *pairs;
        size_t n;
        hu_krippendorff a = {.alpha = NAN, .lower = NAN, .upper = NAN, .agreement = NAN};
        hu_krippendorff_options options = {.level = HU_ALPHA_ORDINAL, .seed = 1};
        HU_TRY(read_pairs(c, r->human[i], &pairs, &n));
        if (n)
            HU_TRY(hu_krippendorff_alpha(pairs, n, RATERS, &options, &a));
        hu_json_object(&json);
        hu_json_put_text(&json, "key", r->human[i]);
        hu_json_put_integer(&json, "pairs", (int64_t)n);
        hu_json_put_number(&json, "alpha", a.alpha);
        hu_json_put_number(&json, "lower", a.lower);
        hu_json_put_number(&json, "upper", a.upper);
        hu_json_put_number(&json, "agreement", a.agreement);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

const route routes_quality[] = {
    {"GET", "/api/quality/rubric", HU_ACT_SELF, rubric, .summary = "The rubric of documentation quality."},
    {"GET", "/api/incidents/{uuid}/quality", HU_ACT_QUALITY, automatic,
     .summary = "The automatic part of the rubric for an incident: which checks fail."},
    {"POST", "/api/quality/sample", HU_ACT_RESEARCH, NULL, draw, sample_shape, sample_example,
     .summary = "Draw incidents at random for scoring by hand, two raters each."},
    {"GET", "/api/quality/items", HU_ACT_SCORE, queue, .summary = "What the account is to score."},
    {"GET", "/api/quality/items/{uuid}", HU_ACT_SCORE, item,
     .summary = "A record to score: officer, district and times are hidden."},
    {"PUT", "/api/quality/items/{uuid}", HU_ACT_SCORE, NULL, score, score_shape, score_example, .summary = "Score it."},
    {"GET", "/api/quality/agreement", HU_ACT_RESEARCH, agreement, .slow = true,
     .summary = "Krippendorff's alpha (ordinal) of the two raters, criterion by criterion, with its interval."},
    {0},
};
