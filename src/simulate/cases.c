/* Cases and their potential outcomes: the data-generating process of rules/simulation/study.yaml. */

#include "study.h"

#include <math.h>
#include <string.h>

const char *const sim_outcome_names[N_OUTCOMES] = {"conviction",      "resolution_months", "prison_months",
                                                   "charge_severity", "victim_centred",    "collaboration"};
static const double days_a_month = 30.4375;

static bool chance(hu_random *random, double probability)
{
    return hu_random_uniform(random) < probability;
}

static int64_t between(hu_random *random, int64_t least, int64_t most)
{
    return most <= least ? least : least + (int64_t)hu_random_below(random, (uint64_t)(most - least + 1));
}

static double held(double probability)
{
    return fmin(fmax(probability, 0.02), 0.98);
}

/* Courts sign on working days: Saturday and Sunday move to the Friday before. */
static int64_t working_day(int64_t day)
{
    int weekday = (int)(((day % 7) + 7 + 3) % 7); /* 1970-01-01 was a Thursday; 0 = Monday */
    return weekday >= 5 ? day - (weekday - 4) : day;
}

/* --- regions --- */

void sim_draw_regions(sim_study *study)
{
    for (size_t r = 0; r < study->data.n_regions; r++) {
        sim_region *region = &study->data.regions[r];
        hu_random random = hu_random_start(study->seed, hu_random_stream("simulate.region", r));
        for (size_t p = 0; p < N_PROCESSES; p++)
            region->shift[p] = hu_random_normal(&random);
        if (!region->cohort)
            continue;
        hu_date first = {.year = region->cohort / 2, .month = region->cohort % 2 ? 7 : 1, .day = 3};
        region->trained_on = working_day(hu_date_to_days(first) + 3 + (int64_t)hu_random_below(&random, 30));
    }
}

/* base + region + half-year + shock of region and half-year + training (see study.yaml); e: the case's own noise. */
static double linear(const sim_study *study, sim_process which, const sim_case *one, double scale, double e,
                     int trained)
{
    const sim_linear *process = &study->data.parameters.processes[which];
    size_t r = (size_t)(one->region - study->data.regions);
    hu_random time = hu_random_start(study->seed, hu_random_stream("simulate.half-year", (uint64_t)one->period));
    hu_random shock = hu_random_start(study->seed, hu_random_stream("simulate.shock", (uint64_t)one->period * 64 + r));
    double b = 0, u = 0;
    for (size_t i = 0; i <= (size_t)which; i++) {
        b = hu_random_normal(&time);
        u = hu_random_normal(&shock);
    }
    return process->base + process->region_sd * one->region->shift[which] + process->time_sd * b +
           process->shock_sd * u + process->noise_sd * e + (trained ? scale * process->effect : 0);
}

/* --- facts --- */

static const sim_region *draw_region(const sim_data *data, hu_random *random)
{
    double total = 0;
    for (size_t i = 0; i < data->n_regions; i++)
        total += data->regions[i].weight;
    double at = hu_random_uniform(random) * total;
    for (size_t i = 0; i + 1 < data->n_regions; i++) {
        at -= data->regions[i].weight;
        if (at < 0)
            return &data->regions[i];
    }
    return &data->regions[data->n_regions - 1];
}

static int draw_period(const sim_parameters *parameters, hu_random *random)
{
    int periods = (int)(parameters->to - parameters->from + 1) * 2, chosen = periods - 1;
    double total = 0, weight = 1;
    for (int i = 0; i < periods; i++, weight *= parameters->growth)
        total += weight;
    double at = hu_random_uniform(random) * total;
    weight = 1;
    for (int i = 0; i < periods; i++, weight *= parameters->growth) {
        at -= weight;
        if (at < 0) {
            chosen = i;
            break;
        }
    }
    return (int)parameters->from * 2 + chosen;
}

