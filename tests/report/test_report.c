/* The report: well formed, self-contained, the same bytes again, and harmless whatever a judgment says. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/registry/store.h"
#include "huella/report/report.h"

#include <ctype.h>
#include <sys/stat.h>

enum { N_CASES = 40, FIRST_PERIOD = 2021 * 2, N_PERIODS = 6 };
static const char hostile[] = "</q><script>alert(1)</script><img src=http://example.org/x onerror=alert(2)> & \"so\"";

/* --- a small study, made by hand: four regions, two of them trained --- */

static hu_table *parsed(hu_arena *arena, const char *text, const char *name)
{
    hu_table *table = NULL;
    const char *const as_text[] = {"case_id", "opened", "closed", "trained_on", "expediente", NULL};
    hu_csv_options options = {.as_text = as_text};
    CHECK_OK(hu_csv_parse(text, strlen(text), name, &options, arena, &table));
    return table;
}

static const char *cases_csv(hu_arena *arena)
{
    static const char *const regions[] = {"Cusco", "Loreto", "Puno", "Tacna"};
    const char *text = "case_id,expediente,carpeta_fiscal,region,district,opened,closed,prosecutor_id,charge,victims,"
                       "minors,foreign_victims,defendants\n";
    for (int i = 0; i < N_CASES; i++)
        text = hu_printf(arena, "%sC-%03d,%05d-%d-0-2701-JR-PE-01,,%s,,%d-%02d-10,,,trafficking,1,0,0,1\n", text, i,
                         i + 1, 2021 + i % 3, regions[i % 4], 2021 + i % 3, i % 2 ? 9 : 3);
    return text;
}

static void add_judgment(hu_store *store, hu_arena *arena, int i)
{
    const char *document = hu_printf(arena, "judgments/%04d.pdf", i);
    char sha[65];
    hu_sha256_hex(document, strlen(document), sha);
    const char *verdict = i % 3 ? "\"convicted\"" : "\"acquitted\"";
    const char *number = hu_printf(arena, "\"%05d-%d-0-2701-JR-PE-01\"", i + 1, 2021 + i % 3);
    hu_stored_finding findings[] = {
        {"decision.expediente", number, 1, "header", number, 0, 5, 1},
        {"decision.kind", "\"first_instance\"", 0.9, "kind", "SENTENCIA", 0, 9, 1},
        {"decision.court_level", i % 5 ? "\"first_instance\"" : "\"appeal\"", 0.9, "level", "JUZGADO", 0, 7, 1},
        {"decision.date", hu_printf(arena, "\"%d-12-01\"", 2023 + i % 2), 0.9, "date", "diciembre", 0, 9, 1},
        {"defendants[0].label", i ? "\"A.B.\"" : "\"<b>A.B.</b>\"", 0.9, "label", "A.B.", 0, 4, 1},
        {"defendants[0].verdict", verdict, 0.9, "verdict.operative", i == 1 ? hostile : "FALLA: …", 0, 8, 2},
        {"defendants[0].final_verdict", verdict, 0.95, "<i>rule</i>", i == 1 ? hostile : "FALLA: …", 0, 8, 2},
        {"indices.charge_severity", i % 3 ? "3" : "0", 0.9, "severity", "art. 129-A", 0, 10, 2},
        {"indices.victim_centred", "0.25", 0.9, "practices", "cámara Gesell", 0, 13, 2},
    };
    hu_stored_judgment judgment = {
        document, sha, "rules-test", 3, 9000, "text", "{}", findings, sizeof findings / sizeof *findings};
    CHECK_OK(hu_store_put_judgment(store, &judgment));
}

static hu_store *made_store(hu_arena *arena)
{
    hu_store *store = NULL;
    hu_link_counts counts;
    size_t rows = 0;
    CHECK_OK(hu_store_open("sqlite::memory:", &store));
    CHECK_OK(hu_import_rollout(
        store, parsed(arena, "region,trained_on\nCusco,2022-03-01\nLoreto,2022-09-01\nPuno,\nTacna,\n", "rollout.csv"),
        NULL, &rows));
    CHECK_OK(hu_import_cases(store, parsed(arena, cases_csv(arena), "cases.csv"), NULL, &rows));
    for (int i = 0; i < N_CASES; i++)
        if (i % 4 != 3 || i % 2)
            add_judgment(store, arena, i);
    CHECK_OK(hu_store_put_unreadable(store, "judgments/<9999>.pdf", "encrypted"));
    CHECK_OK(hu_link_by_expediente(store, &counts));
    assert_int_equal(counts.linked, counts.judgments);
    CHECK_OK(hu_derive_outcomes(store, &rows));
    return store;
}

