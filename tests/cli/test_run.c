/* `huella new`, `run`, `estimate`, `report` and `doctor` as a user types them: what is done, what is done again. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/base/number.h"
#include "huella/registry/store.h"

static const char judgment_text[] =
    "EXPEDIENTE : %s\n\nJUZGADO PENAL COLEGIADO DE CUSCO\n\nSENTENCIA\n\nCusco, cinco de abril de dos mil veintidós\n\n"
    "VISTOS: la acusación contra A.B.C. por el delito de trata de personas.\n\nPARTE RESOLUTIVA\n\n"
    "FALLA: CONDENANDO a A.B.C. como autor del delito de trata de personas a doce años de pena privativa de la "
    "libertad efectiva. %s\n";

static const char *path_in(hu_arena *arena, const char *study, const char *name)
{
    return hu_path_join(arena, study, name);
}

static void add_judgment(hu_arena *arena, const char *study, const char *name, const char *number, const char *more)
{
    const char *text = hu_printf(arena, judgment_text, number, more);
    CHECK_OK(hu_write_file(path_in(arena, study, name), text, strlen(text)));
}

/* A study as `huella new` makes it, with two judgments. */
static const char *new_study(hu_arena *arena)
{
    const char *study = path_in(arena, check_folder(arena), "study");
    check_run run = CHECK_HUELLA(arena, "new", study);
    if (run.status != 0)
        fail_msg("huella new: %s", run.err);
    add_judgment(arena, study, "judgments/1.txt", "00101-2020-0-1001-JR-PE-01", "");
    add_judgment(arena, study, "judgments/2.txt", "00102-2020-0-1903-JR-PE-01", "");
    return study;
}

static void remove_study(hu_arena *arena, const char *study)
{
    check_remove(hu_strndup(arena, study, strlen(study) - strlen("/study")));
}

static const char *content(hu_arena *arena, const char *path)
{
    hu_file file;
    CHECK_OK(hu_file_open(path, 0, &file));
    const char *text = hu_strndup(arena, file.data, file.length);
    hu_file_close(&file);
    return text;
}

/* Runs the study; each stage named in `done` must have been done, all others must have been up to date. */
static check_run run_stages(hu_arena *arena, const char *study, const char *done)
{
    static const char *const stages[] = {"import", "read", "link", "outcomes", "estimate", "report"};
    check_run run = CHECK_HUELLA(arena, "run", "--study", study, "--format", "table");
    if (run.status != 0)
        fail_msg("huella run: status %d: %s", run.status, run.err);
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        bool idle = strstr(run.err, hu_printf(arena, "%-9s up to date\n", stages[i])) != NULL;
        bool wanted = strstr(done, stages[i]) != NULL;
        if (idle == wanted)
            fail_msg("%s %s:\n%s", stages[i], wanted ? "was not done" : "was done", run.err);
    }
    return run;
}

static void need_gnuplot(void)
{
    if (system("command -v gnuplot >/dev/null") != 0)
        skip();
}

#define ALL_STAGES "import read link outcomes estimate report"

static void only_what_changed_is_done_again(void **state)
{
    (void)state;
    need_gnuplot();
    HU_SCRATCH(arena);
    const char *study = new_study(arena), *cases = path_in(arena, study, "cases.csv");
    check_run run = run_stages(arena, study, ALL_STAGES);
    check_contains(run.err, "50 cases, 10 prosecutors, 25 regions");
    check_contains(run.err, "2 documents, 2 read, 0 left out");
    check_contains(run.err, "2 of 2 judgments linked to 2 cases");
    check_contains(run.out, "Time to resolution");
    check_contains(run.out, hu_printf(arena, "report: %s/report/index.html\n", study));
    run_stages(arena, study, "");

    char *changed = hu_strdup(arena, content(arena, cases));
    char *cell = strstr(changed, "2022-02-08");
    assert_non_null(cell);
    cell[9] = '9';
    CHECK_OK(hu_write_file(cases, changed, strlen(changed)));
    run_stages(arena, study, "import link outcomes estimate report");
    run_stages(arena, study, "");

    add_judgment(arena, study, "judgments/3.txt", "00103-2020-0-2701-JR-PE-01", "");
    run = run_stages(arena, study, "read link outcomes estimate report");
    check_contains(run.err, "3 documents, 1 read, 2 read before, 0 left out");
    unlink(path_in(arena, study, "judgments/1.txt"));
    run = run_stages(arena, study, "read link outcomes estimate report");
    check_contains(run.err, "2 of 2 judgments linked");

    CHECK_OK(hu_write_file(path_in(arena, study, "report/index.html"), "x", 1));
    run_stages(arena, study, "report");
    const char *plan = path_in(arena, study, "study.yaml");
    const char *text = hu_printf(arena, "%s# looked at again\n", content(arena, plan));
    CHECK_OK(hu_write_file(plan, text, strlen(text)));
    run_stages(arena, study, "estimate report");
    remove_study(arena, study);
}

