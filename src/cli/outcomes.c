/* huella outcomes: the outcomes of the community trial from the study's tables, with a codebook. */

#include "outcomes.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"

#include <string.h>

static const hu_option options[] = {
    {"districts", HU_OPT_TEXT, "FILE", NULL, "Table of districts; default districts.csv of the study."},
    {"incidents", HU_OPT_TEXT, "FILE", NULL,
     "Table of incidents; default incidents.csv, where there is one, as for all below."},
    {"referrals", HU_OPT_TEXT, "FILE", NULL, "Table of referrals."},
    {"scores", HU_OPT_TEXT, "FILE", NULL, "Table of officers' knowledge and attitudes, a row an officer and wave."},
    {"surveys", HU_OPT_TEXT, "FILE", NULL, "Table of the community's answers, a row a respondent and wave."},
    {"prosecutors", HU_OPT_TEXT, "FILE", NULL, "Table of prosecutors with their test scores."},
    {"ratings", HU_OPT_TEXT, "FILE", NULL,
     "Ratings of documentation, a row a rating: incident_id, rater, score; default ratings.csv where there is one."},
    {"start", HU_OPT_TEXT, "DATE", NULL,
     "The day the trial started; default the first day of training of any district."},
    {"from", HU_OPT_TEXT, "DATE", NULL,
     "First day of observation; default the first of the month of the first incident."},
    {"until", HU_OPT_TEXT, "DATE", NULL,
     "Last day of observation; default the last of the month of the last incident."},
    {"within", HU_OPT_INTEGER, "DAYS", "30", "Days in which a referral is to be completed."},
    {"knowledge-items", HU_OPT_LIST, "A,B", NULL, "Items of the knowledge test (0 and 1) in the table of scores."},
    {"attitude-items", HU_OPT_LIST, "A,-B", NULL, "Items of attitude there; - turns one round."},
    {"trust-items", HU_OPT_LIST, "A,-B", NULL, "Items of trust in the table of surveys."},
    {"quality-items", HU_OPT_LIST, "A,-B", NULL,
     "Criteria of a good referral (yes, no) in the table of referrals; default right_institution, sheet_complete, "
     "consent_recorded, accompanied, where they are there."},
    {"effects", HU_OPT_FLAG, NULL, NULL,
     "Also every outcome's effect on districts' means, with exact tests over the design."},
    {"folder", HU_OPT_TEXT, "DIR", NULL, "Where tables and codebook are written; default STUDY/outcomes."},
    {0},
};

/* The file that was named, else the study's own where it is there. */
static const char *source_of(const hu_run *run, const char *option)
{
    const char *given = hu_opt_text(run, option);
    if (given)
        return given;
    const char *path = hu_path_join(run->arena, run->study, hu_printf(run->arena, "%s.csv", option));
    return hu_file_exists(path) ? path : NULL;
}

static hu_error *sources_of(const hu_run *run, hu_outcome_sources *s)
{
    *s = (hu_outcome_sources){source_of(run, "districts"), source_of(run, "incidents"), source_of(run, "referrals"),
                              source_of(run, "scores"),    source_of(run, "surveys"),   source_of(run, "prosecutors"),
                              source_of(run, "ratings")};
    if (!s->districts)
        return hu_fail(HU_USAGE, "there is no districts.csv in %s: give --study or --districts", run->study);
    if (!s->incidents && !s->referrals && !s->scores && !s->surveys && !s->prosecutors)
        return hu_fail(HU_USAGE,
                       "nothing to measure: %s has no incidents.csv, referrals.csv, scores.csv, surveys.csv or "
                       "prosecutors.csv",
                       run->study);
    return NULL;
}

static const char *const *items_of(const hu_run *run, const char *option)
{
    return hu_opt_given(run, option) ? hu_opt_list(run, option, NULL) : NULL;
}

static hu_error *write_table(const hu_run *run, const char *folder, const hu_table *table)
{
    return table ? hu_table_write(hu_path_join(run->arena, folder, table->source), table) : NULL;
}

