/* huella new: a folder with a commented plan and example tables. */

#include "command.h"

#include "huella/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

static const char *const template_files[] = {"study.yaml", "cases.csv", "prosecutors.csv", "rollout.csv", NULL};

/* Nothing that is there already is written over. */
static hu_error *check_empty(const char *folder)
{
    if (hu_file_exists(folder) && !hu_is_folder(folder))
        return hu_fail(HU_BAD_INPUT, "%s is a file, not a folder; name a new one", folder);
    DIR *entries = opendir(folder);
    if (!entries)
        return errno == ENOENT ? NULL : hu_fail_system(errno, "looking into %s", folder);
    const struct dirent *entry;
    bool empty = true;
    while (empty && (entry = readdir(entries)))
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(entries);
    if (!empty)
        return hu_fail(HU_BAD_INPUT, "%s is not empty: a study starts in a new or empty folder", folder);
    return NULL;
}

static hu_error *copy(const char *from, const char *to)
{
    hu_file file;
    HU_TRY(hu_file_open(from, 0, &file));
    hu_error *error = hu_write_file(to, file.data, file.length);
    hu_file_close(&file);
    return error;
}

static hu_error *run_new(hu_run *run)
{
    const char *folder = run->files[0], *templates = hu_path_join(run->arena, hu_rules_dir(run->arena), "templates");
    HU_TRY(check_empty(folder));
    HU_TRY(hu_make_folder(hu_path_join(run->arena, folder, "judgments")));
    for (size_t i = 0; template_files[i]; i++)
        HU_TRY(copy(hu_path_join(run->arena, templates, template_files[i]),
                    hu_path_join(run->arena, folder, template_files[i])));
    fprintf(run->out,
            "%s/study.yaml       the analysis plan, commented: edit it first\n"
            "%s/cases.csv        example rows: put yours in their place\n"
            "%s/prosecutors.csv  likewise\n"
            "%s/rollout.csv      likewise: when each region was trained\n"
            "%s/judgments/       put the judgments here (.pdf or .txt)\n"
            "then: huella run --study %s\n",
            folder, folder, folder, folder, folder, folder);
    return NULL;
}

const hu_command hu_command_new = {
    .name = "new",
    .summary = "start a study: folder, commented study.yaml, example tables",
    .usage = "DIR",
    .description = "Makes the folder DIR with a commented analysis plan and small example tables, valid as they are, "
                   "that show what each "
                   "column holds. DIR must be new or empty: nothing is written over.\n\n"
                   "`huella simulate DIR` makes a whole study with known truth instead.",
    .example = "  huella new mystudy",
    .options = (const hu_option[]){{0}},
    .min_files = 1,
    .max_files = 1,
    .run = run_new,
};
