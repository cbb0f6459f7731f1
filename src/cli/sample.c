/* huella sample: a stratified random sample of the study's judgments, to label by hand. */

#include "rows.h"

#include "huella/base/csv.h"
#include "huella/learning/sampling.h"
#include "huella/registry/sample.h"

#include <string.h>

static const char sample_sql[] =
    "SELECT f.document, f.stratum, f.draw, s.probability, f.sha256 FROM sampling_frame f "
    "JOIN sample s ON s.sha256 = f.sha256 WHERE f.design_id = CAST(? AS INTEGER) AND f.draw IS NOT NULL "
    "ORDER BY f.draw, f.document";

/* The frame of a new design: every judgment that stands in the store now, in random order within its stratum. */
static hu_error *make_design(hu_run *run, hu_store *store, const char *strata, hu_sampling_design *design)
{
    size_t n_variables, n_strata;
    const char *const *variables = hu_opt_list(run, "strata", &n_variables);
    hu_table *table;
    HU_TRY(hu_store_sampling_units(store, variables, n_variables, run->arena, &table));
    if (!table->rows)
        return hu_fail(HU_EMPTY, "%s holds no judgments: `huella read --study DIR PATH…` stores them", run->store);
    hu_sampling_unit *units = HU_NEW_ARRAY(run->arena, hu_sampling_unit, table->rows);
    hu_sampling_place *frame = HU_NEW_ARRAY(run->arena, hu_sampling_place, table->rows);
    for (size_t r = 0; r < table->rows; r++) /* the id carries the document's name behind the 64 letters of its hash */
        units[r] = (hu_sampling_unit){.id = hu_printf(run->arena, "%s%s",
                                                      hu_table_text(table, &table->columns[0], r, run->arena),
                                                      hu_table_text(table, &table->columns[1], r, run->arena)),
                                      .stratum = hu_table_text(table, &table->columns[2], r, run->arena)};
    hu_stratum *parts;
    HU_TRY(hu_sampling_order(units, table->rows, run->seed, (uint64_t)design->id + 1, run->arena, &parts, &n_strata));
    for (size_t r = 0; r < table->rows; r++)
        frame[r] = (hu_sampling_place){.stratum = units[r].stratum,
                                       .sha256 = hu_strndup(run->arena, units[r].id, 64),
                                       .document = units[r].id + 64,
                                       .position = units[r].position};
    const char *reader = NULL;
    HU_TRY(hu_store_note(store, "reader", run->arena, &reader));
    *design = (hu_sampling_design){.strata = strata,
                                   .reader = reader ? reader : "",
                                   .seed = hu_printf(run->arena, "%llu", (unsigned long long)run->seed)};
    return hu_store_put_sampling_design(store, design, frame, table->rows);
}

static hu_error *draw(hu_run *run, hu_store *store, const hu_sampling_design *design)
{
    hu_table *table;
    HU_TRY(hu_store_sampling_strata(store, design->id, run->arena, &table));
    size_t count = table->rows, *drawn = HU_NEW_ARRAY(run->arena, size_t, count);
    hu_stratum *strata = HU_NEW_ARRAY(run->arena, hu_stratum, count);
    const char **names = HU_NEW_ARRAY(run->arena, const char *, count);
    for (size_t h = 0; h < count; h++) {
        names[h] = hu_table_text(table, &table->columns[0], h, run->arena);
        strata[h] = (hu_stratum){.name = names[h],
                                 .population = (size_t)table->columns[1].numbers[h],
                                 .drawn = (size_t)table->columns[2].numbers[h]};
    }
    size_t size = (size_t)hu_opt_integer(run, "size"), each = (size_t)hu_opt_integer(run, "per-stratum");
    if (each && !hu_sampling_allocate_each(strata, count, each))
        return hu_fail(HU_USAGE, "every judgment of the design is in the sample already: --fresh starts another");
    if (!each)
        HU_TRY(hu_sampling_allocate(strata, count, size, (size_t)hu_opt_integer(run, "at-least")));
    for (size_t h = 0; h < count; h++)
        drawn[h] = strata[h].drawn;
    return hu_store_sampling_draw(store, design->id, names, drawn, count);
}

static hu_error *print(hu_run *run, hu_store *store, const hu_sampling_design *design)
{
    hu_table *sample, *strata;
    const char *id = hu_printf(run->arena, "%lld", (long long)design->id);
    HU_TRY(hu_store_query(store, run->arena, &sample, sample_sql, 1, &id));
    HU_TRY(hu_store_sampling_strata(store, design->id, run->arena, &strata));
    if (run->format == HU_FORMAT_CSV) {
        hu_csv_write(run->out, sample);
    } else if (run->format == HU_FORMAT_JSONL) {
        hu_print_json_lines(run->out, sample);
    } else if (run->format == HU_FORMAT_TABLE) {
        fprintf(run->out, "Design %s, by %s, seed %s, %lld draws.\n\n", id,
                *design->strata ? design->strata : "nothing", design->seed, (long long)design->draws);
        hu_print_rows(run->out, strata, 0);
        fputc('\n', run->out);
        hu_print_rows(run->out, sample, 0);
    } else {
        HU_BUF(text);
        hu_json json;
        hu_json_start(&json, &text);
        hu_json_object(&json);
        hu_json_put_integer(&json, "design", design->id);
        hu_json_put_text(&json, "by", design->strata);
        hu_json_put_text(&json, "seed", design->seed);
        hu_json_put_text(&json, "reader", design->reader);
        hu_json_put_integer(&json, "draws", design->draws);
        hu_json_put_rows(&json, "strata", strata);
        hu_json_put_rows(&json, "sample", sample);
        hu_json_object_end(&json);
        fprintf(run->out, "%s\n", text.data);
    }
    return NULL;
}

