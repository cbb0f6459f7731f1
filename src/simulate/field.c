/*
 * Field tables of the community trial: districts in matched pairs, one of each trained; incidents, referrals, knowledge
 * scores and surveys before and after. docs/simulation.md documents columns and effects.
 */

#include "study.h"

#include "huella/base/file.h"

#include <math.h>
#include <string.h>

typedef struct place { /* one district */
    size_t number, pair;
    const char *name;
    bool trained;
    double level[4]; /* shifts of incidence, documentation, knowledge, trust */
} place;

typedef struct field {
    const sim_field_parameters *parameters;
    uint64_t seed;
    place *places;
    size_t n_places;
    int64_t from, trained_from;
    FILE *incidents, *referrals;
    size_t n_incidents, n_referrals;
} field;

static double held(double value, double least, double most)
{
    return fmin(fmax(value, least), most);
}

static void print_date(FILE *file, int64_t day)
{
    char iso[16];
    hu_date_format_iso(hu_date_from_days(day), iso);
    fputs(iso, file);
}

static void draw_places(const sim_study *study, field *f, hu_arena *arena)
{
    const sim_words *names = &study->data.names.field_districts;
    f->n_places = (size_t)f->parameters->districts / 2 * 2;
    f->places = HU_NEW_ARRAY(arena, place, f->n_places + 1);
    hu_random random = hu_random_start(study->seed, hu_random_stream("simulate.districts", 0));
    for (size_t i = 0; i < f->n_places; i++) {
        place *one = &f->places[i];
        one->number = i + 1;
        one->pair = i / 2 + 1;
        const char *name = names->items[i % names->count];
        one->name = i < names->count ? name : hu_printf(arena, "%s %zu", name, i / names->count + 1);
        if (i % 2 == 0)
            one->trained = hu_random_uniform(&random) < 0.5;
        else
            one->trained = !f->places[i - 1].trained;
        for (int k = 0; k < 4; k++) /* the districts of a pair resemble each other */
            one->level[k] =
                (i % 2 ? 0.7 * f->places[i - 1].level[k] : 0) + (i % 2 ? 0.7 : 1) * hu_random_normal(&random);
    }
}

static void write_districts(const field *f, FILE *file)
{
    fputs("district_id,district,pair,trained,trained_on,officers\n", file);
    for (size_t i = 0; i < f->n_places; i++) {
        const place *one = &f->places[i];
        fprintf(file, "D%02zu,%s,%zu,%d,", one->number, one->name, one->pair, one->trained);
        if (one->trained)
            print_date(file, f->trained_from);
        fprintf(file, ",%ld\n", f->parameters->officers);
    }
}

static void write_referral(field *f, const place *one, int64_t day, bool treated, hu_random *random)
{
    static const char *const agencies[] = {"pnp", "prosecution_specialised", "mimp_upe", "udavit",
                                           "cem", "health_forensic"};
    double u = hu_random_uniform(random), v = hu_random_uniform(random), w = hu_random_uniform(random);
    bool completed = u < 0.45 + (treated ? f->parameters->referral_completed : 0);
    fprintf(f->referrals, "R%05zu,I%05zu,D%02zu,%s,", ++f->n_referrals, f->n_incidents, one->number,
            agencies[hu_random_below(random, 6)]);
    print_date(f->referrals, day + 1);
    fputc(',', f->referrals);
    if (completed)
        print_date(f->referrals, day + 2 + (int64_t)hu_random_below(random, 20));
    bool wrong = v < 0.35 + (treated ? f->parameters->referral_false : 0);
    fprintf(f->referrals, ",%s\n", !completed || w < 0.15 ? "unknown" : wrong ? "no" : "yes");
}

static void write_incident(field *f, const place *one, int64_t day, bool identified, bool treated, hu_random *random)
{
    double score =
        48 + 6 * one->level[1] + 14 * hu_random_normal(random) + (treated ? f->parameters->documentation : 0);
    score = round(held(score, 0, 100));
    fprintf(f->incidents, "I%05zu,D%02zu,O%03zu,", ++f->n_incidents, one->number,
            (one->number - 1) * (size_t)f->parameters->officers + 1 +
                (size_t)hu_random_below(random, (uint64_t)f->parameters->officers));
    print_date(f->incidents, day);
    unsigned indicators = (unsigned)hu_random_below(random, 5) + (identified ? 3 : 1);
    unsigned persons = identified ? 1 + hu_random_poisson(random, 0.6) : 0;
    fprintf(f->incidents, ",%u,%u,%.0f\n", persons, indicators, score);
    if (identified && hu_random_uniform(random) < 0.8)
        write_referral(f, one, day, treated, random);
}

