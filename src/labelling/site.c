/* The page and what it asks for: the list of texts, one text with its sheet, saving a sheet. */

#include "huella/labelling/labelling.h"

#include "huella/base/json.h"

#include <stdlib.h>
#include <string.h>

extern const char *const label_assets[]; /* page.html and what it loads, in the order of `assets` below */

static hu_error *send_json(const hu_http_request *request, json_t *root, hu_http_response *response)
{
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    if (!text)
        return hu_fail(HU_BUG, "an answer is no JSON");
    response->body = hu_str_of(hu_strdup(request->arena, text));
    free(text);
    return NULL;
}

static const char *sheet_owner(const hu_label_site *site)
{
    return site->adjudicate ? HU_ADJUDICATED : site->labeller;
}

/* ---- the list ---- */

/* Between labellers is decided what two have finished. */
static json_t *list_item(const hu_label_site *site, const hu_table *list, size_t row, hu_arena *arena)
{
    double done = list->columns[3].numbers[row], mine = list->columns[4].numbers[row];
    if (site->adjudicate && done < 2)
        return NULL;
    return json_pack("{s:s,s:s,s:s,s:i}", "sha256", hu_table_text(list, &list->columns[0], row, arena), "document",
                     hu_table_text(list, &list->columns[1], row, arena), "state",
                     mine > 0   ? "done"
                     : mine < 1 ? "open"
                                : "new",
                     "labellers", (int)done);
}

static hu_error *answer_list(hu_label_site *site, const hu_http_request *request, hu_http_response *response)
{
    hu_table *list;
    json_t *documents = json_array();
    hu_error *error = hu_store_label_list(site->store, sheet_owner(site), site->all, request->arena, &list);
    for (size_t r = 0; !error && r < list->rows; r++) {
        json_t *item = list_item(site, list, r, request->arena);
        if (item)
            json_array_append_new(documents, item);
    }
    if (error) {
        json_decref(documents);
        return error;
    }
    return send_json(request,
                     json_pack("{s:s,s:b,s:b,s:o,s:o}", "labeller", site->labeller, "adjudicate", site->adjudicate,
                               "blind", !site->show_reader, "questionnaire", hu_questionnaire_json(site->questionnaire),
                               "documents", documents),
                     response);
}

/* ---- one text ---- */

/* What the reader quoted, where it read the text that is labelled. */
static hu_error *add_reader(hu_label_site *site, const char *sha256, hu_arena *arena, json_t *marks)
{
    hu_table *rows;
    HU_TRY(hu_store_query(site->store, arena, &rows,
                          "SELECT f.key, f.quote_start, f.quote_end FROM findings f "
                          "JOIN judgments j ON j.judgment_id = f.judgment_id "
                          "JOIN label_texts t ON t.sha256 = j.sha256 AND t.text = j.text "
                          "WHERE j.sha256 = ? AND f.quote IS NOT NULL ORDER BY f.quote_start",
                          1, &sha256));
    for (size_t r = 0; r < rows->rows; r++)
        json_array_append_new(marks, json_pack("{s:s,s:I,s:I}", "key", hu_table_text(rows, &rows->columns[0], r, arena),
                                               "start", (json_int_t)rows->columns[1].numbers[r], "end",
                                               (json_int_t)rows->columns[2].numbers[r]));
    return NULL;
}

/* The finished sheets of the others, which only who decides between them sees. */
static hu_error *add_sheets(hu_label_site *site, const char *sha256, hu_arena *arena, json_t *sheets)
{
    hu_table *rows;
    HU_TRY(hu_store_query(site->store, arena, &rows,
                          "SELECT labeller FROM label_sheets WHERE sha256 = ? AND done AND labeller <> 'adjudicated' "
                          "ORDER BY labeller",
                          1, &sha256));
    for (size_t r = 0; r < rows->rows; r++) {
        hu_label_sheet sheet;
        HU_TRY(
            hu_store_label_sheet(site->store, sha256, hu_table_text(rows, &rows->columns[0], r, arena), arena, &sheet));
        json_array_append_new(sheets, hu_sheet_json(&sheet));
    }
    return NULL;
}

static hu_error *answer_document(hu_label_site *site, const hu_http_request *request, const char *sha256,
                                 hu_http_response *response)
{
    const char *document, *text;
    hu_label_sheet sheet;
    HU_TRY(hu_store_label_text(site->store, sha256, request->arena, &document, &text));
    HU_TRY(hu_store_label_sheet(site->store, sha256, sheet_owner(site), request->arena, &sheet));
    json_t *marks = json_array(), *sheets = json_array();
    json_t *root = json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "sha256", sha256, "document", document, "text", text, "sheet",
                             hu_sheet_json(&sheet), "reader", marks, "sheets", sheets);
    hu_error *error = site->show_reader ? add_reader(site, sha256, request->arena, marks) : NULL;
    if (!error && site->adjudicate)
        error = add_sheets(site, sha256, request->arena, sheets);
    if (error) {
        json_decref(root);
        return error;
    }
    return send_json(request, root, response);
}

static hu_error *save(hu_label_site *site, const hu_http_request *request, const char *sha256,
                      hu_http_response *response)
{
    const char *document, *text;
    json_t *root;
    hu_label_sheet sheet;
    bool conflict = false;
    HU_TRY(hu_store_label_text(site->store, sha256, request->arena, &document, &text));
    HU_TRY(hu_json_parse(request->body.data, request->body.length, "the sheet", &root));
    hu_error *error = hu_sheet_from_json(site->questionnaire, text, root, request->arena, &sheet);
    json_decref(root);
    if (error)
        return error;
    sheet.sha256 = sha256;
    sheet.labeller = sheet_owner(site);
    HU_TRY(hu_store_put_label_sheet(site->store, &sheet, &conflict));
    response->status = conflict ? 409 : 200;
    return send_json(request, json_pack("{s:I}", "revision", (json_int_t)sheet.revision), response);
}

/* ---- which is asked ---- */

static bool is_sha256(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

hu_error *hu_label_site_answer(void *context, const hu_http_request *request, hu_http_response *response)
{
    static const struct {
        const char *path, *type;
    } assets[] = {{"/", "text/html; charset=utf-8"},
                  {"/label.css", "text/css; charset=utf-8"},
                  {"/label.js", "text/javascript; charset=utf-8"},
                  {"/questions.js", "text/javascript; charset=utf-8"},
                  {"/text.js", "text/javascript; charset=utf-8"},
                  {"/icon.svg", "image/svg+xml"}};
    static const char one[] = "/api/documents/";
    hu_label_site *site = context;
    bool get = strcmp(request->method, "GET") == 0, put = strcmp(request->method, "PUT") == 0;
    for (size_t i = 0; get && i < sizeof assets / sizeof *assets; i++)
        if (strcmp(request->path, assets[i].path) == 0) {
            *response = (hu_http_response){.type = assets[i].type, .body = hu_str_of(label_assets[i])};
            return NULL;
        }
    if (get && strcmp(request->path, "/api/documents") == 0)
        return answer_list(site, request, response);
    const char *sha256 = strncmp(request->path, one, sizeof one - 1) == 0 ? request->path + sizeof one - 1 : "";
    if (is_sha256(sha256) && get)
        return answer_document(site, request, sha256, response);
    if (is_sha256(sha256) && put)
        return save(site, request, sha256, response);
    return hu_fail(HU_NOT_FOUND, "%s %s: nothing is here", request->method, request->path);
}
