/* Reads what rules/simulation says: study.yaml, offences.yaml, courts.yaml, names.yaml, and rules/regions.yaml. */

#include "study.h"

#include "huella/base/file.h"

#include <string.h>

const char *const sim_practice_keys[N_PRACTICES] = {"gesell_chamber",        "anticipated_evidence",
                                                    "identity_reserved",     "victim_assistance",
                                                    "psychological_care",    "private_hearing",
                                                    "protective_measures",   "interpreter",
                                                    "victim_counsel",        "shelter",
                                                    "reparation_awarded",    "vulnerability_assessed",
                                                    "consent_irrelevant",    "gender_or_child_approach",
                                                    "testimony_standard",    "non_punishment",
                                                    "confrontation_avoided", "revictimising_language"};

const char *const sim_agency_keys[N_AGENCIES] = {"pnp",
                                                 "anti_trafficking_police",
                                                 "prosecution_specialised",
                                                 "udavit",
                                                 "mimp_upe",
                                                 "cem",
                                                 "shelter",
                                                 "migraciones",
                                                 "labour_inspection",
                                                 "health_forensic",
                                                 "municipality_serenazgo",
                                                 "ombudsman",
                                                 "public_defence",
                                                 "consulate",
                                                 "interpol",
                                                 "financial_intelligence",
                                                 "ngo",
                                                 "international_organisation"};

static const char *const process_keys[N_PROCESSES + 1] = {
    "conviction",       "resolution_months", "penalty_place", "lesser_offence",
    "lost_aggravation", "practices",         "agencies",      NULL};

static const struct {
    const char *key, *code;
} offences[N_OFFENCES] = {
    {"trafficking", "trafficking"},
    {"trafficking_aggravated", "trafficking_aggravated"},
    {"trafficking_highest", "trafficking_aggravated"},
    {"promotion_of_prostitution", "promotion_of_prostitution"},
    {"pimping", "pimping"},
    {"procuring", "procuring"},
    {"forced_labour", "forced_labour"},
    {"smuggling_of_migrants", "smuggling_of_migrants"},
    {"rape", "rape"},
    {"rape_of_child", "rape"},
    {"robbery", "other"},
    {"drugs", "other"},
    {"theft", "other"},
    {"homicide", "other"},
};

const char *sim_offence_code(sim_offence offence)
{
    return offences[offence].code;
}

const char *sim_offence_key(sim_offence offence)
{
    return offences[offence].key;
}

const sim_law *sim_law_at(const sim_data *data, sim_offence offence, int64_t day)
{
    const sim_law *law = data->laws[offence];
    for (size_t i = 1; i < data->n_laws[offence]; i++)
        if (data->laws[offence][i].from <= day)
            law = &data->laws[offence][i];
    return law;
}

/* --- helpers: a key that must be there --- */

static hu_error *need(const hu_node *map, const char *key, const hu_node **value)
{
    *value = hu_node_get(map, key);
    return *value ? NULL : hu_node_fail(map, "the key \"%s\" is missing", key);
}

static hu_error *need_map(const hu_node *map, const char *key, const hu_node **value)
{
    HU_TRY(need(map, key, value));
    bool lines = (*value)->kind == HU_MAP; /* NOLINT: need() found it */
    return lines ? NULL : hu_node_fail(*value, "\"%s\" must hold lines of \"key: value\"", key);
}

static hu_error *need_number(const hu_node *map, const char *key, double *number)
{
    const hu_node *value = NULL;
    HU_TRY(need(map, key, &value));
    return hu_node_number(value, number);
}

static hu_error *need_share(const hu_node *map, const char *key, double *share)
{
    HU_TRY(need_number(map, key, share));
    if (*share < 0 || *share > 1)
        return hu_node_fail(hu_node_get(map, key), "\"%s\" is a share: from 0 to 1", key);
    return NULL;
}

static hu_error *need_integer(const hu_node *map, const char *key, long least, long most, long *integer)
{
    const hu_node *value = NULL;
    HU_TRY(need(map, key, &value));
    HU_TRY(hu_node_integer(value, integer));
    if (*integer < least || *integer > most)
        return hu_node_fail(value, "\"%s\" must lie from %ld to %ld", key, least, most);
    return NULL;
}

