/* `huella import` and `huella link` as a user types them: exit status, what is printed, what stays behind. */

#include "check.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/registry/store.h"

#include <ftw.h>
#include <sys/wait.h>

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/huella-link-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about, (void)kind, (void)walk;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *path_of(hu_arena *arena, const char *name)
{
    return hu_printf(arena, "%s/%s", folder, name);
}

static void write_text(hu_arena *arena, const char *name, const char *text)
{
    CHECK_OK(hu_write_file(path_of(arena, name), text, strlen(text)));
}

/* Runs huella in the test's folder; what it prints, messages included, is in *printed. */
static int huella(hu_arena *arena, const char *arguments, const char **printed)
{
    const char *command = hu_printf(arena, "cd '%s' && '%s' %s 2>&1", folder, getenv("HUELLA_PROGRAM"), arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    HU_BUF(text);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, pipe)) > 0;)
        hu_buf_add(&text, piece, n);
    *printed = hu_strndup(arena, text.data ? text.data : "", text.length);
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static json_t *parsed(const char *text)
{
    json_error_t where;
    json_t *root = json_loads(text, 0, &where);
    if (!root)
        fail_msg("no JSON (%s): %s", where.text, text);
    return root;
}

static void a_wrong_table_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *printed;
    write_text(arena, "wrong.csv", "case_id,region,opened\nA,Cuzko,2015-03-01\nB,Cusco,2015-3-1\n");
    assert_int_equal(huella(arena, "import --cases wrong.csv --check", &printed), 3);
    assert_non_null(strstr(printed, "wrong.csv:2: column \"region\": \"Cuzko\" is no region; did you mean \"Cusco\"?"));
    assert_non_null(strstr(printed, "wrong.csv:3: column \"opened\": \"2015-3-1\" is not a date"));
    assert_false(hu_file_exists(path_of(arena, "huella.db")));
    assert_int_equal(huella(arena, "import", &printed), 2);
    assert_non_null(strstr(printed, "give --cases"));
    assert_int_equal(huella(arena, "import --cases absent.csv", &printed), 3);
    assert_int_equal(huella(arena, "link", &printed), 3);
    assert_non_null(strstr(printed, "no such store"));
}

static void import_link_and_print(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *printed;
    write_text(arena, "cases.csv",
               "case_id,expediente,region,opened,closed\nA,00412-2015-37-2701-JR-PE-02,CUSCO,2015-03-01,2016-01-01\n");
    assert_int_equal(huella(arena, "import --cases cases.csv --check --format table", &printed), 0);
    assert_string_equal(printed, "1 cases, 0 prosecutors, 0 regions of the rollout are in order\n");
    assert_false(hu_file_exists(path_of(arena, "huella.db")));
    assert_int_equal(huella(arena, "import --cases cases.csv --format json", &printed), 0);
    json_t *counts = parsed(printed);
    assert_int_equal(json_integer_value(json_object_get(counts, "cases")), 1);
    assert_true(json_is_true(json_object_get(counts, "imported")));
    json_decref(counts);
    assert_int_equal(huella(arena, "link", &printed), 3);
    assert_non_null(strstr(printed, "holds no judgments"));

    hu_store *store;
    CHECK_OK(hu_store_open(hu_printf(arena, "sqlite:%s", path_of(arena, "huella.db")), &store));
    for (int i = 0; i < 2; i++) {
        hu_stored_finding findings[] = {
            {"decision.expediente", i ? "\"7-2015-0-2701\"" : "\"412-2015-0-2701\"", 1, "r", "quote", 0, 5, 1},
            {"defendants[0].verdict", "\"convicted\"", 1, "r", "quote", 0, 5, 1},
        };
        char sha[65];
        hu_sha256_hex(&i, sizeof i, sha);
        CHECK_OK(hu_store_put_judgment(
            store, &(hu_stored_judgment){i ? "b,2.pdf" : "a.pdf", sha, "r", 1, 4, "text", "{}", findings, 2}));
    }
    hu_store_close(store);

    assert_int_equal(huella(arena, "link --format json", &printed), 0);
    json_t *root = parsed(printed);
    assert_int_equal(json_integer_value(json_object_get(root, "judgments")), 2);
    assert_int_equal(json_integer_value(json_object_get(root, "linked")), 1);
    assert_int_equal(json_integer_value(json_object_get(root, "unmatched")), 1);
    assert_int_equal(json_integer_value(json_object_get(root, "outcomes")), 2); /* conviction, resolution_months */
    json_t *one = json_array_get(json_object_get(root, "unlinked"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "document")), "b,2.pdf");
    assert_string_equal(json_string_value(json_object_get(one, "reason")), "unmatched");
    assert_string_equal(json_string_value(json_object_get(one, "file_number")), "7-2015-0-2701");
    json_decref(root);

    assert_int_equal(huella(arena, "link --format csv", &printed), 0);
    assert_string_equal(printed, "document,case_id,method,reason,file_number,candidates,copy_of\n"
                                 "a.pdf,A,number_year_court,,412-2015-0-2701,,\n"
                                 "\"b,2.pdf\",,,unmatched,7-2015-0-2701,0,\n");
    assert_int_equal(huella(arena, "link --format jsonl", &printed), 0);
    assert_non_null(strstr(printed, "{\"document\":\"a.pdf\",\"case_id\":\"A\",\"method\":\"number_year_court\","));
    assert_int_equal(huella(arena, "link --format table", &printed), 0);
    assert_non_null(strstr(printed, "      1  linked\n"));
    assert_non_null(strstr(printed, "document  reason     file_number    candidates\n"
                                    "b,2.pdf   unmatched  7-2015-0-2701           0\n"));
    /* a new import drops the links, the check alone does not */
    assert_int_equal(huella(arena, "import --cases cases.csv --check", &printed), 0);
    CHECK_OK(hu_store_open(hu_printf(arena, "sqlite:%s", path_of(arena, "huella.db")), &store));
    hu_table *table;
    CHECK_OK(hu_store_query(store, arena, &table, "SELECT count(*) AS n FROM links", 0, NULL));
    assert_true(table->columns[0].numbers[0] == 1);
    assert_int_equal(huella(arena, "import --cases cases.csv", &printed), 0);
    CHECK_OK(hu_store_query(store, arena, &table, "SELECT count(*) AS n FROM links", 0, NULL));
    assert_true(table->columns[0].numbers[0] == 0);
    hu_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_wrong_table_is_refused_and_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(import_link_and_print, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
