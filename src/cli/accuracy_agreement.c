/* huella accuracy --agreement: how far the labellers in the study's store agree. */

#include "accuracy.h"
#include "rows.h"

#include "huella/base/csv.h"
#include "huella/labelling/labelling.h"
#include "huella/learning/agreement.h"

#include <math.h>
#include <string.h>

/* The finished sheets of one document, as gold files have them; the decision between them is nobody's own. */
static hu_error *add_document(hu_run *run, hu_store *store, const hu_questionnaire *asked, const hu_table *sheets,
                              size_t from, size_t to, hu_agreement *agreement)
{
    HU_SCRATCH(scratch);
    size_t n = 0;
    json_t **labels = HU_NEW_ARRAY(scratch, json_t *, to - from);
    const char **labellers = HU_NEW_ARRAY(scratch, const char *, to - from);
    hu_error *error = NULL;
    for (size_t r = from; r < to && !error; r++) {
        const char *sha256 = hu_table_text(sheets, &sheets->columns[0], r, scratch);
        const char *labeller = hu_table_text(sheets, &sheets->columns[2], r, run->arena);
        hu_label_sheet sheet;
        if (strcmp(labeller, HU_ADJUDICATED) == 0)
            continue;
        error = hu_store_label_sheet(store, sha256, labeller, scratch, &sheet);
        if (error)
            break;
        labellers[n] = labeller;
        labels[n++] = hu_gold_from_sheet(asked, &sheet);
    }
    if (!error)
        error = hu_agreement_add(agreement, (const json_t *const *)labels, labellers, n);
    for (size_t i = 0; i < n; i++)
        json_decref(labels[i]);
    return error;
}

static hu_error *collect(hu_run *run, hu_store *store, hu_agreement *agreement)
{
    hu_questionnaire *asked;
    hu_table *sheets;
    HU_TRY(hu_questionnaire_load(hu_rules_dir(run->arena), run->arena, &asked));
    HU_TRY(hu_store_label_sheets(store, run->arena, &sheets));
    for (size_t from = 0, to; from < sheets->rows; from = to) {
        for (to = from + 1;
             to < sheets->rows && hu_str_equal(sheets->columns[0].texts[to], sheets->columns[0].texts[from]);)
            to++;
        HU_TRY(add_document(run, store, asked, sheets, from, to, agreement));
    }
    return NULL;
}

static hu_table *table_of(hu_run *run, const hu_agreement_row *rows, size_t count)
{
    static const char *const names[] = {"items", "agreement", "kappa", "kappa_lower", "kappa_upper"};
    bool rounded = run->format == HU_FORMAT_TABLE;
    hu_table *table = hu_table_new(run->arena, "agreement", count);
    hu_table_add_texts(table, run->arena, "variable");
    for (size_t c = 0; c < 5; c++)
        hu_table_add_numbers(table, run->arena, names[c]);
    hu_table_add_texts(table, run->arena, "kind");
    for (size_t r = 0; r < count; r++) {
        const double values[] = {(double)rows[r].items, rows[r].agreement, rows[r].kappa, rows[r].lower, rows[r].upper};
        table->columns[0].texts[r] = hu_str_of(rows[r].variable);
        for (size_t c = 0; c < 5; c++)
            table->columns[c + 1].numbers[r] =
                rounded && isfinite(values[c]) ? round(values[c] * 1000) / 1000 : values[c];
        table->columns[6].texts[r] = hu_str_of(rows[r].kind);
    }
    return table;
}

hu_error *print_agreement(hu_run *run)
{
    hu_store *store;
    const hu_agreement_row *rows;
    size_t count;
    HU_TRY(hu_store_open_existing(run->store, &store));
    hu_agreement *agreement = hu_agreement_new(run->arena);
    hu_error *error = collect(run, store, agreement);
    hu_store_close(store);
    if (error)
        return error;
    hu_agreement_rows(agreement, &rows, &count);
    if (!count)
        return hu_fail(HU_EMPTY, "no document was finished by two labellers: `huella label --labeller NAME` labels");
    hu_table *table = table_of(run, rows, count);
    if (run->format == HU_FORMAT_CSV)
        hu_csv_write(run->out, table);
    else if (run->format == HU_FORMAT_TABLE)
        hu_print_rows(run->out, table, 0);
    else
        hu_print_json_lines(run->out, table);
    return NULL;
}