static hu_error *write_all(const hu_run *run, const char *folder, const hu_outcomes *o)
{
    HU_BUF(markdown);
    HU_TRY(hu_make_folder(folder));
    HU_TRY(write_table(run, folder, o->districts));
    HU_TRY(write_table(run, folder, o->months));
    for (int t = 0; t < HU_OUTCOME_TABLES; t++)
        HU_TRY(write_table(run, folder, o->units[t]));
    HU_TRY(write_table(run, folder, hu_outcomes_codebook(o, run->arena)));
    hu_outcomes_markdown(o, &markdown);
    return hu_write_file(hu_path_join(run->arena, folder, "codebook.md"), markdown.data, markdown.length);
}

static hu_error *run_outcomes(hu_run *run)
{
    hu_outcome_sources sources;
    hu_outcomes *outcomes;
    outcomes_result result = {0};
    HU_TRY(sources_of(run, &sources));
    hu_outcome_options o = {.start = hu_opt_text(run, "start"),
                            .from = hu_opt_text(run, "from"),
                            .until = hu_opt_text(run, "until"),
                            .within = (int)hu_opt_integer(run, "within"),
                            .knowledge_items = items_of(run, "knowledge-items"),
                            .attitude_items = items_of(run, "attitude-items"),
                            .trust_items = items_of(run, "trust-items"),
                            .quality_items = items_of(run, "quality-items"),
                            .seed = run->seed};
    if (hu_opt_integer(run, "within") < 1 || hu_opt_integer(run, "within") > 3650)
        return hu_fail(HU_USAGE, "--within: expected 1 to 3650 days");
    HU_TRY(hu_outcomes_build(&sources, &o, run->arena, &outcomes));
    result.outcomes = outcomes;
    result.folder =
        hu_opt_given(run, "folder") ? hu_opt_text(run, "folder") : hu_path_join(run->arena, run->study, "outcomes");
    HU_TRY(write_all(run, result.folder, outcomes));
    if (hu_opt_flag(run, "effects"))
        HU_TRY(outcomes_effects(run, &result));
    outcomes_print(run, &result);
    return NULL;
}

const hu_command hu_command_outcomes = {
    .name = "outcomes",
    .summary = "the outcomes of the community trial from the study's tables, with a codebook",
    .usage = "[--study DIR] [--start DATE] [--within DAYS] [--effects] [options]",
    .description =
        "Builds from the study's tables what a trial with municipal police measures: the rate of identified persons "
        "per "
        "officer-month (and per inhabitant), completed referrals (open ones are censored, not failed), their quality "
        "and "
        "false positives (the unknown as bounds), the quality of documentation with the agreement of its raters, "
        "officers' "
        "knowledge (response scores where items are given) and attitudes, the community's trust.\n\n"
        "Into the folder go districts.csv with a row a district (each outcome, and NAME_before where there is a "
        "baseline: "
        "`huella trial` takes it as it is), district_months.csv, a table each of incidents, referrals, officers, "
        "respondents and prosecutors, and the codebook as codebook.md and codebook.csv: every outcome's definition, "
        "source "
        "and coverage by arm. docs/field-outcomes.md describes the tables that are read.\n\n"
        "--effects estimates each on districts' means: the difference within pairs (column pair or stratum), adjusted "
        "for "
        "the outcome before where there is one, with the exact test over every assignment of the design and Holm's "
        "adjustment. An outcome whose measure exists in one arm only, or comes from a source that one arm does not "
        "have, "
        "is refused: its difference would be the instrument's.\n\n"
        "JSON: \"outcomes\" (outcome, label, unit, definition, source, mean, before, n, districts by arm, refused; "
        "with "
        "--effects effect with fisher and holm, and difference_bounds of false positives), \"ratios\", "
        "\"reliability\", "
        "\"documentation_alpha\".",
    .example =
        "  huella outcomes --study mystudy --effects\n"
        "  huella trial mystudy/outcomes/districts.csv --outcome trust,knowledge --treatment trained --strata pair",
    .options = options,
    .run = run_outcomes,
};
