/* What a judgment's text is about, as the grammar's slots: numbers, names, dates, penalties, charges, victims. */

#include "study.h"

#include <math.h>
#include <string.h>

const char *const sim_grammar_slots[] = {
    /* the decision */
    "kind", "other", "trafficking", "level", "expediente", "carpeta", "district", "region", "seat", "court", "organ",
    "supreme_number", "supreme_number_words", "supreme_year", "supreme_year_words", "resolution", "resolution_words",
    "origin", "old_procedure", "old_currency", "by_prosecution", "collegiate", "prosecutor", "clerk", "lawyer",
    "digital", "tells_complaint", "tells_formalization", "tells_accusation", "open_case", "offence_key", "folio",
    "reform_count", "dice1", "dice2", "dice3", "dice4", "dice5", "dice6",
    /* dates */
    "day", "day_words", "month", "year", "year_words", "hour", "minute", "two_day", "two_month",
    /* persons */
    "name", "surname", "initials", "index", "first", "role", "plural", "feminine", "count", "alone", "anonymous",
    /* rulings */
    "verdict", "standing", "before", "n_defendants", "n_convicted", "n_acquitted", "n_annulled", "n_reversed", "mixed",
    "reclassified", "penalty_changed", "suspended", "probation_years", "probation_years_words",
    "disqualification_years", "disqualification_years_words", "day_fines", "day_fines_words", "joint", "has_reparation",
    "split", "n_convictions", "plea", "raised",
    /* penalties and amounts */
    "years", "years_words", "months", "months_words", "days", "days_words", "total_months", "amount", "amount_words",
    "amount_comma", "amount_blank",
    /* offences */
    "offence", "article", "least", "most", "renumbered", "new_article", "least_words", "most_words",
    /* victims and facts */
    "label", "victim_style", "n_victims", "n_victims_words", "minors", "foreign", "nationality", "young",
    "exploitation", "venue", "street", "age", "age_words", "facts_class", "last", "key", "state", "number",
    /* lists */
    "date", "lower_date", "facts_date", "complaint_date", "formalization_date", "accusation_date", "detention_date",
    "appeal_date", "signed_date", "defendants", "the_defendants", "victims", "the_victims", "judges", "speaker",
    "penalty", "penalty_before", "requested", "reparation", "asked_reparation", "charges", "acquitted_charges",
    "main_charge", "convictions", "main_conviction", "trait_groups", "traits", NULL};

bool sim_is_on_merits(const sim_judgment *judgment)
{
    return judgment->kind <= KIND_NULLITY;
}

bool sim_reclassified(const sim_defendant *defendant)
{
    for (int c = 0; c < defendant->n_charged; c++)
        if (strcmp(sim_offence_code(defendant->charged[c]), sim_offence_code(defendant->convicted_of[0])) == 0)
            return false;
    return true;
}

static const char *in_words(int64_t number, hu_arena *arena)
{
    HU_BUF(words);
    hu_spanish_number_words(number, &words);
    return hu_strdup(arena, words.data);
}

static void put_words(hu_context *context, const char *name, const char *name_words, int64_t number, hu_arena *arena)
{
    hu_context_number(context, name, (double)number);
    hu_context_text(context, name_words, in_words(number, arena));
}

static hu_context *put_item(hu_context *context, const char *list, hu_arena *arena)
{
    hu_context *item = hu_context_new(arena, context);
    hu_context_add(context, list, item);
    return item;
}

/* --- dates, penalties, amounts --- */

static void put_date(hu_context *context, const char *list, int64_t day, hu_arena *arena)
{
    if (day == 0) {
        hu_context_add(context, list, NULL);
        return;
    }
    hu_context *item = put_item(context, list, arena);
    hu_date date = hu_date_from_days(day);
    put_words(item, "day", "day_words", date.day, arena);
    put_words(item, "year", "year_words", date.year, arena);
    hu_context_number(item, "month", date.month);
    hu_context_text(item, "two_day", hu_printf(arena, "%02d", date.day));
    hu_context_text(item, "two_month", hu_printf(arena, "%02d", date.month));
}

static void put_penalty(hu_context *context, const char *list, int total, int days, hu_arena *arena)
{
    if (total == 0) {
        hu_context_add(context, list, NULL);
        return;
    }
    hu_context *item = put_item(context, list, arena);
    put_words(item, "years", "years_words", total / 12, arena);
    put_words(item, "months", "months_words", total % 12, arena);
    put_words(item, "days", "days_words", days, arena);
    hu_context_number(item, "total_months", total);
}