static void a_run_that_was_stopped_goes_on(void **state)
{
    (void)state;
    need_gnuplot();
    HU_SCRATCH(arena);
    const char *study = new_study(arena);
    hu_store *store = NULL;
    run_stages(arena, study, ALL_STAGES);
    const char *page = content(arena, path_in(arena, study, "report/index.html"));
    /* What a kill between the last commit and the stage's note leaves behind. */
    CHECK_OK(hu_store_open(hu_printf(arena, "sqlite:%s/huella.db", study), &store));
    CHECK_OK(hu_store_forget_notes(store, "stage.read"));
    hu_store_close(store);
    check_run run = run_stages(arena, study, "read link outcomes estimate report");
    check_contains(run.err, "2 documents, 0 read, 2 read before");
    assert_string_equal(content(arena, path_in(arena, study, "report/index.html")), page);
    /* An import by hand drops links: the next run makes them again, though its inputs are as before. */
    assert_int_equal(CHECK_HUELLA(arena, "import", "--study", study).status, 0);
    run = run_stages(arena, study, ALL_STAGES);
    check_contains(run.err, "2 of 2 judgments linked");
    remove_study(arena, study);
}

static void what_cannot_be_read_is_reported_and_the_run_goes_on(void **state)
{
    (void)state;
    need_gnuplot();
    HU_SCRATCH(arena);
    const char *study = new_study(arena);
    CHECK_OK(hu_write_file(path_in(arena, study, "judgments/empty.pdf"), "", 0));
    CHECK_OK(hu_write_file(path_in(arena, study, "judgments/broken.pdf"), "%PDF-1.4 nothing", 16));
    add_judgment(arena, study, "judgments/copy.txt", "00101-2020-0-1001-JR-PE-01", "");
    check_run run = run_stages(arena, study, ALL_STAGES);
    check_contains(run.err, "5 documents, 2 read, 3 left out");
    const char *page = content(arena, path_in(arena, study, "report/index.html"));
    check_contains(page, "judgments/empty.pdf");
    check_contains(page, "judgments/broken.pdf");
    check_contains(page, "the same file as judgments/1.txt");
    remove_study(arena, study);
}

static void estimate_prints_for_programs_too(void **state)
{
    (void)state;
    need_gnuplot();
    HU_SCRATCH(arena);
    const char *study = new_study(arena);
    check_run run = CHECK_HUELLA(arena, "estimate", "--study", study);
    assert_int_equal(run.status, 3); /* nothing is imported yet */
    run_stages(arena, study, "import read link outcomes estimate report");
    run = CHECK_HUELLA(arena, "estimate", "--study", study, "--format", "csv");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "outcome,estimator,method,estimate,se,lower,upper,p,n,treated,clusters,planted\n");
    check_contains(run.out, "\nresolution_months,main,callaway_santanna,");
    run = CHECK_HUELLA(arena, "estimate", "--study", study, "--format", "json");
    check_contains(run.out, "\"estimates\":[{\"outcome\":\"conviction\"");
    run = CHECK_HUELLA(arena, "report", "--study", study);
    assert_int_equal(run.status, 0);
    assert_string_equal(run.out, hu_printf(arena, "%s/report/index.html\n", study));
    remove_study(arena, study);
}

/* Without DATA an estimator takes the study's analysis table: the plan's own answer comes out. */
static void an_estimator_takes_a_study(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *study = hu_path_join(arena, check_folder(arena), "study");
    check_run run = CHECK_HUELLA(arena, "simulate", study, "--judgments", "450", "--cases", "240", "--seed", "3");
    assert_int_equal(run.status, 0);
    run = CHECK_HUELLA(arena, "import", "--study", study);
    assert_int_equal(run.status, 0);
    run = CHECK_HUELLA(arena, "link", "--study", study);
    check_contains(run.err, "holds no judgments"); /* times come from the table of cases alone */
    check_run estimated = CHECK_HUELLA(arena, "estimate", "--study", study, "--format", "csv");
    assert_int_equal(estimated.status, 0);
    run = CHECK_HUELLA(arena, "did", "--study", study, "--outcome", "resolution_months", "--time", "period", "--cohort",
                       "cohort", "--cluster", "region", "--cross-section", "--control", "notyet", "--format", "json");
    assert_int_equal(run.status, 0);
    json_error_t error;
    json_t *did = json_loads(run.out, 0, &error);
    double att =
        json_number_value(json_object_get(json_object_get(json_object_get(did, "aggregate"), "simple"), "att"));
    char text[32];
    check_contains(estimated.out, hu_format_double(att, text));
    json_decref(did);
    remove_study(arena, study);
}