static hu_error *need_date(const hu_node *map, const char *key, hu_date *date)
{
    const hu_node *value = NULL;
    const char *text = NULL;
    HU_TRY(need(map, key, &value));
    HU_TRY(hu_node_text(value, &text));
    if (!hu_date_parse_iso(hu_str_of(text), date))
        return hu_node_fail(value, "\"%s\" is no date: expected YYYY-MM-DD", text);
    return NULL;
}

static void optional_number(const hu_node *map, const char *key, double *number, hu_error **error)
{
    const hu_node *value = hu_node_get(map, key);
    if (value && !*error)
        *error = hu_node_number(value, number);
}

static hu_error *need_words(const hu_node *map, const char *key, hu_arena *arena, sim_words *words)
{
    const hu_node *list = NULL;
    HU_TRY(need(map, key, &list));
    if (list->kind != HU_LIST || list->count == 0)
        return hu_node_fail(list, "\"%s\" must be a list of words", key);
    words->items = HU_NEW_ARRAY(arena, const char *, list->count);
    words->count = list->count;
    for (size_t i = 0; i < list->count; i++)
        HU_TRY(hu_node_text(list->items[i], &words->items[i]));
    return NULL;
}

/* --- study.yaml --- */

static hu_error *read_processes(const hu_node *root, sim_parameters *parameters)
{
    static const char *const keys[] = {"base", "effect", "region_sd", "time_sd", "shock_sd", "noise_sd", "least", NULL};
    const hu_node *outcomes = NULL;
    HU_TRY(need(root, "outcomes", &outcomes));
    HU_TRY(hu_node_check_keys(outcomes, process_keys));
    for (size_t i = 0; i < N_PROCESSES; i++) {
        const hu_node *node = NULL;
        sim_linear *process = &parameters->processes[i];
        hu_error *error = NULL;
        HU_TRY(need(outcomes, process_keys[i], &node));
        HU_TRY(hu_node_check_keys(node, keys));
        HU_TRY(need_number(node, "base", &process->base));
        HU_TRY(need_number(node, "effect", &process->effect));
        optional_number(node, "region_sd", &process->region_sd, &error);
        optional_number(node, "time_sd", &process->time_sd, &error);
        optional_number(node, "shock_sd", &process->shock_sd, &error);
        optional_number(node, "noise_sd", &process->noise_sd, &error);
        optional_number(node, "least", &process->least, &error);
        HU_TRY(error);
    }
    return NULL;
}

static hu_error *read_traits(const hu_node *root, const char *key, const char *const *names, size_t count,
                             sim_trait *traits)
{
    static const char *const keys[] = {"base", "denied", "mentioned", "effect", NULL};
    const hu_node *map = NULL;
    HU_TRY(need(root, key, &map));
    for (size_t i = 0; i < count; i++) {
        const hu_node *node = hu_node_get(map, names[i]);
        hu_error *error = NULL;
        traits[i].effect = 1;
        if (!node)
            continue; /* reparation_awarded follows from the ruling */
        HU_TRY(hu_node_check_keys(node, keys));
        HU_TRY(need_share(node, "base", &traits[i].base));
        optional_number(node, "denied", &traits[i].denied, &error);
        optional_number(node, "mentioned", &traits[i].mentioned, &error);
        optional_number(node, "effect", &traits[i].effect, &error);
        HU_TRY(error);
    }
    for (size_t i = 0; i < map->count; i++) {
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known = known || strcmp(map->keys[i]->text, names[k]) == 0;
        if (!known)
            return hu_node_fail(map->keys[i], "\"%s\" is none of the codebook's %s", map->keys[i]->text, key);
    }
    return NULL;
}

static hu_error *read_not_counted(const hu_node *root, hu_arena *arena, sim_parameters *parameters)
{
    sim_words words = {0};
    HU_TRY(need_words(root, "agencies_not_counted", arena, &words));
    for (size_t i = 0; i < N_AGENCIES; i++) {
        parameters->agency_counts[i] = true;
        for (size_t w = 0; w < words.count; w++)
            if (strcmp(words.items[w], sim_agency_keys[i]) == 0)
                parameters->agency_counts[i] = false;
    }
    return NULL;
}

