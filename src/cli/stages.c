/* Which stages are stale, and doing them. */

#include "stages.h"

#include "huella/base/file.h"
#include "huella/report/people.h"
#include "huella/version.h"

#include <string.h>
#include <time.h>

void fingerprint_add(fingerprint *print, const char *key, const char *value)
{
    /* Lengths keep "ab" + "c" apart from "a" + "bc". */
    hu_buf_printf(&print->text, "%zu:%s=%zu:", strlen(key), key, value ? strlen(value) : 0);
    hu_buf_add_text(&print->text, value ? value : "");
    hu_buf_add_text(&print->text, value ? "\n" : "absent\n");
}

hu_error *fingerprint_add_file(fingerprint *print, const char *key, const char *path)
{
    hu_file file;
    char hash[65];
    if (!path || !hu_file_exists(path)) {
        fingerprint_add(print, key, NULL);
        return NULL;
    }
    HU_TRY(hu_file_open(path, 0, &file));
    hu_sha256_hex(file.data, file.length, hash);
    hu_file_close(&file);
    fingerprint_add(print, key, hash);
    return NULL;
}

static const char *note_key(hu_arena *arena, stage_id id)
{
    return hu_printf(arena, "stage.%s", stage_table[id].name);
}

/* The fingerprint that a stage would be done with now. */
static hu_error *compute(const open_study *study, stage_id id, char hash[65])
{
    HU_SCRATCH(scratch);
    fingerprint print = {0};
    fingerprint_add(&print, "version", hu_version());
    hu_error *error = stage_table[id].inputs(study, &print);
    for (int i = 0; i < 2 && !error; i++) {
        stage_id earlier = stage_table[id].after[i];
        const char *done = NULL;
        if (earlier == id)
            continue;
        error = hu_store_note(study->store, note_key(scratch, earlier), scratch, &done);
        fingerprint_add(&print, stage_table[earlier].name, done);
    }
    if (!error)
        hu_sha256_hex(print.text.data, print.text.length, hash);
    hu_buf_free(&print.text);
    return error;
}

/* A stage's work may undo that of later ones (an import drops links), so they count as not done from here on. */
static hu_error *forget(const open_study *study, stage_id from)
{
    HU_SCRATCH(scratch);
    for (int id = from; id < N_STAGES; id++) {
        bool follows = id == (int)from;
        for (int i = 0; i < 2; i++)
            follows = follows || (stage_table[id].after[i] >= from && stage_table[id].after[i] != (stage_id)id);
        if (follows)
            HU_TRY(hu_store_set_note(study->store, note_key(scratch, (stage_id)id), ""));
    }
    return NULL;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static hu_error *do_stage(open_study *study, stage_id id, bool force)
{
    HU_SCRATCH(scratch);
    HU_BUF(counts);
    char hash[65];
    const char *done = NULL, *name = stage_table[id].name;
    HU_TRY(compute(study, id, hash));
    HU_TRY(hu_store_note(study->store, note_key(scratch, id), scratch, &done));
    if (done && strcmp(done, hash) == 0 && !force) {
        hu_say(study->run, "%-9s up to date", name);
        return NULL;
    }
    double start = now();
    HU_TRY(forget(study, id));
    HU_TRY(hu_wrap(stage_table[id].work(study, &counts), "%s", name));
    HU_TRY(compute(study, id, hash)); /* a report is part of its own fingerprint: somebody may change the file */
    HU_TRY(hu_store_set_note(study->store, note_key(scratch, id), hash));
    hu_say(study->run, "%-9s %s  %s", name, counts.data ? counts.data : "", hu_people_duration(scratch, now() - start));
    return NULL;
}

hu_error *stages_run(open_study *study, stage_id first, stage_id last, bool force)
{
    for (int id = first; id <= (int)last; id++)
        HU_TRY(do_stage(study, (stage_id)id, force));
    return NULL;
}

hu_error *stages_results(const open_study *study, hu_arena *arena, hu_results **results)
{
    const char *json = NULL;
    HU_TRY(hu_store_note(study->store, "results", arena, &json));
    if (!json)
        return hu_fail(HU_NOT_FOUND, "%s holds no estimates yet: run `huella run --study %s`", study->run->store,
                       study->run->study);
    return hu_results_parse(json, arena, results);
}

const char *stages_report_path(const open_study *study)
{
    return study_path(study, "report/index.html");
}