static void draw_place(const sim_study *study, sim_case *one, hu_random *random, hu_arena *arena)
{
    const sim_data *data = &study->data;
    one->region = draw_region(data, random);
    /* the first district of a region is its seat, and hears most of its cases */
    size_t district = chance(random, 0.55) ? 0 : hu_random_below(random, one->region->n_districts);
    one->district = &one->region->districts[district];
    one->seat =
        one->district->seats.items[chance(random, 0.7) ? 0 : hu_random_below(random, one->district->seats.count)];
    one->organ_number = hu_printf(arena, "%02d", (int)between(random, 1, 5));
    one->venue = sim_pick(&data->names.venues, random);
    one->street = sim_pick(&data->names.streets, random);
    one->period = draw_period(&data->parameters, random);
    hu_date first = {.year = one->period / 2, .month = one->period % 2 ? 7 : 1, .day = 1};
    hu_date next = {.year = (one->period + 1) / 2, .month = one->period % 2 ? 1 : 7, .day = 1};
    int64_t start = hu_date_to_days(first), end = hu_date_to_days(next);
    one->opened = between(random, start, end - 1);
    one->complaint = one->opened - between(random, 0, 6);
    one->facts = one->complaint - between(random, 3, 420);
    one->treated = one->region->cohort && one->period >= one->region->cohort;
}

static const char *draw_victim_label(const sim_study *study, const sim_case *one, hu_random *random, hu_arena *arena,
                                     int style)
{
    int year = hu_date_from_days(one->opened).year;
    if (style == 1)
        return hu_printf(arena, "%02d-%d", (int)between(random, 1, 60), year);
    if (style == 2)
        return hu_printf(arena, "CV-%03d-%d", (int)between(random, 1, 400), year);
    return sim_initials_draw(&study->data.names, random, arena);
}

static void draw_victims(const sim_study *study, sim_case *one, hu_random *random, hu_arena *arena)
{
    const sim_parameters *parameters = &study->data.parameters;
    bool minors = chance(random, parameters->minors), young = chance(random, parameters->young_minors);
    one->victims = chance(random, parameters->several_victims) ? (int)between(random, 2, 6) : 1;
    one->young = young;
    one->minors = minors || young ? (int)between(random, 1, one->victims) : 0;
    one->feminine_victims = chance(random, 0.85) ? one->victims : (int)between(random, 0, one->victims);
    double foreign = one->period / 2 < 2017 ? parameters->foreign_before : parameters->foreign_from;
    one->foreign = chance(random, foreign) ? (int)between(random, 1, one->victims) : 0;
    one->nationality = one->foreign ? sim_pick(&study->data.names.nationalities, random) : "";
    one->facts_class = young ? 4 : one->minors || one->victims > 1 ? 3 : 2;
    double at = hu_random_uniform(random);
    for (one->exploitation = 0; one->exploitation < 3; one->exploitation++) {
        at -= parameters->exploitation[one->exploitation];
        if (at < 0)
            break;
    }
    double style = hu_random_uniform(random);
    for (int i = 0; i < one->victims; i++)
        one->victim_labels[i] = draw_victim_label(study, one, random, arena, style < 0.72 ? 0 : style < 0.88 ? 1 : 2);
}

/* --- potential outcomes --- */

/* Months and days of a penalty at `place` of the law's range, less what a plea takes off. */
static void set_penalty(const sim_law *law, double place, int unit, sim_ending ending, int *months, int *days)
{
    place = fmin(fmax(place, 0), 1);
    int full = law->least + (int)lround(place * (law->most - law->least) / unit) * unit;
    full = full > law->most ? law->most : full;
    int left = ending == ENDING_CONFORMITY ? 6 : ending == ENDING_EARLY ? 5 : 1;
    int whole = ending == ENDING_CONFORMITY ? 7 : ending == ENDING_EARLY ? 6 : 1;
    *months = full * left / whole;
    *days = (full * left % whole) * 30 / whole;
}

