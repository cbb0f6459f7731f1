/* What goes wrong around the store: failing writes, full disks, killed programs, several programs, broken files. */

#include "fixture.h"

#include "huella/base/csv.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static const fixture_finding two_findings[] = {
    {"decision.expediente", "\"00412-2015-37-2701-JR-PE-02\""}, {"defendants[0].verdict", "\"convicted\""}, {0}};

static hu_error *put_large(hu_store *store, hu_arena *arena, const char *document, size_t size)
{
    char *text = hu_alloc(arena, size + 1);
    memset(text, 'x', size);
    hu_stored_finding finding = {"decision.kind", "\"order\"", 1, "r", "quote", 1, 6, 1};
    hu_stored_judgment judgment = {document, fixture_sha(arena, document), "r", 1, (int64_t)size, text, "{}", &finding,
                                   1};
    return hu_store_put_judgment(store, &judgment);
}

static hu_table *table_of(hu_arena *arena, const char *content)
{
    hu_table *table;
    CHECK_OK(hu_import_read(fixture_file(arena, "table.csv", content), arena, &table));
    return table;
}

static void a_failing_write_leaves_what_was_there(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "failing.db");
    hu_store *store = fixture_open(arena, path);
    hu_table *old = table_of(arena, "case_id,region,opened\nA,Cusco,2015-01-01\nB,Lima,2015-01-01\n");
    hu_table *new = table_of(arena, "case_id,region,opened\nC,Piura,2015-01-01\nD,Puno,2015-01-01\nE,Ica,2015-01-01\n");
    CHECK_OK(hu_import_cases(store, old, NULL, NULL));
    static const char *failing[] = {"INSERT ON cases WHEN NEW.case_id = 'C'", "INSERT ON cases WHEN NEW.case_id = 'E'",
                                    "DELETE ON cases WHEN OLD.case_id = 'B'",
                                    "INSERT ON regions WHEN NEW.region = 'Puno'", "DELETE ON regions"};
    static const char *how[] = {"ABORT", "ROLLBACK", "FAIL"};
    for (size_t i = 0; i < sizeof failing / sizeof *failing * 3; i++) {
        fixture_execute(path, hu_printf(arena, "CREATE TRIGGER fault BEFORE %s BEGIN SELECT RAISE(%s, 'injected'); END",
                                        failing[i / 3], how[i % 3]));
        CHECK_FAILS(hu_import_cases(store, new, NULL, NULL), HU_STORE, "injected");
        fixture_execute(path, "DROP TRIGGER fault");
        assert_int_equal(fixture_number(path, "SELECT count(*) FROM cases WHERE case_id IN ('A', 'B')"), 2);
        assert_int_equal(fixture_number(path, "SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM regions)"),
                         4);
    }
    CHECK_OK(hu_import_cases(store, new, NULL, NULL));
    assert_int_equal(fixture_number(path, "SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM regions)"), 6);
    hu_store_close(store);
}

static void linkage_and_outcomes_are_whole_or_not_at_all(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "derive.db");
    hu_store *store = fixture_open(arena, path);
    CHECK_OK(hu_import_cases(store,
                             table_of(arena, "case_id,expediente,region,opened,closed\n"
                                             "A,00412-2015-37-2701-JR-PE-02,Cusco,2015-01-01,2016-01-01\n"),
                             NULL, NULL));
    fixture_judgment(store, arena, "a.pdf", two_findings);
    fixture_judgment(store, arena, "b.pdf", two_findings + 1);
    hu_link_counts counts;
    CHECK_OK(hu_link_by_expediente(store, &counts));
    CHECK_OK(hu_derive_outcomes(store, NULL));
    static const char *failing[] = {"links", "unlinked", "outcomes WHEN NEW.outcome = 'resolution_months'",
                                    "outcome_findings"};
    static const char everything[] =
        "SELECT (SELECT count(*) FROM links) * 1000 + (SELECT count(*) FROM unlinked) * 100 "
        "+ (SELECT count(*) FROM outcomes) * 10 + (SELECT count(*) FROM outcome_findings)";
    int64_t before = fixture_number(path, everything);
    assert_int_equal(before, 1121);
    for (size_t i = 0; i < 4; i++) {
        fixture_execute(path, hu_printf(arena,
                                        "CREATE TRIGGER fault BEFORE INSERT ON %s BEGIN SELECT RAISE(ABORT, "
                                        "'injected'); END",
                                        failing[i]));
        hu_error *error = i < 2 ? hu_link_by_expediente(store, &counts) : hu_derive_outcomes(store, NULL);
        CHECK_FAILS(error, HU_STORE, "injected");
        fixture_execute(path, "DROP TRIGGER fault");
        assert_int_equal(fixture_number(path, everything), before);
    }
    hu_store_close(store);
}

