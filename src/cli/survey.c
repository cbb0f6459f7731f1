/* How commands open exports of surveys and their forms. */

#include "survey.h"

#include "huella/base/csv.h"
#include "huella/corpus/workbook.h"

#include <string.h>
#include <strings.h>

static bool ends_in(const char *path, const char *ending)
{
    size_t n = strlen(path), e = strlen(ending);
    return n >= e && strcasecmp(path + n - e, ending) == 0;
}

static const hu_table *sheet_of(const hu_sheet *sheets, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(sheets[i].name, name) == 0)
            return sheets[i].table;
    return NULL;
}

hu_error *survey_form(const hu_run *run, hu_form **form)
{
    size_t n, sheets;
    const char **files = hu_opt_list(run, "form", &n), *language = hu_opt_text(run, "language");
    const hu_table *survey = NULL, *choices = NULL;
    if (n == 1 && ends_in(files[0], ".xlsx")) {
        hu_sheet *all;
        HU_TRY(hu_workbook_read(hu_pdf_worker(run->arena), files[0], (const char *const[]){"survey", "choices", NULL},
                                run->arena, &all, &sheets));
        survey = sheet_of(all, sheets, "survey");
        choices = sheet_of(all, sheets, "choices");
        if (!survey)
            return hu_fail(HU_BAD_INPUT, "%s: no sheet \"survey\": expected an XLSForm", files[0]);
    } else {
        hu_table *tables[2] = {0};
        for (size_t i = 0; i < n && i < 2; i++)
            HU_TRY(hu_csv_read(files[i], &(hu_csv_options){0}, run->arena, &tables[i]));
        survey = tables[0];
        choices = tables[1];
    }
    if (!survey)
        return hu_fail(HU_USAGE, "--form: expected FORM.xlsx, or the sheets SURVEY.csv,CHOICES.csv");
    return hu_form_read(survey, choices, language, run->arena, form);
}

hu_error *survey_open(const hu_run *run, const char *path, const hu_form *form, hu_survey **survey)
{
    hu_table *table;
    HU_TRY(hu_table_read(path, &(hu_csv_options){0}, run->arena, &table));
    return hu_survey_match(table, form, run->arena, survey);
}
