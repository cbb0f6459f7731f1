/* What the system says about itself: health, description, rules, offices, permissions, figures. */

#include "inside.h"
#include "routes.h"

#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

/* Well: the store answers, and the writer takes changes. */
static hu_error *health(call *c)
{
    sqlite3_stmt *row;
    bool found;
    HU_TRY(hu_db_first(c->store, &row, &found, "SELECT value FROM field_sequence", ""));
    hu_db_done(row);
    c->exchange->answer = hu_str_of("{\"status\":\"ok\",\"version\":\"" HU_VERSION "\"}");
    return NULL;
}

static hu_error *description(call *c)
{
    c->exchange->answer = (hu_str){c->field->description.data, c->field->description.length};
    return NULL;
}

static hu_error *indicators(call *c)
{
    c->exchange->answer = hu_str_of(c->field->rules->indicators->json);
    hu_exchange_set_header(c->exchange, "Cache-Control", "private, max-age=300");
    return NULL;
}

static hu_error *referral_rules(call *c)
{
    c->exchange->answer = hu_str_of(c->field->rules->referrals->json);
    hu_exchange_set_header(c->exchange, "Cache-Control", "private, max-age=300");
    return NULL;
}

static hu_error *institutions(call *c)
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
                      "SELECT institution_id, agency, name, district, active FROM institutions ORDER BY name", ""));
    while (!(error = hu_db_step(c->store, row, &more)) && more) {
        hu_json_object(&json);
        hu_json_put_text(&json, "id", hu_db_text(row, 0, c->arena));
        hu_json_put_text(&json, "agency", hu_db_text(row, 1, c->arena));
        hu_json_put_text(&json, "name", hu_db_text(row, 2, c->arena));
        hu_json_put_text(&json, "district", hu_db_text(row, 3, c->arena));
        hu_json_put_bool(&json, "active", sqlite3_column_int(row, 4));
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return error;
}

/* The account's own row of the table of permissions: what the app shows and hides. */
static hu_error *permissions(call *c)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "role", hu_role_name(c->account.role));
    hu_json_key(&json, "acts");
    hu_json_object(&json);
    for (int act = 0; act < HU_ACTS; act++)
        hu_json_put_text(&json, hu_act_name((hu_act)act), hu_reach_name(hu_permit_reach((hu_act)act, c->account.role)));
    hu_json_object_end(&json);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

/* ---- figures, in the text form that Prometheus reads ---- */

static long long resident_bytes(void)
{
    char line[128] = "";
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    char *resident = fgets(line, sizeof line, file) ? strchr(line, ' ') : NULL; /* the second of its numbers */
    fclose(file);
    return resident ? strtoll(resident, NULL, 10) * sysconf(_SC_PAGESIZE) : 0;
}

static void print_times(const traffic *t, hu_buf *out)
{
    long long sum = 0;
    hu_buf_add_text(out, "# TYPE huella_request_seconds histogram\n");
    for (int i = 0; i < TRAFFIC_TIMES; i++) {
        sum += atomic_load(&t->by_time[i]);
        hu_buf_printf(out, "huella_request_seconds_bucket{le=\"%g\"} %lld\n", traffic_times[i] / 1000, sum);
    }
    sum += atomic_load(&t->by_time[TRAFFIC_TIMES]);
    hu_buf_printf(out, "huella_request_seconds_bucket{le=\"+Inf\"} %lld\n", sum);
    hu_buf_printf(out, "huella_request_seconds_sum %.6f\n", (double)atomic_load(&t->microseconds) / 1e6);
    hu_buf_printf(out, "huella_request_seconds_count %lld\n", sum);
}

static hu_error *metrics(call *c)
{
    HU_BUF(out);
    const traffic *t = &c->field->traffic;
    lane_counts writer = lane_count(c->field->writer), slow = lane_count(c->field->slow);
    hu_buf_add_text(&out, "# TYPE huella_requests_total counter\n");
    for (int s = 1; s <= 5; s++)
        hu_buf_printf(&out, "huella_requests_total{status=\"%dxx\"} %lld\n", s,
                      (long long)atomic_load(&t->by_status[s]));
    print_times(t, &out);
    hu_buf_printf(&out,
                  "# TYPE huella_writes_total counter\nhuella_writes_total %lld\n"
                  "# TYPE huella_commits_total counter\nhuella_commits_total %lld\n"
                  "# TYPE huella_writes_waiting gauge\nhuella_writes_waiting %lld\n"
                  "# TYPE huella_slow_waiting gauge\nhuella_slow_waiting %lld\n"
                  "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes %lld\n",
                  (long long)writer.jobs, (long long)writer.batches, (long long)writer.waiting, (long long)slow.waiting,
                  resident_bytes());
    c->exchange->type = "text/plain; version=0.0.4";
    call_answer(c, MHD_HTTP_OK, &out);
    return NULL;
}

const route routes_about[] = {
    {"GET", "/api/health", HU_ACT_OPEN, health, .summary = "Whether the server and its store answer."},
    {"GET", "/api/openapi.json", HU_ACT_OPEN, description, .summary = "This description."},
    {"GET", "/api/indicators", HU_ACT_SELF, indicators, .temporary = true,
     .summary = "The indicator checklist, with its sources."},
    {"GET", "/api/referral-rules", HU_ACT_SELF, referral_rules, .temporary = true,
     .summary = "States, steps, deadlines and kinds of referrals."},
    {"GET", "/api/institutions", HU_ACT_SELF, institutions, .summary = "Offices that receive referrals."},
    {"GET", "/api/permissions", HU_ACT_SELF, permissions, .temporary = true,
     .summary = "What the account may do, and how far."},
    {"GET", "/api/metrics", HU_ACT_METRICS, metrics, .summary = "Counters and times, as Prometheus reads them."},
    {0},
};
