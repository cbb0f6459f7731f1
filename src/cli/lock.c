/* huella lock: the analysis plan, locked before outcomes are looked at. */

#include "plan_lock.h"

#include "huella/base/date.h"
#include "huella/base/json.h"
#include "huella/version.h"
#include "print.h"

#include <string.h>

static const char note_key[] = "plan.lock";

hu_error *plan_lock_note(const open_study *study, hu_arena *arena, const char **note)
{
    HU_TRY(hu_store_note(study->store, note_key, arena, note));
    *note = *note ? *note : "";
    return NULL;
}

hu_error *plan_lock_load(const open_study *study, hu_arena *arena, plan_lock *lock)
{
    const char *note;
    HU_TRY(plan_lock_note(study, arena, &note));
    HU_TRY(hu_locks_parse(note, arena, &lock->locks));
    HU_TRY(hu_plan_fields(study->plan->source, arena, &lock->fields, &lock->n));
    hu_plan_hash(lock->fields, lock->n, lock->hash);
    hu_lock_deviations(&lock->locks, lock->fields, lock->n, arena, &lock->deviations, &lock->n_deviations);
    return NULL;
}

hu_error *plan_lock_permits(const open_study *study)
{
    HU_SCRATCH(scratch);
    plan_lock lock;
    if (study->plan->unblinding == HU_UNBLIND_OPEN)
        return NULL;
    HU_TRY(plan_lock_load(study, scratch, &lock));
    if (!lock.locks.n)
        return hu_fail(
            HU_BAD_INPUT,
            "%s: \"unblinding\" keeps outcomes closed until the plan is locked: `huella lock --study %s` locks it",
            study->plan->source, study->run->study);
    const hu_deviation *d = lock.deviations, *end = d + lock.n_deviations;
    while (d < end && d->amended)
        d++;
    if (study->plan->unblinding == HU_UNBLIND_DECLARE || d == end)
        return NULL;
    return hu_fail(HU_BAD_INPUT,
                   "%s: the plan deviates from its lock of %s in %s (%s, now %s), and \"unblinding: refuse\" keeps "
                   "outcomes closed: put the plan back as it was, or say why by `huella lock --amend REASON`",
                   study->plan->source, lock.locks.items[0].time, d->field, d->before ? d->before : "not there",
                   d->after ? d->after : "not there");
}

hu_error *plan_lock_results(const open_study *study, hu_arena *arena, hu_results *results)
{
    plan_lock lock;
    HU_TRY(plan_lock_load(study, arena, &lock));
    if (!lock.locks.n)
        return NULL;
    results->locked = lock.locks.items[0].time;
    results->lock_hash = lock.locks.items[0].hash;
    results->locked_after_results = lock.locks.items[0].after_results;
    results->n_deviations = lock.n_deviations;
    results->deviations = HU_NEW_ARRAY(arena, hu_result_deviation, lock.n_deviations);
    for (size_t i = 0; i < lock.n_deviations; i++) {
        const hu_deviation *d = &lock.deviations[i];
        results->deviations[i] = (hu_result_deviation){d->field, d->before, d->after, d->amended, d->reason};
    }
    return NULL;
}

static const char *now(hu_arena *arena)
{
    char text[32];
    hu_utc_now(text);
    return hu_strdup(arena, text);
}

static hu_error *add_lock(const open_study *study, plan_lock *lock, const char *reason)
{
    HU_BUF(text);
    hu_arena *arena = study->run->arena;
    const char *results;
    HU_TRY(hu_store_note(study->store, "results", arena, &results));
    hu_locks_add(&lock->locks,
                 &(hu_lock){.time = now(arena),
                            .version = hu_version(),
                            .hash = lock->hash,
                            .reason = reason,
                            .after_results = results != NULL,
                            .fields = lock->fields,
                            .n = lock->n},
                 arena);
    hu_locks_write(&lock->locks, &text);
    HU_TRY(hu_store_set_note(study->store, note_key, text.data));
    return plan_lock_load(study, arena, lock);
}

/* --- print --- */