/* Judgments that came after the design was made cannot be drawn by it: they belong to no stratum. */
static hu_error *say_who_is_outside(hu_run *run, hu_store *store, const hu_sampling_design *design)
{
    hu_table *outside;
    const char *id = hu_printf(run->arena, "%lld", (long long)design->id);
    HU_TRY(hu_store_query(store, run->arena, &outside,
                          "SELECT count(*) AS n FROM judgments WHERE sha256 NOT IN (SELECT sha256 FROM sampling_frame "
                          "WHERE design_id = CAST(? AS INTEGER))",
                          1, &id));
    if (outside->columns[0].numbers[0] > 0)
        hu_say(run,
               "%.0f judgments were read after this design was made and cannot be drawn by it: --fresh makes one "
               "that holds them",
               outside->columns[0].numbers[0]);
    return NULL;
}

static hu_error *sample(hu_run *run, hu_store *store)
{
    size_t n;
    const char **variables = hu_opt_list(run, "strata", &n);
    const char *strata = hu_opt_given(run, "strata") ? "" : NULL;
    for (size_t i = 0; i < n; i++)
        strata = hu_printf(run->arena, "%s%s%s", strata, i ? "," : "", variables[i]);
    hu_sampling_design design, newest;
    HU_TRY(hu_store_sampling_design(store, strata, run->arena, &design));
    HU_TRY(hu_store_sampling_design(store, NULL, run->arena, &newest));
    bool drawing = hu_opt_given(run, "size") || hu_opt_given(run, "per-stratum");
    if (!drawing && !design.id)
        return hu_fail(HU_USAGE, "no sample was drawn yet: --size N or --per-stratum N draws one");
    if (drawing && (!design.id || hu_opt_flag(run, "fresh"))) {
        design.id = newest.id;
        HU_TRY(make_design(run, store, strata ? strata : "", &design));
    } else {
        HU_TRY(say_who_is_outside(run, store, &design));
    }
    if (drawing)
        HU_TRY(draw(run, store, &design));
    HU_TRY(hu_store_sampling_design(store, design.strata, run->arena, &design));
    return print(run, store, &design);
}

static hu_error *check_options(const hu_run *run)
{
    bool size = hu_opt_given(run, "size"), each = hu_opt_given(run, "per-stratum");
    if (size && each)
        return hu_fail(HU_USAGE, "--size and --per-stratum exclude each other");
    if ((size && hu_opt_integer(run, "size") < 1) || (each && hu_opt_integer(run, "per-stratum") < 1))
        return hu_fail(HU_USAGE, "--size and --per-stratum: expected a number from 1");
    if (hu_opt_integer(run, "at-least") < 1)
        return hu_fail(HU_USAGE, "--at-least: expected a number from 1: what can never be drawn cannot be estimated");
    return NULL;
}

static hu_error *run_sample(hu_run *run)
{
    hu_store *store;
    HU_TRY(check_options(run));
    HU_TRY(hu_store_open_existing(run->store, &store));
    hu_error *error = hu_store_begin(store);
    if (!error)
        error = sample(run, store);
    if (!error)
        error = hu_store_commit(store);
    hu_store_close(store);
    return error;
}

static const hu_option sample_options[] = {
    {"size", HU_OPT_INTEGER, "N", NULL, "Judgments to draw, beside those drawn before."},
    {"per-stratum", HU_OPT_INTEGER, "N", NULL, "Draw N in each stratum instead, or all that it has left."},
    {"strata", HU_OPT_LIST, "A,B", NULL,
     "Variables that part the judgments: court_level, kind, year, region, verdict, confidence, scan."},
    {"at-least", HU_OPT_INTEGER, "N", "1", "With --size: the smallest number in each stratum."},
    {"fresh", HU_OPT_FLAG, NULL, NULL,
     "Part the judgments anew instead of adding to the design that has these strata."},
    {0},
};

const hu_command hu_command_sample = {
    .name = "sample",
    .summary = "draw a random sample of judgments to label by hand",
    .usage = "--size N [--strata A,B]",
    .description =
        "Parts the judgments in the store by what the reader found in them, draws at random within each stratum, and "
        "keeps the sample with each judgment's probability of being in it, so that accuracy and its corrections hold "
        "for the whole study. --size is shared in proportion to the strata's sizes, with --at-least in each.\n\n"
        "The random order within strata is fixed when the design is made. The same command again adds to the sample: "
        "what results is a simple random sample within strata still. Other strata, or --fresh, make another design, "
        "drawn independently; the probability of a judgment is then that of being in any of them. Without --size and "
        "--per-stratum the sample is only printed.\n\n"
        "verdict is that of the defendants, mixed where they differ; confidence is the lowest of their verdicts: high "
        "from 0.9, middle from 0.7; scan tells whether the text came from images.",
    .example = "  huella sample --study mystudy --size 120 --strata court_level,verdict\n"
               "  huella sample --study mystudy --size 40 --strata court_level,verdict --format csv --out sample.csv",
    .options = sample_options,
    .run = run_sample,
};