static sim_offence class_offence(int severity)
{
    return severity == 4 ? OFFENCE_HIGHEST : severity == 3 ? OFFENCE_AGGRAVATED : OFFENCE_TRAFFICKING;
}

static sim_offence lesser_offence(const sim_case *one)
{
    static const sim_offence sexual[3] = {OFFENCE_PROMOTION, OFFENCE_PROCURING, OFFENCE_PIMPING};
    return one->exploitation == 0 ? sexual[one->number % 3] : OFFENCE_FORCED_LABOUR;
}

/* Forced labour is an offence of its own since 2017 only: before, a case of labour has nothing to fall back to. */
static bool has_lesser(const sim_study *study, const sim_case *one)
{
    return one->exploitation == 0 || study->data.laws[OFFENCE_FORCED_LABOUR][0].from <= one->facts;
}

static void draw_traits(const sim_study *study, sim_case *one, sim_process which, const sim_trait *traits, size_t count,
                        hu_random *random, uint32_t bits[2], sim_state *states)
{
    for (size_t k = 0; k < count; k++) {
        double u = hu_random_uniform(random), other = hu_random_uniform(random);
        for (int d = 0; d < 2; d++) {
            double p = traits[k].base + linear(study, which, one, traits[k].effect, 0, d);
            if (traits[k].base > 0 && u < held(p))
                bits[d] |= 1u << k;
        }
        states[k] = bits[one->treated] >> k & 1                      ? STATE_PRESENT
                    : other < traits[k].denied                       ? STATE_DENIED
                    : other < traits[k].denied + traits[k].mentioned ? STATE_MENTIONED
                                                                     : STATE_ABSENT;
    }
}

static void draw_potential(const sim_study *study, sim_case *one, hu_random *random)
{
    double u_conviction = hu_random_uniform(random), u_lesser = hu_random_uniform(random),
           u_aggravation = hu_random_uniform(random);
    double e_months = hu_random_normal(random), e_place = hu_random_normal(random);
    static const int units[5] = {12, 12, 6, 6, 1};
    int unit = units[hu_random_below(random, 5)];
    const double least = study->data.parameters.processes[PROCESS_MONTHS].least;
    for (int d = 0; d < 2; d++) {
        sim_potential *y = &one->potential[d];
        y->convicted = u_conviction < held(linear(study, PROCESS_CONVICTION, one, 1, 0, d));
        double months = fmax(linear(study, PROCESS_MONTHS, one, 1, e_months, d), least);
        y->closed = working_day(one->opened + (int64_t)lround(months * days_a_month));
        bool lesser = u_lesser < held(linear(study, PROCESS_LESSER, one, 1, 0, d)) && has_lesser(study, one);
        bool lost = u_aggravation < held(linear(study, PROCESS_AGGRAVATION, one, 1, 0, d));
        y->severity = lesser ? 1 : one->facts_class - (lost && one->facts_class > 2 ? 1 : 0);
        sim_offence offence = lesser ? lesser_offence(one) : class_offence(y->severity);
        set_penalty(sim_law_at(&study->data, offence, one->facts), linear(study, PROCESS_PENALTY, one, 1, e_place, d),
                    unit, one->ending, &y->prison_months, &y->prison_days);
    }
    uint32_t practices[2] = {0}, agencies[2] = {0};
    draw_traits(study, one, PROCESS_PRACTICES, study->data.parameters.practices, N_PRACTICES, random, practices,
                one->practices);
    draw_traits(study, one, PROCESS_AGENCIES, study->data.parameters.agencies, N_AGENCIES, random, agencies,
                one->agencies);
    for (int d = 0; d < 2; d++) {
        one->potential[d].practices = practices[d] | (one->potential[d].convicted ? 1u << PRACTICE_REPARATION : 0);
        one->potential[d].agencies = agencies[d];
    }
    one->practices[PRACTICE_REPARATION] = one->potential[one->treated].convicted ? STATE_PRESENT : STATE_ABSENT;
}