static void print_table(FILE *out, const plan_lock *lock)
{
    const hu_lock *first = &lock->locks.items[0];
    fprintf(out, "locked %s%s\nhash   %s over %zu fields\n", first->time,
            first->after_results ? ", after effects had been estimated" : "", first->hash, first->n);
    for (size_t i = 1; i < lock->locks.n; i++)
        fprintf(out, "amended %s: %s\n", lock->locks.items[i].time, lock->locks.items[i].reason);
    if (!lock->n_deviations)
        fputs("the plan is as it was locked\n", out);
    for (size_t i = 0; i < lock->n_deviations; i++) {
        const hu_deviation *d = &lock->deviations[i];
        fprintf(out, "deviates: %s: %s -> %s (%s)\n", d->field, d->before ? d->before : "not there",
                d->after ? d->after : "not there", d->amended ? d->reason : "not amended");
    }
}

static void put_lock(hu_json *json, const void *context)
{
    const plan_lock *lock = context;
    const hu_lock *first = &lock->locks.items[0];
    hu_json_object(json);
    hu_json_put_text(json, "locked", first->time);
    hu_json_put_text(json, "hash", first->hash);
    hu_json_put_text(json, "hash_now", lock->hash);
    hu_json_put_bool(json, "after_results", first->after_results);
    hu_json_put_integer(json, "fields", (int64_t)first->n);
    hu_json_put_integer(json, "amendments", (int64_t)lock->locks.n - 1);
    hu_json_key(json, "deviations");
    hu_json_array(json);
    for (size_t i = 0; i < lock->n_deviations; i++) {
        const hu_deviation *d = &lock->deviations[i];
        hu_json_object(json);
        hu_json_put_text(json, "field", d->field);
        hu_json_put_text(json, "before", d->before);
        hu_json_put_text(json, "after", d->after);
        hu_json_put_text(json, "amended", d->amended);
        hu_json_put_text(json, "reason", d->reason);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_object_end(json);
}

static hu_error *lock_study(open_study *study)
{
    hu_run *run = study->run;
    plan_lock lock;
    const char *reason = hu_opt_text(run, "amend");
    HU_TRY(plan_lock_load(study, run->arena, &lock));
    if (reason && !*reason)
        return hu_fail(HU_USAGE, "--amend: why the plan changes is missing");
    if (reason && !lock.locks.n)
        return hu_fail(HU_USAGE, "--amend: the plan is not locked yet: `huella lock` without it locks it");
    if (!lock.locks.n || reason)
        HU_TRY(add_lock(study, &lock, reason));
    size_t open = 0;
    for (size_t i = 0; i < lock.n_deviations; i++)
        open += !lock.deviations[i].amended;
    run->status = open ? 1 : 0;
    if (run->format == HU_FORMAT_TABLE)
        print_table(run->out, &lock);
    else
        hu_print_json(run, put_lock, &lock);
    return NULL;
}

static hu_error *run_lock(hu_run *run)
{
    open_study study;
    hu_error *error = study_open(run, &study);
    if (!error)
        error = lock_study(&study);
    study_close(&study);
    return error;
}

const hu_command hu_command_lock = {
    .name = "lock",
    .summary = "lock the analysis plan before outcomes are looked at; show what changed since",
    .usage = "[--study DIR] [--amend REASON]",
    .description =
        "Writes down what study.yaml says, field by field, with its SHA-256 and the time. From then on `huella "
        "estimate` "
        "and the report show every field that deviates, before and after. Run again it compares: status 0 when the "
        "plan "
        "is as it was locked or each change was amended, 1 when something deviates that was not.\n\n"
        "--amend REASON adds what the plan says now; the first lock stays what is compared with, and the reason is "
        "shown beside the change. Whether effects had been estimated before the lock is kept, too. Comments, layout, "
        "title and where files stand do not count.\n\n"
        "In the plan, `unblinding: declare` keeps `huella estimate` and `huella run` from estimating until the plan is "
        "locked, `unblinding: refuse` also while it deviates without an amendment; `open`, the default, never does.\n\n"
        "JSON: \"locked\", \"hash\", \"hash_now\", \"after_results\", \"fields\", \"amendments\", \"deviations\" "
        "(field, before, after, "
        "amended, reason); `huella estimate` prints time, hash, after_results and deviations as \"lock\".",
    .example = "  huella lock --study mystudy\n"
               "  huella lock --study mystudy --amend \"reviewers asked for yearly periods\"",
    .options = (const hu_option[]){{"amend", HU_OPT_TEXT, "REASON", NULL, "Add what the plan says now, and why."}, {0}},
    .run = run_lock,
};
