/* truth.json: what every judgment says, how every case would have ended either way, and the effects in this draw. */

#include "study.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/version.h"

#include <math.h>
#include <string.h>

static const char *iso_date(int64_t day, char out[16])
{
    if (day == 0)
        return NULL;
    hu_date_format_iso(hu_date_from_days(day), out);
    return out;
}

static const char *verdict_code(sim_verdict verdict)
{
    static const char *const codes[] = {NULL, "convicted", "acquitted", "confirmed", "reversed", "annulled"};
    return codes[verdict];
}

static const char *standing_code(sim_standing standing)
{
    static const char *const codes[] = {"open", "convicted", "acquitted"};
    return codes[standing];
}

/* --- one judgment --- */

static void put_decision(hu_json *json, const sim_judgment *judgment, const sim_told *told, hu_arena *arena)
{
    static const char *const levels[] = {"first_instance", "appeal", "supreme"};
    const sim_case *of = judgment->of;
    char iso[16];
    bool supreme = judgment->level == 2, criminal = judgment->kind != KIND_OTHER;
    bool merits = sim_is_on_merits(judgment), cited = supreme && judgment->kind != KIND_PLENARY;
    const char *file = supreme ? hu_printf(arena, "%d-%d", judgment->supreme_number, sim_supreme_year(judgment))
                               : sim_expediente(judgment, arena);
    const char *origin = sim_expediente(&(sim_judgment){.of = of, .incident = judgment->incident}, arena);
    hu_json_key(json, "decision");
    hu_json_object(json);
    hu_json_put_text(json, "expediente", criminal && judgment->kind != KIND_PLENARY ? file : NULL);
    hu_json_put_text(json, "origin_expediente", cited ? origin : NULL);
    hu_json_put_text(json, "carpeta_fiscal", told->carpeta ? of->carpeta : NULL);
    hu_json_put_text(json, "court", told->court);
    hu_json_put_text(json, "court_level", levels[judgment->level]);
    hu_json_put_text(json, "judicial_district", judgment->kind == KIND_PLENARY ? NULL : of->district->name);
    hu_json_put_text(json, "region", judgment->kind == KIND_PLENARY ? NULL : of->region->name);
    hu_json_put_text(json, "ubigeo", judgment->kind == KIND_PLENARY ? NULL : of->region->ubigeo);
    hu_json_put_text(json, "kind", sim_kind_code(judgment->kind));
    hu_json_put_text(json, "date", iso_date(judgment->date, iso));
    hu_json_put_text(json, "facts_date", merits ? iso_date(of->facts, iso) : NULL);
    hu_json_put_text(json, "complaint_date", told->complaint ? iso_date(of->complaint, iso) : NULL);
    hu_json_put_text(json, "formalization_date", told->formalization ? iso_date(of->formalized, iso) : NULL);
    hu_json_put_text(json, "accusation_date", told->accusation ? iso_date(of->accused, iso) : NULL);
    hu_json_put_bool(json, "trafficking", of->trafficking && criminal && judgment->kind != KIND_PLENARY);
    hu_json_object_end(json);
}

