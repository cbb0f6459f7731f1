/* A reading as one JSON object: every key of the codebook, each leaf with its evidence; what was not found is null. */

#include "context.h"

#include "huella/base/file.h"

#include <string.h>

static const char *const decision_keys[] = {"expediente",
                                            "origin_expediente",
                                            "carpeta_fiscal",
                                            "court",
                                            "court_level",
                                            "judicial_district",
                                            "region",
                                            "ubigeo",
                                            "kind",
                                            "date",
                                            "facts_date",
                                            "complaint_date",
                                            "formalization_date",
                                            "accusation_date",
                                            "trafficking",
                                            NULL};
static const char *const defendant_keys[] = {"label",          "role",
                                             "charged[]",      "convicted[]",
                                             "verdict",        "final_verdict",
                                             "prison_months",  "prison_days",
                                             "prison_kind",    "probation_months",
                                             "day_fines",      "disqualification_months",
                                             "reparation_pen", "reparation_joint",
                                             "reclassified",   NULL};
static const char *const victim_keys[] = {"count", "minors", "female", "male", "foreign", "nationalities[]", NULL};
static const char *const index_keys[] = {"charge_severity", "victim_centred", "collaboration", NULL};

typedef struct hu_writer {
    const hu_reading *reading;
    hu_json *json;
} hu_writer;

static void write_value(hu_json *json, const hu_finding *finding)
{
    switch (finding->kind) {
    case HU_VALUE_TEXT:
        hu_json_text(json, finding->text);
        break;
    case HU_VALUE_NUMBER:
        hu_json_number(json, finding->number);
        break;
    case HU_VALUE_BOOL:
        hu_json_bool(json, finding->truth);
        break;
    case HU_VALUE_OFFENCE:
        hu_json_object(json);
        hu_json_put_text(json, "article", finding->article);
        hu_json_put_text(json, "offence", finding->text);
        hu_json_object_end(json);
        break;
    }
}

void hu_finding_write_value(const hu_finding *finding, hu_buf *out)
{
    hu_json json;
    hu_json_start(&json, out);
    write_value(&json, finding);
}

static void write_leaf(const hu_writer *w, const hu_finding *finding)
{
    hu_json *json = w->json;
    hu_json_object(json);
    hu_json_key(json, "value");
    if (finding)
        write_value(json, finding);
    else
        hu_json_null(json);
    hu_json_put_number(json, "confidence", finding ? finding->confidence : 0);
    hu_json_key(json, "evidence");
    hu_json_array(json);
    for (size_t i = 0; finding && i < finding->n_evidence; i++) {
        hu_span span = finding->evidence[i];
        hu_json_object(json);
        hu_json_put_integer(json, "start", (int64_t)hu_document_code_point(w->reading->document, span.start));
        hu_json_put_integer(json, "end", (int64_t)hu_document_code_point(w->reading->document, span.end));
        hu_json_key(json, "quote");
        hu_json_str(json, (hu_str){w->reading->document->text + span.start, span.end - span.start});
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_object_end(json);
}

/* Leaves "prefix.key[0]", "prefix.key[1]" … */
static void write_list(const hu_writer *w, const char *path)
{
    char key[160];
    hu_json_array(w->json);
    for (size_t i = 0;; i++) {
        snprintf(key, sizeof key, "%s[%zu]", path, i);
        const hu_finding *finding = hu_reading_find(w->reading, key);
        if (!finding)
            break;
        write_leaf(w, finding);
    }
    hu_json_array_end(w->json);
}

/* An object with these keys; a key that ends in [] is a list of leaves. */
static void write_keys(const hu_writer *w, const char *prefix, const char *const *keys)
{
    char path[128];
    for (; *keys; keys++) {
        size_t length = strlen(*keys);
        bool list = length > 2 && strcmp(*keys + length - 2, "[]") == 0;
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(list ? length - 2 : length), *keys);
        snprintf(path, sizeof path, "%s.%s", prefix, name);
        hu_json_key(w->json, name);
        if (list)
            write_list(w, path);
        else
            write_leaf(w, hu_reading_find(w->reading, path));
    }
}

static void write_defendants_json(const hu_writer *w)
{
    char prefix[48];
    hu_json_key(w->json, "defendants");
    hu_json_array(w->json);
    for (size_t i = 0; i < w->reading->n_defendants; i++) {
        snprintf(prefix, sizeof prefix, "defendants[%zu]", i);
        hu_json_object(w->json);
        write_keys(w, prefix, defendant_keys);
        hu_json_object_end(w->json);
    }
    hu_json_array_end(w->json);
}

static void write_section(const hu_writer *w, const char *name, const char *const *keys)
{
    hu_json_key(w->json, name);
    hu_json_object(w->json);
    write_keys(w, name, keys);
    hu_json_object_end(w->json);
}

static void write_practices_json(const hu_reader *reader, const hu_writer *w)
{
    const char *keys[128] = {0};
    for (size_t i = 0; i < reader->n_practices && i < 127; i++)
        keys[i] = reader->practices[i].key;
    write_section(w, "practices", keys);
    memset(keys, 0, sizeof keys);
    for (size_t i = 0; i < reader->n_agencies && i < 127; i++)
        keys[i] = reader->agencies[i].key;
    write_section(w, "agencies", keys);
}

void hu_reading_write_json(const hu_reader *reader, const hu_reading *reading, hu_buf *out)
{
    const hu_document *document = reading->document;
    hu_json json;
    hu_json_start(&json, out);
    hu_writer w = {reading, &json};
    hu_json_object(&json);
    hu_json_put_text(&json, "document", document->path);
    hu_json_put_text(&json, "sha256", document->sha256);
    hu_json_put_text(&json, "reader", reader->version);
    hu_json_put_integer(&json, "pages", document->pages);
    if (document->first_page > 1)
        hu_json_put_integer(&json, "first_page", document->first_page);
    hu_json_put_integer(&json, "characters", (int64_t)document->characters);
    hu_json_put_bool(&json, "ocr", document->ocr);
    hu_json_key(&json, "decision");
    hu_json_object(&json);
    write_keys(&w, "decision", decision_keys);
    hu_json_key(&json, "prosecutors");
    write_list(&w, "decision.prosecutors");
    hu_json_key(&json, "judges");
    write_list(&w, "decision.judges");
    hu_json_object_end(&json);
    write_defendants_json(&w);
    write_section(&w, "victims", victim_keys);
    hu_json_key(&json, "exploitation");
    write_list(&w, "exploitation");
    write_practices_json(reader, &w);
    write_section(&w, "indices", index_keys);
    hu_json_object_end(&json);
}
