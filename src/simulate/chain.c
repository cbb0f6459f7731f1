/* From a case to its decisions: first instance, appeal, cassation or nullity, orders; who stands how after each. */

#include "study.h"

#include <string.h>

/*
 * A path is a word of steps:
 *   F first instance, as the case will end; f first instance, the other way round
 *   c appeal confirms; p appeal confirms the conviction and changes the penalty; r appeal reverses; n appeal annuls
 *   k cassation upholds; x cassation reverses; i cassation is not admitted (an order)
 *   N, q, H, A the same (upheld, penalty changed, reversed, annulled) by recurso de nulidad of the old procedure
 */
typedef struct path {
    const char *steps;
    double weight;
} path;

static const path convicted_paths[] = {{"F", 30},  {"Fc", 34},  {"Fp", 8},  {"fr", 6},  {"Fck", 7},
                                       {"FnF", 5}, {"FnFc", 3}, {"Frx", 4}, {"Fci", 3}, {NULL, 0}};
static const path acquitted_paths[] = {{"F", 33},  {"Fc", 34}, {"fr", 14}, {"fnF", 5},
                                       {"fcx", 5}, {"Fck", 5}, {"Fci", 4}, {NULL, 0}};
static const path old_convicted_paths[] = {{"F", 28}, {"FN", 48}, {"Fq", 14}, {"FAF", 10}, {NULL, 0}};
static const path old_acquitted_paths[] = {{"F", 32}, {"FN", 44}, {"fH", 16}, {"FAF", 8}, {NULL, 0}};
static const path plea_paths[] = {{"F", 86}, {"Fc", 14}, {NULL, 0}};
static const path open_paths[] = {{"", 70}, {"Fn", 15}, {"fn", 15}, {NULL, 0}};

const char *sim_kind_code(sim_kind kind)
{
    static const char *const codes[] = {"first_instance", "conformity",     "early_termination", "appeal",
                                        "cassation",      "nullity_appeal", "plenary_agreement", "order",
                                        "other"};
    return codes[kind];
}

/* A path by weight, with no more steps than the time allows: a step takes about three months. */
static const char *draw_path(const path *paths, int64_t days, hu_random *random)
{
    size_t limit = days / 80 < 1 ? 1 : (size_t)(days / 80);
    double total = 0;
    for (const path *p = paths; p->steps; p++)
        total += strlen(p->steps) <= limit ? p->weight : 0;
    double at = hu_random_uniform(random) * total;
    for (const path *p = paths; p->steps; p++) {
        if (strlen(p->steps) > limit)
            continue;
        at -= p->weight;
        if (at < 0)
            return p->steps;
    }
    return paths[0].steps;
}

static const path *paths_of(const sim_case *one)
{
    bool convicted = one->defendants[0].final_conviction;
    if (!one->closed)
        return open_paths;
    if (convicted && one->ending != ENDING_TRIAL)
        return plea_paths;
    if (one->old_procedure)
        return convicted ? old_convicted_paths : old_acquitted_paths;
    return convicted ? convicted_paths : acquitted_paths;
}

static sim_standing standing_of(bool convicted)
{
    return convicted ? STANDING_CONVICTED : STANDING_ACQUITTED;
}

static bool is_reversal(char step)
{
    return strchr("rxH", step) != NULL;
}

static bool is_first(char step)
{
    return step == 'F' || step == 'f';
}

/* What a first instance decides: the first defendant as the path says, the others as they end, or, where a reversal is
 * to come, one in two the other way round. */
static sim_ruling first_ruling(const sim_case *one, int index, char step, hu_random *random)
{
    const sim_defendant *defendant = &one->defendants[index];
    bool other_way = step == 'f' && (index == 0 || hu_random_uniform(random) < 0.5);
    sim_ruling ruling = {.before = STANDING_OPEN};
    ruling.standing = standing_of(defendant->final_conviction != other_way);
    ruling.verdict = ruling.standing == STANDING_CONVICTED ? VERDICT_CONVICTED : VERDICT_ACQUITTED;
    return ruling;
}

static sim_ruling next_ruling(const sim_case *one, int index, char step, const sim_ruling *last)
{
    sim_ruling ruling = {.before = last->standing,
                         .standing = last->standing,
                         .verdict = VERDICT_CONFIRMED,
                         .months_before = last->months};
    sim_standing final = standing_of(one->defendants[index].final_conviction);
    if (step == 'n' || step == 'A') {
        ruling.verdict = VERDICT_ANNULLED;
        ruling.standing = STANDING_OPEN;
    } else if (is_reversal(step)) {
        bool back_and_forth = index == 0 && last->standing == final; /* "Frx": away from the end, then back */
        if (last->standing != final || back_and_forth) {
            ruling.verdict = VERDICT_REVERSED;
            ruling.standing = last->standing == STANDING_CONVICTED ? STANDING_ACQUITTED : STANDING_CONVICTED;
        }
    }
    ruling.penalty_changed = strchr("pq", step) && ruling.standing == STANDING_CONVICTED;
    return ruling;
}

