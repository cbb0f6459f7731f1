/* Rules are data that people edit: a mistake in them is told by file, line and rule. */

#include "read.h"

#include "huella/base/file.h"

#include <sys/stat.h>

static const char *const files[] = {"corpus.yaml",    "lexicon.yaml", "regions.yaml", "law.yaml",     "decision.yaml",
                                    "procedure.yaml", "rulings.yaml", "people.yaml",  "charges.yaml", "speakers.yaml",
                                    "practices.yaml", "victims.yaml", "agencies.yaml"};

/* A copy of the rules in which one file begins with other text. */
static const char *rules_with(hu_arena *arena, const char *file, const char *text)
{
    char folder[] = "/tmp/huella-rules-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *copy = hu_strdup(arena, folder);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        hu_file original;
        const char *path = hu_path_join(arena, copy, files[i]);
        CHECK_OK(hu_file_open(hu_path_join(arena, getenv("HUELLA_RULES"), files[i]), 0, &original));
        CHECK_OK(strcmp(files[i], file) == 0 ? hu_write_file(path, text, strlen(text))
                                             : hu_write_file(path, original.data, original.length));
        hu_file_close(&original);
    }
    return copy;
}

static void remove_rules(hu_arena *arena, const char *folder)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(hu_path_join(arena, folder, files[i]));
    rmdir(folder);
}

static void mistakes_name_file_line_and_rule(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"rules:\n  - any: [\"auto\"]\n", "decision.yaml:2: a rule needs an id"},
        {"rules:\n  - id: a.b\n    any: [\"(auto de\"]\n", "decision.yaml:3"},
        {"rules:\n  - id: a.b\n    any: [\"auto {nobody}\"]\n", "{nobody} is no word list or shape"},
        {"rules:\n  - id: a.b\n    sets: {kind: order}\n", "rule a.b"},
        {"rules:\n  - id: a.b\n    part: middle\n    any: [\"auto\"]\n", "\"middle\" is no part"},
        {"rules:\n  - id: a.b\n    every: [\"auto\"]\n", "every"},
        {"rules:\n  - id: a.b\n    regex: \"(\"\n    anchor: [\"auto\"]\n", "the pattern is not valid"},
        {"rules:\n  - id: a.b\n    any: [\"auto\"]\n    sets: {kind: ordr}\n", "\"ordr\" is no value of kind"},
        {"rules:\n  - id: a.b\n    any: [\"auto\"]\n    sets: {offence: theft}\n", "offences are not set by rules"},
        {"rules:\n  - id: a.b\n    any: [\"{number}\"]\n", "a phrase needs a word of its own"},
    };
    HU_SCRATCH(arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *folder = rules_with(arena, "decision.yaml", cases[i].text);
        hu_reader *reader = NULL;
        CHECK_FAILS(hu_reader_open(folder, &reader), HU_BAD_INPUT, cases[i].says);
        remove_rules(arena, folder);
    }
}

static void a_missing_folder_is_told(void **state)
{
    (void)state;
    hu_reader *reader = NULL;
    CHECK_FAILS(hu_reader_open("/nowhere/rules", &reader), HU_NOT_FOUND, "/nowhere/rules");
}

static void the_version_follows_the_rules(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_reader *one, *two;
    CHECK_OK(hu_reader_open(getenv("HUELLA_RULES"), &one));
    const char *folder = rules_with(
        arena, "decision.yaml", "rules:\n  - id: a.b\n    any: [\"auto de calificacion\"]\n    sets: {kind: order}\n");
    CHECK_OK(hu_reader_open(folder, &two));
    assert_string_not_equal(hu_reader_version(one), hu_reader_version(two));
    hu_reader_close(one);
    hu_reader_close(two);
    remove_rules(arena, folder);
}

/* A word of `with` and one of `and` must stand in the sentence; a shape begins at most `reach` before its anchor. */
static void a_rule_asks_for_words_of_two_kinds_and_looks_back_so_far(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"Alfa obra con beta y gama.", "present"}, {"Alfa obra con beta.", "absent"},
        {"Alfa obra con gama.", "absent"},         {"Alfa obra con beta. Hubo gama.", "absent"},
        {"Delta y una cosa, omega.", "present"},   {"Delta y muchas otras cosas que siguen, omega.", "absent"},
    };
    HU_SCRATCH(arena);
    const char *folder = rules_with(arena, "practices.yaml",
                                    "practices:\n  - {key: shelter, applies: always}\nrules:\n"
                                    "  - id: a.b\n    any: [\"alfa\"]\n    with: [\"beta\"]\n    and: [\"gama\"]\n"
                                    "    sets: {practice: shelter, state: present}\n"
                                    "  - id: a.c\n    regex: 'delta[^.]{0,60}omega'\n    anchor: [\"omega\"]\n"
                                    "    reach: 30\n    sets: {practice: shelter, state: present}\n");
    fixture f = {.arena = arena};
    hu_corpus_options options = {.worker = "none", .rules_dir = folder};
    CHECK_OK(hu_corpus_open(&options, &f.corpus));
    CHECK_OK(hu_reader_open(folder, &f.reader));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(value(read_text(&f, cases[i].text), "practices.shelter"), cases[i].value);
    hu_reader_close(f.reader);
    hu_corpus_close(f.corpus);
    remove_rules(arena, folder);
}

/* Patterns are kept between runs; what was kept and is damaged is made anew. */
static void kept_patterns_are_as_good_as_new_ones(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    char folder[] = "/tmp/huella-cache-XXXXXX";
    const char *usual = hu_strdup(arena, getenv("XDG_CACHE_HOME")); /* meson.build sets it */
    assert_non_null(mkdtemp(folder));
    setenv("XDG_CACHE_HOME", folder, 1);
    char **kept;
    size_t n = 0;
    for (int round = 0; round < 3; round++) { /* made; taken; made again from a damaged one */
        hu_reader *reader;
        CHECK_OK(hu_reader_open(getenv("HUELLA_RULES"), &reader));
        hu_reader_close(reader);
        CHECK_OK(hu_list_files(folder, NULL, arena, &kept, &n));
        assert_int_equal(n, 1);
        hu_file file;
        CHECK_OK(hu_file_open(kept[0], 0, &file));
        assert_true(file.length > 1000000);
        hu_file_close(&file);
        if (round == 1)
            CHECK_OK(hu_write_file(kept[0], "HSDB but no more", 16));
    }
    unlink(kept[0]);
    rmdir(hu_path_join(arena, folder, "huella"));
    rmdir(folder);
    setenv("XDG_CACHE_HOME", usual, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_name_file_line_and_rule),
        cmocka_unit_test(a_missing_folder_is_told),
        cmocka_unit_test(the_version_follows_the_rules),
        cmocka_unit_test(a_rule_asks_for_words_of_two_kinds_and_looks_back_so_far),
        cmocka_unit_test(kept_patterns_are_as_good_as_new_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
