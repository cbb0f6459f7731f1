/* A reader: the rules of a folder, compiled; and the order in which the variables of one document are read. */

#define PCRE2_CODE_UNIT_WIDTH 8
#include "context.h"

#include "huella/base/file.h"
#include "huella/version.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

static const char *const rule_files[] = {"decision.yaml",  "procedure.yaml", "rulings.yaml",
                                         "people.yaml",    "charges.yaml",   "speakers.yaml",
                                         "practices.yaml", "agencies.yaml",  "victims.yaml"};
static const char *const data_files[] = {"corpus.yaml", "lexicon.yaml", "regions.yaml", "law.yaml"};
enum { N_RULE_FILES = sizeof rule_files / sizeof *rule_files, N_DATA_FILES = sizeof data_files / sizeof *data_files };

/* ---- opening ---- */

static hu_error *add_bytes(const char *folder, const char *name, hu_arena *arena, hu_buf *all)
{
    hu_file file;
    HU_TRY(hu_file_open(hu_path_join(arena, folder, name), 16u << 20, &file));
    hu_buf_add(all, file.data, file.length);
    hu_file_close(&file);
    return NULL;
}

/* "rules-0.1.0+ab12cd34": what was read with the same rules, and the same model, need not be read again. */
static hu_error *set_version(hu_reader *reader, const char *folder, const char *model)
{
    HU_BUF(all);
    for (size_t i = 0; i < N_DATA_FILES; i++)
        HU_TRY(add_bytes(folder, data_files[i], reader->arena, &all));
    for (size_t i = 0; i < N_RULE_FILES; i++)
        HU_TRY(add_bytes(folder, rule_files[i], reader->arena, &all));
    if (model)
        HU_TRY(add_bytes(folder, model, reader->arena, &all));
    char hash[65];
    hu_sha256_hex(all.data, all.length, hash);
    reader->version = hu_printf(reader->arena, "rules-%s+%.8s", hu_version(), hash);
    return NULL;
}

static hu_error *load_practices(hu_reader *reader, const hu_node *root)
{
    static const char *const keys[] = {"key", "applies", "sign", NULL};
    const hu_node *list = hu_node_get(root, "practices");
    if (!list || list->kind != HU_LIST)
        return hu_node_fail(root, "expected a list of practices");
    reader->n_practices = list->count;
    reader->practices = HU_NEW_ARRAY(reader->arena, hu_practice, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const hu_node *node = list->items[i];
        long sign = 1;
        HU_TRY(hu_node_check_keys(node, keys));
        if (!hu_node_get(node, "key") || !hu_node_get(node, "applies"))
            return hu_node_fail(node, "a practice needs key and applies");
        HU_TRY(hu_node_text(hu_node_get(node, "key"), &reader->practices[i].key));
        HU_TRY(hu_node_text(hu_node_get(node, "applies"), &reader->practices[i].applies));
        if (hu_node_get(node, "sign"))
            HU_TRY(hu_node_integer(hu_node_get(node, "sign"), &sign));
        reader->practices[i].sign = sign < 0 ? -1 : 1;
    }
    return NULL;
}

/* What an agency is looked for by: names, or works (documents that only it makes). */
static hu_error *load_names(hu_reader *reader, const hu_node *agency, const char *kind, hu_rule_sources *sources)
{
    const hu_node *list = hu_node_get(agency, kind);
    const char *key = hu_node_get(agency, "key")->text;
    for (size_t i = 0; list && i < list->count; i++) {
        hu_name_phrase name = {.node = list->items[i],
                               .id = hu_printf(reader->arena, "agency.%s.%s", key, kind),
                               .unless_after = hu_node_get(agency, "unless_after")};
        HU_TRY(hu_node_text(list->items[i], &name.phrase));
        name.sets[0] = (hu_rule_value){"agency", key};
        name.sets[1] = (hu_rule_value){kind, "yes"};
        rule_sources_add_name(sources, reader->arena, name);
    }
    return NULL;
}