/* Months before a change of penalty on appeal: a year or two more (or less), within the law; the same if neither fits.
 */
static int months_before_change(const sim_study *study, const sim_case *one, int index, bool *up)
{
    const sim_defendant *defendant = &one->defendants[index];
    const sim_law *law = sim_law_at(&study->data, defendant->convicted_of[0], one->facts);
    int step = one->number % 2 ? 12 : 24;
    *up = false;
    if (defendant->months + step <= law->most && !defendant->suspended)
        return defendant->months + step;
    if (defendant->months - step < law->least || defendant->months - step <= 48)
        return defendant->months;
    *up = true;
    return defendant->months - step;
}

static void set_months(const sim_study *study, const sim_case *one, const char *rest, sim_judgment *judgment)
{
    bool changes_later = strpbrk(rest + 1, "pq") != NULL, up = false;
    for (int i = 0; i < one->n_defendants; i++) {
        sim_ruling *ruling = &judgment->rulings[i];
        const sim_defendant *defendant = &one->defendants[i];
        const sim_law *law = sim_law_at(&study->data, defendant->charged[0], one->facts);
        int before = months_before_change(study, one, i, &up);
        ruling->requested = defendant->months + 12 * (1 + (int)(one->number % 4));
        if (ruling->requested < law->least)
            ruling->requested = law->least + 12 * (int)(one->number % 3);
        if (ruling->requested > law->most)
            ruling->requested = law->most;
        if (ruling->penalty_changed && before == defendant->months)
            ruling->penalty_changed = false;
        if (ruling->penalty_changed)
            judgment->by_prosecution = i == 0 ? up : judgment->by_prosecution;
        if (ruling->standing != STANDING_CONVICTED)
            continue;
        ruling->months = changes_later ? before : defendant->months;
        ruling->days = changes_later ? 0 : defendant->days;
    }
}

static sim_kind kind_of(const sim_case *one, char step)
{
    if (is_first(step)) {
        bool plea = one->defendants[0].final_conviction && step == 'F' && one->closed;
        return plea && one->ending == ENDING_CONFORMITY ? KIND_CONFORMITY
               : plea && one->ending == ENDING_EARLY    ? KIND_EARLY
                                                        : KIND_FIRST;
    }
    if (strchr("cprn", step))
        return KIND_APPEAL;
    return step == 'i' ? KIND_ORDER : strchr("kx", step) ? KIND_CASSATION : KIND_NULLITY;
}

/* Days of the steps: the first some time after the accusation, the last when the case was closed. */
static int64_t step_day(const sim_case *one, int64_t end, size_t step, size_t steps)
{
    int64_t start = one->accused + (end - one->accused) / 4;
    if (step + 1 == steps)
        return end;
    int64_t day = start + (end - start) * (int64_t)step / (int64_t)(steps - 1);
    int weekday = (int)(((day % 7) + 7 + 3) % 7);
    return weekday >= 5 ? day - (weekday - 4) : day;
}

static void fill_numbers(sim_judgment *judgment, size_t step, hu_random *random)
{
    judgment->level = judgment->kind == KIND_APPEAL                                        ? 1
                      : judgment->kind == KIND_CASSATION || judgment->kind == KIND_NULLITY ? 2
                                                                                           : 0;
    judgment->incident = step == 0 && hu_random_uniform(random) < 0.5 ? 0 : 1 + (int)hu_random_below(random, 96);
    judgment->resolution = 4 + 7 * (int)step + (int)hu_random_below(random, 7);
    judgment->supreme_number = 100 + (int)hu_random_below(random, 2600);
    judgment->other = N_OTHER;
}

/* The decisions of a case in order of time; room for MAX_CHAIN. */
static size_t draw_chain(const sim_study *study, const sim_case *one, hu_random *random, sim_judgment *chain)
{
    int64_t end = one->closed ? one->closed : study->drawn_on - 30 - (int64_t)hu_random_below(random, 60);
    const char *steps = draw_path(paths_of(one), end - one->accused, random);
    size_t n = strlen(steps);
    if (end <= one->accused + 40)
        return 0;
    for (size_t s = 0; s < n; s++) {
        sim_judgment *judgment = &chain[s];
        *judgment = (sim_judgment){.of = one, .kind = kind_of(one, steps[s]), .date = step_day(one, end, s, n)};
        fill_numbers(judgment, s, random);
        if (steps[s] == 'i')
            judgment->level = 2;
        judgment->lower_date = s ? chain[s - 1].date : 0;
        for (int i = 0; i < one->n_defendants; i++)
            judgment->rulings[i] = is_first(steps[s]) ? first_ruling(one, i, steps[s], random)
                                                      : next_ruling(one, i, steps[s], &chain[s - 1].rulings[i]);
        judgment->by_prosecution = s && judgment->rulings[0].before == STANDING_ACQUITTED;
        set_months(study, one, steps + s, judgment);
    }
    return n;
}