double sim_victim_centred(const sim_data *data, uint32_t present)
{
    (void)data;
    int sum = 0;
    for (int k = 0; k < N_PRACTICES; k++)
        sum += (int)(present >> k & 1) * (k == PRACTICE_REVICTIMISING ? -1 : 1);
    return (double)sum / (N_PRACTICES - 1);
}

int sim_collaboration(const sim_data *data, uint32_t acted)
{
    int sum = 0;
    for (int k = 0; k < N_AGENCIES; k++)
        sum += data->parameters.agency_counts[k] && acted >> k & 1;
    return sum;
}

double sim_outcome_value(const sim_study *study, const sim_case *which, sim_outcome outcome, int with_training)
{
    const sim_potential *y = &which->potential[with_training];
    switch (outcome) {
    case OUTCOME_CONVICTION:
        return y->convicted;
    case OUTCOME_MONTHS:
        return (double)(y->closed - which->opened) / days_a_month;
    case OUTCOME_PRISON:
        return y->convicted ? y->prison_months : NAN;
    case OUTCOME_SEVERITY:
        return y->convicted ? y->severity : 0;
    case OUTCOME_PRACTICES:
        return sim_victim_centred(&study->data, y->practices);
    case OUTCOME_COLLABORATION:
        return sim_collaboration(&study->data, y->agencies);
    }
    return NAN;
}

/* --- defendants --- */

static void draw_charges(const sim_case *one, sim_defendant *defendant, hu_random *random)
{
    const sim_potential *y = &one->potential[one->treated];
    /* an aggravation that gets lost is lost by the prosecution in half of the cases, by the court in the others */
    bool charged_lower = chance(random, 0.5) && y->severity > 1;
    defendant->charged[0] = class_offence(charged_lower ? y->severity : one->facts_class);
    defendant->n_charged = 1;
    defendant->convicted_of[0] = y->severity == 1 ? lesser_offence(one) : class_offence(y->severity);
    defendant->n_convicted_of = 1;
    if (one->exploitation == 0 && one->ending == ENDING_TRIAL && chance(random, 0.17)) {
        defendant->charged[defendant->n_charged++] = lesser_offence(one);
        if (y->severity > 1 && chance(random, 0.3))
            defendant->convicted_of[defendant->n_convicted_of++] = lesser_offence(one);
    }
}

static void draw_consequences(const sim_study *study, const sim_case *one, sim_defendant *defendant, int index,
                              hu_random *random)
{
    const sim_parameters *parameters = &study->data.parameters;
    const sim_potential *y = &one->potential[one->treated];
    const sim_law *law = sim_law_at(&study->data, defendant->convicted_of[0], one->facts);
    defendant->months = y->prison_months;
    defendant->days = y->prison_days;
    if (index > 0 && chance(random, 0.6)) { /* never above the first defendant's, who bears the case's penalty */
        int months = 0, days = 0;
        double place = (double)(y->prison_months - law->least) / (law->most - law->least);
        set_penalty(law, place * hu_random_uniform(random) * 0.9, 6, one->ending, &months, &days);
        if (months < defendant->months) {
            defendant->months = months;
            defendant->days = days;
        }
    }
    defendant->suspended = defendant->months <= 48;
    defendant->probation = defendant->suspended ? (int)between(random, 2, 3) * 12 : 0;
    defendant->disqualification = !defendant->suspended && chance(random, 0.5) ? (int)between(random, 3, 10) * 12 : 0;
    defendant->day_fines = chance(random, 0.25) ? (int)between(random, 6, 12) * 20 : 0;
    double amount = exp(log(parameters->reparation_least) +
                        hu_random_uniform(random) * log(parameters->reparation_most / parameters->reparation_least));
    defendant->reparation = (int)fmax(500 * round(amount / 500), 500);
}

