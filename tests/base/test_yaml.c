#include "check.h"
#include "huella/base/file.h"
#include "huella/base/text.h"
#include "huella/base/yaml.h"

static hu_node *read_yaml(hu_arena *arena, const char *text)
{
    hu_node *root;
    CHECK_OK(hu_yaml_parse(text, strlen(text), "study.yaml", arena, &root));
    return root;
}

static hu_error *parse(const char *text)
{
    HU_SCRATCH(arena);
    hu_node *root;
    hu_error *error = hu_yaml_parse(text, strlen(text), "study.yaml", arena, &root);
    assert_true(!error == !!root);
    return error;
}

static void nodes_know_what_and_where_they_are(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_node *root = read_yaml(arena, "# a plan\nname: Estudio ñ\nlist:\n  - 1\n  - {a: b, c: \"2\"}\nempty: {}\n");
    assert_int_equal(root->kind, HU_MAP);
    assert_int_equal(root->count, 3);
    assert_string_equal(root->keys[1]->text, "list");
    assert_int_equal(root->keys[1]->line, 3);
    const hu_node *name = hu_node_get(root, "name"), *list = hu_node_get(root, "list");
    assert_string_equal(name->text, "Estudio ñ");
    assert_int_equal(name->line, 2);
    assert_int_equal(name->column, 7);
    assert_string_equal(name->source, "study.yaml");
    assert_int_equal(list->kind, HU_LIST);
    assert_int_equal(list->count, 2);
    const hu_node *inner = hu_node_get(list->items[1], "c");
    assert_true(inner->quoted && !list->items[0]->quoted);
    assert_int_equal(inner->line, 5);
    assert_int_equal(hu_node_get(root, "empty")->count, 0);
    assert_null(hu_node_get(root, "absent"));
    assert_null(hu_node_get(list, "name"));
    assert_null(hu_node_get(NULL, "name"));
}

static void large_lists_and_maps_keep_their_order(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(text);
    for (int i = 0; i < 1000; i++)
        hu_buf_printf(&text, "k%d: [%d, %d]\n", i, i, i + 1);
    hu_node *root = read_yaml(arena, text.data);
    assert_int_equal(root->count, 1000);
    for (size_t i = 0; i < 1000; i++) {
        assert_string_equal(root->keys[i]->text, hu_printf(arena, "k%zu", i));
        assert_int_equal(root->keys[i]->line, i + 1);
        assert_string_equal(root->items[i]->items[1]->text, hu_printf(arena, "%zu", i + 1));
    }
}

static void mistakes_are_named_by_line(void **state)
{
    (void)state;
    CHECK_FAILS(parse("a: 1\nb: c: d"), HU_BAD_INPUT, "study.yaml:2: not YAML at character 5");
    CHECK_FAILS(parse("a: [1,\n2"), HU_BAD_INPUT, "study.yaml:");
    CHECK_FAILS(parse("a: 1\n\tb: 2"), HU_BAD_INPUT, "study.yaml:2");
    CHECK_FAILS(parse("a: 1\nb: 2\nc: 3\nb: 4\na: 5"), HU_BAD_INPUT,
                "study.yaml:4: the key \"b\" stands already on line 2");
    CHECK_FAILS(parse("x: {a: 1, a: 2}"), HU_BAD_INPUT, "study.yaml:1: the key \"a\"");
    CHECK_FAILS(parse("a: &x 1\nb: *x"), HU_BAD_INPUT, "study.yaml:2: the alias \"*x\"");
    CHECK_FAILS(parse("a: 1\n---\nb: 2"), HU_BAD_INPUT, "study.yaml:2: a second document");
    CHECK_FAILS(parse("a: !!python/object x"), HU_BAD_INPUT, "study.yaml:1: the tag");
    CHECK_FAILS(parse("a: !!set {b}"), HU_BAD_INPUT, "study.yaml:1: the tag");
    CHECK_FAILS(parse("a: !x [b]"), HU_BAD_INPUT, "study.yaml:1: the tag");
    CHECK_FAILS(parse("? [a, b]\n: 1"), HU_BAD_INPUT, "study.yaml:1: a key must be a text");
    CHECK_FAILS(parse("a: \"x\\0y\""), HU_BAD_INPUT, "study.yaml:1: a NUL");
    CHECK_FAILS(parse("a: 1\nb: \xF1"), HU_BAD_INPUT, "not UTF-8 text at byte 8");
    HU_SCRATCH(arena);
    hu_node *root;
    CHECK_FAILS(hu_yaml_load("/nowhere/study.yaml", arena, &root), HU_NOT_FOUND, "/nowhere/study.yaml");
}

static void levels_are_limited(void **state)
{
    (void)state;
    char text[2 * 64 + 3] = "";
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    CHECK_OK(parse(text));
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    CHECK_FAILS(parse(text), HU_LIMIT, "study.yaml:1: more than 64 levels");
    HU_BUF(deep);
    for (int i = 0; i < 100000; i++)
        hu_buf_add_text(&deep, "- ");
    CHECK_FAILS(parse(deep.data), HU_LIMIT, "more than 64 levels");
}

static void nothing_is_null(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    assert_true(hu_node_is_null(NULL));
    assert_true(hu_node_is_null(read_yaml(arena, "")));
    assert_true(hu_node_is_null(read_yaml(arena, "# only a comment\n")));
    hu_node *root = read_yaml(arena, "a:\nb: ~\nc: Null\nd: ''\ne: 'null'\nf: nil\ng: []");
    static const bool expected[] = {true, true, true, false, false, false, false};
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(hu_node_is_null(root->items[i]), expected[i]);
}