/* 12500 as "12,500" or "12 500". */
static const char *grouped(int amount, char separator, hu_arena *arena)
{
    if (amount < 1000)
        return hu_printf(arena, "%d", amount);
    return hu_printf(arena, "%d%c%03d", amount / 1000, separator, amount % 1000);
}

static void put_amount(hu_context *context, const char *list, int amount, hu_arena *arena)
{
    hu_context *item = put_item(context, list, arena);
    put_words(item, "amount", "amount_words", amount, arena);
    hu_context_text(item, "amount_comma", grouped(amount, ',', arena));
    hu_context_text(item, "amount_blank", grouped(amount, ' ', arena));
}

/* --- offences --- */

static void put_offence(hu_context *context, const char *list, const sim_study *study, const sim_case *of,
                        sim_offence offence, hu_arena *arena)
{
    hu_context *item = put_item(context, list, arena);
    const sim_law *law = sim_law_at(&study->data, offence, of->facts);
    const sim_law *now = &study->data.laws[offence][study->data.n_laws[offence] - 1];
    hu_context_text(item, "offence", sim_offence_key(offence));
    hu_context_text(item, "article", law->article);
    hu_context_text(item, "new_article", now->article);
    hu_context_number(item, "renumbered", strcmp(now->article, law->article) != 0);
    put_words(item, "least", "least_words", law->least / 12, arena);
    put_words(item, "most", "most_words", law->most / 12, arena);
}

static bool convicted_of(const sim_defendant *defendant, sim_offence offence)
{
    for (int i = 0; i < defendant->n_convicted_of; i++)
        if (strcmp(sim_offence_code(defendant->convicted_of[i]), sim_offence_code(offence)) == 0)
            return true;
    return false;
}

static void put_offences(hu_context *item, const sim_study *study, const sim_case *of, const sim_defendant *defendant,
                         hu_arena *arena)
{
    hu_context_add(item, "acquitted_charges", NULL);
    for (int c = 0; c < defendant->n_charged; c++) {
        put_offence(item, "charges", study, of, defendant->charged[c], arena);
        /* the first charge is not acquitted of but reclassified when another offence took its place */
        if (!convicted_of(defendant, defendant->charged[c]) && !(c == 0 && sim_reclassified(defendant)))
            put_offence(item, "acquitted_charges", study, of, defendant->charged[c], arena);
    }
    put_offence(item, "main_charge", study, of, defendant->charged[0], arena);
    for (int c = 0; c < defendant->n_convicted_of; c++)
        put_offence(item, "convictions", study, of, defendant->convicted_of[c], arena);
    put_offence(item, "main_conviction", study, of, defendant->convicted_of[0], arena);
}

/* --- persons --- */

static const char *verdict_word(sim_verdict verdict)
{
    static const char *const words[] = {"none", "convicted", "acquitted", "confirmed", "reversed", "annulled"};
    return words[verdict];
}

static const char *standing_word(sim_standing standing)
{
    static const char *const words[] = {"open", "convicted", "acquitted"};
    return words[standing];
}

static void put_defendant(hu_context *root, const sim_study *study, const sim_judgment *judgment, int index,
                          hu_arena *arena)
{
    const sim_case *of = judgment->of;
    const sim_defendant *defendant = &of->defendants[index];
    const sim_ruling *ruling = &judgment->rulings[index];
    hu_context *item = put_item(root, "defendants", arena);
    hu_context_gender(item, defendant->person.feminine, false);
    hu_context_number(item, "feminine", defendant->person.feminine);
    hu_context_number(item, "index", index + 1);
    hu_context_number(item, "first", index == 0);
    hu_context_text(item, "name", defendant->label);
    hu_context_text(item, "surname", defendant->person.surname);
    hu_context_text(item, "initials", defendant->person.initials);
    hu_context_number(item, "anonymous",
                      defendant->label == defendant->person.full       ? 0
                      : defendant->label == defendant->person.initials ? 1
                                                                       : 2);
    hu_context_number(item, "role", defendant->role);
    hu_context_text(item, "verdict", verdict_word(ruling->verdict));
    hu_context_text(item, "standing", standing_word(ruling->standing));
    hu_context_text(item, "before", standing_word(ruling->before));
    hu_context_number(item, "penalty_changed", ruling->penalty_changed);
    hu_context_number(item, "raised", ruling->months > ruling->months_before);
    hu_context_number(item, "reclassified", sim_reclassified(defendant));
    put_offences(item, study, of, defendant, arena);
    hu_context_number(item, "split",
                      ruling->standing == STANDING_CONVICTED && defendant->n_charged > defendant->n_convicted_of);
    hu_context_number(item, "n_convictions", defendant->n_convicted_of);
    int months = ruling->months ? ruling->months : defendant->months;
    put_penalty(item, "penalty", months, ruling->months ? ruling->days : 0, arena);
    put_penalty(item, "penalty_before", ruling->months_before ? ruling->months_before : months, 0, arena);
    put_penalty(item, "requested", ruling->requested, 0, arena);
    hu_context_number(item, "suspended", months <= 48);
    put_words(item, "probation_years", "probation_years_words", defendant->probation / 12, arena);
    put_words(item, "disqualification_years", "disqualification_years_words", defendant->disqualification / 12, arena);
    put_words(item, "day_fines", "day_fines_words", defendant->day_fines, arena);
    hu_context_number(item, "joint", defendant->joint);
    put_amount(item, "reparation", defendant->reparation, arena);
    put_amount(item, "asked_reparation", defendant->reparation * 2 + 1000, arena);
}

