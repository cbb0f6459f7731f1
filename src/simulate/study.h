#ifndef HU_SIMULATE_STUDY_H
#define HU_SIMULATE_STUDY_H

/*
 * The simulated study as data: parameters, regions, people, cases with their potential outcomes, judgments with their
 * truth. Made in this order, each part a pure function of the seed; only then are texts written, in parallel.
 */

#include "huella/base/date.h"
#include "huella/base/random.h"
#include "huella/base/yaml.h"
#include "huella/simulate/grammar.h"
#include "huella/simulate/simulate.h"

enum { MAX_REGIONS = 32, MAX_DEFENDANTS = 4, MAX_CHARGES = 2, MAX_CHAIN = 4, MAX_JUDGES = 5 };

/* --- parameters (parameters.c) --- */

enum { N_PRACTICES = 18, N_AGENCIES = 18 };
extern const char *const sim_practice_keys[N_PRACTICES]; /* the codebook's keys */
extern const char *const sim_agency_keys[N_AGENCIES];
enum { PRACTICE_REPARATION = 10, PRACTICE_REVICTIMISING = 17 }; /* places in sim_practice_keys */

typedef enum sim_process {
    PROCESS_CONVICTION,
    PROCESS_MONTHS,
    PROCESS_PENALTY,
    PROCESS_LESSER,
    PROCESS_AGGRAVATION,
    PROCESS_PRACTICES,
    PROCESS_AGENCIES,
    N_PROCESSES
} sim_process;

typedef struct sim_linear {
    double base, effect, region_sd, time_sd, shock_sd, noise_sd, least;
} sim_linear;

typedef struct sim_trait {
    double base, denied, mentioned, effect; /* effect scales the process's */
} sim_trait;

typedef struct sim_field_parameters {
    long districts, months, officers, respondents;
    hu_date from, trained_from;
    double incidents_per_month, identification_ratio, documentation, referral_completed, referral_false, knowledge,
        trust;
} sim_field_parameters;

typedef enum sim_other {
    OTHER_TRAFFICKING,
    OTHER_OFFENCE,
    OTHER_ORDER,
    OTHER_NOT_CRIMINAL,
    OTHER_PLENARY,
    N_OTHER
} sim_other;

typedef struct sim_parameters {
    long from, to, prosecutors, untrained_prosecutors;
    double growth, minors, young_minors, several_victims, foreign_before, foreign_from, several_defendants;
    double exploitation[4]; /* sexual, labour, domestic, begging */
    double old_procedure, conformity, early_termination, reparation_least, reparation_most;
    long old_procedure_before;
    sim_linear processes[N_PROCESSES];
    sim_trait practices[N_PRACTICES], agencies[N_AGENCIES];
    bool agency_counts[N_AGENCIES];
    double other[N_OTHER];
    sim_field_parameters field;
} sim_parameters;

typedef enum sim_offence {
    OFFENCE_TRAFFICKING,
    OFFENCE_AGGRAVATED,
    OFFENCE_HIGHEST,
    OFFENCE_PROMOTION,
    OFFENCE_PIMPING,
    OFFENCE_PROCURING,
    OFFENCE_FORCED_LABOUR,
    OFFENCE_SMUGGLING,
    OFFENCE_RAPE,
    OFFENCE_RAPE_OF_CHILD,
    OFFENCE_ROBBERY,
    OFFENCE_DRUGS,
    OFFENCE_THEFT,
    OFFENCE_HOMICIDE,
    N_OFFENCES
} sim_offence;

typedef struct sim_law {
    int64_t from;
    const char *article;
    int least, most; /* months */
} sim_law;

typedef struct sim_words { /* a list of words from names.yaml */
    const char **items;
    size_t count;
} sim_words;

typedef struct sim_names {
    sim_words given_feminine, given_masculine, surnames, venues, streets, nationalities, field_districts,
        anonymous_feminine, anonymous_masculine;
} sim_names;

typedef struct sim_district {
    const char *name, *code;
    sim_words seats;
} sim_district;

typedef struct sim_region {
    const char *name, *ubigeo;
    sim_district *districts;
    size_t n_districts;
    double weight;
    int cohort;         /* half-year, see hu_period_of; 0 = never */
    int64_t trained_on; /* day; 0 = never */
    double shift[N_PROCESSES];
} sim_region;

typedef struct sim_data {
    sim_parameters parameters;
    sim_region regions[MAX_REGIONS];
    size_t n_regions;
    sim_law *laws[N_OFFENCES];
    size_t n_laws[N_OFFENCES];
    sim_names names;
    hu_grammar *grammar;
} sim_data;

