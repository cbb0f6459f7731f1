/* huella randomize as typed: the ledger, its steps, and every kind of tampering. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

#include <sodium.h>

typedef struct study {
    hu_arena *arena;
    const char *folder, *table, *ledger, *assignments;
} study;

static const char districts[] = "district,area,reports,people\n"
                                "D1,north,3,120\nD2,north,9,340\nD3,south,4,100\nD4,south,12,280\n"
                                "D5,north,7,510\nD6,south,1,90\nD7,north,15,410\nD8,south,6,330\n";

static study start(hu_arena *arena)
{
    study s = {arena, check_folder(arena), NULL, NULL, NULL};
    s.table = hu_path_join(arena, s.folder, "districts.csv");
    s.ledger = hu_path_join(arena, s.folder, "allocation.jsonl");
    s.assignments = hu_path_join(arena, s.folder, "allocation.csv");
    CHECK_OK(hu_write_file(s.table, districts, strlen(districts)));
    return s;
}

static check_run draw(const study *s, const char *method)
{
    bool again = strcmp(method, "rerandomized") == 0;
    return CHECK_HUELLA(s->arena, "randomize", s->table, "--study", s->folder, "--unit", "district", "--method", method,
                        "--balance", "reports,people", again ? "--acceptance" : "--quiet", again ? "0.4" : NULL);
}

static check_run verify(const study *s)
{
    return CHECK_HUELLA(s->arena, "randomize", "--verify", s->ledger, "--format", "table");
}

static const char *content(const study *s, const char *path)
{
    hu_file file;
    CHECK_OK(hu_file_open(path, 0, &file));
    const char *text = hu_strndup(s->arena, file.data, file.length);
    hu_file_close(&file);
    return text;
}

/* Writes the file with the first `from` turned into `to`; what stood there before is returned. */
static const char *tamper(const study *s, const char *path, const char *from, const char *to)
{
    const char *text = content(s, path), *at = strstr(text, from);
    if (!at)
        fail_msg("no \"%s\" in %s:\n%s", from, path, text);
    const char *changed = hu_printf(s->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    CHECK_OK(hu_write_file(path, changed, strlen(changed)));
    return text;
}

/* The lines of a ledger, each chained to the one before as a forger would who knows how. */
static void forge(const study *s, const char *from, const char *to)
{
    HU_BUF(out);
    char previous[65] = "0000000000000000000000000000000000000000000000000000000000000000";
    tamper(s, s->ledger, from, to);
    for (const char *line = content(s, s->ledger); *line;) {
        const char *end = strchr(line, '\n'), *chained = strstr(line, "\"previous\":\"");
        const char *made = hu_printf(s->arena, "%.*s%s\"}", (int)(chained + 12 - line), line, previous);
        unsigned char hash[32];
        crypto_generichash(hash, 32, (const unsigned char *)made, strlen(made), NULL, 0);
        sodium_bin2hex(previous, sizeof previous, hash, 32);
        hu_buf_printf(&out, "%s\n", made);
        line = end + 1;
    }
    CHECK_OK(hu_write_file(s->ledger, out.data, out.length));
}

static void expect_tampering(const study *s, const char *says)
{
    check_run run = verify(s);
    assert_int_equal(run.status, 1);
    check_contains(run.out, says);
}

static void a_draw_run_again_is_identical(void **state)
{
    (void)state;
    static const char *const methods[] = {"complete", "pairs", "rerandomized", "minimisation"};
    for (size_t m = 0; m < 4; m++) {
        HU_SCRATCH(arena);
        study s = start(arena), other = start(arena);
        assert_int_equal(draw(&s, methods[m]).status, 0);
        assert_int_equal(draw(&other, methods[m]).status, 0);
        assert_string_equal(content(&s, s.assignments), content(&other, other.assignments));
        assert_int_equal(draw(&s, methods[m]).status, 3); /* a second draw needs a new ledger */
        check_run run = verify(&s);
        assert_int_equal(run.status, 0);
        check_contains(run.out, "run again: identical");
        check_remove(s.folder);
        check_remove(other.folder);
    }
}

static void every_kind_of_tampering_shows(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = start(arena);
    assert_int_equal(draw(&s, "rerandomized").status, 0);
    const char *ledger = content(&s, s.ledger), *table;
    table = tamper(&s, s.table, "D4,south,12", "D4,south,13");
    expect_tampering(&s, "input: the row of unit D4 was changed");
    CHECK_OK(hu_write_file(s.table, table, strlen(table)));
    tamper(&s, s.table, "D1,north,3,120\nD2,north,9,340\n", "D2,north,9,340\nD1,north,3,120\n");
    expect_tampering(&s, "input: the rows stand in another order");
    CHECK_OK(hu_write_file(s.table, table, strlen(table)));
    tamper(&s, s.table, "D6,south,1,90\n", "");
    expect_tampering(&s, "input: unit D6 was committed and is not in the table");
    CHECK_OK(hu_write_file(s.table, table, strlen(table)));
    tamper(&s, s.ledger, "\"time\":\"2", "\"time\":\"1");
    expect_tampering(&s, "the chain is broken");
    CHECK_OK(hu_write_file(s.ledger, ledger, strlen(ledger)));
    /* A forger who makes the chain whole again is found by the draw. */
    forge(&s, "\"seed\":\"20270101\"", "\"seed\":\"20270102\"");
    expect_tampering(&s, "seed: seed and nonce are not those that were committed to");
    CHECK_OK(hu_write_file(s.ledger, ledger, strlen(ledger)));
    forge(&s, "\"arm\":\"control\"", "\"arm\":\"treatment\"");
    expect_tampering(&s, "assignment: the ledger puts D");
    CHECK_OK(hu_write_file(s.ledger, ledger, strlen(ledger)));
    forge(&s, "\"acceptance\":0.4", "\"acceptance\":0.2");
    expect_tampering(&s, "design: the ledger accepts distances up to");
    CHECK_OK(hu_write_file(s.ledger, ledger, strlen(ledger)));
    const char *handed_out = tamper(&s, s.assignments, ",control,0", ",treatment,1");
    expect_tampering(&s, "allocation.csv puts D");
    CHECK_OK(hu_write_file(s.assignments, handed_out, strlen(handed_out)));
    /* What the draw does not use may change. */
    tamper(&s, s.table, "D1,north", "D1,centre");
    check_run run = verify(&s);
    assert_int_equal(run.status, 0);
    check_contains(run.out, "no cell that the draw uses");
    check_remove(s.folder);
}

static void a_sealed_arm_waits_for_enrolment(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = start(arena);
    struct stat about;
    check_run run =
        CHECK_HUELLA(arena, "randomize", s.table, "--study", s.folder, "--unit", "district", "--commit", "--sealed");
    assert_int_equal(run.status, 0);
    assert_int_equal(stat(hu_printf(arena, "%s.key", s.ledger), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(CHECK_HUELLA(arena, "randomize", "--study", s.folder, "--draw", "--beacon", "7 12 33").status, 0);
    assert_null(strstr(content(&s, s.ledger), "\"arm\":"));
    assert_null(strstr(content(&s, s.ledger), "\"seed\":"));
    assert_false(hu_file_exists(s.assignments));
    run = CHECK_HUELLA(arena, "randomize", "--study", s.folder, "--reveal", "D2");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "D2 is not enrolled");
    assert_int_equal(CHECK_HUELLA(arena, "randomize", "--study", s.folder, "--enrol", "D2").status, 0);
    run = CHECK_HUELLA(arena, "randomize", "--study", s.folder, "--reveal", "D2");
    assert_int_equal(run.status, 0);
    const char *arm = strstr(run.out, "treatment") ? "treatment" : "control";
    /* Before it is opened a trial cannot be tested over it, whoever holds the data. */
    run = CHECK_HUELLA(arena, "trial", s.table, "--outcome", "reports", "--treatment", "people", "--design", s.ledger);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "sealed");
    assert_int_equal(CHECK_HUELLA(arena, "randomize", "--study", s.folder, "--open").status, 0);
    check_contains(content(&s, s.assignments), hu_printf(arena, "D2,%s", arm));
    run = verify(&s);
    assert_int_equal(run.status, 0);
    check_contains(run.out, "identical");
    assert_false(hu_file_exists(hu_printf(arena, "%s.key", s.ledger)));
    check_remove(s.folder);
}

/* The draw's own allocations are what the test runs over. */
static void a_trial_replays_its_ledger(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = start(arena);
    assert_int_equal(draw(&s, "rerandomized").status, 0);
    const char *data = hu_path_join(arena, s.folder, "data.csv");
    const char *drawn = content(&s, s.assignments);
    HU_BUF(text);
    hu_buf_add_text(&text, "district,z,y\n");
    for (int d = 1; d <= 8; d++) {
        const char *at = strstr(drawn, hu_printf(arena, "D%d,", d));
        hu_buf_printf(&text, "D%d,%d,%d\n", d, strncmp(at + 3, "treatment", 9) == 0, d * d % 7);
    }
    CHECK_OK(hu_write_file(data, text.data, text.length));
    check_run run = CHECK_HUELLA(arena, "trial", data, "--outcome", "y", "--treatment", "z", "--cluster", "district",
                                 "--design", s.ledger, "--permutations", "exact");
    assert_int_equal(run.status, 0);
    json_t *root = json_loads(run.out, 0, NULL), *fisher = json_object_get(root, "fisher");
    assert_int_equal(json_integer_value(json_object_get(fisher, "assignments")), 28); /* 0.4 of 70 */
    assert_string_equal(json_string_value(json_object_get(root, "design")), "rerandomized");
    json_decref(root);
    tamper(&(study){arena, s.folder, data, NULL, NULL}, data, ",1,", ",0,");
    run = CHECK_HUELLA(arena, "trial", data, "--outcome", "y", "--treatment", "z", "--cluster", "district", "--design",
                       s.ledger);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "was drawn into treatment");
    tamper(&s, s.table, "D4,south,12", "D4,south,13");
    run = CHECK_HUELLA(arena, "trial", data, "--outcome", "y", "--treatment", "z", "--cluster", "district", "--design",
                       s.ledger);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "the draw does not hold");
    check_remove(s.folder);
}