/* An order in the course of a case: pre-trial detention, committal for trial, a guardianship of rights. */
static bool draw_order(const sim_study *study, const sim_case *one, hu_random *random, sim_judgment *order)
{
    int64_t from = one->formalized, to = one->accused;
    if (to > study->drawn_on - 10)
        to = study->drawn_on - 10;
    if (to <= from)
        return false;
    *order = (sim_judgment){
        .of = one, .kind = KIND_ORDER, .date = from + (int64_t)hu_random_below(random, (uint64_t)(to - from))};
    int weekday = (int)(((order->date % 7) + 7 + 3) % 7);
    if (weekday >= 5)
        order->date += 7 - weekday; /* Monday */
    fill_numbers(order, 1, random);
    return order->date <= study->drawn_on;
}

typedef struct folder {
    sim_judgment *items;
    size_t count, capacity;
    hu_arena *arena;
} folder;

static void put(folder *into, const sim_judgment *judgment)
{
    if (into->count == into->capacity) {
        size_t more = into->capacity ? 2 * into->capacity : 1024;
        into->items = hu_regrow(into->arena, into->items, into->count, more, sizeof(sim_judgment));
        into->capacity = more;
    }
    into->items[into->count++] = *judgment;
}

static void put_case(const sim_study *study, const sim_case *one, folder *into)
{
    hu_random random = hu_random_start(study->seed, hu_random_stream("simulate.chain", one->number));
    sim_judgment chain[MAX_CHAIN], order;
    size_t n = draw_chain(study, one, &random, chain);
    if (hu_random_uniform(&random) < 0.25 && draw_order(study, one, &random, &order))
        put(into, &order);
    for (size_t i = 0; i < n; i++)
        put(into, &chain[i]);
}

static sim_other draw_other(const sim_parameters *parameters, hu_random *random)
{
    double total = 0;
    for (int i = 0; i < N_OTHER; i++)
        total += parameters->other[i];
    double at = hu_random_uniform(random) * total;
    for (int i = 0; i < N_OTHER; i++) {
        at -= parameters->other[i];
        if (at < 0)
            return (sim_other)i;
    }
    return OTHER_OFFENCE;
}

/* One decision that does not belong to the study's cases. */
static void put_other(sim_study *study, size_t number, folder *into)
{
    hu_random random = hu_random_start(study->seed, hu_random_stream("simulate.other", number));
    sim_case *one = HU_NEW(into->arena, sim_case);
    sim_other kind = draw_other(&study->data.parameters, &random);
    sim_draw_foreign_case(study, kind, number, into->arena, one);
    sim_judgment chain[MAX_CHAIN], judgment;
    size_t n = draw_chain(study, one, &random, chain);
    if (n && (kind == OTHER_TRAFFICKING || kind == OTHER_OFFENCE)) {
        judgment = chain[hu_random_below(&random, n)];
    } else {
        int64_t date = one->accused < study->drawn_on ? one->accused : study->drawn_on;
        judgment = (sim_judgment){.of = one, .kind = KIND_ORDER, .date = date};
        fill_numbers(&judgment, 1, &random);
        if (kind == OTHER_NOT_CRIMINAL)
            judgment.kind = KIND_OTHER;
        if (kind == OTHER_PLENARY)
            judgment.kind = KIND_PLENARY;
        judgment.level = kind == OTHER_PLENARY ? 2 : judgment.level;
    }
    judgment.other = kind;
    put(into, &judgment);
}

hu_error *sim_draw_judgments(sim_study *study, size_t wanted, double scan_share, hu_arena *arena)
{
    folder all = {.arena = arena};
    for (size_t i = 0; i < study->n_cases; i++)
        put_case(study, &study->cases[i], &all);
    if (all.count > wanted)
        return hu_fail(
            HU_USAGE,
            "%zu cases come with %zu judgments, more than the %zu asked for: raise --judgments or lower --cases",
            study->n_cases, all.count, wanted);
    for (size_t i = 0; all.count < wanted; i++)
        put_other(study, i, &all);
    size_t *order = HU_NEW_ARRAY(arena, size_t, wanted);
    for (size_t i = 0; i < wanted; i++)
        order[i] = i;
    hu_random random = hu_random_start(study->seed, hu_random_stream("simulate.folder", 0));
    hu_random_shuffle(&random, order, wanted);
    study->judgments = HU_NEW_ARRAY(arena, sim_judgment, wanted);
    study->n_judgments = wanted;
    for (size_t i = 0; i < wanted; i++) {
        sim_judgment *judgment = &study->judgments[i];
        *judgment = all.items[order[i]];
        judgment->number = i + 1;
        judgment->stream = hu_random_stream("simulate.text", i);
        judgment->scan = hu_random_uniform(&random) < scan_share;
    }
    return NULL;
}