static void put_offences(hu_json *json, const char *key, const sim_study *study, const sim_case *of,
                         const sim_offence *offences, int count)
{
    hu_json_key(json, key);
    hu_json_array(json);
    for (int i = 0; i < count; i++) {
        hu_json_object(json);
        hu_json_put_text(json, "article", sim_law_at(&study->data, offences[i], of->facts)->article);
        hu_json_put_text(json, "offence", sim_offence_code(offences[i]));
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put_defendant(hu_json *json, const sim_study *study, const sim_judgment *judgment, int index, int convicted)
{
    static const char *const roles[] = {"author", "coauthor", "accomplice"};
    const sim_case *of = judgment->of;
    const sim_defendant *defendant = &of->defendants[index];
    const sim_ruling *ruling = &judgment->rulings[index];
    bool stands = ruling->standing == STANDING_CONVICTED;
    hu_json_object(json);
    hu_json_put_text(json, "label", defendant->label);
    hu_json_put_text(json, "role", roles[defendant->role]);
    put_offences(json, "charged", study, of, defendant->charged, defendant->n_charged);
    put_offences(json, "convicted", study, of, defendant->convicted_of, stands ? defendant->n_convicted_of : 0);
    hu_json_put_text(json, "verdict", verdict_code(ruling->verdict));
    hu_json_put_text(json, "final_verdict", standing_code(ruling->standing));
    if (stands) {
        hu_json_put_integer(json, "prison_months", ruling->months);
        hu_json_put_integer(json, "prison_days", ruling->days);
        hu_json_put_text(json, "prison_kind", ruling->months <= 48 ? "suspended" : "effective");
        if (ruling->months <= 48)
            hu_json_put_integer(json, "probation_months", defendant->probation);
        if (judgment->level == 0) {
            hu_json_put_integer(json, "day_fines", defendant->day_fines);
            hu_json_put_integer(json, "disqualification_months", defendant->disqualification);
        }
        hu_json_put_integer(json, "reparation_pen", defendant->reparation);
        hu_json_put_bool(json, "reparation_joint", defendant->joint && convicted > 1);
        hu_json_put_bool(json, "reclassified", sim_reclassified(defendant));
    }
    hu_json_object_end(json);
}

static void put_defendants(hu_json *json, const sim_study *study, const sim_judgment *judgment)
{
    int convicted = 0;
    hu_json_key(json, "defendants");
    hu_json_array(json);
    for (int i = 0; i < judgment->of->n_defendants; i++)
        convicted += judgment->rulings[i].standing == STANDING_CONVICTED;
    for (int i = 0; sim_is_on_merits(judgment) && i < judgment->of->n_defendants; i++)
        put_defendant(json, study, judgment, i, convicted);
    hu_json_array_end(json);
}

static void put_victims(hu_json *json, const sim_case *of)
{
    static const char *const exploitation[] = {"sexual", "labour", "domestic", "begging"};
    hu_json_key(json, "victims");
    hu_json_object(json);
    hu_json_put_integer(json, "count", of->victims);
    hu_json_put_integer(json, "minors", of->minors);
    hu_json_put_integer(json, "female", of->feminine_victims);
    hu_json_put_integer(json, "male", of->victims - of->feminine_victims);
    hu_json_put_integer(json, "foreign", of->foreign);
    hu_json_object_end(json);
    hu_json_key(json, "exploitation");
    hu_json_array(json);
    if (of->trafficking)
        hu_json_text(json, exploitation[of->exploitation]);
    hu_json_array_end(json);
}

static void put_traits(hu_json *json, const sim_told *told)
{
    static const char *const practice[] = {"absent", "absent", "denied", "present"};
    static const char *const agency[] = {"absent", "mentioned", "mentioned", "acted"};
    hu_json_key(json, "practices");
    hu_json_object(json);
    for (size_t k = 0; k < N_PRACTICES; k++)
        hu_json_put_text(json, sim_practice_keys[k], practice[told->practices[k]]);
    hu_json_object_end(json);
    hu_json_key(json, "agencies");
    hu_json_object(json);
    for (size_t k = 0; k < N_AGENCIES; k++)
        hu_json_put_text(json, sim_agency_keys[k], agency[told->agencies[k]]);
    hu_json_object_end(json);
}

void sim_truth_of_judgment(const sim_study *study, const sim_judgment *judgment, const sim_told *told,
                           const char *formulations, hu_buf *out)
{
    HU_SCRATCH(arena);
    hu_json json;
    hu_json_start(&json, out);
    hu_json_object(&json);
    hu_json_put_text(&json, "document", hu_printf(arena, "judgments/%04zu.pdf", judgment->number));
    hu_json_put_text(&json, "case_id", judgment->of->in_study ? judgment->of->id : NULL);
    hu_json_put_bool(&json, "scan", judgment->scan);
    hu_json_put_text(&json, "formulations", formulations);
    hu_json_key(&json, "truth");
    hu_json_object(&json);
    put_decision(&json, judgment, told, arena);
    put_defendants(&json, study, judgment);
    if (sim_is_on_merits(judgment)) {
        put_victims(&json, judgment->of);
        put_traits(&json, told);
    }
    hu_json_object_end(&json);
    hu_json_object_end(&json);
}

/* --- effects --- */

/* Mean of Y(1) - Y(0) over the treated cases where both are defined; over those seen to their end when `seen`. */
double sim_mean_effect(const sim_study *study, sim_outcome outcome, bool seen, size_t *count)
{
    double sum = 0;
    *count = 0;
    for (size_t i = 0; i < study->n_cases; i++) {
        const sim_case *one = &study->cases[i];
        double difference = sim_outcome_value(study, one, outcome, 1) - sim_outcome_value(study, one, outcome, 0);
        if (!one->treated || isnan(difference) || (seen && !one->closed))
            continue;
        sum += difference;
        ++*count;
    }
    return *count ? sum / (double)*count : NAN;
}

static void put_effects(hu_json *json, const sim_study *study)
{
    static const sim_process planted[N_OUTCOMES] = {PROCESS_CONVICTION, PROCESS_MONTHS,    PROCESS_PENALTY,
                                                    PROCESS_LESSER,     PROCESS_PRACTICES, PROCESS_AGENCIES};
    hu_json_key(json, "effects");
    hu_json_object(json);
    for (int o = 0; o < N_OUTCOMES; o++) {
        size_t all = 0, seen = 0;
        double att = sim_mean_effect(study, (sim_outcome)o, false, &all);
        double att_seen = sim_mean_effect(study, (sim_outcome)o, true, &seen);
        hu_json_key(json, sim_outcome_names[o]);
        hu_json_object(json);
        hu_json_put_number(json, "att", att);
        hu_json_put_integer(json, "cases", (int64_t)all);
        hu_json_put_number(json, "att_seen", att_seen);
        hu_json_put_integer(json, "cases_seen", (int64_t)seen);
        hu_json_put_number(json, "parameter", study->data.parameters.processes[planted[o]].effect);
        hu_json_object_end(json);
    }
    hu_json_object_end(json);
}

static void put_field(hu_json *json, const sim_field_parameters *field)
{
    hu_json_key(json, "field");
    hu_json_object(json);
    hu_json_put_number(json, "identification_ratio", field->identification_ratio);
    hu_json_put_number(json, "documentation", field->documentation);
    hu_json_put_number(json, "referral_completed", field->referral_completed);
    hu_json_put_number(json, "referral_false", field->referral_false);
    hu_json_put_number(json, "knowledge", field->knowledge);
    hu_json_put_number(json, "trust", field->trust);
    hu_json_object_end(json);
}

/* --- cases --- */

static void put_case(hu_json *json, const sim_study *study, const sim_case *one)
{
    char iso[16];
    hu_json_object(json);
    hu_json_put_text(json, "case_id", one->id);
    hu_json_put_text(json, "region", one->region->name);
    hu_json_put_text(json, "opened", iso_date(one->opened, iso));
    hu_json_put_text(json, "closed", iso_date(one->closed, iso));
    hu_json_put_bool(json, "treated", one->treated);
    hu_json_key(json, "untrained");
    for (int d = 0; d < 2; d++) {
        if (d)
            hu_json_key(json, "trained");
        hu_json_object(json);
        for (int o = 0; o < N_OUTCOMES; o++)
            hu_json_put_number(json, sim_outcome_names[o], sim_outcome_value(study, one, (sim_outcome)o, d));
        hu_json_object_end(json);
    }
    /* what can be seen: nothing before the case is closed */
    for (int o = 0; o < N_OUTCOMES; o++)
        hu_json_put_number(json, sim_outcome_names[o],
                           one->closed ? sim_outcome_value(study, one, (sim_outcome)o, one->treated) : NAN);
    hu_json_object_end(json);
}

hu_error *sim_write_truth(const sim_study *study, const hu_buf *judgments, const char *folder)
{
    HU_SCRATCH(arena);
    HU_BUF(out);
    hu_json json;
    hu_json_start(&json, &out);
    hu_json_object(&json);
    hu_json_put_text(&json, "version", hu_version());
    hu_json_put_integer(&json, "seed", (int64_t)study->seed);
    put_effects(&json, study);
    put_field(&json, &study->data.parameters.field);
    hu_json_key(&json, "cases");
    hu_json_array(&json);
    for (size_t i = 0; i < study->n_cases; i++)
        put_case(&json, study, &study->cases[i]);
    hu_json_array_end(&json);
    hu_buf_add_text(&out, ",\n\"judgments\":[");
    for (size_t i = 0; i < study->n_judgments; i++) {
        hu_buf_add_text(&out, i ? ",\n" : "\n");
        hu_buf_add(&out, judgments[i].data, judgments[i].length);
    }
    hu_buf_add_text(&out, "\n]}\n");
    return hu_write_file(hu_path_join(arena, folder, "truth.json"), out.data, out.length);
}
