/* Runs of blanks as one, and where in the original a place lies. */

#include "check.h"

#include "../../src/reading/blanks.h"

#include <string.h>

static void a_run_becomes_one_blank_and_places_come_back(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char text[] = "se\n\ncondena  a  \n\n cuatro anos\n";
    hu_one_blank one;
    blanks_to_one(text, sizeof text - 1, arena, &one);
    assert_int_equal(one.length, strlen("se condena a cuatro anos "));
    assert_memory_equal(one.text, "se condena a cuatro anos ", one.length);
    /* every character that is no blank lies where it lay, and a blank is the first of its run */
    size_t at = 0;
    for (size_t end = 1; end <= one.length; end++) {
        size_t last = blanks_end(&one, end) - 1;
        assert_true(last >= at);
        if (one.text[end - 1] == ' ')
            assert_true(strchr(" \n", text[last]) && !strchr(" \n", text[last - 1]));
        else
            assert_int_equal(one.text[end - 1], text[last]);
        at = last + 1;
    }
}

static void a_text_without_runs_stays(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_one_blank one;
    blanks_to_one("", 0, arena, &one);
    assert_int_equal(one.length, 0);
    blanks_to_one("fallo", 5, arena, &one);
    assert_int_equal(one.n_cuts, 0);
    assert_int_equal(blanks_end(&one, 5), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_becomes_one_blank_and_places_come_back),
        cmocka_unit_test(a_text_without_runs_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
