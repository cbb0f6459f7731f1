/* The command line itself: help, versions, exit statuses, suggestions, results written whole or not at all. */

#include "run.h"

#include "huella/version.h"

static void no_command_shows_the_commands_and_is_wrong_usage(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = check_huella(arena, (const char *const[]){NULL});
    assert_int_equal(run.status, 2);
    check_contains(run.err, "usage: huella COMMAND");
}

static void version_is_the_library_s(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "--version");
    assert_int_equal(run.status, 0);
    assert_string_equal(run.out, hu_printf(arena, "huella %s\n", hu_version()));
}

static void a_mistyped_command_gets_a_suggestion(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "simulat");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "did you mean \"simulate\"?");
    assert_string_equal(run.out, "");
}

static void a_mistyped_option_gets_a_suggestion(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "did", "x.csv", "--outcom", "y", "--tme", "t");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "did you mean --time?");
}

static void a_missing_option_is_named_with_the_usage(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "did", "x.csv");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--outcome");
    check_contains(run.err, "usage: huella did");
}

/* Every option of every command stands in its help and in its man page. */
static void help_and_man_page_agree(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run overview = CHECK_HUELLA(arena, "--help");
    assert_int_equal(overview.status, 0);
    const char *line = strstr(overview.out, "commands:\n");
    assert_non_null(line);
    size_t commands = 0;
    for (line = strchr(line, '\n') + 1; line[0] == ' '; line = strchr(line, '\n') + 1, commands++) {
        const char *name = hu_strndup(arena, line + 2, strcspn(line + 2, " "));
        check_run help = CHECK_HUELLA(arena, name, "--help"), man = CHECK_HUELLA(arena, "man", name);
        assert_int_equal(help.status, 0);
        assert_int_equal(man.status, 0);
        for (const char *p = help.out; (p = strstr(p, "\n  --")) != NULL; p++) {
            size_t length = 2 + strcspn(p + 5, " \n");
            HU_BUF(roff);
            for (size_t i = 0; i < length; i++)
                hu_buf_add_text(&roff, p[3 + i] == '-' ? "\\-" : (char[]){p[3 + i], '\0'});
            check_contains(man.out, roff.data);
        }
    }
    assert_true(commands > 0);
}

static void a_failed_command_leaves_no_file(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *out = hu_printf(arena, "%s/result.json", folder);
    check_run run = CHECK_HUELLA(arena, "did", "/nowhere.csv", "--outcome", "y", "--unit", "u", "--time", "t",
                                 "--cohort", "g", "--out", out);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "/nowhere.csv");
    assert_int_not_equal(access(out, F_OK), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing half-written beside it either */
}

static void numbers_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const wrong[][2] = {
        {"--threads", "-1"}, {"--threads", "1025"}, {"--threads", "4294967297"}, {"--seed", "-1"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        check_run run = CHECK_HUELLA(arena, "doctor", wrong[i][0], wrong[i][1]);
        assert_int_equal(run.status, 2);
        check_contains(run.err, wrong[i][1]);
        check_contains(run.err, "expected");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_command_shows_the_commands_and_is_wrong_usage),
        cmocka_unit_test(version_is_the_library_s),
        cmocka_unit_test(a_mistyped_command_gets_a_suggestion),
        cmocka_unit_test(a_mistyped_option_gets_a_suggestion),
        cmocka_unit_test(a_missing_option_is_named_with_the_usage),
        cmocka_unit_test(help_and_man_page_agree),
        cmocka_unit_test(a_failed_command_leaves_no_file),
        cmocka_unit_test(numbers_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests_name("command line", tests, NULL, NULL);
}
