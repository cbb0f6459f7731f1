/* The simulated study from seed to folder: draws in order, writes in parallel, appears whole or not at all. */

#include "study.h"

#include "huella/base/file.h"
#include "huella/base/parallel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEFAULT_JUDGMENTS = 4000, DEFAULT_CASES = 1240, MOST = 90000 };
static const double default_scan_share = 0.05;

/* --- the folder --- */

/* HU_USAGE unless the folder is absent or empty. */
static hu_error *check_target(const char *folder)
{
    DIR *listing = opendir(folder);
    if (!listing) {
        if (errno == ENOENT)
            return NULL;
        if (errno == ENOTDIR)
            return hu_fail(HU_USAGE, "%s is a file; name a folder that does not exist yet", folder);
        return hu_fail_system(errno, "opening %s", folder);
    }
    bool empty = true;
    for (struct dirent *entry; empty && (entry = readdir(listing));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(listing);
    if (!empty)
        return hu_fail(HU_USAGE, "%s is not empty; name a folder that does not exist yet, or empty it", folder);
    return NULL;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A new empty folder beside the target. */
static hu_error *make_temporary(const char *target, hu_arena *arena, char **temporary)
{
    char *path = hu_strdup(arena, target);
    char *slash = strrchr(path, '/');
    if (slash && slash != path) {
        *slash = '\0';
        HU_TRY(hu_make_folder(path));
    }
    *temporary = hu_printf(arena, "%s.unfinished-XXXXXX", target);
    if (!mkdtemp(*temporary))
        return hu_fail_system(errno, "making a folder beside %s", target);
    if (chmod(*temporary, 0755) != 0)
        return hu_fail_system(errno, "opening %s to others", *temporary);
    return NULL;
}

/* Everything on the disk first, then the folder under its name. */
static hu_error *publish(const char *temporary, const char *target)
{
    int descriptor = open(temporary, O_RDONLY | O_DIRECTORY);
    if (descriptor < 0 || syncfs(descriptor) != 0) {
        int reason = errno;
        if (descriptor >= 0)
            close(descriptor);
        return hu_fail_system(reason, "writing %s to the disk", temporary);
    }
    close(descriptor);
    if (rename(temporary, target) != 0)
        return hu_fail_system(errno, "naming the finished study %s", target);
    return NULL;
}

/* --- judgments --- */

typedef struct writing {
    const sim_study *study;
    const hu_simulation_options *options;
    const sim_fonts *fonts;
    const char *folder;
    hu_buf *truths; /* one a judgment */
    atomic_ullong bytes;
} writing;

static hu_error *write_judgment(void *context, size_t index)
{
    writing *work = context;
    const sim_study *study = work->study;
    const sim_judgment *judgment = &study->judgments[index];
    if (work->options->stop && *work->options->stop)
        return hu_fail(HU_IO, "stopped; nothing was written");
    HU_SCRATCH(arena);
    HU_BUF(text);
    HU_BUF(trace);
    sim_told told = {0};
    HU_TRY(sim_write_text(study, judgment, arena, &told, &text, &trace));
    const char *path = hu_printf(arena, "%s/judgments/%04zu.pdf", work->folder, judgment->number);
    hu_random look = hu_random_start(study->seed, hu_random_stream("simulate.look", index));
    HU_TRY(sim_write_pdf(work->fonts, text.data, judgment->scan, told.court, judgment->date, look, path));
    sim_truth_of_judgment(study, judgment, &told, trace.length ? trace.data : "", &work->truths[index]);
    struct stat about;
    if (stat(path, &about) == 0)
        atomic_fetch_add(&work->bytes, (unsigned long long)about.st_size);
    hu_progress_step(work->options->progress, 1);
    return NULL;
}

static hu_error *write_judgments(const sim_study *study, const hu_simulation_options *options, const char *folder,
                                 hu_buf *truths, uint64_t *bytes)
{
    HU_SCRATCH(arena);
    writing work = {.study = study, .options = options, .folder = folder, .truths = truths};
    sim_fonts *fonts = NULL;
    HU_TRY(hu_make_folder(hu_path_join(arena, folder, "judgments")));
    HU_TRY(sim_fonts_open(&fonts));
    work.fonts = fonts;
    hu_error *error = hu_parallel(study->n_judgments, options->threads, write_judgment, &work);
    sim_fonts_close(fonts);
    *bytes = atomic_load(&work.bytes);
    return error;
}

/* --- the plan --- */

/* rules/templates/study.yaml, with the truth to compare with. */
static hu_error *write_plan(const hu_simulation_options *options, const char *folder)
{
    HU_SCRATCH(arena);
    HU_BUF(plan);
    hu_file template;
    HU_TRY(hu_file_open(hu_path_join(arena, options->rules_dir, "templates/study.yaml"), 1 << 20, &template));
    hu_buf_add(&plan, template.data, template.length);
    hu_file_close(&template);
    hu_buf_add_text(&plan, "\ntruth: truth.json\n");
    return hu_write_file(hu_path_join(arena, folder, "study.yaml"), plan.data, plan.length);
}

static hu_error *write_study(const sim_study *study, const hu_simulation_options *options, const char *folder,
                             uint64_t *bytes)
{
    hu_buf *truths = hu_xcalloc(study->n_judgments + 1, sizeof *truths);
    hu_error *error = write_judgments(study, options, folder, truths, bytes);
    if (!error)
        error = sim_write_truth(study, truths, folder);
    for (size_t i = 0; i < study->n_judgments; i++)
        hu_buf_free(&truths[i]);
    free(truths);
    HU_TRY(error);
    HU_TRY(sim_write_tables(study, folder));
    HU_TRY(sim_write_field(study, folder));
    return write_plan(options, folder);
}

/* --- the whole --- */

static void summarise(const sim_study *study, uint64_t bytes, hu_simulation *summary)
{
    *summary = (hu_simulation){.cases = study->n_cases,
                               .judgments = study->n_judgments,
                               .bytes = bytes,
                               .regions = study->data.n_regions,
                               .trained_prosecutors = (size_t)study->data.parameters.prosecutors};
    for (size_t i = 0; i < study->n_cases; i++) {
        summary->treated += study->cases[i].treated;
        summary->decided += study->cases[i].closed != 0;
    }
    for (size_t i = 0; i < study->data.n_regions; i++)
        summary->trained_regions += study->data.regions[i].cohort != 0;
    for (int k = 0; k < HU_SIMULATED_KINDS; k++)
        summary->kind_names[k] = sim_kind_code((sim_kind)k);
    for (size_t i = 0; i < study->n_judgments; i++) {
        summary->kinds[study->judgments[i].kind]++;
        summary->scans += study->judgments[i].scan;
        summary->of_cases += study->judgments[i].of->in_study;
    }
    for (int o = 0; o < N_OUTCOMES; o++) {
        summary->outcomes[o] = sim_outcome_names[o];
        summary->att[o] = sim_mean_effect(study, (sim_outcome)o, false, &(size_t){0});
    }
}

hu_error *sim_draw_study(const hu_simulation_options *options, hu_arena *arena, sim_study *study)
{
    size_t judgments = options->judgments ? options->judgments : DEFAULT_JUDGMENTS;
    study->n_cases = options->cases ? options->cases : DEFAULT_CASES;
    if (study->n_cases + judgments > MOST)
        return hu_fail(HU_LIMIT, "%zu cases and %zu judgments are more than the %d that file numbers are enough for",
                       study->n_cases, judgments, (int)MOST);
    study->seed = options->seed;
    study->n_judgments = judgments;
    HU_TRY(hu_wrap(sim_load(options->rules_dir, arena, &study->data), "rules of the simulation"));
    if (!isnan(options->effect_conviction))
        study->data.parameters.processes[PROCESS_CONVICTION].effect = options->effect_conviction;
    study->drawn_on = hu_date_to_days((hu_date){(int)study->data.parameters.to, 12, 31});
    sim_draw_regions(study);
    sim_draw_prosecutors(study, arena);
    sim_draw_cases(study, arena);
    double share = options->scan_share < 0 ? default_scan_share : options->scan_share;
    return sim_draw_judgments(study, judgments, share, arena);
}

hu_error *hu_simulate(const char *folder, const hu_simulation_options *options, hu_simulation *summary)
{
    HU_SCRATCH(arena);
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    const char *target = hu_strndup(arena, folder, length);
    sim_study study = {0};
    char *temporary = NULL;
    uint64_t bytes = 0;
    HU_TRY(check_target(target));
    HU_TRY(sim_draw_study(options, arena, &study));
    HU_TRY(make_temporary(target, arena, &temporary));
    hu_error *error = write_study(&study, options, temporary, &bytes);
    if (!error)
        error = publish(temporary, target);
    if (error) {
        remove_folder(temporary);
        return error;
    }
    if (summary)
        summarise(&study, bytes, summary);
    return NULL;
}
