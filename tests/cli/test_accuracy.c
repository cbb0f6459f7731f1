/* huella accuracy as typed: labelled judgments are scored; a broken gold file is named with its key. */

#include "check.h"

#include "huella/base/file.h"

#include <sys/wait.h>

static const char *const judgment =
    "SENTENCIA N° 3\n\nLima, dos de mayo de dos mil veinte\n\nFALLA: ABSOLVIENDO a ANA R. S. de la acusación.\n";

typedef struct folder {
    hu_arena *arena;
    const char *path, *out;
} folder;

static int open_folder(void **state)
{
    char name[] = "/tmp/huella-accuracy-XXXXXX";
    folder *f = calloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->path = hu_strdup(f->arena, mkdtemp(name) ? name : "");
    f->out = hu_path_join(f->arena, f->path, "out");
    CHECK_OK(hu_write_file(hu_path_join(f->arena, f->path, "a.txt"), judgment, strlen(judgment)));
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

/* Labels a.txt, runs the command and returns its exit status; `text` is all that it printed. */
static int score(folder *f, const char *gold, const char *format, const char **text)
{
    hu_file file;
    CHECK_OK(hu_write_file(hu_path_join(f->arena, f->path, "a.gold.json"), gold, strlen(gold)));
    int status = system(hu_printf(f->arena, "'%s' accuracy --format %s '%s' >'%s' 2>&1", getenv("HUELLA_PROGRAM"),
                                  format, f->path, f->out));
    CHECK_OK(hu_file_open(f->out, 0, &file));
    *text = file.length ? hu_strndup(f->arena, file.data, file.length) : "";
    hu_file_close(&file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void right_and_wrong_are_counted(void **state)
{
    folder *f = *state;
    const char *text, *gold = "{\"decision\":{\"date\":\"2020-05-02\",\"kind\":\"appeal\"},"
                              "\"practices\":{\"shelter\":\"present\"}}";
    assert_int_equal(score(f, gold, "csv", &text), 0);
    assert_non_null(strstr(text, "variable,known,read,right,precision,precision_lower"));
    assert_non_null(strstr(text, "\ndate,1,1,1,1,"));
    assert_non_null(strstr(text, "\nkind,1,1,0,0,"));
    assert_non_null(strstr(text, "\npractices.shelter,1,0,0,,"));
    assert_int_equal(score(f, gold, "json", &text), 0);
    assert_non_null(strstr(text, "\"documents\": 1"));
    assert_non_null(strstr(text, "\"practices\": 0"));
    assert_non_null(strstr(text, "\"agencies\": null"));
}

static void a_broken_gold_file_is_named_with_its_key(void **state)
{
    static const struct {
        const char *gold, *key;
    } cases[] = {
        {"{\"decision\":{},\"practices\":{\"shelter\":\"perhaps\"}}", "practices.shelter"},
        {"{\"decision\":{},\"agencies\":{\"navy\":\"acted\"}}", "agencies.navy"},
        {"{\"decision\":{\"dat\":null}}", "decision.dat"},
        {"{\"defendants\":[]}", "decision"},
        {"{\"decision\":{},\"defendants\":{}}", "defendants"},
        {"{\"decision\":", "a.gold.json"},
    };
    folder *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text;
        assert_int_equal(score(f, cases[i].gold, "csv", &text), 3);
        if (!strstr(text, "a.gold.json") || !strstr(text, cases[i].key))
            fail_msg("\"%s\" does not name %s", text, cases[i].key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(right_and_wrong_are_counted, open_folder, close_folder),
        cmocka_unit_test_setup_teardown(a_broken_gold_file_is_named_with_its_key, open_folder, close_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