static const char *defendant_label(const sim_names *names, const sim_defendant *defendant, double style, int index)
{
    const sim_words *masks = defendant->person.feminine ? &names->anonymous_feminine : &names->anonymous_masculine;
    if (style < 0.82)
        return defendant->person.full;
    if (style < 0.94)
        return defendant->person.initials;
    return masks->items[(size_t)index % masks->count];
}

static void draw_defendants(const sim_study *study, sim_case *one, hu_random *random, hu_arena *arena)
{
    const sim_parameters *parameters = &study->data.parameters;
    double style = hu_random_uniform(random), joint = hu_random_uniform(random);
    one->n_defendants = chance(random, parameters->several_defendants) ? (int)between(random, 2, MAX_DEFENDANTS) : 1;
    bool convicted = one->potential[one->treated].convicted;
    for (int i = 0; i < one->n_defendants; i++) {
        sim_defendant *defendant = &one->defendants[i];
        *defendant = (sim_defendant){0};
        defendant->person = sim_person_draw(&study->data.names, random, arena, chance(random, 0.42));
        defendant->label = defendant_label(&study->data.names, defendant, style, i);
        defendant->role = one->n_defendants == 1 ? 0 : i && chance(random, 0.25) ? 2 : 1;
        draw_charges(one, defendant, random);
        draw_consequences(study, one, defendant, i, random);
        bool also = chance(random, 0.62) || one->ending != ENDING_TRIAL;
        defendant->final_conviction = convicted && (i == 0 || also);
        if (one->n_defendants > 1 && joint < 0.6) {
            defendant->joint = true;
            defendant->reparation = one->defendants[0].reparation;
        }
    }
}

/* --- whole cases --- */

static void draw_proceedings(const sim_study *study, sim_case *one, hu_random *random, hu_arena *arena)
{
    int64_t end = one->potential[one->treated].closed, length = end - one->opened;
    one->closed = end <= study->drawn_on ? end : 0;
    one->formalized = one->opened + 3 + (int64_t)((double)length * 0.2 * hu_random_uniform(random));
    one->accused = one->opened + (int64_t)((double)length * (0.32 + 0.18 * hu_random_uniform(random)));
    hu_date opened = hu_date_from_days(one->opened);
    one->file_year = hu_date_from_days(one->formalized).year;
    /* one draw a statement: the order of a call's arguments is the compiler's */
    int number = (int)between(random, 40, 4200);
    int desk = (int)between(random, 0, 9), office = (int)between(random, 1, 14), seat = (int)between(random, 1, 9);
    one->carpeta =
        hu_printf(arena, "%s%02d%02d45%02d-%d-%d-0", one->district->code, seat, office, desk, opened.year, number);
}

/* The file number is unique among all cases, whatever their year and court: a walk over the residues of a prime. */
static int file_number(const sim_study *study, size_t number)
{
    size_t prime = study->n_cases + study->n_judgments < 9000 ? 9973 : 99991;
    return (int)((number * 2741 + 17) % prime) + 1;
}

static void draw_case(const sim_study *study, size_t number, hu_random *random, hu_arena *arena, sim_case *one)
{
    const sim_parameters *parameters = &study->data.parameters;
    one->number = number;
    one->trafficking = true;
    draw_place(study, one, random, arena);
    draw_victims(study, one, random, arena);
    double ending = hu_random_uniform(random);
    one->old_procedure =
        chance(random, parameters->old_procedure) && one->period / 2 < parameters->old_procedure_before;
    one->ending = one->old_procedure                                                ? ENDING_TRIAL
                  : ending < parameters->conformity                                 ? ENDING_CONFORMITY
                  : ending < parameters->conformity + parameters->early_termination ? ENDING_EARLY
                                                                                    : ENDING_TRIAL;
    draw_potential(study, one, random);
    draw_defendants(study, one, random, arena);
    draw_proceedings(study, one, random, arena);
    one->file_number = file_number(study, number);
}