static void write_months(field *f, const place *one)
{
    hu_random random = hu_random_start(f->seed, hu_random_stream("simulate.incidents", one->number));
    for (long m = 0; m < f->parameters->months; m++) {
        int month = f->parameters->from.month - 1 + (int)m;
        hu_date first = {f->parameters->from.year + month / 12, month % 12 + 1, 1};
        int64_t start = hu_date_to_days(first);
        bool treated = one->trained && start >= f->trained_from;
        double rate = f->parameters->incidents_per_month * exp(0.2 * one->level[0]);
        unsigned known = hu_random_poisson(&random, 0.45 * rate * (treated ? f->parameters->identification_ratio : 1));
        unsigned suspected = hu_random_poisson(&random, 0.55 * rate);
        for (unsigned i = 0; i < known + suspected; i++)
            write_incident(f, one, start + (int64_t)hu_random_below(&random, 28), i < known, treated, &random);
    }
}

static void write_scores(const field *f, FILE *file)
{
    fputs("officer_id,district_id,wave,knowledge,attitude\n", file);
    for (size_t i = 0; i < f->n_places; i++)
        for (long o = 0; o < f->parameters->officers; o++) {
            const place *one = &f->places[i];
            size_t officer = i * (size_t)f->parameters->officers + (size_t)o + 1;
            hu_random random = hu_random_start(f->seed, hu_random_stream("simulate.officer", officer));
            double ability = 8 * hu_random_normal(&random), attitude = 0.4 * hu_random_normal(&random);
            for (int wave = 0; wave < 2; wave++) {
                bool treated = one->trained && wave;
                double knowledge = 46 + 4 * one->level[2] + ability + 6 * hu_random_normal(&random) + 2 * wave +
                                   (treated ? f->parameters->knowledge : 0);
                double view = 3.1 + attitude + 0.3 * hu_random_normal(&random) + (treated ? 0.2 : 0);
                fprintf(file, "O%03zu,D%02zu,%s,%.0f,%.1f\n", officer, one->number, wave ? "after" : "before",
                        round(held(knowledge, 0, 100)), held(view, 1, 5));
            }
        }
}

static void write_surveys(const field *f, FILE *file)
{
    size_t number = 0;
    fputs("respondent_id,district_id,wave,trust,would_report\n", file);
    for (size_t i = 0; i < f->n_places; i++)
        for (int wave = 0; wave < 2; wave++)
            for (long r = 0; r < f->parameters->respondents; r++) {
                const place *one = &f->places[i];
                hu_random random = hu_random_start(f->seed, hu_random_stream("simulate.respondent", number));
                bool treated = one->trained && wave;
                double trust =
                    2.7 + 0.2 * one->level[3] + 0.8 * hu_random_normal(&random) + (treated ? f->parameters->trust : 0);
                double report = 0.35 + 0.1 * (trust - 2.7);
                fprintf(file, "S%05zu,D%02zu,%s,%.1f,%d\n", ++number, one->number, wave ? "after" : "before",
                        held(trust, 1, 5), hu_random_uniform(&random) < report);
            }
}

/* Opens folder/name, lets `fill` write, closes whole. */
static hu_error *write_one(const field *f, const char *folder, const char *name, void (*fill)(const field *, FILE *))
{
    HU_SCRATCH(arena);
    hu_write write;
    HU_TRY(hu_write_start(hu_path_join(arena, folder, name), &write));
    fill(f, write.file);
    return hu_write_commit(&write);
}

static hu_error *write_events(field *f, const char *folder)
{
    HU_SCRATCH(arena);
    hu_write incidents, referrals;
    HU_TRY(hu_write_start(hu_path_join(arena, folder, "incidents.csv"), &incidents));
    hu_error *error = hu_write_start(hu_path_join(arena, folder, "referrals.csv"), &referrals);
    if (error) {
        hu_write_cancel(&incidents);
        return error;
    }
    f->incidents = incidents.file;
    f->referrals = referrals.file;
    fputs("incident_id,district_id,officer_id,occurred_on,persons_identified,indicators,documentation\n", f->incidents);
    fputs("referral_id,incident_id,district_id,agency,referred_on,completed_on,case_found\n", f->referrals);
    for (size_t i = 0; i < f->n_places; i++)
        write_months(f, &f->places[i]);
    error = hu_write_commit(&incidents);
    if (error) {
        hu_write_cancel(&referrals);
        return error;
    }
    return hu_write_commit(&referrals);
}

hu_error *sim_write_field(const sim_study *study, const char *folder)
{
    HU_SCRATCH(arena);
    field f = {.parameters = &study->data.parameters.field, .seed = study->seed};
    f.from = hu_date_to_days(f.parameters->from);
    f.trained_from = hu_date_to_days(f.parameters->trained_from);
    draw_places(study, &f, arena);
    HU_TRY(write_one(&f, folder, "districts.csv", write_districts));
    HU_TRY(write_events(&f, folder));
    HU_TRY(write_one(&f, folder, "scores.csv", write_scores));
    return write_one(&f, folder, "surveys.csv", write_surveys);
}
