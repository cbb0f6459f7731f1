/* What the way of a referral amounts to: due, clocks, completion, quality. See referral.h. */

#include "huella/field/referral.h"

#include "huella/base/instant.h"

#include <string.h>

static const double hour = 3600;

bool hu_referral_has(const char *const *words, const char *word)
{
    for (; *words; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

const hu_step_rule *hu_referral_step(const hu_referral_rules *rules, const char *from, const char *to)
{
    for (size_t i = 0; i < rules->n_steps; i++)
        if (strcmp(rules->steps[i].from, from) == 0 && strcmp(rules->steps[i].to, to) == 0)
            return &rules->steps[i];
    return NULL;
}

const hu_referral_kind *hu_referral_kind_of(const hu_referral_rules *rules, const char *key)
{
    for (size_t i = 0; key && i < rules->n_kinds; i++)
        if (strcmp(rules->kinds[i].key, key) == 0)
            return &rules->kinds[i];
    return NULL;
}

/* When a state was first reached; 0 = not yet. */
static int64_t reached(const hu_reached *way, size_t n, const char *state)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(way[i].state, state) == 0)
            return way[i].at;
    return 0;
}

/* Whether the order of the file puts `state` at or behind a state on the way: a step that skipped one reached it too.
 */
static size_t place(const hu_referral_rules *rules, const char *state)
{
    size_t i = 0;
    while (rules->states[i] && strcmp(rules->states[i], state) != 0)
        i++;
    return i;
}

int64_t hu_referral_due(const hu_referral_rules *rules, const hu_referral_kind *kind, const hu_reached *way, size_t n)
{
    const char *now = n ? way[n - 1].state : rules->first;
    int64_t sent = reached(way, n, "sent");
    if (!sent || hu_referral_has(rules->ended, now))
        return 0;
    for (size_t i = 0; i < kind->n_due; i++)
        if (place(rules, kind->due_states[i]) > place(rules, now))
            return sent + kind->due_hours[i] * (int64_t)hour;
    return 0;
}

/* A clock stops at its state or at a later one that skipped it; a referral that ended otherwise is censored there. */
static void print_clock(const hu_referral_rules *rules, const hu_clock_rule *clock, const hu_referral_facts *facts,
                        hu_json *json)
{
    int64_t start = reached(facts->way, facts->n, clock->from), stop = reached(facts->way, facts->n, clock->to);
    const hu_reached *last = &facts->way[facts->n - 1];
    if (!start)
        return;
    for (size_t i = 0; i < facts->n && !stop; i++)
        if (!hu_referral_has(rules->ended, facts->way[i].state) &&
            place(rules, facts->way[i].state) > place(rules, clock->to))
            stop = facts->way[i].at;
    bool ended = hu_referral_has(rules->ended, last->state);
    int64_t until = stop ? stop : ended ? last->at : facts->now;
    hu_json_object(json);
    hu_json_put_text(json, "clock", clock->key);
    hu_json_put_number(json, "hours", (double)(until - start) / hour);
    hu_json_put_bool(json, "observed", stop != 0);
    hu_json_object_end(json);
}

static const char *completion(const hu_referral_rules *rules, const hu_referral_facts *facts)
{
    for (size_t i = 0; i < facts->n; i++)
        if (hu_referral_has(rules->completed, facts->way[i].state))
            return "completed";
    return hu_referral_has(rules->ended, facts->way[facts->n - 1].state) ? "not_completed" : "open";
}

/* Whether it was accepted in time; NULL = the time is not over yet. */
static void print_in_time(const hu_referral_facts *facts, hu_json *json)
{
    int64_t sent = reached(facts->way, facts->n, "sent"), accepted = reached(facts->way, facts->n, "accepted");
    int64_t due = 0;
    for (size_t i = 0; i < facts->kind->n_due; i++)
        if (strcmp(facts->kind->due_states[i], "accepted") == 0)
            due = sent + facts->kind->due_hours[i] * (int64_t)hour;
    hu_json_key(json, "accepted_in_time");
    if (!sent || !due || (!accepted && facts->now <= due))
        hu_json_null(json);
    else
        hu_json_bool(json, accepted && accepted <= due);
}

void hu_referral_measure(const hu_referral_rules *rules, const hu_referral_facts *facts, hu_json *json)
{
    hu_json_key(json, "clocks");
    hu_json_array(json);
    for (size_t i = 0; i < rules->n_clocks; i++)
        print_clock(rules, &rules->clocks[i], facts, json);
    hu_json_array_end(json);
    hu_json_put_text(json, "completion", completion(rules, facts));
    hu_json_key(json, "quality");
    hu_json_object(json);
    hu_json_put_bool(json, "right_institution",
                     hu_referral_has((const char *const *)facts->kind->agencies, facts->agency));
    hu_json_put_bool(json, "sheet_complete", facts->sheet_complete);
    print_in_time(facts, json);
    hu_json_put_bool(json, "consent_recorded", facts->consent_stated);
    hu_json_put_bool(json, "accompanied", facts->accompanied);
    hu_json_object_end(json);
}