static hu_error *read_facts(const hu_node *root, sim_parameters *parameters)
{
    static const char *const exploitation[4] = {"sexual", "labour", "domestic", "begging"};
    const hu_node *node = NULL;
    HU_TRY(need_share(root, "minors", &parameters->minors));
    HU_TRY(need_share(root, "young_minors", &parameters->young_minors));
    HU_TRY(need_share(root, "several_victims", &parameters->several_victims));
    HU_TRY(need_share(root, "several_defendants", &parameters->several_defendants));
    HU_TRY(need_share(root, "conformity", &parameters->conformity));
    HU_TRY(need_share(root, "early_termination", &parameters->early_termination));
    HU_TRY(need(root, "foreign", &node));
    HU_TRY(need_share(node, "before_2017", &parameters->foreign_before));
    HU_TRY(need_share(node, "from_2017", &parameters->foreign_from));
    HU_TRY(need(root, "exploitation", &node));
    for (int i = 0; i < 4; i++)
        HU_TRY(need_share(node, exploitation[i], &parameters->exploitation[i]));
    HU_TRY(need(root, "old_procedure", &node));
    HU_TRY(need_integer(node, "before", 1990, 2100, &parameters->old_procedure_before));
    HU_TRY(need_share(node, "probability", &parameters->old_procedure));
    HU_TRY(need(root, "reparation", &node));
    HU_TRY(need_number(node, "least", &parameters->reparation_least));
    return need_number(node, "most", &parameters->reparation_most);
}

static hu_error *read_others(const hu_node *root, sim_parameters *parameters)
{
    static const char *const keys[N_OTHER + 1] = {"trafficking_elsewhere", "other_offence",     "order",
                                                  "not_criminal",          "plenary_agreement", NULL};
    const hu_node *node = NULL;
    HU_TRY(need(root, "other_judgments", &node));
    HU_TRY(hu_node_check_keys(node, keys));
    for (size_t i = 0; i < N_OTHER; i++)
        HU_TRY(need_share(node, keys[i], &parameters->other[i]));
    return NULL;
}

static hu_error *read_field(const hu_node *root, sim_field_parameters *field)
{
    const hu_node *node = NULL, *effects = NULL;
    HU_TRY(need(root, "field", &node));
    HU_TRY(need_integer(node, "districts", 2, 1000, &field->districts));
    HU_TRY(need_integer(node, "months", 2, 240, &field->months));
    HU_TRY(need_integer(node, "officers", 1, 1000, &field->officers));
    HU_TRY(need_integer(node, "respondents", 1, 10000, &field->respondents));
    HU_TRY(need_date(node, "from", &field->from));
    HU_TRY(need_date(node, "trained_from", &field->trained_from));
    HU_TRY(need_number(node, "incidents_per_month", &field->incidents_per_month));
    HU_TRY(need(node, "effects", &effects));
    HU_TRY(need_number(effects, "identification_ratio", &field->identification_ratio));
    HU_TRY(need_number(effects, "documentation", &field->documentation));
    HU_TRY(need_number(effects, "referral_completed", &field->referral_completed));
    HU_TRY(need_number(effects, "referral_false", &field->referral_false));
    HU_TRY(need_number(effects, "knowledge", &field->knowledge));
    return need_number(effects, "trust", &field->trust);
}

