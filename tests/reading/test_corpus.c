/* The labelled corpus holds together: what is quoted stands in the text, and the sealed half is as it was sealed. */

#include "check.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

#include <ctype.h>

/* Runs of white space as one blank. */
static const char *one_blank(hu_arena *arena, const char *text, size_t length)
{
    char *out = HU_NEW_ARRAY(arena, char, length + 1);
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        bool blank = isspace((unsigned char)text[i]);
        if (!blank || (n && out[n - 1] != ' '))
            out[n++] = blank ? ' ' : text[i];
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out;
}

static size_t check_quotes(hu_arena *arena, const char *gold)
{
    json_t *root, *quote;
    hu_file file;
    const char *key;
    size_t checked = 0;
    const char *stem = hu_strndup(arena, gold, strlen(gold) - strlen(".gold.json"));
    CHECK_OK(hu_json_load(gold, &root));
    CHECK_OK(hu_file_open(hu_printf(arena, "%s.txt", stem), 0, &file));
    const char *text = one_blank(arena, file.data, file.length);
    hu_file_close(&file);
    json_object_foreach(json_object_get(root, "evidence"), key, quote) {
        assert_true(json_is_string(quote));
        if (!strstr(text, one_blank(arena, json_string_value(quote), json_string_length(quote))))
            fail_msg("%s: the quotation of %s does not stand in the text", hu_path_name(gold), key);
        checked++;
    }
    json_decref(root);
    return checked;
}

static void quotations_stand_in_the_text(void **state)
{
    (void)state;
    static const char *const endings[] = {".gold.json", NULL};
    hu_arena *arena = hu_arena_new();
    char **paths;
    size_t n, checked = 0;
    CHECK_OK(hu_list_files(check_source(arena, "tests/reading/corpus"), endings, arena, &paths, &n));
    for (size_t i = 0; i < n; i++)
        checked += check_quotes(arena, paths[i]);
    assert_true(n > 0 && checked > n);
    hu_arena_free(arena);
}

static void the_sealed_half_is_as_it_was_sealed(void **state)
{
    (void)state;
    hu_arena *arena = hu_arena_new();
    char line[512], hash[65], name[400];
    size_t n = 0;
    FILE *list = fopen(check_source(arena, "tests/reading/corpus/sealed.sha256"), "r");
    assert_non_null(list);
    while (fgets(line, sizeof line, list)) {
        hu_file file;
        char now[65];
        assert_int_equal(sscanf(line, "%64s %399s", hash, name), 2);
        CHECK_OK(hu_file_open(check_source(arena, hu_printf(arena, "tests/reading/corpus/%s", name)), 0, &file));
        hu_sha256_hex(file.data, file.length, now);
        hu_file_close(&file);
        assert_string_equal(now, hash);
        n++;
    }
    fclose(list);
    char **files; /* and none stands there that the list does not name */
    size_t n_files;
    CHECK_OK(hu_list_files(check_source(arena, "tests/reading/corpus/sealed"), NULL, arena, &files, &n_files));
    assert_int_equal(n, n_files);
    hu_arena_free(arena);
}

/* The command refuses a key that the codebook lacks, and a practice or agency with another word than its three. */
static void labels_are_in_the_codebook(void **state)
{
    (void)state;
    hu_arena *arena = hu_arena_new();
    int status = system(hu_printf(arena, "'%s' accuracy --format csv '%s' >/dev/null", getenv("HUELLA_PROGRAM"),
                                  check_source(arena, "tests/reading/corpus")));
    assert_int_equal(status, 0);
    hu_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotations_stand_in_the_text),
        cmocka_unit_test(the_sealed_half_is_as_it_was_sealed),
        cmocka_unit_test(labels_are_in_the_codebook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