hu_error *sim_load(const char *rules_dir, hu_arena *arena, sim_data *data);
const char *sim_offence_code(sim_offence offence); /* the codebook's code */
const char *sim_offence_key(sim_offence offence);  /* the key in offences.yaml and the grammar */
/** The law in force at the day of the facts. */
const sim_law *sim_law_at(const sim_data *data, sim_offence offence, int64_t day);

/* --- people (people.c) --- */

typedef struct sim_person {
    const char *given, *surname, *second, *full, *initials; /* full: "Rosa Elena Quispe Flores" */
    bool feminine;
} sim_person;

sim_person sim_person_draw(const sim_names *names, hu_random *random, hu_arena *arena, bool feminine);
const char *sim_initials_draw(const sim_names *names, hu_random *random, hu_arena *arena); /* "A.B.C." */
const char *sim_pick(const sim_words *words, hu_random *random);

/* --- cases (cases.c) --- */

typedef enum sim_state { STATE_ABSENT, STATE_MENTIONED, STATE_DENIED, STATE_PRESENT } sim_state;

/* A case as it would end without (0) and with (1) training. */
typedef struct sim_potential {
    bool convicted;
    int64_t closed;    /* day, whether seen or not */
    int severity;      /* given conviction: 1 … 4 */
    int prison_months; /* given conviction, of the first defendant */
    int prison_days;
    uint32_t practices, agencies; /* bits: present, acted */
} sim_potential;

/* The six outcomes, in the order of sim_outcome_names; NaN = not defined. */
enum { N_OUTCOMES = 6 };
extern const char *const sim_outcome_names[N_OUTCOMES];
typedef enum sim_outcome {
    OUTCOME_CONVICTION,
    OUTCOME_MONTHS,
    OUTCOME_PRISON,
    OUTCOME_SEVERITY,
    OUTCOME_PRACTICES,
    OUTCOME_COLLABORATION
} sim_outcome;

typedef enum sim_ending { ENDING_TRIAL, ENDING_CONFORMITY, ENDING_EARLY } sim_ending;

typedef struct sim_defendant {
    sim_person person;
    const char *label; /* how judgments name the person */
    sim_offence charged[MAX_CHARGES];
    int n_charged;
    sim_offence convicted_of[MAX_CHARGES]; /* should the person be convicted */
    int n_convicted_of;
    bool final_conviction;
    int role;         /* 0 author, 1 coauthor, 2 accomplice */
    int months, days; /* penalty, should the person be convicted */
    bool suspended;
    int probation, day_fines, disqualification, reparation;
    bool joint;
} sim_defendant;

typedef struct sim_case {
    size_t number;
    bool in_study; /* stands in cases.csv */
    const char *id, *carpeta, *district_word;
    const sim_region *region;
    const sim_district *district;
    const char *seat, *organ_number;
    int file_number, file_year;
    int64_t facts, complaint, opened, formalized, accused, closed; /* closed 0 = open when the data were drawn */
    int period;
    bool treated, old_procedure;
    size_t prosecutor;
    int victims, minors, foreign, feminine_victims, facts_class; /* facts_class: 2, 3, 4 as severity */
    bool young;
    const char *nationality;
    int exploitation;         /* as in parameters */
    sim_offence main_offence; /* of a case that is no trafficking */
    bool trafficking;
    sim_ending ending;
    sim_defendant defendants[MAX_DEFENDANTS];
    int n_defendants;
    sim_potential potential[2];
    sim_state practices[N_PRACTICES], agencies[N_AGENCIES]; /* as the case's judgments tell */
    const char *victim_labels[8];
    const char *venue, *street;
} sim_case;

typedef struct sim_prosecutor {
    const char *id, *office;
    const sim_region *region;
    int64_t trained_on;
    double hours, score_before, score_after;
} sim_prosecutor;

typedef struct sim_study {
    sim_data data;
    uint64_t seed;
    int64_t drawn_on; /* last day seen */
    sim_case *cases;
    size_t n_cases;
    sim_prosecutor *prosecutors;
    size_t n_prosecutors;
    struct sim_judgment *judgments;
    size_t n_judgments;
} sim_study;

/** All of it, in memory. */
hu_error *sim_draw_study(const hu_simulation_options *options, hu_arena *arena, sim_study *study);
void sim_draw_regions(sim_study *study);
void sim_draw_prosecutors(sim_study *study, hu_arena *arena);
void sim_draw_cases(sim_study *study, hu_arena *arena);
/** One case that does not belong to the study, for judgments that fill the folder. */
void sim_draw_foreign_case(sim_study *study, sim_other kind, size_t number, hu_arena *arena, sim_case *drawn);
/** Outcome of a case with and without training; NaN where not defined (prison without conviction). */
double sim_outcome_value(const sim_study *study, const sim_case *which, sim_outcome outcome, int with_training);
double sim_victim_centred(const sim_data *data, uint32_t present);
int sim_collaboration(const sim_data *data, uint32_t acted);