static void read_keeps_in_a_study_what_it_prints(void **state)
{
    (void)state;
    need_gnuplot();
    HU_SCRATCH(arena);
    const char *study = new_study(arena), *first = path_in(arena, study, "judgments/1.txt");
    CHECK_OK(hu_write_file(path_in(arena, study, "judgments/empty.pdf"), "", 0));
    check_run plain = CHECK_HUELLA(arena, "read", first, "--format", "jsonl");
    check_run run = CHECK_HUELLA(arena, "read", first, "--study", study);
    assert_int_equal(run.status, 0);
    assert_string_equal(run.out, plain.out);
    check_contains(run.err, "1 read and stored, 0 stored before");
    run = CHECK_HUELLA(arena, "read", path_in(arena, study, "judgments"), "--study", study);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "1 read and stored, 1 stored before, 1 could not be read");
    check_contains(run.err, "judgments/empty.pdf");
    run = run_stages(arena, study, ALL_STAGES);
    check_contains(run.err, "3 documents, 0 read, 2 read before, 1 left out");
    remove_study(arena, study);
}

static void a_wrong_plan_or_folder_is_named(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *study = new_study(arena), *plan = path_in(arena, study, "study.yaml");
    check_run run = CHECK_HUELLA(arena, "new", study);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "is not empty");
    const char *text = hu_printf(arena, "%sexclud: []\n", content(arena, plan));
    CHECK_OK(hu_write_file(plan, text, strlen(text)));
    run = CHECK_HUELLA(arena, "run", "--study", study);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "study.yaml:");
    check_contains(run.err, "exclud");
    assert_false(hu_file_exists(path_in(arena, study, "huella.db")));
    run = CHECK_HUELLA(arena, "run", "--study", path_in(arena, study, "nowhere"));
    assert_int_equal(run.status, 3);
    check_contains(run.err, "huella new");
    remove_study(arena, study);
}

static void an_unknown_region_to_leave_out_is_named(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *study = new_study(arena), *plan = path_in(arena, study, "study.yaml");
    const char *text = content(arena, plan), *at = strstr(text, "exclude: []");
    assert_non_null(at);
    text = hu_printf(arena, "%.*sexclude: [Atlantis]%s", (int)(at - text), text, at + strlen("exclude: []"));
    CHECK_OK(hu_write_file(plan, text, strlen(text)));
    check_run run = CHECK_HUELLA(arena, "run", "--study", study);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "Atlantis");
    remove_study(arena, study);
}

static void doctor_says_what_is_missing(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena);
    check_run run = CHECK_HUELLA(arena, "doctor", "--study", folder, "--format", "table");
    check_contains(run.out, "PDF reader");
    check_contains(run.out, "gnuplot");
    run = CHECK_HUELLA(arena, "doctor", "--study", path_in(arena, folder, "nowhere"), "--format", "table");
    assert_int_equal(run.status, 1);
    check_contains(run.out, "missing  study's folder");
    const char *rules = hu_strdup(arena, getenv("HUELLA_RULES"));
    setenv("HUELLA_RULES", folder, 1);
    run = CHECK_HUELLA(arena, "doctor", "--study", folder, "--format", "json");
    setenv("HUELLA_RULES", rules, 1);
    assert_int_equal(run.status, 1);
    check_contains(run.out, "{\"name\":\"rules\",\"ok\":false,\"needed\":true");
    check_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_changed_is_done_again),
        cmocka_unit_test(a_run_that_was_stopped_goes_on),
        cmocka_unit_test(what_cannot_be_read_is_reported_and_the_run_goes_on),
        cmocka_unit_test(estimate_prints_for_programs_too),
        cmocka_unit_test(an_estimator_takes_a_study),
        cmocka_unit_test(read_keeps_in_a_study_what_it_prints),
        cmocka_unit_test(a_wrong_plan_or_folder_is_named),
        cmocka_unit_test(an_unknown_region_to_leave_out_is_named),
        cmocka_unit_test(doctor_says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