/* Of three arms two are compared: the third's districts keep theirs in every allocation, 6!/(3! 3!) of the others. */
static void two_of_three_arms_are_compared(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    study s = start(arena);
    static const char one_more[] = "D9,north,8,200\n";
    HU_BUF(table);
    hu_buf_add_text(&table, districts);
    hu_buf_add_text(&table, one_more);
    CHECK_OK(hu_write_file(s.table, table.data, table.length));
    check_run run = CHECK_HUELLA(arena, "randomize", s.table, "--study", s.folder, "--unit", "district", "--arms",
                                 "control,sms,visit", "--balance", "reports", "--format", "table");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "control 3, sms 3, visit 3");
    assert_int_equal(verify(&s).status, 0);
    const char *drawn = content(&s, s.assignments), *data = hu_path_join(arena, s.folder, "data.csv");
    HU_BUF(text);
    hu_buf_add_text(&text, "district,z,y\n");
    for (int d = 1; d <= 9; d++) {
        const char *arm = strstr(drawn, hu_printf(arena, "D%d,", d)) + 3;
        hu_buf_printf(&text, "D%d,%s,%d\n", d, *arm == 'c' ? "0" : *arm == 'v' ? "1" : "", d * d % 7);
    }
    CHECK_OK(hu_write_file(data, text.data, text.length));
    run = CHECK_HUELLA(arena, "trial", data, "--outcome", "y", "--treatment", "z", "--cluster", "district", "--design",
                       s.ledger);
    assert_int_equal(run.status, 0);
    json_t *root = json_loads(run.out, 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "fisher"), "assignments")), 20);
    json_decref(root);
    check_remove(s.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draw_run_again_is_identical),    cmocka_unit_test(every_kind_of_tampering_shows),
        cmocka_unit_test(a_sealed_arm_waits_for_enrolment), cmocka_unit_test(a_trial_replays_its_ledger),
        cmocka_unit_test(two_of_three_arms_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