static hu_error *read_parameters(const hu_node *root, hu_arena *arena, sim_parameters *parameters)
{
    static const char *const keys[] = {"from",
                                       "to",
                                       "prosecutors",
                                       "untrained_prosecutors",
                                       "rollout",
                                       "region_weights",
                                       "growth",
                                       "outcomes",
                                       "minors",
                                       "young_minors",
                                       "several_victims",
                                       "foreign",
                                       "several_defendants",
                                       "exploitation",
                                       "old_procedure",
                                       "conformity",
                                       "early_termination",
                                       "reparation",
                                       "practices",
                                       "agencies",
                                       "agencies_not_counted",
                                       "other_judgments",
                                       "field",
                                       NULL};
    HU_TRY(hu_node_check_keys(root, keys));
    HU_TRY(need_integer(root, "from", 1991, 2100, &parameters->from));
    HU_TRY(need_integer(root, "to", parameters->from, 2100, &parameters->to));
    HU_TRY(need_integer(root, "prosecutors", 1, 100000, &parameters->prosecutors));
    HU_TRY(need_integer(root, "untrained_prosecutors", 0, 100000, &parameters->untrained_prosecutors));
    HU_TRY(need_number(root, "growth", &parameters->growth));
    HU_TRY(read_facts(root, parameters));
    HU_TRY(read_processes(root, parameters));
    HU_TRY(read_traits(root, "practices", sim_practice_keys, N_PRACTICES, parameters->practices));
    HU_TRY(read_traits(root, "agencies", sim_agency_keys, N_AGENCIES, parameters->agencies));
    HU_TRY(read_not_counted(root, arena, parameters));
    HU_TRY(read_others(root, parameters));
    return read_field(root, &parameters->field);
}

/* --- regions: the list, their weights, the rollout, the seats of courts --- */

static hu_error *read_districts(const hu_node *node, const hu_node *seats, hu_arena *arena, sim_region *region)
{
    const hu_node *list = NULL;
    HU_TRY(need(node, "districts", &list));
    region->districts = HU_NEW_ARRAY(arena, sim_district, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        const hu_node *name = NULL, *code = NULL;
        sim_district *district = &region->districts[region->n_districts++];
        HU_TRY(need(list->items[i], "name", &name));
        HU_TRY(need(list->items[i], "code", &code));
        HU_TRY(hu_node_text(name, &district->name));
        HU_TRY(hu_node_text(code, &district->code));
        HU_TRY(hu_wrap(need_words(seats, district->code, arena, &district->seats), "seats of %s", district->name));
    }
    if (region->n_districts == 0)
        return hu_node_fail(node, "the region has no judicial district");
    return NULL;
}

static sim_region *region_named(sim_data *data, const char *name)
{
    for (size_t i = 0; i < data->n_regions; i++)
        if (strcmp(data->regions[i].name, name) == 0)
            return &data->regions[i];
    return NULL;
}

static hu_error *read_regions(const char *path, const hu_node *seats, hu_arena *arena, sim_data *data)
{
    hu_node *root = NULL;
    const hu_node *list = NULL;
    HU_TRY(hu_yaml_load(path, arena, &root));
    HU_TRY(need(root, "regions", &list));
    if (list->kind != HU_LIST || list->count == 0 || list->count > MAX_REGIONS)
        return hu_node_fail(list, "\"regions\" must be a list of 1 to %d regions", (int)MAX_REGIONS);
    for (size_t i = 0; i < list->count; i++) {
        const hu_node *name = NULL, *ubigeo = NULL;
        sim_region *region = &data->regions[data->n_regions++];
        HU_TRY(need(list->items[i], "name", &name));
        HU_TRY(need(list->items[i], "ubigeo", &ubigeo));
        HU_TRY(hu_node_text(name, &region->name));
        HU_TRY(hu_node_text(ubigeo, &region->ubigeo));
        region->weight = 1;
        HU_TRY(read_districts(list->items[i], seats, arena, region));
    }
    return NULL;
}

static hu_error *unknown_region(const hu_node *node, const char *name)
{
    return hu_node_fail(node, "there is no region \"%s\" in rules/regions.yaml", name);
}

static hu_error *read_rollout(const hu_node *root, sim_data *data)
{
    const hu_node *rollout = NULL, *weights = NULL;
    HU_TRY(need_map(root, "rollout", &rollout));
    HU_TRY(need_map(root, "region_weights", &weights));
    for (size_t i = 0; i < rollout->count; i++) {
        int cohort = 0;
        if (!hu_period_parse(hu_str_of(rollout->keys[i]->text), HU_HALF_YEAR, &cohort))
            return hu_node_fail(rollout->keys[i], "\"%s\" is no half-year: write 2022-H1", rollout->keys[i]->text);
        for (size_t k = 0; k < rollout->items[i]->count; k++) {
            const char *name = NULL;
            HU_TRY(hu_node_text(rollout->items[i]->items[k], &name));
            sim_region *region = region_named(data, name);
            if (!region)
                return unknown_region(rollout->items[i]->items[k], name);
            region->cohort = cohort;
        }
    }
    for (size_t i = 0; i < weights->count; i++) {
        sim_region *region = region_named(data, weights->keys[i]->text);
        if (!region)
            return unknown_region(weights->keys[i], weights->keys[i]->text);
        HU_TRY(hu_node_number(weights->items[i], &region->weight));
    }
    return NULL;
}

