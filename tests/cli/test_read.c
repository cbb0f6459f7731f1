/* huella read as typed: what cannot be read is named and the rest is read; the same bytes on any number of threads. */

#include "check.h"

#include "huella/base/file.h"

#include <sys/wait.h>

static int run(hu_arena *arena, const char *arguments, const char *out, const char *err)
{
    int status = system(
        hu_printf(arena, "'%s' read --no-progress %s >'%s' 2>'%s'", getenv("HUELLA_PROGRAM"), arguments, out, err));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const char *text_of(hu_arena *arena, const char *path)
{
    hu_file file;
    CHECK_OK(hu_file_open(path, 0, &file));
    const char *text = file.length ? hu_strndup(arena, file.data, file.length) : "";
    hu_file_close(&file);
    return text;
}

typedef struct folder {
    hu_arena *arena;
    const char *path, *out, *err;
} folder;

static int open_folder(void **state)
{
    char name[] = "/tmp/huella-read-XXXXXX";
    folder *f = calloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->path = hu_strdup(f->arena, mkdtemp(name) ? name : "");
    f->out = hu_path_join(f->arena, f->path, "out.jsonl");
    f->err = hu_path_join(f->arena, f->path, "messages.log");
    *state = f;
    return 0;
}

static int close_folder(void **state)
{
    folder *f = *state;
    int status = system(hu_printf(f->arena, "rm -r '%s'", f->path));
    hu_arena_free(f->arena);
    free(f);
    return status;
}

static void a_broken_file_is_named_and_the_others_are_read(void **state)
{
    folder *f = *state;
    const char *good =
        "SENTENCIA N° 3\n\nLima, dos de mayo de dos mil veinte\n\nFALLA: ABSOLVIENDO a ANA R. S. de la acusación.\n";
    CHECK_OK(hu_write_file(hu_path_join(f->arena, f->path, "a.txt"), good, strlen(good)));
    CHECK_OK(hu_write_file(hu_path_join(f->arena, f->path, "b.pdf"), "%PDF-1.4\nbroken", 15));
    CHECK_OK(hu_write_file(hu_path_join(f->arena, f->path, "c.txt"), good, strlen(good)));
    assert_int_equal(run(f->arena, hu_printf(f->arena, "'%s'", f->path), f->out, f->err), 3);
    assert_non_null(strstr(text_of(f->arena, f->err), "b.pdf"));
    const char *out = text_of(f->arena, f->out);
    assert_non_null(strstr(out, "a.txt"));
    assert_non_null(strstr(out, "c.txt"));
    assert_null(strstr(out, "b.pdf"));
    assert_true(strstr(out, "a.txt") < strstr(out, "c.txt"));
}

static void the_same_bytes_on_any_number_of_threads(void **state)
{
    folder *f = *state;
    const char *judgments = check_source(f->arena, "tests/reading/judgments");
    assert_int_equal(run(f->arena, hu_printf(f->arena, "--threads 1 '%s'", judgments), f->out, f->err), 0);
    const char *one = text_of(f->arena, f->out);
    assert_int_equal(run(f->arena, hu_printf(f->arena, "--threads 7 '%s'", judgments), f->out, f->err), 0);
    assert_string_equal(one, text_of(f->arena, f->out));
}

static void text_is_what_offsets_count_in(void **state)
{
    folder *f = *state;
    const char *text = "Puno, dos de mayo de dos mil veinte\n";
    CHECK_OK(hu_write_file(hu_path_join(f->arena, f->path, "a.txt"), text, strlen(text)));
    assert_int_equal(run(f->arena, hu_printf(f->arena, "--text '%s/a.txt'", f->path), f->out, f->err), 0);
    assert_non_null(strstr(text_of(f->arena, f->out), "Puno, dos de mayo de dos mil veinte"));
}

static void a_file_that_is_not_there(void **state)
{
    folder *f = *state;
    assert_int_equal(run(f->arena, hu_printf(f->arena, "'%s/none.pdf'", f->path), f->out, f->err), 3);
    assert_non_null(strstr(text_of(f->arena, f->err), "none.pdf"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_broken_file_is_named_and_the_others_are_read, open_folder, close_folder),
        cmocka_unit_test_setup_teardown(the_same_bytes_on_any_number_of_threads, open_folder, close_folder),
        cmocka_unit_test_setup_teardown(text_is_what_offsets_count_in, open_folder, close_folder),
        cmocka_unit_test_setup_teardown(a_file_that_is_not_there, open_folder, close_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
