/* huella link: judgments to cases, and the outcomes that follow. */

#include "rows.h"

#include "huella/base/csv.h"
#include "huella/registry/store.h"

enum { UNLINKED_SHOWN = 20 };

static const char all_sql[] =
    "SELECT j.document, l.case_id, l.method, u.reason, json_extract(f.value, '$') AS file_number, u.candidates, "
    "o.document AS copy_of "
    "FROM judgments j LEFT JOIN links l ON l.judgment_id = j.judgment_id "
    "LEFT JOIN unlinked u ON u.judgment_id = j.judgment_id "
    "LEFT JOIN duplicates d ON d.judgment_id = j.judgment_id LEFT JOIN judgments o ON o.judgment_id = d.original_id "
    "LEFT JOIN findings f ON f.finding_id = coalesce(l.finding_id, u.finding_id) ORDER BY j.document";
static const char unlinked_sql[] =
    "SELECT j.document, u.reason, json_extract(f.value, '$') AS file_number, u.candidates "
    "FROM unlinked u JOIN judgments j ON j.judgment_id = u.judgment_id "
    "LEFT JOIN findings f ON f.finding_id = u.finding_id ORDER BY u.reason, j.document";

static void print_counts(FILE *out, const hu_link_counts *counts, size_t values)
{
    const struct {
        size_t count;
        const char *what;
    } lines[] = {
        {counts->judgments, "judgments and other papers"},
        {counts->duplicates, "copies of another judgment, which alone counts"},
        {counts->linked, "linked"},
        {counts->without_expediente, "without a file number (without_expediente)"},
        {counts->not_identifying, "with a number that names no case: no court code, or the Supreme Court's own "
                                  "(not_identifying)"},
        {counts->unmatched, "of a case that is not in the table (unmatched)"},
        {counts->ambiguous, "that fit several cases (ambiguous)"},
        {counts->cases_with_judgment, "cases with a judgment"},
        {values, "outcomes derived"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        fprintf(out, "%7zu  %s\n", lines[i].count, lines[i].what);
}

static void print_json(FILE *out, const hu_link_counts *counts, size_t values, const hu_table *unlinked)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_integer(&json, "judgments", (int64_t)counts->judgments);
    hu_json_put_integer(&json, "duplicates", (int64_t)counts->duplicates);
    hu_json_put_integer(&json, "linked", (int64_t)counts->linked);
    hu_json_put_integer(&json, "without_expediente", (int64_t)counts->without_expediente);
    hu_json_put_integer(&json, "not_identifying", (int64_t)counts->not_identifying);
    hu_json_put_integer(&json, "unmatched", (int64_t)counts->unmatched);
    hu_json_put_integer(&json, "ambiguous", (int64_t)counts->ambiguous);
    hu_json_put_integer(&json, "cases_with_judgment", (int64_t)counts->cases_with_judgment);
    hu_json_put_integer(&json, "outcomes", (int64_t)values);
    hu_json_key(&json, "unlinked");
    hu_json_array(&json);
    for (size_t r = 0; r < unlinked->rows; r++) {
        hu_json_object(&json);
        hu_json_row(&json, unlinked, r);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    fprintf(out, "%s\n", text.data);
}

static hu_error *print(hu_run *run, hu_store *store, const hu_link_counts *counts, size_t values)
{
    hu_table *table;
    bool every = run->format == HU_FORMAT_CSV || run->format == HU_FORMAT_JSONL;
    HU_TRY(hu_store_query(store, run->arena, &table, every ? all_sql : unlinked_sql, 0, NULL));
    if (run->format == HU_FORMAT_CSV) {
        hu_csv_write(run->out, table);
    } else if (run->format == HU_FORMAT_JSONL) {
        hu_print_json_lines(run->out, table);
    } else if (run->format == HU_FORMAT_JSON) {
        print_json(run->out, counts, values, table);
    } else {
        print_counts(run->out, counts, values);
        if (table->rows) {
            fputc('\n', run->out);
            hu_print_rows(run->out, table, UNLINKED_SHOWN);
        }
    }
    return NULL;
}

static hu_error *link_and_derive(hu_store *store, hu_link_counts *counts, size_t *values)
{
    HU_TRY(hu_link_by_expediente(store, counts));
    return hu_derive_outcomes(store, values);
}

static hu_error *run_link(hu_run *run)
{
    hu_store *store;
    hu_link_counts counts;
    size_t values = 0;
    HU_TRY(hu_store_open_existing(run->store, &store));
    hu_error *error = link_and_derive(store, &counts, &values);
    if (!error && !counts.judgments)
        error = hu_fail(HU_EMPTY, "%s holds no judgments: `huella read --study DIR PATH…` stores them", run->store);
    if (!error)
        error = print(run, store, &counts, values);
    hu_store_close(store);
    return error;
}

const hu_command hu_command_link = {
    .name = "link",
    .summary = "match judgments and cases, and derive each case's outcomes",
    .usage = "[--study DIR]",
    .description =
        "Links every judgment in the store to its case by the court file number (expediente): when all parts agree, "
        "or when number, year and court fit one case only (folder, organ and sequence differ between instances). "
        "Numbers that fit several cases are left unlinked and counted. Then the outcomes of every case are derived "
        "anew from where its defendants stand after the last decision.\n\n"
        "Prints counts and the judgments that were not linked, each with the reason; --format csv and jsonl print a "
        "row for every judgment. What was linked or derived before is replaced.",
    .example = "  huella link --study mystudy\n  huella link --study mystudy --format csv --out links.csv",
    .options = (const hu_option[]){{0}},
    .run = run_link,
};
