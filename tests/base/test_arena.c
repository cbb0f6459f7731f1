#include "check.h"

#include <sys/wait.h>

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    unsigned char *blocks[2000];
    size_t sizes[2000];
    for (size_t i = 0; i < 2000; i++) {
        sizes[i] = i % 97 == 0 ? 100000 : (i * 37) % 300;
        blocks[i] = hu_alloc(arena, sizes[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal(blocks[i][j], 0);
        memset(blocks[i], (int)(i % 255) + 1, sizes[i]);
    }
    for (size_t i = 0; i < 2000; i++) /* nobody wrote into anybody else's bytes */
        for (size_t j = 0; j < sizes[i]; j++)
            assert_int_equal(blocks[i][j], i % 255 + 1);
}

static void a_large_piece_leaves_the_block_in_use(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    char *before = hu_alloc(arena, 16);
    hu_alloc(arena, 1 << 20);
    char *after = hu_alloc(arena, 16);
    assert_ptr_equal(after, before + 16);
}

static void growing_keeps_items_and_zeroes_the_rest(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    int *items = HU_NEW_ARRAY(arena, int, 3);
    for (int i = 0; i < 3; i++)
        items[i] = i + 1;
    int *grown = hu_regrow(arena, items, 3, 6, sizeof *items);
    assert_memory_equal(grown, ((int[]){1, 2, 3, 0, 0, 0}), 6 * sizeof(int));
    int *less = hu_regrow(arena, items, 3, 2, sizeof *items);
    assert_memory_equal(less, ((int[]){1, 2}), 2 * sizeof(int));
    assert_non_null(hu_regrow(arena, NULL, 0, 4, 8));
}

static void texts_are_copied(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    assert_string_equal(hu_strdup(arena, "fallo"), "fallo");
    assert_string_equal(hu_strndup(arena, "fallo", 3), "fal");
    assert_string_equal(hu_strndup(arena, NULL, 0), "");
    assert_string_equal(hu_printf(arena, "%s-%04d", "H", 12), "H-0012");
    char *lengthy = hu_printf(arena, "%*d", 50000, 7);
    assert_int_equal(strlen(lengthy), 50000);
    assert_true(hu_arena_used(arena) >= 50000);
}

/* A size that no machine has ends the program with status 4, not with a pointer into nowhere. */
static void a_product_beyond_memory_ends_the_program(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        hu_arena *arena = hu_arena_new();
        volatile size_t many = SIZE_MAX / 2;
        hu_alloc_array(arena, many, 4);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 4);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    hu_arena_free(NULL);
    hu_arena_free(hu_arena_new());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(a_large_piece_leaves_the_block_in_use),
        cmocka_unit_test(growing_keeps_items_and_zeroes_the_rest),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(a_product_beyond_memory_ends_the_program),
        cmocka_unit_test(freeing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