/* --- judgments (chain.c) --- */

typedef enum sim_kind {
    KIND_FIRST,
    KIND_CONFORMITY,
    KIND_EARLY,
    KIND_APPEAL,
    KIND_CASSATION,
    KIND_NULLITY,
    KIND_PLENARY,
    KIND_ORDER,
    KIND_OTHER
} sim_kind;
const char *sim_kind_code(sim_kind kind);

typedef enum sim_verdict {
    VERDICT_NONE,
    VERDICT_CONVICTED,
    VERDICT_ACQUITTED,
    VERDICT_CONFIRMED,
    VERDICT_REVERSED,
    VERDICT_ANNULLED
} sim_verdict;

typedef enum sim_standing { STANDING_OPEN, STANDING_CONVICTED, STANDING_ACQUITTED } sim_standing;

/* What one decision rules about one defendant. */
typedef struct sim_ruling {
    sim_verdict verdict;
    sim_standing before, standing; /* before and after this decision */
    int months, days;              /* that stand after it */
    int months_before;             /* what the lower court had imposed */
    int requested;                 /* months the prosecution asked for */
    bool penalty_changed;
} sim_ruling;

typedef struct sim_judgment {
    size_t number; /* from 1: judgments/0001.pdf */
    const sim_case *of;
    sim_kind kind;
    sim_other other; /* what it is when it is not of the study; N_OTHER for a study's judgment */
    int level;       /* 0 first instance, 1 appeal, 2 supreme */
    int64_t date;
    int incident;        /* third part of the file number */
    int resolution;      /* number of the resolution in the file */
    int supreme_number;  /* "CASACIÓN N.° 1351-2021" */
    int64_t lower_date;  /* of the ruling that is challenged */
    bool by_prosecution; /* who challenges */
    sim_ruling rulings[MAX_DEFENDANTS];
    bool scan;
    uint64_t stream;
} sim_judgment;

hu_error *sim_draw_judgments(sim_study *study, size_t wanted, double scan_share, hu_arena *arena);

/* --- text and pages (context.c, write.c, layout.c) --- */

/* What a judgment's text tells beside its rulings: chosen while it is written. */
typedef struct sim_told {
    const char *court, *prosecutor, *judges[MAX_JUDGES];
    size_t n_judges;
    bool carpeta, complaint, formalization, accusation; /* whether the text names them */
    sim_state practices[N_PRACTICES], agencies[N_AGENCIES];
} sim_told;

/** Writes the judgment's text, marked up as layout.c reads it; `trace` gets the formulations of its operative part. */
hu_error *sim_write_text(const sim_study *study, const sim_judgment *judgment, hu_arena *arena, sim_told *told,
                         hu_buf *text, hu_buf *trace);
extern const char *const sim_grammar_slots[];
/** The context of a judgment: every slot and list of sim_grammar_slots. */
hu_context *sim_context(const sim_study *study, const sim_judgment *judgment, sim_told *told, hu_random *random,
                        hu_arena *arena);
bool sim_is_on_merits(const sim_judgment *judgment);
/** True when the person is convicted of another offence than any charged. */
bool sim_reclassified(const sim_defendant *defendant);

typedef struct sim_fonts sim_fonts;
hu_error *sim_fonts_open(sim_fonts **fonts);
void sim_fonts_close(sim_fonts *fonts);
/** Lays the text out as a PDF file; `look` draws the document's appearance. */
hu_error *sim_write_pdf(const sim_fonts *fonts, const char *text, bool scan, const char *title, int64_t date,
                        hu_random look, const char *path);

/* --- tables and truth (tables.c, field.c, truth.c) --- */

hu_error *sim_write_tables(const sim_study *study, const char *folder);
hu_error *sim_write_field(const sim_study *study, const char *folder);
/** The truth of one judgment as a JSON object. */
void sim_truth_of_judgment(const sim_study *study, const sim_judgment *judgment, const sim_told *told,
                           const char *formulations, hu_buf *out);
/** Mean of Y(1) - Y(0) over treated cases in which both are defined, and how many; with `seen` over closed ones only.
 */
double sim_mean_effect(const sim_study *study, sim_outcome outcome, bool seen, size_t *count);
/** truth.json from the objects of all judgments. */
hu_error *sim_write_truth(const sim_study *study, const hu_buf *judgments, const char *folder);

const char *sim_expediente(const sim_judgment *judgment, hu_arena *arena); /* "00412-2015-37-2701-JR-PE-02" */
const char *sim_case_expediente(const sim_case *of, hu_arena *arena);
int sim_supreme_year(const sim_judgment *judgment); /* year of the number given by the Supreme Court */

#endif
