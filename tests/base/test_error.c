#include "check.h"

#include <errno.h>

/* contracts.md: 0 done, 2 wrong usage, 3 bad input, 4 the store or the system, 5 a bug; 1 is no error. */
static void exit_statuses_are_those_promised(void **state)
{
    (void)state;
    static const struct {
        hu_code code;
        int status;
    } promised[] = {{HU_USAGE, 2},    {HU_BAD_INPUT, 3}, {HU_NOT_FOUND, 3}, {HU_EMPTY, 3}, {HU_NO_CONTROLS, 3},
                    {HU_SINGULAR, 3}, {HU_LIMIT, 3},     {HU_IO, 4},        {HU_STORE, 4}, {HU_BUG, 5}};
    assert_int_equal(hu_error_exit_status(NULL), 0);
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++) {
        hu_error *error = hu_fail(promised[i].code, "x");
        assert_int_equal(hu_error_exit_status(error), promised[i].status);
        hu_error_free(error);
    }
    assert_int_equal(hu_error_exit_status(&(hu_error){.code = (hu_code)99}), 5);
}

static void messages_say_where(void **state)
{
    (void)state;
    CHECK_FAILS(hu_fail_at(HU_BAD_INPUT, "cases.csv", 418, "cohort", "\"%s\" is not a period", "2022-13"), HU_BAD_INPUT,
                "cases.csv:418: column \"cohort\": \"2022-13\" is not a period");
    hu_error *error = hu_fail_at(HU_EMPTY, "cases.csv", 0, NULL, "no rows");
    assert_string_equal(error->message, "cases.csv: no rows");
    hu_error_free(error);
    error = hu_fail_at(HU_EMPTY, "a", 0, "b", "c");
    assert_string_equal(error->message, "a: column \"b\": c");
    hu_error_free(error);
}

static void context_goes_before(void **state)
{
    (void)state;
    assert_null(hu_wrap(NULL, "reading %s", "x"));
    hu_error *error = hu_wrap(hu_wrap(hu_fail(HU_STORE, "locked"), "table %d", 2), "opening %s", "huella.db");
    assert_string_equal(error->message, "opening huella.db: table 2: locked");
    assert_int_equal(error->code, HU_STORE);
    hu_error_free(error);
}

static void the_systems_reasons_are_told_apart(void **state)
{
    (void)state;
    CHECK_FAILS(hu_fail_system(ENOENT, "opening %s", "a.csv"), HU_NOT_FOUND, "opening a.csv: No such file");
    CHECK_FAILS(hu_fail_system(EISDIR, "opening a"), HU_NOT_FOUND, "directory");
    CHECK_FAILS(hu_fail_system(ENOSPC, "writing a"), HU_IO, "No space left");
    CHECK_FAILS(hu_fail_system(EACCES, "opening a"), HU_IO, "Permission denied");
}

static hu_error *passes_on(hu_error *error, int *reached)
{
    HU_TRY(error);
    *reached = 1;
    return NULL;
}

static void trying_returns_the_error_or_goes_on(void **state)
{
    (void)state;
    int reached = 0;
    CHECK_FAILS(passes_on(hu_fail(HU_LIMIT, "deep"), &reached), HU_LIMIT, "deep");
    assert_int_equal(reached, 0);
    CHECK_OK(passes_on(NULL, &reached));
    assert_int_equal(reached, 1);
    hu_error_free(NULL);
}

static void long_messages_are_whole(void **state)
{
    (void)state;
    hu_error *error = hu_wrap(hu_fail(HU_BUG, "%*d", 10000, 1), "%*d", 10000, 2);
    assert_int_equal(strlen(error->message), 20002);
    hu_error_free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_statuses_are_those_promised),
        cmocka_unit_test(messages_say_where),
        cmocka_unit_test(context_goes_before),
        cmocka_unit_test(the_systems_reasons_are_told_apart),
        cmocka_unit_test(trying_returns_the_error_or_goes_on),
        cmocka_unit_test(long_messages_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