static void put_defendants(hu_context *root, const sim_study *study, const sim_judgment *judgment, hu_arena *arena)
{
    const sim_case *of = judgment->of;
    int convicted = 0, acquitted = 0, annulled = 0, reversed = 0;
    for (int i = 0; i < of->n_defendants; i++) {
        const sim_ruling *ruling = &judgment->rulings[i];
        convicted += ruling->standing == STANDING_CONVICTED;
        acquitted += ruling->standing == STANDING_ACQUITTED;
        annulled += ruling->verdict == VERDICT_ANNULLED;
        reversed += ruling->verdict == VERDICT_REVERSED;
        put_defendant(root, study, judgment, i, arena);
    }
    hu_context_number(root, "n_defendants", of->n_defendants);
    hu_context_number(root, "n_convicted", convicted);
    hu_context_number(root, "n_acquitted", acquitted);
    hu_context_number(root, "n_annulled", annulled);
    hu_context_number(root, "n_reversed", reversed);
    hu_context_number(root, "mixed", convicted > 0 && acquitted > 0);
    hu_context *all = put_item(root, "the_defendants", arena);
    bool feminine = true;
    for (int i = 0; i < of->n_defendants; i++)
        feminine = feminine && of->defendants[i].person.feminine;
    hu_context_gender(all, feminine, of->n_defendants > 1);
}

static void put_victims(hu_context *root, const sim_case *of, hu_random *random, hu_arena *arena)
{
    hu_context_number(root, "minors", of->minors);
    hu_context_number(root, "foreign", of->foreign);
    hu_context_number(root, "young", of->young);
    hu_context_text(root, "nationality", of->nationality ? of->nationality : "");
    put_words(root, "n_victims", "n_victims_words", of->victims, arena);
    const char *first = of->victims ? of->victim_labels[0] : "";
    hu_context_text(root, "victim_style",
                    strncmp(first, "CV-", 3) == 0 ? "code"
                    : strchr(first, '-')          ? "number"
                                                  : "initials");
    hu_context_add(root, "victims", NULL);
    for (int i = 0; i < of->victims; i++) {
        hu_context *item = put_item(root, "victims", arena);
        hu_context_text(item, "label", of->victim_labels[i]);
        hu_context_number(item, "index", i + 1);
        hu_context_gender(item, i < of->feminine_victims, false);
    }
    hu_context *all = put_item(root, "the_victims", arena);
    hu_context_gender(all, of->feminine_victims == of->victims && of->victims, of->victims > 1);
    hu_context_number(all, "plural", of->victims > 1);
    int age = of->young    ? 11 + (int)hu_random_below(random, 3)
              : of->minors ? 14 + (int)hu_random_below(random, 4)
                           : 18 + (int)hu_random_below(random, 14);
    put_words(root, "age", "age_words", age, arena);
}

