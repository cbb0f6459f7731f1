/* The phrase grammars: choices, agreement, lists, counters, joins; errors that name file and line. */

#include "check.h"

#include "huella/base/file.h"
#include "huella/simulate/grammar.h"

static const char *const slots[] = {"name", "years", "people", "last", "kind", NULL};

/* A folder with one grammar file of this text. */
static const char *folder_with(hu_arena *arena, const char *text)
{
    char *folder = hu_strdup(arena, "/tmp/huella-grammar-XXXXXX");
    assert_non_null(mkdtemp(folder));
    CHECK_OK(hu_write_file(hu_path_join(arena, folder, "g.yaml"), text, strlen(text)));
    return folder;
}

static void remove_folder(hu_arena *arena, const char *folder)
{
    unlink(hu_path_join(arena, folder, "g.yaml"));
    rmdir(folder);
}

static hu_error *load(hu_arena *arena, const char *text, hu_grammar **grammar)
{
    const char *folder = folder_with(arena, text);
    hu_error *error = hu_grammar_load(folder, slots, arena, grammar);
    remove_folder(arena, folder);
    return error;
}

static const char *expand(hu_arena *arena, const hu_grammar *grammar, const hu_context *context, uint64_t seed)
{
    HU_BUF(out);
    hu_random random = hu_random_start(seed, 1);
    hu_expansion expansion = {.grammar = grammar, .random = &random, .out = &out};
    CHECK_OK(hu_grammar_expand(&expansion, "s", context));
    return hu_strdup(arena, out.data ? out.data : "");
}

static void slots_lists_agreement_and_joins(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_grammar *grammar = NULL;
    CHECK_OK(
        load(arena,
             "joins: {' de el ': ' del '}\n"
             "symbols:\n"
             "  s: ['{years}: {each people one sep}; de {the} {name|upper} {#}{#}{reset}{#} {nth n} {dyn.$kind}']\n"
             "  one: ['{~el|la} {name|capital}']\n"
             "  sep: [{text: ' y ', when: last}, {text: ', ', when: '!last'}]\n"
             "  the: ['el']\n"
             "  n: [primero, segundo]\n"
             "  dyn.a: [A]\n",
             &grammar));
    hu_context *root = hu_context_new(arena, NULL);
    hu_context_number(root, "years", 12);
    hu_context_text(root, "name", "ñandú");
    hu_context_text(root, "kind", "a");
    const char *names[] = {"ana", "élmer", "eva"};
    for (int i = 0; i < 3; i++) {
        hu_context *person = hu_context_new(arena, root);
        hu_context_text(person, "name", names[i]);
        hu_context_gender(person, i != 1, false);
        hu_context_add(root, "people", person);
    }
    assert_string_equal(expand(arena, grammar, root, 1), "12: la Ana, el Élmer y la Eva; del ÑANDÚ 121 segundo A");
}

static void conditions_choose_and_weights_count(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_grammar *grammar = NULL;
    CHECK_OK(load(arena,
                  "symbols:\n"
                  "  s:\n"
                  "  - {text: few, when: 'years<3 years!=2'}\n"
                  "  - {text: two, when: years=2}\n"
                  "  - {text: many, when: 'years>2 !name', weight: 3}\n"
                  "  - {text: more, when: years>2}\n",
                  &grammar));
    hu_context *context = hu_context_new(arena, NULL);
    hu_context_number(context, "years", 2);
    assert_string_equal(expand(arena, grammar, context, 1), "two");
    hu_context_number(context, "years", 0);
    assert_string_equal(expand(arena, grammar, context, 1), "few");
    hu_context_number(context, "years", 7);
    int many = 0;
    for (uint64_t seed = 0; seed < 4000; seed++)
        many += strcmp(expand(arena, grammar, context, seed), "many") == 0;
    assert_in_range(many, 2900, 3100); /* 3 : 1 */
    hu_context_text(context, "name", "x");
    assert_string_equal(expand(arena, grammar, context, 1), "more");
}

static void errors_name_file_and_line(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_grammar *grammar = NULL;
    CHECK_FAILS(load(arena, "symbols:\n  s: [ok]\n  t: ['{nmae}']\n", &grammar), HU_BAD_INPUT, "g.yaml:3");
    CHECK_FAILS(load(arena, "symbols:\n  s: ['{nmae}']\n", &grammar), HU_BAD_INPUT, "did you mean {name}");
    CHECK_FAILS(load(arena, "symbols:\n  s: ['{name']\n", &grammar), HU_BAD_INPUT, "g.yaml:2");
    CHECK_FAILS(load(arena, "symbols:\n  s: ['{name|uper}']\n", &grammar), HU_BAD_INPUT, "no filter");
    CHECK_FAILS(load(arena, "symbols:\n  s: ['{~o|a|os}']\n", &grammar), HU_BAD_INPUT, "3 forms");
    CHECK_FAILS(load(arena, "symbols:\n  s: [{text: a, wen: b}]\n", &grammar), HU_BAD_INPUT, "when");
    CHECK_FAILS(load(arena, "symbols:\n  s: [{text: a, when: 'years>x'}]\n", &grammar), HU_BAD_INPUT, "no number");
    CHECK_FAILS(load(arena, "symbols:\n  s: ['{each peple s}']\n", &grammar), HU_BAD_INPUT, "did you mean {people}");
    CHECK_FAILS(load(arena, "symbols:\n  s: a\n", &grammar), HU_BAD_INPUT, "needs a list");
}

static void endless_and_unfitting_expansions_are_errors(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(out);
    hu_grammar *grammar = NULL;
    CHECK_OK(load(arena, "symbols:\n  s: ['a{s}']\n  t:\n  - {text: x, when: years>3}\n", &grammar));
    hu_random random = hu_random_start(1, 1);
    hu_expansion expansion = {.grammar = grammar, .random = &random, .out = &out};
    hu_context *context = hu_context_new(arena, NULL);
    CHECK_FAILS(hu_grammar_expand(&expansion, "s", context), HU_BAD_INPUT, "leads back to itself");
    CHECK_FAILS(hu_grammar_expand(&expansion, "t", context), HU_BAD_INPUT, "no alternative");
    CHECK_FAILS(hu_grammar_expand(&expansion, "u", context), HU_BAD_INPUT, "no symbol \"u\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_lists_agreement_and_joins),
        cmocka_unit_test(conditions_choose_and_weights_count),
        cmocka_unit_test(errors_name_file_and_line),
        cmocka_unit_test(endless_and_unfitting_expansions_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