/* --- offences and names --- */

static hu_error *read_law(const hu_node *node, sim_law *law)
{
    const hu_node *article = NULL;
    hu_date from;
    long least = 0, most = 0;
    HU_TRY(need_date(node, "from", &from));
    HU_TRY(need(node, "article", &article));
    HU_TRY(hu_node_text(article, &law->article));
    HU_TRY(need_integer(node, "least", 1, 1200, &least));
    HU_TRY(need_integer(node, "most", least, 1200, &most));
    law->from = hu_date_to_days(from);
    law->least = (int)least;
    law->most = (int)most;
    return NULL;
}

static hu_error *read_offences(const char *path, hu_arena *arena, sim_data *data)
{
    hu_node *root = NULL;
    const hu_node *map = NULL;
    HU_TRY(hu_yaml_load(path, arena, &root));
    HU_TRY(need(root, "offences", &map));
    for (size_t i = 0; i < N_OFFENCES; i++) {
        const hu_node *list = NULL;
        HU_TRY(need(map, offences[i].key, &list));
        if (list->kind != HU_LIST || list->count == 0)
            return hu_node_fail(list, "\"%s\" must be a list of articles", offences[i].key);
        data->laws[i] = HU_NEW_ARRAY(arena, sim_law, list->count);
        data->n_laws[i] = list->count;
        for (size_t k = 0; k < list->count; k++)
            HU_TRY(read_law(list->items[k], &data->laws[i][k]));
    }
    return NULL;
}

static hu_error *read_names(const char *path, hu_arena *arena, sim_names *names)
{
    hu_node *root = NULL;
    HU_TRY(hu_yaml_load(path, arena, &root));
    HU_TRY(need_words(root, "given_feminine", arena, &names->given_feminine));
    HU_TRY(need_words(root, "given_masculine", arena, &names->given_masculine));
    HU_TRY(need_words(root, "surnames", arena, &names->surnames));
    HU_TRY(need_words(root, "venues", arena, &names->venues));
    HU_TRY(need_words(root, "streets", arena, &names->streets));
    HU_TRY(need_words(root, "nationalities", arena, &names->nationalities));
    HU_TRY(need_words(root, "anonymous_feminine", arena, &names->anonymous_feminine));
    HU_TRY(need_words(root, "anonymous_masculine", arena, &names->anonymous_masculine));
    return need_words(root, "field_districts", arena, &names->field_districts);
}

hu_error *sim_load(const char *rules_dir, hu_arena *arena, sim_data *data)
{
    const char *folder = hu_path_join(arena, rules_dir, "simulation");
    hu_node *root = NULL, *courts = NULL;
    const hu_node *seats = NULL;
    HU_TRY(hu_yaml_load(hu_path_join(arena, folder, "study.yaml"), arena, &root));
    HU_TRY(hu_yaml_load(hu_path_join(arena, folder, "courts.yaml"), arena, &courts));
    HU_TRY(need(courts, "seats", &seats));
    HU_TRY(read_parameters(root, arena, &data->parameters));
    HU_TRY(read_regions(hu_path_join(arena, rules_dir, "regions.yaml"), seats, arena, data));
    HU_TRY(read_rollout(root, data));
    HU_TRY(read_offences(hu_path_join(arena, folder, "offences.yaml"), arena, data));
    HU_TRY(read_names(hu_path_join(arena, folder, "names.yaml"), arena, &data->names));
    return hu_grammar_load(hu_path_join(arena, folder, "grammar"), sim_grammar_slots, arena, &data->grammar);
}
