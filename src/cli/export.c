/* huella export: a table that may be given away, and a second look at one. */

#include "command.h"

#include "huella/base/csv.h"
#include "huella/base/json.h"
#include "huella/measures/disclosure.h"

/* Columns that are looked at value by value stay as they are written: "010101" is no number. */
static hu_error *read_table(hu_run *run, const hu_disclosure_options *o, hu_table **table)
{
    const char *const *lists[] = {o->quasi, o->sensitive};
    size_t n = 0;
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; lists[l][i]; i++)
            n++;
    const char **names = HU_NEW_ARRAY(run->arena, const char *, n + 1);
    n = 0;
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; lists[l][i]; i++)
            names[n++] = lists[l][i];
    hu_csv_options csv = {.as_text = names};
    return hu_table_read(run->files[0], &csv, run->arena, table);
}

static hu_error *options_of(hu_run *run, hu_disclosure_options *o)
{
    size_t n;
    *o = (hu_disclosure_options){.quasi = hu_opt_list(run, "quasi", &n),
                                 .sensitive = hu_opt_list(run, "sensitive", &n),
                                 .drop = hu_opt_list(run, "drop", &n),
                                 .k = hu_opt_integer(run, "k"),
                                 .l = hu_opt_integer(run, "l"),
                                 .most_suppressed = hu_opt_number(run, "most-suppressed")};
    if (o->k < 2 || o->k > 1000000)
        return hu_fail(HU_USAGE, "--k: %lld is not from 2 to 1,000,000", (long long)o->k);
    if (o->l < 1 || o->l > 1000)
        return hu_fail(HU_USAGE, "--l: %lld is not from 1 to 1,000", (long long)o->l);
    if (!(o->most_suppressed > 0 && o->most_suppressed < 1))
        return hu_fail(HU_USAGE, "--most-suppressed: expected a share between 0 and 1");
    for (size_t q = 0; o->quasi[q]; q++)
        for (size_t d = 0; o->drop[d]; d++)
            if (hu_str_is(hu_str_of(o->quasi[q]), o->drop[d]))
                return hu_fail(HU_USAGE, "\"%s\" stands in --quasi and in --drop", o->drop[d]);
    return hu_opt_require(run, (const char *const[]){"quasi", NULL});
}

static hu_error *check(hu_run *run, const hu_table *table, const hu_disclosure_options *o)
{
    hu_disclosure_check found;
    HU_TRY(hu_disclosure_verify(table, o, &found));
    run->status = found.holds ? 0 : 1;
    if (run->format == HU_FORMAT_TABLE) {
        fprintf(
            run->out,
            "%zu rows in %zu classes, the smallest of %zu; %zu rows in classes of fewer than %lld, %zu classes with "
            "fewer than %lld values: it %s.\n",
            table->rows, found.classes, found.smallest, found.rows_below_k, (long long)o->k, found.classes_below_l,
            (long long)o->l, found.holds ? "holds" : "does not hold");
        return NULL;
    }
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_bool(&json, "holds", found.holds);
    hu_json_put_integer(&json, "rows", (int64_t)table->rows);
    hu_json_put_integer(&json, "classes", (int64_t)found.classes);
    hu_json_put_integer(&json, "smallest", (int64_t)found.smallest);
    hu_json_put_integer(&json, "rows_below_k", (int64_t)found.rows_below_k);
    hu_json_put_integer(&json, "classes_below_l", (int64_t)found.classes_below_l);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
    return NULL;
}

static void say_risk(const hu_run *run, const hu_table *table, const hu_disclosure_options *o, const hu_disclosed *d)
{
    for (size_t j = 0; j < d->n_quasi; j++)
        hu_say(run, "huella: %s: %s", o->quasi[j], d->coarser[j]);
    hu_say(run, "huella: %zu of %zu rows are left out; %zu classes, the smallest of %zu rows", d->suppressed,
           table->rows, d->classes, d->smallest);
    if (d->smallest)
        hu_say(
            run,
            "huella: whoever knows that somebody is in the table, and these columns of him or her, picks the row with "
            "a "
            "chance of at most %.1f %%, on average %.1f %%; columns that are not named in --quasi are taken as unknown "
            "outside",
            100.0 / (double)d->smallest, 100.0 * (double)d->classes / (double)d->table->rows);
}