/* SQLite undoes a whole transaction by itself when the disk is full: what follows must fail, not be kept alone. */
static void a_transaction_that_died_keeps_nothing(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "died.db");
    hu_store *store = fixture_open(arena, path);
    fixture_execute(path, "CREATE TRIGGER fault BEFORE INSERT ON notes BEGIN SELECT RAISE(ROLLBACK, 'injected'); END");
    CHECK_OK(hu_store_begin(store));
    fixture_judgment(store, arena, "a.pdf", two_findings);
    CHECK_FAILS(hu_store_set_note(store, "n", "v"), HU_STORE, "injected");
    CHECK_FAILS(put_large(store, arena, "b.pdf", 10), HU_STORE, "an earlier failure undid the whole change");
    CHECK_FAILS(hu_store_commit(store), HU_STORE, "an earlier failure undid the whole change");
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM judgments"), 0);
    CHECK_OK(put_large(store, arena, "b.pdf", 10)); /* the store goes on */
    hu_store_close(store);
}

/* In a child: a file-size limit of 1 MB stands for a full disk. Exit status 0: the failure was reported as it should.
 */
static int fill_the_disk(const char *uri)
{
    HU_SCRATCH(arena);
    hu_store *store;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){1 << 20, 1 << 20});
    if (hu_store_open(uri, &store) || put_large(store, arena, "small.pdf", 1000))
        return 1;
    hu_error *error = put_large(store, arena, "large.pdf", 4 << 20);
    if (!error || error->code != HU_STORE || !strstr(error->message, "nothing was changed"))
        return 2;
    bool has;
    if (hu_store_has_judgment(store, fixture_sha(arena, "small.pdf"), "r", &has) || !has)
        return 3;
    hu_store_close(store);
    return 0;
}

static void a_full_disk_is_survived(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "full.db");
    pid_t child = fork();
    if (child == 0)
        _exit(fill_the_disk(fixture_uri(arena, path)));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(fixture_is_sound(path));
    hu_store *store = fixture_open(arena, path);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM judgments WHERE document = 'small.pdf'"), 1);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM judgments"), 1);
    CHECK_OK(put_large(store, arena, "large.pdf", 4 << 20));
    hu_store_close(store);
}

/* In a child: stores judgments, telling each by a byte, until it is killed. */
static void write_until_killed(const char *uri, int tell)
{
    HU_SCRATCH(arena);
    hu_store *store;
    if (hu_store_open(uri, &store))
        _exit(1);
    for (int i = 0;; i++) {
        fixture_judgment(store, arena, hu_printf(arena, "%d.pdf", i), two_findings);
        if (write(tell, "x", 1) != 1)
            _exit(2);
    }
}

static void a_killed_program_leaves_whole_judgments(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "killed.db");
    for (int round = 1; round <= 5; round++) {
        int tell[2];
        char told[64];
        assert_int_equal(pipe(tell), 0);
        pid_t child = fork();
        if (child == 0)
            write_until_killed(fixture_uri(arena, path), tell[1]);
        close(tell[1]);
        int64_t done = 0;
        for (ssize_t n; done < 7 * round && (n = read(tell[0], told, 1)) > 0;)
            done += n;
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        close(tell[0]);
        hu_store_close(fixture_open(arena, path));
        assert_true(fixture_is_sound(path));
        int64_t judgments = fixture_number(path, "SELECT count(*) FROM judgments");
        assert_true(judgments >= done); /* what was told is kept */
        assert_int_equal(fixture_number(path, "SELECT count(*) FROM findings"), 2 * judgments);
    }
}

/* In a child: opens the store that others open at the same time, and writes to it. */
static int write_beside_others(const char *uri, int who)
{
    HU_SCRATCH(arena);
    hu_store *store;
    if (hu_store_open(uri, &store))
        return 1;
    for (int i = 0; i < 25; i++)
        fixture_judgment(store, arena, hu_printf(arena, "%d-%d.pdf", who, i), two_findings);
    hu_store_close(store);
    return 0;
}