static void numbers_are_checked(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_node *good = read_yaml(arena, "[0, -1.5, +2e3, .5, 1., 010]");
    static const double expected[] = {0, -1.5, 2000, 0.5, 1, 10};
    double number;
    for (size_t i = 0; i < good->count; i++) {
        CHECK_OK(hu_node_number(good->items[i], &number));
        assert_true(number == expected[i]);
    }
    hu_node *bad =
        read_yaml(arena, "['1', 1x, 0x10, nan, inf, 1e999, 1 2, '', ~, [1], {a: 1}, '1,5', 1-2, e5, '-', 1_000]");
    number = 7;
    for (size_t i = 0; i < bad->count; i++)
        CHECK_FAILS(hu_node_number(bad->items[i], &number), HU_BAD_INPUT, "study.yaml:1: a number is expected");
    CHECK_FAILS(hu_node_number(NULL, &number), HU_BAD_INPUT, "nothing stands here");
    assert_true(number == 7);
    long integer = 7;
    hu_node *whole = read_yaml(arena, "[42, -7, 9223372036854775807, 9223372036854775808, 1.0, 1e3, '5', x]");
    CHECK_OK(hu_node_integer(whole->items[0], &integer));
    assert_int_equal(integer, 42);
    CHECK_OK(hu_node_integer(whole->items[1], &integer));
    assert_int_equal(integer, -7);
    CHECK_OK(hu_node_integer(whole->items[2], &integer));
    assert_true(integer == INT64_MAX);
    for (size_t i = 3; i < whole->count; i++)
        CHECK_FAILS(hu_node_integer(whole->items[i], &integer), HU_BAD_INPUT, "a whole number is expected, not \"");
}

static void texts_and_booleans_are_checked(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_node *root = read_yaml(arena, "[yes, 'yes', No, TRUE, false, maybe, 12, [x], ~]");
    bool value = false;
    const char *text;
    CHECK_OK(hu_node_bool(root->items[0], &value));
    assert_true(value);
    CHECK_FAILS(hu_node_bool(root->items[1], &value), HU_BAD_INPUT, "true or false is expected, not \"yes\" in quotes");
    CHECK_OK(hu_node_bool(root->items[2], &value));
    assert_false(value);
    CHECK_OK(hu_node_bool(root->items[3], &value));
    assert_true(value);
    CHECK_OK(hu_node_bool(root->items[4], &value));
    assert_false(value);
    CHECK_FAILS(hu_node_bool(root->items[5], &value), HU_BAD_INPUT, "not \"maybe\"");
    CHECK_OK(hu_node_text(root->items[6], &text));
    assert_string_equal(text, "12");
    CHECK_FAILS(hu_node_text(root->items[7], &text), HU_BAD_INPUT, "a text is expected, not a list");
    CHECK_FAILS(hu_node_text(root->items[8], &text), HU_BAD_INPUT, "nothing stands here");
    assert_string_equal(hu_node_get(read_yaml(arena, "a: !!str 5"), "a")->text, "5");
    assert_true(hu_node_get(read_yaml(arena, "a: !!str 5"), "a")->quoted);
}

static void keys_are_checked(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *const allowed[] = {"outcome", "cluster", NULL};
    hu_node *root = read_yaml(arena, "outcome: y\nclustr: region\n");
    CHECK_FAILS(hu_node_check_keys(root, allowed), HU_BAD_INPUT,
                "study.yaml:2: unknown key \"clustr\": did you mean \"cluster\"?");
    CHECK_FAILS(hu_node_check_keys(read_yaml(arena, "zzzzzz: 1"), allowed), HU_BAD_INPUT,
                "the keys here are outcome, cluster");
    CHECK_FAILS(hu_node_check_keys(read_yaml(arena, "[a]"), allowed), HU_BAD_INPUT, "keys with values are expected");
    CHECK_OK(hu_node_check_keys(read_yaml(arena, "cluster: 1\noutcome:"), allowed));
    CHECK_OK(hu_node_check_keys(NULL, allowed));
    CHECK_OK(hu_node_check_keys(read_yaml(arena, ""), allowed));
    const hu_node *value;
    CHECK_OK(hu_node_require(root, "outcome", &value));
    assert_string_equal(value->text, "y");
    CHECK_FAILS(hu_node_require(root, "cluster", &value), HU_BAD_INPUT, "study.yaml:1: the key \"cluster\" is missing");
    assert_null(value);
    CHECK_FAILS(hu_node_require(value, "cluster", &value), HU_BAD_INPUT, "the key \"cluster\" is missing");
    CHECK_FAILS(hu_node_require(read_yaml(arena, "text"), "cluster", &value), HU_BAD_INPUT, "among them \"cluster\"");
}

static void files_are_loaded(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    char path[] = "/tmp/huella-test-XXXXXX";
    close(mkstemp(path));
    CHECK_OK(hu_write_file(path, "a: 1\n", 5));
    hu_node *root;
    CHECK_OK(hu_yaml_load(path, arena, &root));
    assert_string_equal(hu_node_get(root, "a")->source, path);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_what_and_where_they_are),
        cmocka_unit_test(large_lists_and_maps_keep_their_order),
        cmocka_unit_test(mistakes_are_named_by_line),
        cmocka_unit_test(levels_are_limited),
        cmocka_unit_test(nothing_is_null),
        cmocka_unit_test(numbers_are_checked),
        cmocka_unit_test(texts_and_booleans_are_checked),
        cmocka_unit_test(keys_are_checked),
        cmocka_unit_test(files_are_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