static hu_did_result *made_did(hu_arena *arena)
{
    hu_did_result *did = HU_NEW(arena, hu_did_result);
    did->n_att_gt = 2 * (N_PERIODS - 1);
    did->att_gt = HU_NEW_ARRAY(arena, hu_att_gt, did->n_att_gt);
    did->dynamic.n_cells = 7;
    did->dynamic.cells = HU_NEW_ARRAY(arena, hu_did_cell, did->dynamic.n_cells);
    hu_effect effect = {0.1, 0.05, 0.002, 0.198, 0.046, NAN, NAN};
    for (size_t i = 0; i < did->n_att_gt; i++)
        did->att_gt[i] = (hu_att_gt){.cohort = FIRST_PERIOD + 2 + (double)(i % 2),
                                     .time = FIRST_PERIOD + 1 + (double)(i / 2),
                                     .effect = effect,
                                     .treated = 3,
                                     .controls = 6,
                                     .note = i ? NULL : "no <case> before"};
    for (size_t i = 0; i < did->dynamic.n_cells; i++)
        did->dynamic.cells[i] = (hu_did_cell){(double)i - 3, effect};
    did->simple.overall = did->group.overall = did->dynamic.overall = did->calendar.overall = effect;
    return did;
}

static hu_results *made_results(hu_arena *arena)
{
    static hu_result_outcome outcomes[] = {
        {.name = "conviction", .label = "Conviction", .unit = "share of judged cases", .share = true, .primary = true},
        {.name = "prison_months", .label = "Sentence <length>", .unit = "months", .given_conviction = true},
        {.name = "charge_severity", .label = "Severity", .unit = "level 0 to 4"}};
    static hu_result_estimator estimators[] = {{.name = "main", .method = "callaway_santanna", .description = "D"},
                                               {.name = "twfe", .method = "twfe", .description = "E"}};
    outcomes[0].planted = 0.08;
    outcomes[1].planted = outcomes[2].planted = NAN;
    hu_results *results = HU_NEW(arena, hu_results);
    *results = (hu_results){.title = "Effect of <training> & more",
                            .version = "0.1.0",
                            .seed = 7,
                            .level = 0.95,
                            .period = HU_HALF_YEAR,
                            .from = FIRST_PERIOD,
                            .to = FIRST_PERIOD + N_PERIODS - 1,
                            .outcomes = outcomes,
                            .n_outcomes = 3,
                            .estimators = estimators,
                            .n_estimators = 2};
    results->estimates = HU_NEW_ARRAY(arena, hu_estimate, 6);
    for (size_t i = 0; i < 6; i++)
        results->estimates[i] = (hu_estimate){.effect = {0.1, 0.05, 0.002, 0.198, 0.046, NAN, NAN},
                                              .n = 40,
                                              .treated = 12,
                                              .clusters = 4,
                                              .se_type = "clustered",
                                              .did = i % 2 ? NULL : made_did(arena)};
    results->estimates[2] = (hu_estimate){.effect = {NAN, NAN, NAN, NAN, NAN, NAN, NAN}, .failure = "no <sentence>"};
    return results;
}

