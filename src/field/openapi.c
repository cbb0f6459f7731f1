/* The description of the API, OpenAPI 3.1, from the table of routes that also dispatches. */

#include "inside.h"
#include "routes.h"

#include <ctype.h>
#include <string.h>

static void put_response(hu_json *json, const char *status, const char *text, bool problem)
{
    hu_json_key(json, status);
    hu_json_object(json);
    hu_json_put_text(json, "description", text);
    if (problem) {
        hu_json_key(json, "content");
        hu_json_raw(json, hu_str_of("{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
                                    "Problem\"}}}"));
    }
    hu_json_object_end(json);
}

static void put_responses(const route *r, hu_json *json)
{
    hu_json_key(json, "responses");
    hu_json_object(json);
    put_response(json, "200", "Done.", false);
    if (r->act != HU_ACT_OPEN) {
        put_response(json, "401", "Nobody is signed in.", true);
        put_response(json, "403", "The role may not, or the token is missing.", true);
    }
    if (strchr(r->path, '{'))
        put_response(json, "404", "No such record within reach.", true);
    if (r->body)
        put_response(json, "422", "The body does not hold what it should; the detail names the member.", true);
    if (r->body && strcmp(r->method, "PUT") == 0)
        put_response(json, "409", "It was changed meanwhile: both versions, member by member.", true);
    hu_json_object_end(json);
}

static void put_parameter(hu_json *json, const char *name, size_t length, const char *in)
{
    HU_SCRATCH(arena);
    hu_json_object(json);
    hu_json_put_text(json, "name", hu_strndup(arena, name, length));
    hu_json_put_text(json, "in", in);
    hu_json_put_bool(json, "required", strcmp(in, "path") == 0);
    hu_json_key(json, "schema");
    hu_json_raw(json, hu_str_of(strncmp(name, "uuid", length) == 0 ? "{\"type\":\"string\",\"format\":\"uuid\"}"
                                                                   : "{\"type\":\"string\"}"));
    hu_json_object_end(json);
}

static void put_parameters(const route *r, hu_json *json)
{
    const char *brace = strchr(r->path, '{');
    if (!brace && !r->query)
        return;
    hu_json_key(json, "parameters");
    hu_json_array(json);
    if (brace)
        put_parameter(json, brace + 1, strcspn(brace + 1, "}"), "path");
    for (const char *q = r->query; q && *q; q += strspn(q, ", ")) {
        size_t n = strcspn(q, ",");
        put_parameter(json, q, n, "query");
        q += n;
    }
    hu_json_array_end(json);
}

static void put_body(const route *r, hu_json *json)
{
    if (!r->body)
        return;
    hu_json_key(json, "requestBody");
    hu_json_object(json);
    hu_json_put_bool(json, "required", true);
    hu_json_key(json, "content");
    hu_json_object(json);
    hu_json_key(json, "application/json");
    hu_json_object(json);
    hu_json_key(json, "schema");
    shape_print(r->body, json);
    hu_json_key(json, "example");
    hu_json_raw(json, hu_str_of(r->example));
    hu_json_object_end(json);
    hu_json_object_end(json);
    hu_json_object_end(json);
}

static void put_operation(const route *r, hu_json *json)
{
    char method[16] = "";
    for (size_t i = 0; i < sizeof method - 1 && r->method[i]; i++)
        method[i] = (char)tolower((unsigned char)r->method[i]);
    hu_json_key(json, method);
    hu_json_object(json);
    hu_json_put_text(json, "summary", r->summary);
    hu_json_put_text(json, "x-act", hu_act_name(r->act));
    if (r->act == HU_ACT_OPEN) {
        hu_json_key(json, "security");
        hu_json_raw(json, hu_str_of("[]"));
    }
    put_parameters(r, json);
    put_body(r, json);
    put_responses(r, json);
    hu_json_object_end(json);
}

/* Whether a path was printed with an earlier route. */
static bool is_first(const route *const *table, const route *r)
{
    for (const route *const *t = field_routes; t <= table; t++)
        for (const route *before = *t; before->method; before++) {
            if (before == r)
                return true;
            if (strcmp(before->path, r->path) == 0)
                return false;
        }
    return true;
}

static void put_path(const char *path, hu_json *json)
{
    hu_json_key(json, path);
    hu_json_object(json);
    for (const route *const *t = field_routes; *t; t++)
        for (const route *r = *t; r->method; r++)
            if (strcmp(r->path, path) == 0)
                put_operation(r, json);
    hu_json_object_end(json);
}

static const char components[] =
    "{\"securitySchemes\":{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"huella\",\"description\":"
    "\"Set "
    "by POST /api/session; named __Host-huella under TLS. Whatever is not a GET also needs "
    "X-CSRF-Token.\"}},\"schemas\":"
    "{\"Problem\":{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{\"type\":{\"type\":\"string\"},"
    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"}},\"required\":["
    "\"title\",\"status\",\"detail\"]}}}";

void openapi_print(hu_buf *out)
{
    hu_json json;
    hu_json_start(&json, out);
    hu_json_object(&json);
    hu_json_put_text(&json, "openapi", "3.1.0");
    hu_json_key(&json, "info");
    hu_json_object(&json);
    hu_json_put_text(&json, "title", "huella field system");
    hu_json_put_text(&json, "version", HU_VERSION);
    hu_json_object_end(&json);
    hu_json_key(&json, "security");
    hu_json_raw(&json, hu_str_of("[{\"session\":[]}]"));
    hu_json_key(&json, "paths");
    hu_json_object(&json);
    for (const route *const *t = field_routes; *t; t++)
        for (const route *r = *t; r->method; r++)
            if (is_first(t, r))
                put_path(r->path, &json);
    hu_json_object_end(&json);
    hu_json_key(&json, "components");
    hu_json_raw(&json, hu_str_of(components));
    hu_json_object_end(&json);
}