static void put_bench(hu_context *root, const sim_study *study, const sim_judgment *judgment, sim_told *told,
                      hu_random *random, hu_arena *arena)
{
    const sim_names *names = &study->data.names;
    bool collegiate = judgment->level > 0 || (judgment->of->facts_class > 2 && judgment->kind == KIND_FIRST);
    told->n_judges = judgment->level == 2 ? 5 : collegiate ? 3 : 1;
    hu_context_number(root, "collegiate", collegiate);
    for (size_t i = 0; i < told->n_judges; i++) {
        hu_context *item = put_item(root, "judges", arena);
        sim_person person = sim_person_draw(names, random, arena, hu_random_uniform(random) < 0.45);
        told->judges[i] = person.full;
        hu_context_gender(item, person.feminine, false);
        hu_context_number(item, "first", i == 0);
        hu_context_text(item, "name", person.full);
        hu_context_text(item, "surname", person.surname);
        if (i == 0) {
            hu_context *speaker = put_item(root, "speaker", arena);
            hu_context_gender(speaker, person.feminine, false);
            hu_context_text(speaker, "name", person.full);
            hu_context_text(speaker, "surname", hu_printf(arena, "%s %s", person.surname, person.second));
        }
    }
    told->prosecutor = sim_person_draw(names, random, arena, hu_random_uniform(random) < 0.5).full;
    hu_context_text(root, "prosecutor", told->prosecutor);
    hu_context_text(root, "clerk", sim_person_draw(names, random, arena, true).full);
    hu_context_text(root, "lawyer", sim_person_draw(names, random, arena, false).full);
}

/* --- practices and agencies --- */

/* First instances tell all there was; higher courts repeat some of it. Reparation follows from the ruling. */
static void tell_traits(const sim_judgment *judgment, sim_told *told, hu_random *random)
{
    const sim_case *of = judgment->of;
    bool merits = sim_is_on_merits(judgment), convicted = false;
    for (int i = 0; i < of->n_defendants; i++)
        convicted = convicted || judgment->rulings[i].standing == STANDING_CONVICTED;
    for (size_t k = 0; k < N_PRACTICES; k++) {
        bool told_here = merits && (judgment->level == 0 || hu_random_uniform(random) < 0.4);
        told->practices[k] = told_here ? of->practices[k] : STATE_ABSENT;
    }
    for (size_t k = 0; k < N_AGENCIES; k++) {
        bool told_here = merits && (judgment->level == 0 || hu_random_uniform(random) < 0.4);
        told->agencies[k] = told_here ? of->agencies[k] : STATE_ABSENT;
    }
    told->practices[PRACTICE_REPARATION] = merits && convicted && of->victims ? STATE_PRESENT : STATE_ABSENT;
}

static const char *state_word(sim_state state)
{
    static const char *const words[] = {"absent", "mentioned", "denied", "present"};
    return words[state];
}

/* Sentences on practices and agencies, in random order, two to four a paragraph. */
static void put_traits(hu_context *root, const sim_told *told, hu_random *random, hu_arena *arena)
{
    size_t items[N_PRACTICES + N_AGENCIES], n = 0;
    for (size_t k = 0; k < N_PRACTICES; k++)
        if (told->practices[k] != STATE_ABSENT && k != PRACTICE_REPARATION)
            items[n++] = k;
    for (size_t k = 0; k < N_AGENCIES; k++)
        if (told->agencies[k] != STATE_ABSENT)
            items[n++] = N_PRACTICES + k;
    hu_random_shuffle(random, items, n);
    hu_context *group = NULL;
    size_t left = 0;
    hu_context_add(root, "trait_groups", NULL);
    for (size_t i = 0; i < n; i++) {
        if (left == 0) {
            group = put_item(root, "trait_groups", arena);
            left = 2 + hu_random_below(random, 3);
        }
        bool practice = items[i] < N_PRACTICES;
        size_t k = practice ? items[i] : items[i] - N_PRACTICES;
        hu_context *item = put_item(group, "traits", arena);
        hu_context_text(item, "kind", practice ? "practice" : "agency");
        hu_context_text(item, "key", practice ? sim_practice_keys[k] : sim_agency_keys[k]);
        hu_context_text(item, "state", state_word(practice ? told->practices[k] : told->agencies[k]));
        left--;
    }
}

/* --- the whole --- */

static const char *kind_word(const sim_judgment *judgment)
{
    return sim_kind_code(judgment->kind);
}