static const char *temporary_folder(hu_arena *arena)
{
    char *folder = hu_strdup(arena, "/tmp/huella-report-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static const char *content(hu_arena *arena, const char *path, size_t *length)
{
    hu_file file;
    CHECK_OK(hu_file_open(path, 0, &file));
    const char *text = hu_strndup(arena, file.data, file.length);
    *length = file.length;
    hu_file_close(&file);
    return text;
}

static void remove_folder(hu_arena *arena, const char *folder)
{
    char **paths = NULL;
    size_t count = 0;
    CHECK_OK(hu_list_files(folder, NULL, arena, &paths, &count));
    for (size_t i = 0; i < count; i++)
        unlink(paths[i]);
    rmdir(folder);
}

/* Writes the report and returns the page; `folder` stays. */
static const char *write_page(hu_arena *arena, const char *folder)
{
    hu_store *store = made_store(arena);
    hu_report_accuracy accuracy[] = {{"verdict", 10, 9, 8, 0.89, 0.6, 0.98, 0.8, 0.5, 0.94, 0.84}};
    hu_report_input inputs[] = {{"cases.csv", "00ff"}};
    hu_report_options options = {.folder = folder,
                                 .reader = "rules-test",
                                 .accuracy = accuracy,
                                 .n_accuracy = 1,
                                 .inputs = inputs,
                                 .n_inputs = 1};
    const char *path = NULL;
    size_t length = 0;
    CHECK_OK(hu_report_write(store, made_results(arena), &options, arena, &path));
    hu_store_close(store);
    return content(arena, path, &length);
}

/* --- tests --- */

static void plots_need_gnuplot(void)
{
    if (system("command -v gnuplot >/dev/null") != 0)
        skip();
}

/* Walks the tags: every element is closed in order, every attribute is quoted, none names another place. */
static void check_tags(hu_arena *arena, const char *page)
{
    const char *open[256];
    size_t depth = 0;
    for (const char *at = strchr(page, '<'); at; at = strchr(at, '<')) {
        const char *end = at + 1;
        for (char in = 0; *end && (in || *end != '>'); end++)
            if (in ? *end == in : *end == '"' || *end == '\'')
                in = in ? 0 : *end;
        if (*end != '>')
            fail_msg("a tag is not closed: %.60s", at);
        const char *tag = hu_strndup(arena, at, (size_t)(end - at));
        if (strstr(tag, " src=") || (strstr(tag, "://") && !strstr(tag, "xmlns=\"http://www.w3.org/2000/svg\"")))
            fail_msg("a tag points out of the page: %s", tag);
        size_t length = strcspn(at + 1 + (at[1] == '/'), " \n>/");
        const char *name = hu_strndup(arena, at + 1 + (at[1] == '/'), length);
        if (at[1] == '/') {
            if (!depth || strcmp(open[--depth], name) != 0)
                fail_msg("</%s> closes nothing: %.60s", name, at);
        } else if (at[1] != '!' && end[-1] != '/') {
            assert_true(depth < 256);
            open[depth++] = name;
        }
        at = end;
    }
    if (depth)
        fail_msg("<%s> is not closed", open[depth - 1]);
}

/* Value of every `name="…"` or `name='…'`; calls `see` with each. */
static void each_attribute(hu_arena *arena, const char *page, const char *name,
                           void (*see)(hu_arena *, const char *page, const char *value))
{
    const char *start = hu_printf(arena, " %s=", name);
    for (const char *at = strstr(page, start); at; at = strstr(at, start)) {
        at += strlen(start);
        if (*at == '"' || *at == '\'')
            see(arena, page, hu_strndup(arena, at + 1, strcspn(at + 1, *at == '"' ? "\"" : "'")));
    }
}

static size_t count_of(const char *page, const char *text)
{
    size_t count = 0;
    for (const char *at = strstr(page, text); at; at = strstr(at + 1, text))
        count++;
    return count;
}

static void id_is_unique(hu_arena *arena, const char *page, const char *id)
{
    if (count_of(page, hu_printf(arena, " id=\"%s\"", id)) + count_of(page, hu_printf(arena, " id='%s'", id)) != 1)
        fail_msg("the id \"%s\" is not unique", id);
}

static void link_leads_somewhere(hu_arena *arena, const char *page, const char *link)
{
    if (link[0] == '#' && !strstr(page, hu_printf(arena, "id=\"%s\"", link + 1)) &&
        !strstr(page, hu_printf(arena, "id='%s'", link + 1)))
        fail_msg("the link \"%s\" leads nowhere", link);
    if (link[0] != '#' && (strncmp(link, "event_study_", 12) != 0 || strchr(link, '/')))
        fail_msg("the link \"%s\" leads out of the report", link);
}

static void the_page_is_whole(void **state)
{
    (void)state;
    plots_need_gnuplot();
    HU_SCRATCH(arena);
    const char *folder = temporary_folder(arena), *page = write_page(arena, folder);
    assert_true(strncmp(page, "<!DOCTYPE html>", 15) == 0);
    check_tags(arena, page);
    each_attribute(arena, page, "id", id_is_unique);
    each_attribute(arena, page, "href", link_leads_somewhere);
    assert_null(strstr(page, "url("));
    assert_null(strstr(page, "@import"));
    assert_int_equal(count_of(page, "<svg"), count_of(page, "</svg>"));
    assert_true(count_of(page, "event_study_conviction.pdf") == 1);
    assert_null(strstr(page, "GNUPLOT"));
    assert_true(hu_file_exists(hu_path_join(arena, folder, "event_study_conviction.pdf")));
    remove_folder(arena, folder);
}

static void what_a_judgment_says_is_shown_not_run(void **state)
{
    (void)state;
    plots_need_gnuplot();
    HU_SCRATCH(arena);
    const char *folder = temporary_folder(arena), *page = write_page(arena, folder);
    assert_non_null(strstr(page, "&lt;/q&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=http://example.org/x"));
    assert_null(strstr(page, "<script>alert"));
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "<training>"));
    assert_null(strstr(page, "<length>"));
    assert_null(strstr(page, "<sentence>"));
    assert_null(strstr(page, "<9999>"));
    assert_null(strstr(page, "<i>rule"));
    assert_int_equal(count_of(page, "<script>"), 1); /* the page's own */
    remove_folder(arena, folder);
}

