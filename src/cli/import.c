/* huella import: the tables of a study into its store, or a check of them alone. */

#include "survey.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/design/plan.h"
#include "huella/registry/store.h"

/* The file that an option names, else the plan's, seen from the study's folder; NULL when neither names one. */
static const char *source_path(const hu_run *run, const char *option, const char *planned)
{
    const char *given = hu_opt_text(run, option);
    if (given)
        return given;
    return planned && planned[0] != '/' ? hu_path_join(run->arena, run->study, planned) : planned;
}

static hu_error *find_files(hu_run *run, hu_import_files *files)
{
    const char *path = hu_path_join(run->arena, run->study, "study.yaml");
    hu_plan *plan = &(hu_plan){0};
    if (hu_file_exists(path))
        HU_TRY(hu_plan_load(path, run->arena, &plan));
    *files = (hu_import_files){.prosecutors = source_path(run, "prosecutors", plan->prosecutors),
                               .rollout = source_path(run, "rollout", plan->rollout),
                               .cases = source_path(run, "cases", plan->cases)};
    if (!files->prosecutors && !files->rollout && !files->cases)
        return hu_fail(HU_USAGE,
                       "nothing to import: there is no %s that names files; give --cases, --prosecutors or "
                       "--rollout",
                       path);
    return NULL;
}

static void print_counts(const hu_run *run, const hu_import_counts *counts, bool only_checked)
{
    HU_BUF(text);
    hu_json json;
    if (run->format == HU_FORMAT_TABLE) {
        fprintf(run->out, "%zu cases, %zu prosecutors, %zu regions of the rollout %s\n", counts->cases,
                counts->prosecutors, counts->rollout, only_checked ? "are in order" : "imported");
        return;
    }
    if (run->format == HU_FORMAT_CSV) {
        fprintf(run->out, "table,rows\ncases,%zu\nprosecutors,%zu\nrollout,%zu\n", counts->cases, counts->prosecutors,
                counts->rollout);
        return;
    }
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_integer(&json, "cases", (int64_t)counts->cases);
    hu_json_put_integer(&json, "prosecutors", (int64_t)counts->prosecutors);
    hu_json_put_integer(&json, "rollout", (int64_t)counts->rollout);
    hu_json_put_bool(&json, "imported", !only_checked);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
}

/* Stages done before rested on other tables: `huella run` does them again. */
static hu_error *import(hu_store *store, const hu_import_files *files, const hu_regions *regions, bool only_check,
                        hu_import_counts *counts)
{
    HU_TRY(hu_store_begin(store));
    hu_error *error = hu_import_study(store, files, regions, counts);
    if (!error)
        error = hu_store_forget_notes(store, "stage.");
    if (!error && !only_check)
        return hu_store_commit(store);
    hu_store_rollback(store);
    return error;
}

static hu_error *import_into(const char *uri, const hu_import_files *files, const hu_regions *regions, bool only_check,
                             hu_import_counts *counts)
{
    hu_store *store;
    HU_TRY(hu_store_open(uri, &store));
    hu_error *error = import(store, files, regions, only_check, counts);
    hu_store_close(store);
    return error;
}

/* Where there is no store yet, one in memory is tried first: what is refused leaves no empty store behind. */
static hu_error *check_or_import(const hu_run *run, const hu_import_files *files, const hu_regions *regions,
                                 bool only_check, hu_import_counts *counts)
{
    hu_store *store;
    hu_error *error = hu_store_open_existing(run->store, &store);
    hu_store_close(store);
    if (error && error->code == HU_NOT_FOUND) {
        hu_error_free(error);
        error = import_into("sqlite::memory:", files, regions, true, counts);
        if (error || only_check)
            return error;
    }
    return error ? error : import_into(run->store, files, regions, only_check, counts);
}

static hu_error *run_import(hu_run *run)
{
    if (hu_opt_given(run, "survey"))
        return import_survey(run);
    hu_import_files files;
    hu_import_counts counts;
    hu_regions *regions;
    bool only_check = hu_opt_flag(run, "check");
    HU_TRY(find_files(run, &files));
    HU_TRY(hu_regions_load(hu_path_join(run->arena, hu_rules_dir(run->arena), "regions.yaml"), run->arena, &regions));
    HU_TRY(check_or_import(run, &files, regions, only_check, &counts));
    print_counts(run, &counts, only_check);
    return NULL;
}

const hu_command hu_command_import = {
    .name = "import",
    .summary = "check the tables of cases, prosecutors and rollout, and store them",
    .usage = "[--study DIR] [--cases FILE] [--prosecutors FILE] [--rollout FILE] [--check]",
    .description =
        "Checks every cell of the tables (CSV or Stata), then puts them into the study's store in the place of those "
        "imported before; links and outcomes that rested on them are dropped, so run `huella link` or `huella run` "
        "next. Files that are not named are those of study.yaml.\n\n"
        "Every problem is named with its file, line, column, what stood there and what was expected. When there is "
        "one, nothing at all is imported. docs/import.md describes the columns.\n\n"
        "--survey reads an export of SurveyCTO, KoboToolbox or ODK Central beside its form: columns are known by name, "
        "by "
        "their groups, as one of several answers or of a repeat; answers become the codes of their choices, with "
        "labels of "
        "columns and values in Stata files and a codebook beside the table; several answers become columns of 0 and 1; "
        "rows of repeats are checked against the submissions they belong to. An answer that is no choice of its list "
        "is "
        "left missing, and said. docs/surveys.md describes it.",
    .example = "  huella import --study mystudy --check\n  huella import --study mystudy --cases extract-2026.dta\n"
               "  huella import --survey trust.csv --form trust.xlsx --mapping trust.yaml --to mystudy/surveys.csv",
    .options =
        (const hu_option[]){
            {"cases", HU_OPT_TEXT, "FILE", NULL, "Table of prosecution cases, a row a case."},
            {"prosecutors", HU_OPT_TEXT, "FILE", NULL, "Table of prosecutors, a row a person."},
            {"rollout", HU_OPT_TEXT, "FILE", NULL, "Table of the training's rollout, a row a region."},
            {"check", HU_OPT_FLAG, NULL, NULL, "Check only: nothing is stored."},
            {"survey", HU_OPT_TEXT, "EXPORT", NULL,
             "An export of a survey (SurveyCTO, Kobo, ODK), in place of the above."},
            {"form", HU_OPT_LIST, "FORM.xlsx", NULL, "Its XLSForm; or the sheets as SURVEY.csv,CHOICES.csv."},
            {"language", HU_OPT_TEXT, "NAME", NULL, "Of its labels, as in the column label::NAME."},
            {"repeat", HU_OPT_LIST, "A.csv,B.csv", NULL, "Exports of its repeats, each row with its submission's key."},
            {"mapping", HU_OPT_TEXT, "FILE.yaml", NULL,
             "Columns to keep under new names, values to add, columns to drop."},
            {"to", HU_OPT_TEXT, "FILE", NULL, "Where the survey is written: .csv or .dta; default STUDY/survey.csv."},
            {0},
        },
    .run = run_import,
};