static void put_decision(hu_context *root, const sim_judgment *judgment, sim_told *told, hu_random *random,
                         hu_arena *arena)
{
    static const char *const others[] = {"trafficking", "offence", "order", "not_criminal", "plenary", "none"};
    static const char *const exploitation[] = {"sexual", "labour", "domestic", "begging"};
    static const char *const dice[] = {"dice1", "dice2", "dice3", "dice4", "dice5", "dice6"};
    const sim_case *of = judgment->of;
    hu_context_text(root, "kind", kind_word(judgment));
    hu_context_text(root, "other", others[judgment->other]);
    hu_context_number(root, "trafficking", of->trafficking);
    hu_context_text(root, "offence_key", sim_offence_key(of->main_offence));
    hu_context_number(root, "level", judgment->level);
    hu_context_text(root, "expediente", sim_expediente(judgment, arena));
    hu_context_text(root, "origin", sim_expediente(&(sim_judgment){.of = of, .incident = judgment->incident}, arena));
    told->carpeta = hu_random_uniform(random) < 0.35;
    hu_context_text(root, "carpeta", told->carpeta ? of->carpeta : "");
    hu_context_text(root, "district", of->district->name);
    hu_context_text(root, "region", of->region->name);
    hu_context_text(root, "seat", judgment->level == 2 ? "Lima" : of->seat);
    hu_context_number(root, "organ", of->organ_number[1] - '0');
    int year = hu_date_from_days(judgment->date).year;
    put_words(root, "supreme_number", "supreme_number_words", judgment->supreme_number, arena);
    put_words(root, "supreme_year", "supreme_year_words", sim_supreme_year(judgment), arena);
    put_words(root, "resolution", "resolution_words", judgment->resolution, arena);
    hu_context_number(root, "old_procedure", of->old_procedure);
    hu_context_number(root, "old_currency", judgment->date < 16784); /* 2015-12-15: the nuevo sol became the sol */
    hu_context_number(root, "by_prosecution", judgment->by_prosecution);
    hu_context_number(root, "plea", judgment->kind == KIND_CONFORMITY || judgment->kind == KIND_EARLY);
    hu_context_number(root, "digital", year >= 2019);
    hu_context_text(root, "exploitation", of->exploitation < 4 ? exploitation[of->exploitation] : exploitation[0]);
    hu_context_text(root, "venue", of->venue);
    hu_context_text(root, "street", of->street);
    hu_context_number(root, "facts_class", of->facts_class);
    hu_context_number(root, "folio", 12 + (double)hu_random_below(random, 800));
    hu_context_number(root, "hour", 8 + (double)hu_random_below(random, 9));
    hu_context_number(root, "minute", 10 + (double)hu_random_below(random, 49));
    hu_context_number(root, "number", 1 + (double)hu_random_below(random, 30));
    for (size_t i = 0; i < sizeof dice / sizeof *dice; i++)
        hu_context_number(root, dice[i], (double)hu_random_below(random, 100));
}

static void put_dates(hu_context *root, const sim_judgment *judgment, sim_told *told, hu_random *random,
                      hu_arena *arena)
{
    const sim_case *of = judgment->of;
    told->complaint = hu_random_uniform(random) < 0.5 && sim_is_on_merits(judgment) && judgment->level == 0;
    told->formalization = hu_random_uniform(random) < 0.5 && sim_is_on_merits(judgment) && judgment->level == 0;
    told->accusation = hu_random_uniform(random) < 0.4 && judgment->kind == KIND_FIRST;
    hu_context_number(root, "tells_complaint", told->complaint);
    hu_context_number(root, "tells_formalization", told->formalization);
    hu_context_number(root, "tells_accusation", told->accusation);
    put_date(root, "date", judgment->date, arena);
    put_date(root, "lower_date", judgment->lower_date, arena);
    put_date(root, "facts_date", of->facts, arena);
    put_date(root, "complaint_date", of->complaint, arena);
    put_date(root, "formalization_date", of->formalized, arena);
    put_date(root, "accusation_date", of->accused, arena);
    put_date(root, "detention_date", of->complaint + 1 + (int64_t)hu_random_below(random, 20), arena);
    put_date(root, "appeal_date", judgment->lower_date ? judgment->lower_date + 6 : 0, arena);
    put_date(root, "signed_date", judgment->date + 1 + (int64_t)hu_random_below(random, 12), arena);
}

hu_context *sim_context(const sim_study *study, const sim_judgment *judgment, sim_told *told, hu_random *random,
                        hu_arena *arena)
{
    hu_context *root = hu_context_new(arena, NULL);
    put_decision(root, judgment, told, random, arena);
    put_dates(root, judgment, told, random, arena);
    put_bench(root, study, judgment, told, random, arena);
    put_victims(root, judgment->of, random, arena);
    put_defendants(root, study, judgment, arena);
    tell_traits(judgment, told, random);
    put_traits(root, told, random, arena);
    return root;
}
