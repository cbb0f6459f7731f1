/* huella check: high-frequency checks of a survey, and back-checks. */

#include "check.h"

static const hu_option options[] = {
    {"form", HU_OPT_LIST, "FORM.xlsx", NULL, "The survey's XLSForm; or its sheets as SURVEY.csv,CHOICES.csv."},
    {"language", HU_OPT_TEXT, "NAME", NULL, "Of its labels, as in the column label::NAME."},
    {"id", HU_OPT_LIST, "A,B", NULL,
     "Columns that together name a respondent; the submission's key is checked anyway."},
    {"enumerator", HU_OPT_TEXT, "COLUMN", NULL, "Who asked."},
    {"duration", HU_OPT_TEXT, "COLUMN", NULL,
     "Seconds that an interview took; unless given a column \"duration\", or the form's start and end."},
    {"min-minutes", HU_OPT_NUMBER, "M", "5", "An interview shorter than this is looked at."},
    {"max-missing", HU_OPT_NUMBER, "SHARE", "0.3", "Share of missing answers from which a column is named."},
    {"iqr", HU_OPT_NUMBER, "K", "1.5", "Outliers: beyond the quartiles by K interquartile ranges …"},
    {"sd", HU_OPT_NUMBER, "K", "3", "… or from the mean by K standard deviations."},
    {"back-check", HU_OPT_TEXT, "FILE", NULL,
     "A second interview of some respondents, an export of the same form; needs --id."},
    {"limit", HU_OPT_INTEGER, "N", "50", "Findings that a table on a terminal shows; 0 = all."},
    {0},
};

static hu_error *run_check(hu_run *run)
{
    hu_form *form;
    check_result r = {.limit = (size_t)(hu_opt_integer(run, "limit") > 0 ? hu_opt_integer(run, "limit") : 0)};
    HU_TRY(hu_opt_require(run, (const char *const[]){"form", NULL}));
    HU_TRY(survey_form(run, &form));
    HU_TRY(survey_open(run, run->files[0], form, &r.survey));
    hu_survey_check_options o = {.ids = hu_opt_list(run, "id", NULL),
                                 .enumerator = hu_opt_text(run, "enumerator"),
                                 .duration = hu_opt_text(run, "duration"),
                                 .shortest = hu_opt_number(run, "min-minutes"),
                                 .most_missing = hu_opt_number(run, "max-missing"),
                                 .iqr = hu_opt_number(run, "iqr"),
                                 .sd = hu_opt_number(run, "sd")};
    HU_TRY(hu_survey_check(r.survey, &o, run->arena, &r.checked));
    if (hu_opt_given(run, "back-check")) {
        hu_survey *second;
        HU_TRY(survey_open(run, hu_opt_text(run, "back-check"), form, &second));
        HU_TRY(hu_survey_backcheck(r.survey, second, &o, run->arena, &r.back));
        r.has_back = true;
    }
    for (size_t i = 0; i < r.checked.n; i++)
        run->status = r.checked.findings[i].severity == HU_MUST_BE_CORRECTED ? 1 : run->status;
    check_print(run, &r);
    return NULL;
}

const hu_command hu_command_check = {
    .name = "check",
    .summary = "high-frequency checks of a survey against its form, and back-checks",
    .usage = "EXPORT.csv --form FORM.xlsx [--id A,B] [--enumerator COLUMN] [--back-check FILE] [options]",
    .description =
        "Checks an export of SurveyCTO, KoboToolbox or ODK Central as field teams do every evening: submissions and "
        "respondents that stand twice, required answers that are missing, answers that the form's conditions, "
        "constraints, "
        "choices and types do not allow, outliers, short and long interviews, columns that are mostly missing or "
        "always the "
        "same, enumerators whose answers or durations differ from the others'.\n\n"
        "Findings come most serious first, each with its row, what stands there and what was expected; as CSV they are "
        "a "
        "list to work off. --back-check compares a second interview: error rates by question and enumerator, a paired "
        "t "
        "and a signed-rank test, reliability.\n\n"
        "Exit status 1: something must be corrected. docs/surveys.md says what each check does.\n\n"
        "JSON: \"rows\", \"findings\" (check, severity, line, id, enumerator, column, what, expected), \"enumerators\" "
        "(rows, findings, median_minutes, missing), \"back_check\" (pairs, unmatched, questions, enumerators, "
        "findings).",
    .example = "  huella check trust.csv --form trust.xlsx --id household --enumerator enum_name\n"
               "  huella check trust.csv --form trust.xlsx --id household --back-check again.csv --format csv --out "
               "findings.csv",
    .options = options,
    .min_files = 1,
    .max_files = 1,
    .run = run_check,
};