static hu_error *load_agency(hu_reader *reader, const hu_node *node, hu_rule_sources *sources, hu_agency *agency)
{
    static const char *const keys[] = {"key",      "side",   "names", "works",        "places", "houses",
                                       "presumed", "source", "also",  "unless_after", NULL};
    const hu_node *names = hu_node_get(node, "names"), *side = hu_node_get(node, "side"),
                  *houses = hu_node_get(node, "houses"), *presumed = hu_node_get(node, "presumed"),
                  *source = hu_node_get(node, "source"), *also = hu_node_get(node, "also");
    HU_TRY(hu_node_check_keys(node, keys));
    if (!hu_node_get(node, "key") || !names || names->kind != HU_LIST)
        return hu_node_fail(node, "an agency needs key and names");
    HU_TRY(hu_node_text(hu_node_get(node, "key"), &agency->key));
    agency->state = side && side->text && strcmp(side->text, "state") == 0;
    agency->houses = houses && houses->text && strcmp(houses->text, "true") == 0;
    agency->source = source && source->text && strcmp(source->text, "true") == 0;
    agency->presumed = presumed && presumed->text && strcmp(presumed->text, "true") == 0;
    agency->also = also ? also->text : NULL;
    HU_TRY(load_names(reader, node, "names", sources));
    HU_TRY(load_names(reader, node, "places", sources));
    return load_names(reader, node, "works", sources);
}

static hu_error *load_agencies(hu_reader *reader, const hu_node *root, hu_rule_sources *sources)
{
    const hu_node *list = hu_node_get(root, "agencies");
    if (!list || list->kind != HU_LIST)
        return hu_node_fail(root, "expected a list of agencies");
    reader->n_agencies = list->count;
    reader->agencies = HU_NEW_ARRAY(reader->arena, hu_agency, list->count);
    for (size_t i = 0; i < list->count; i++)
        HU_TRY(load_agency(reader, list->items[i], sources, &reader->agencies[i]));
    return NULL;
}

static hu_error *load_word_lists(hu_reader *reader)
{
    HU_TRY(lexicon_words(reader->lexicon, "ordinal", &reader->ordinal));
    HU_TRY(lexicon_words(reader->lexicon, "abbreviation", &reader->abbreviation));
    HU_TRY(lexicon_words(reader->lexicon, "pronoun", &reader->pronoun));
    HU_TRY(lexicon_words(reader->lexicon, "name_end", &reader->name_end));
    HU_TRY(lexicon_words(reader->lexicon, "name_particle", &reader->name_particle));
    HU_TRY(lexicon_words(reader->lexicon, "no_name", &reader->no_name));
    HU_TRY(lexicon_words(reader->lexicon, "given_name", &reader->given_name));
    HU_TRY(lexicon_words(reader->lexicon, "own_nation", &reader->own_nation));
    HU_TRY(lexicon_words(reader->lexicon, "more_names", &reader->more_names));
    HU_TRY(lexicon_words(reader->lexicon, "pseudonym", &reader->pseudonym));
    HU_TRY(lexicon_words(reader->lexicon, "pseudonym_next", &reader->pseudonym_next));
    HU_TRY(lexicon_words(reader->lexicon, "relative", &reader->relative));
    HU_TRY(lexicon_words(reader->lexicon, "everybody", &reader->everybody));
    static const char *const shapes[N_TELLING_CONDITIONS] = {
        "cited",       "cited_behind", "weighed",       "denied_before", "denied_behind", "denied_later",
        "wished",      "advised",      "addressed",     "idle",          "acts_before",   "acts_paper",
        "acts_behind", "acts_related", "placed_before", "placed_behind", "oblique"};
    HU_TRY(lexicon_regex(reader->lexicon, "tells", &reader->tells));
    for (size_t i = 0; i < N_TELLING_CONDITIONS; i++)
        HU_TRY(lexicon_regex(reader->lexicon, shapes[i], &reader->telling[i]));
    return NULL;
}

static hu_error *open_reader(hu_reader *reader, const char *folder, const char *model)
{
    hu_arena *arena = reader->arena;
    hu_rule_sources sources = {.files = HU_NEW_ARRAY(arena, const hu_node *, N_RULE_FILES), .n_files = N_RULE_FILES};
    HU_TRY(set_version(reader, folder, model));
    if (model)
        HU_TRY(hu_trained_model_load(hu_path_join(arena, folder, model), arena, &reader->model));
    HU_TRY(lexicon_load(hu_path_join(arena, folder, "lexicon.yaml"), arena, &reader->lexicon));
    sources.lexicon = reader->lexicon;
    HU_TRY(regions_load(hu_path_join(arena, folder, "regions.yaml"), arena, reader->lexicon, &reader->regions));
    HU_TRY(law_load(hu_path_join(arena, folder, "law.yaml"), arena, &sources, &reader->law));
    for (size_t i = 0; i < N_RULE_FILES; i++) {
        hu_node *root;
        HU_TRY(hu_yaml_load(hu_path_join(arena, folder, rule_files[i]), arena, &root));
        sources.files[i] = root;
        if (strcmp(rule_files[i], "practices.yaml") == 0)
            HU_TRY(load_practices(reader, root));
        if (strcmp(rule_files[i], "agencies.yaml") == 0)
            HU_TRY(load_agencies(reader, root, &sources));
    }
    HU_TRY(load_word_lists(reader));
    return engine_open(&sources, arena, &reader->engine);
}