/* The release, if a look that shares no code with the one that made it finds it in order. */
static hu_error *release(hu_run *run, const hu_table *table, const hu_disclosure_options *o)
{
    hu_disclosed out;
    hu_disclosure_check found;
    HU_TRY(hu_disclose(table, o, run->arena, &out));
    if (!out.table->rows)
        return hu_fail(HU_EMPTY,
                       "%s: nothing is left: with these columns every row stands apart; name fewer, a smaller --k, or "
                       "aggregate first",
                       table->source);
    HU_TRY(hu_disclosure_verify(out.table, o, &found));
    if (!found.holds)
        return hu_fail(HU_BUG, "the release does not hold: %zu rows below k", found.rows_below_k);
    hu_csv_write(run->out, out.table);
    say_risk(run, table, o, &out);
    return NULL;
}

static hu_error *run_export(hu_run *run)
{
    hu_disclosure_options o;
    hu_table *table;
    HU_TRY(options_of(run, &o));
    HU_TRY(read_table(run, &o, &table));
    return hu_opt_flag(run, "check") ? check(run, table, &o) : release(run, table, &o);
}

static const hu_option options[] = {
    {"quasi", HU_OPT_LIST, "A,B", NULL, "Columns by which somebody could be recognised: place, date, age, sex …"},
    {"sensitive", HU_OPT_LIST, "C,D", NULL, "Columns of which nothing may follow from the others."},
    {"drop", HU_OPT_LIST, "E,F", NULL, "Columns that are not released: names, documents, narratives."},
    {"k", HU_OPT_INTEGER, "K", "11", "Rows that must share the values of --quasi."},
    {"l", HU_OPT_INTEGER, "L", "2", "Values that each such class must show in every sensitive column."},
    {"most-suppressed", HU_OPT_NUMBER, "SHARE", "0.05", "Rows that may be left out rather than coarsening further."},
    {"check", HU_OPT_FLAG, NULL, NULL, "Look at a table as it is, and exit with 1 where it does not hold."},
    {0},
};

const hu_command hu_command_export = {
    .name = "export",
    .summary = "de-identified data: k-anonymous tables, and a second look at them",
    .usage = "DATA.csv --quasi A,B [--sensitive C] [--drop E] [--k 11] [--l 2] [--check] [--out FILE]",
    .description =
        "Writes a CSV in which every row shares the values of --quasi with at least K - 1 others (k-anonymity; 11 is "
        "what "
        "the Counter-Trafficking Data Collaborative uses), and every such class shows at least L values of each "
        "--sensitive column. Columns are coarsened step by step (dates to month and year, six-digit places to province "
        "and department, numbers to fives, tens, twenties …), always the one with most different values; rows that "
        "still stand apart are left out. Cells that a spreadsheet would run as formulas get an apostrophe.\n\n"
        "The release is checked by code that shares nothing with the one that made it; --check does the same with any "
        "table. What was coarsened, how many rows are left out and the risk that is left are told on standard "
        "error.\n\n"
        "Direct identifiers are not found: name them in --drop. Two releases of the same records can be compared: "
        "release once, with the columns that are needed.",
    .example = "  huella export incidents.csv --quasi district,date,age_group,sex --sensitive exploitation \\\n"
               "      --drop narrative,officer --out public.csv\n"
               "  huella export public.csv --check --quasi district,date,age_group,sex --sensitive exploitation",
    .options = options,
    .min_files = 1,
    .max_files = 1,
    .run = run_export,
};
