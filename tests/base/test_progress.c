#include "check.h"
#include "huella/base/progress.h"

#include <fcntl.h>

static void assert_line(size_t done, size_t total, double seconds, const char *expected)
{
    char line[160];
    hu_progress_line("reading", done, total, seconds, line);
    assert_string_equal(line, expected);
}

static void the_bar_says_how_far_and_how_long(void **state)
{
    (void)state;
    assert_line(1204, 4000, 5.2, "reading  1,204/4,000  30 %  12 s left");
    assert_line(0, 4000, 2, "reading  0/4,000  0 %");
    assert_line(4000, 4000, 9, "reading  4,000/4,000  100 %  0 s left");
    assert_line(5000, 4000, 9, "reading  4,000/4,000  100 %  0 s left");
    assert_line(1, 1000, 1, "reading  1/1,000  0 %  17 min left");
    assert_line(1, 1000000, 1, "reading  1/1,000,000  0 %  278 h left");
    assert_line(1234567, 0, 2, "reading  1,234,567");
}

static void names_and_numbers_of_any_length_fit(void **state)
{
    (void)state;
    char name[1000], line[160];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    hu_progress_line(name, SIZE_MAX - 1, SIZE_MAX, 1e18, line);
    assert_true(strlen(line) < 160);
}

static void nothing_is_shown_without_a_terminal(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_null(hu_progress_start(NULL, "x", 1));
    hu_progress *progress = hu_progress_start(file, "x", 1);
    assert_null(progress);
    hu_progress_step(progress, 1);
    hu_progress_end(progress);
    assert_int_equal(ftell(file), 0);
    fclose(file);
}

/* A terminal of our own: quick work leaves no trace; slow work shows a bar that is wiped at the end. */
static void a_terminal_sees_slow_work_only(void **state)
{
    (void)state;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        skip();
    FILE *terminal = fopen(ptsname(master), "w");
    assert_non_null(terminal);
    fcntl(master, F_SETFL, O_NONBLOCK);
    char seen[400] = "";

    hu_progress *progress = hu_progress_start(terminal, "quick", 10);
    hu_progress_step(progress, 10);
    hu_progress_end(progress);
    assert_true(read(master, seen, sizeof seen - 1) <= 0);

    progress = hu_progress_start(terminal, "slow", 10);
    usleep(1100000);
    hu_progress_step(progress, 5);
    hu_progress_end(progress);
    ssize_t length = read(master, seen, sizeof seen - 1);
    assert_true(length > 0);
    seen[length] = '\0';
    assert_non_null(strstr(seen, "\rslow  5/10  50 %"));
    assert_string_equal(seen + length - 4, "\r\033[K");
    fclose(terminal);
    close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bar_says_how_far_and_how_long),
        cmocka_unit_test(names_and_numbers_of_any_length_fit),
        cmocka_unit_test(nothing_is_shown_without_a_terminal),
        cmocka_unit_test(a_terminal_sees_slow_work_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