hu_error *hu_reader_open(const char *rules_dir, hu_reader **reader)
{
    HU_SCRATCH(scratch);
    static const char model[] = "model.json";
    bool trained = hu_file_exists(hu_path_join(scratch, rules_dir, model));
    return hu_reader_open_with(rules_dir, trained ? model : NULL, reader);
}

hu_error *hu_reader_open_with(const char *rules_dir, const char *model, hu_reader **reader)
{
    hu_arena *arena = hu_arena_new();
    hu_reader *opened = HU_NEW(arena, hu_reader);
    opened->arena = arena;
    hu_error *error = open_reader(opened, rules_dir, model);
    if (error) {
        hu_reader_close(opened);
        return hu_wrap(error, "reading rules");
    }
    *reader = opened;
    return NULL;
}

void hu_reader_close(hu_reader *reader)
{
    if (!reader)
        return;
    engine_close(reader->engine);
    pcre2_code_free(reader->tells);
    for (size_t i = 0; i < N_TELLING_CONDITIONS; i++)
        pcre2_code_free(reader->telling[i]);
    hu_arena_free(reader->arena);
}

const char *hu_reader_version(const hu_reader *reader)
{
    return reader->version;
}

/* ---- reading ---- */

/* Clauses in an order that lets each variable use those before it. */
static hu_error *read_all(hu_reading_context *c)
{
    find_operative(c);
    filter_mentions(c);
    read_kind(c);
    read_court(c);
    read_numbers(c);
    read_district(c);
    read_date(c);
    read_procedure(c);
    read_defendants(c);
    read_rulings(c);
    read_roles(c);
    read_charges(c);
    write_defendants(c);
    read_practices(c);
    read_officials(c);
    read_victims(c);
    read_exploitation(c);
    read_agencies(c);
    HU_TRY(apply_trained(c));
    read_indices(c);
    return NULL;
}

/* What rests on letters that were recognised in a picture is as sure as these, at most. */
static void lower_by_recognition(const hu_document *document, hu_finding *findings, size_t n)
{
    for (size_t i = 0; document->ocr && i < n; i++) {
        double least = 1;
        for (size_t k = 0; k < findings[i].n_evidence; k++) {
            hu_span span = findings[i].evidence[k];
            double here = hu_document_ocr_confidence(document, span.start, span.end);
            least = here < least ? here : least;
        }
        findings[i].confidence *= least;
    }
}

static hu_error *read_into(hu_reading_context *c, hu_reading **reading)
{
    const hu_document *document = c->document;
    HU_SCRATCH(scratch);
    HU_TRY(engine_scan(c->reader->engine, document, scratch, c->trace, &c->mentions));
    map_to_folded(c);
    if (document->folded_length)
        HU_TRY(read_all(c));
    lower_by_recognition(document, c->findings, c->n_findings);
    *reading = HU_NEW(c->arena, hu_reading);
    **reading = (hu_reading){
        .document = document, .n_defendants = c->n_defendants, .findings = c->findings, .n_findings = c->n_findings};
    if (c->trace)
        list_candidates(c, *reading);
    return NULL;
}

static hu_error *read_document(hu_reader *reader, const hu_document *document, hu_arena *arena, hu_trace *trace,
                               hu_reading **reading)
{
    hu_reading_context c = {
        .reader = reader, .document = document, .arena = arena, .trace = trace, .match = engine_match_open()};
    if (!c.match)
        return hu_fail(HU_LIMIT, "no memory to read another document at the same time; use fewer --threads");
    hu_error *error = read_into(&c, reading);
    engine_match_close(c.match);
    return error;
}

hu_error *hu_read(hu_reader *reader, const hu_document *document, hu_arena *arena, hu_reading **reading)
{
    return read_document(reader, document, arena, NULL, reading);
}

hu_error *hu_read_explained(hu_reader *reader, const hu_document *document, hu_arena *arena, hu_reading **reading)
{
    hu_trace trace = {.arena = arena};
    return read_document(reader, document, arena, &trace, reading);
}

const hu_finding *hu_reading_find(const hu_reading *reading, const char *key)
{
    for (size_t i = 0; i < reading->n_findings; i++)
        if (strcmp(reading->findings[i].key, key) == 0)
            return &reading->findings[i];
    return NULL;
}