static void several_programs_write_to_one_fresh_store(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { PROGRAMS = 4 };
    const char *path = fixture_path(arena, "shared.db");
    pid_t children[PROGRAMS];
    for (int i = 0; i < PROGRAMS; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(write_beside_others(fixture_uri(arena, path), i));
    }
    for (int i = 0; i < PROGRAMS; i++) {
        int status;
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_true(fixture_is_sound(path));
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM judgments"), 25 * PROGRAMS);
}

static void a_locked_store_says_so(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "locked.db");
    hu_store *store = fixture_open(arena, path);
    sqlite3 *other;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    CHECK_FAILS(hu_store_set_note(store, "n", "v"), HU_STORE, "another program is writing to it");
    sqlite3_close(other);
    CHECK_OK(hu_store_set_note(store, "n", "v"));
    hu_store_close(store);
}

/* A store whose bytes were overwritten or cut is refused or reported, and never crashes. */
static void a_broken_file_is_reported(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "broken.db");
    hu_store *store = fixture_open(arena, path);
    for (int i = 0; i < 20; i++)
        CHECK_OK(put_large(store, arena, hu_printf(arena, "%d.pdf", i), 3000));
    hu_store_close(store);
    hu_file file;
    CHECK_OK(hu_file_open(path, 0, &file));
    size_t reported = 0, tried = 0;
    for (size_t cut = 0; cut < 2; cut++)
        for (size_t at = 0; at + 4096 <= file.length; at += 4096, tried++) {
            char *bytes = hu_strndup(arena, file.data, file.length);
            memset(bytes + at, 0xa5, 4096);
            const char *copy = fixture_path(arena, hu_printf(arena, "broken-%zu.db", tried));
            CHECK_OK(hu_write_file(copy, bytes, cut ? at + 100 : file.length));
            hu_link_counts counts;
            hu_table *table;
            hu_error *error = hu_store_open(fixture_uri(arena, copy), &store);
            if (!error)
                error = hu_store_query(store, arena, &table,
                                       "SELECT * FROM judgments JOIN findings USING (judgment_id)", 0, NULL);
            if (!error)
                error = hu_link_by_expediente(store, &counts);
            assert_true(!error || error->code == HU_STORE);
            reported += error != NULL;
            hu_error_free(error);
            hu_store_close(store);
        }
    hu_file_close(&file);
    assert_true(reported * 2 > tried);
}

/* Findings of any shape are no reason to fail. */
static void hostile_findings_do_no_harm(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "hostile.db");
    hu_store *store = fixture_open(arena, path);
    CHECK_OK(hu_import_cases(
        store, table_of(arena, "case_id,expediente,region,opened\nA,00412-2015-37-2701-JR-PE-02,Cusco,2015-01-01\n"),
        NULL, NULL));
    char *deep = hu_alloc(arena, 200001);
    memset(deep, '[', 200000);
    fixture_judgment(store, arena, "a.pdf",
                     (fixture_finding[]){{"decision.expediente", "\"00412-2015-37-2701-JR-PE-02\""},
                                         {"decision.date", "\"yesterday\""},
                                         {"decision.kind", "[]"},
                                         {"decision.court_level", "\"supreme\\u0000\""},
                                         {"defendants[", "1"},
                                         {"defendants[].verdict", "1"},
                                         {"defendants[99999999999999999999].verdict", "\"convicted\""},
                                         {"defendants[-1].verdict", "\"convicted\""},
                                         {"defendants[3].verdict", "\"convicted\""},
                                         {"defendants[3].label", "\"....\""},
                                         {"defendants[3].prison_months", "\"many\""},
                                         {"defendants[2].verdict", deep},
                                         {"defendants[1].final_verdict", "{\"a\":"},
                                         {"indices.charge_severity", "1e400"},
                                         {0}});
    hu_link_counts counts;
    CHECK_OK(hu_link_by_expediente(store, &counts));
    CHECK_OK(hu_derive_outcomes(store, NULL));
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM outcomes"), 1);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM outcomes WHERE outcome = 'conviction' AND value = 1"),
                     1);
    hu_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_write_leaves_what_was_there),
        cmocka_unit_test(linkage_and_outcomes_are_whole_or_not_at_all),
        cmocka_unit_test(a_transaction_that_died_keeps_nothing),
        cmocka_unit_test(a_full_disk_is_survived),
        cmocka_unit_test(a_killed_program_leaves_whole_judgments),
        cmocka_unit_test(several_programs_write_to_one_fresh_store),
        cmocka_unit_test(a_locked_store_says_so),
        cmocka_unit_test(a_broken_file_is_reported),
        cmocka_unit_test(hostile_findings_do_no_harm),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
