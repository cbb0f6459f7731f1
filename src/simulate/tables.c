/* Cases, prosecutors and rollout as CSV, in the columns that imports expect. */

#include "study.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"

#include <math.h>
#include <string.h>

static hu_str text_cell(const char *text)
{
    return text && *text ? hu_str_of(text) : (hu_str){0};
}

static hu_str date_cell(int64_t day, hu_arena *arena)
{
    char iso[16];
    if (day == 0)
        return (hu_str){0};
    hu_date_format_iso(hu_date_from_days(day), iso);
    return hu_str_of(hu_strdup(arena, iso));
}

static hu_error *write_table(const char *folder, const char *name, const hu_table *table)
{
    HU_SCRATCH(arena);
    hu_write write;
    HU_TRY(hu_write_start(hu_path_join(arena, folder, name), &write));
    hu_csv_write(write.file, table);
    return hu_write_commit(&write);
}

static hu_error *write_cases(const sim_study *study, const char *folder)
{
    HU_SCRATCH(arena);
    hu_table *table = hu_table_new(arena, "cases.csv", study->n_cases);
    const char *const texts[] = {"case_id", "expediente", "carpeta_fiscal", "region", "district",
                                 "opened",  "closed",     "prosecutor_id",  "charge"};
    const char *const numbers[] = {"victims", "minors", "foreign_victims", "defendants"};
    hu_column *text[9], *number[4];
    for (size_t i = 0; i < 9; i++)
        (void)hu_table_add_texts(table, arena, texts[i]);
    for (size_t i = 0; i < 4; i++)
        (void)hu_table_add_numbers(table, arena, numbers[i]);
    for (size_t i = 0; i < 9; i++)
        text[i] = hu_table_find(table, texts[i]);
    for (size_t i = 0; i < 4; i++)
        number[i] = hu_table_find(table, numbers[i]);
    for (size_t r = 0; r < study->n_cases; r++) {
        const sim_case *one = &study->cases[r];
        text[0]->texts[r] = text_cell(one->id);
        text[1]->texts[r] = text_cell(sim_case_expediente(one, arena));
        text[2]->texts[r] = text_cell(one->carpeta);
        text[3]->texts[r] = text_cell(one->region->name);
        text[4]->texts[r] = text_cell(one->district->name);
        text[5]->texts[r] = date_cell(one->opened, arena);
        text[6]->texts[r] = date_cell(one->closed, arena);
        text[7]->texts[r] =
            text_cell(one->prosecutor < study->n_prosecutors ? study->prosecutors[one->prosecutor].id : "");
        text[8]->texts[r] = text_cell(sim_offence_code(one->defendants[0].charged[0]));
        number[0]->numbers[r] = one->victims;
        number[1]->numbers[r] = one->minors;
        number[2]->numbers[r] = one->foreign;
        number[3]->numbers[r] = one->n_defendants;
    }
    return write_table(folder, "cases.csv", table);
}

static hu_error *write_prosecutors(const sim_study *study, const char *folder)
{
    HU_SCRATCH(arena);
    hu_table *table = hu_table_new(arena, "prosecutors.csv", study->n_prosecutors);
    const char *const texts[] = {"prosecutor_id", "region", "office", "trained_on"};
    const char *const numbers[] = {"hours", "score_before", "score_after"};
    for (size_t i = 0; i < 4; i++)
        (void)hu_table_add_texts(table, arena, texts[i]);
    for (size_t i = 0; i < 3; i++)
        (void)hu_table_add_numbers(table, arena, numbers[i]);
    hu_column *columns = table->columns;
    for (size_t r = 0; r < study->n_prosecutors; r++) {
        const sim_prosecutor *one = &study->prosecutors[r];
        columns[0].texts[r] = text_cell(one->id);
        columns[1].texts[r] = text_cell(one->region->name);
        columns[2].texts[r] = text_cell(one->office);
        columns[3].texts[r] = date_cell(one->trained_on, arena);
        columns[4].numbers[r] = one->hours;
        columns[5].numbers[r] = one->score_before;
        columns[6].numbers[r] = one->score_after;
    }
    return write_table(folder, "prosecutors.csv", table);
}

static hu_error *write_rollout(const sim_study *study, const char *folder)
{
    HU_SCRATCH(arena);
    const sim_data *data = &study->data;
    hu_table *table = hu_table_new(arena, "rollout.csv", data->n_regions);
    (void)hu_table_add_texts(table, arena, "region");
    (void)hu_table_add_texts(table, arena, "trained_on");
    for (size_t r = 0; r < data->n_regions; r++) {
        table->columns[0].texts[r] = text_cell(data->regions[r].name);
        table->columns[1].texts[r] = date_cell(data->regions[r].trained_on, arena);
    }
    return write_table(folder, "rollout.csv", table);
}

hu_error *sim_write_tables(const sim_study *study, const char *folder)
{
    HU_TRY(write_cases(study, folder));
    HU_TRY(write_prosecutors(study, folder));
    return write_rollout(study, folder);
}