static void an_effect_leads_down_to_the_sentence(void **state)
{
    (void)state;
    plots_need_gnuplot();
    HU_SCRATCH(arena);
    const char *folder = temporary_folder(arena), *page = write_page(arena, folder);
    assert_non_null(strstr(page, "href=\"#cells-conviction\""));
    assert_non_null(strstr(page, "id=\"cells-conviction\""));
    assert_non_null(strstr(page, "href=\"#cell-2022-H1-2022-H1\""));
    assert_non_null(strstr(page, "id=\"cell-2022-H1-2022-H1\""));
    assert_non_null(strstr(page, "judgments/0004.pdf, p. 2 · "));
    assert_non_null(strstr(page, "confidence 0.95"));
    assert_non_null(strstr(page, "planted is +8.0 pp"));
    assert_non_null(strstr(page, "the training raised conviction") ?: strstr(page, "The training raised conviction"));
    remove_folder(arena, folder);
}

static void the_same_study_gives_the_same_bytes(void **state)
{
    (void)state;
    plots_need_gnuplot();
    HU_SCRATCH(arena);
    const char *first = temporary_folder(arena), *second = temporary_folder(arena);
    assert_string_equal(write_page(arena, first), write_page(arena, second));
    size_t length = 0, other = 0;
    sleep(1); /* a PDF's date of making has a second's grain */
    write_page(arena, second);
    const char *a = content(arena, hu_path_join(arena, first, "event_study_conviction.pdf"), &length);
    const char *b = content(arena, hu_path_join(arena, second, "event_study_conviction.pdf"), &other);
    assert_int_equal(length, other);
    assert_memory_equal(a, b, length);
    remove_folder(arena, first);
    remove_folder(arena, second);
}

static void a_missing_or_failing_gnuplot_is_named(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = temporary_folder(arena), *path = NULL;
    hu_store *store = made_store(arena);
    hu_report_options options = {.folder = folder, .gnuplot = "/no/such/gnuplot"};
    CHECK_FAILS(hu_report_write(store, made_results(arena), &options, arena, &path), HU_NOT_FOUND, "gnuplot-nox");
    options.gnuplot = "false";
    CHECK_FAILS(hu_report_write(store, made_results(arena), &options, arena, &path), HU_IO, "failed on a plot");
    assert_false(hu_file_exists(hu_path_join(arena, folder, "index.html")));
    hu_store_close(store);
    remove_folder(arena, folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_whole),
        cmocka_unit_test(what_a_judgment_says_is_shown_not_run),
        cmocka_unit_test(an_effect_leads_down_to_the_sentence),
        cmocka_unit_test(the_same_study_gives_the_same_bytes),
        cmocka_unit_test(a_missing_or_failing_gnuplot_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