static size_t prosecutor_of(const sim_study *study, const sim_case *one, hu_random *random)
{
    size_t n = 0, chosen = SIZE_MAX;
    for (size_t i = 0; i < study->n_prosecutors; i++)
        if (study->prosecutors[i].region == one->region && hu_random_below(random, ++n) == 0)
            chosen = i;
    return chosen;
}

void sim_draw_cases(sim_study *study, hu_arena *arena)
{
    study->cases = HU_NEW_ARRAY(arena, sim_case, study->n_cases);
    for (size_t i = 0; i < study->n_cases; i++) {
        sim_case *one = &study->cases[i];
        hu_random random = hu_random_start(study->seed, hu_random_stream("simulate.case", i));
        draw_case(study, i, &random, arena, one);
        one->in_study = true;
        one->id = hu_printf(arena, "C%05zu", i + 1);
        one->prosecutor = prosecutor_of(study, one, &random);
    }
}

/* Another offence than trafficking: one charge, a verdict, nothing that training could have changed. */
static void make_common(const sim_study *study, sim_case *one, hu_random *random)
{
    static const sim_offence common[] = {OFFENCE_ROBBERY, OFFENCE_DRUGS,         OFFENCE_THEFT,    OFFENCE_HOMICIDE,
                                         OFFENCE_RAPE,    OFFENCE_RAPE_OF_CHILD, OFFENCE_SMUGGLING};
    one->trafficking = false;
    one->main_offence = common[hu_random_below(random, sizeof common / sizeof *common)];
    bool convicted = chance(random, 0.6);
    const sim_law *law = sim_law_at(&study->data, one->main_offence, one->facts);
    one->young = one->main_offence == OFFENCE_RAPE_OF_CHILD;
    one->victims = one->main_offence == OFFENCE_DRUGS || one->main_offence == OFFENCE_SMUGGLING ? 0 : 1;
    one->feminine_victims = one->feminine_victims > 0 ? one->victims : 0;
    one->minors = one->young;
    one->foreign = 0;
    for (size_t k = 0; k < N_PRACTICES; k++)
        one->practices[k] = STATE_ABSENT;
    for (size_t k = 0; k < N_AGENCIES; k++)
        one->agencies[k] = STATE_ABSENT;
    one->agencies[0] = chance(random, 0.8) ? STATE_PRESENT : STATE_ABSENT;
    one->practices[PRACTICE_REPARATION] = convicted && one->victims ? STATE_PRESENT : STATE_ABSENT;
    for (int i = 0; i < one->n_defendants; i++) {
        sim_defendant *defendant = &one->defendants[i];
        defendant->charged[0] = defendant->convicted_of[0] = one->main_offence;
        defendant->n_charged = defendant->n_convicted_of = 1;
        defendant->final_conviction = convicted && (i == 0 || defendant->final_conviction);
        set_penalty(law, hu_random_uniform(random) * 0.8, 6, one->ending, &defendant->months, &defendant->days);
        defendant->suspended = defendant->months <= 48;
        defendant->probation = defendant->suspended ? 24 : 0;
        defendant->disqualification = 0;
    }
    if (one->ending != ENDING_TRIAL)
        for (int i = 0; i < one->n_defendants; i++)
            one->defendants[i].final_conviction = convicted;
}

void sim_draw_foreign_case(sim_study *study, sim_other kind, size_t number, hu_arena *arena, sim_case *drawn)
{
    hu_random random = hu_random_start(study->seed, hu_random_stream("simulate.other-case", number));
    draw_case(study, study->n_cases + number, &random, arena, drawn);
    if (kind != OTHER_TRAFFICKING)
        make_common(study, drawn, &random);
    else if (study->n_cases) { /* at times the number and year of a case of the study, in another court */
        const sim_case *twin = &study->cases[hu_random_below(&random, study->n_cases)];
        if (twin->district != drawn->district && twin->file_year == drawn->file_year)
            drawn->file_number = twin->file_number;
    }
}
