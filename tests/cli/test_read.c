/* huella read as typed: what cannot be read is named and the rest is read; the same bytes on any number of threads. */

#include "run.h"

#include "huella/base/file.h"

typedef struct folder {
    hu_arena *arena;
    const char *path, *out; /* out: a file for --out, in a folder of its own */
    const char *results;
} folder;

static int open_folder(void **state)
{
    folder *f = calloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->path = check_folder(f->arena);
    f->results = check_folder(f->arena);
    f->out = hu_path_join(f->arena, f->results, "out.jsonl");
    *state = f;
    return 0;
}

static int close_folder(void **state)
{
    folder *f = *state;
    check_remove(f->path);
    check_remove(f->results);
    hu_arena_free(f->arena);
    free(f);
    return 0;
}

static const char *put(folder *f, const char *name, const char *data, size_t length)
{
    const char *path = hu_path_join(f->arena, f->path, name);
    CHECK_OK(hu_write_file(path, data, length));
    return path;
}

/* The file is refused with exit status 3 and this text in the message, and nothing is written. */
static void check_refused(folder *f, const char *path, const char *text)
{
    check_run run = CHECK_HUELLA(f->arena, "read", path, "--out", f->out);
    assert_int_equal(run.status, 3);
    check_contains(run.err, hu_path_name(path));
    check_contains(run.err, text);
    assert_int_not_equal(access(f->out, F_OK), 0);
    assert_int_equal(rmdir(f->results), 0); /* no half file beside it either */
    assert_int_equal(mkdir(f->results, 0700), 0);
}

static void a_broken_file_is_named_and_the_others_are_read(void **state)
{
    folder *f = *state;
    const char *good =
        "SENTENCIA N° 3\n\nLima, dos de mayo de dos mil veinte\n\nFALLA: ABSOLVIENDO a ANA R. S. de la acusación.\n";
    put(f, "a.txt", good, strlen(good));
    put(f, "b.pdf", "%PDF-1.4\nbroken", 15);
    put(f, "c.txt", good, strlen(good));
    check_run run = CHECK_HUELLA(f->arena, "read", f->path);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "b.pdf");
    check_contains(run.out, "a.txt");
    check_contains(run.out, "c.txt");
    assert_null(strstr(run.out, "b.pdf"));
    assert_true(strstr(run.out, "a.txt") < strstr(run.out, "c.txt"));
}

static void a_truncated_pdf_is_refused(void **state)
{
    folder *f = *state;
    const char *whole = check_shared(f->arena, "corpus/supreme/apelacion-389-2025.pdf");
    if (!whole)
        skip();
    hu_file file;
    CHECK_OK(hu_file_open(whole, 0, &file));
    const char *part = put(f, "truncated.pdf", file.data, 20000);
    hu_file_close(&file);
    check_refused(f, part, "truncated or damaged");
}

static void an_encrypted_pdf_is_refused(void **state)
{
    folder *f = *state;
    const char *whole = check_shared(f->arena, "corpus/supreme/apelacion-389-2025.pdf");
    if (!whole)
        skip();
    const char *path = hu_path_join(f->arena, f->path, "locked.pdf");
    char *argv[] = {(char *)"qpdf",  (char *)"--encrypt", (char *)"secret",
                    (char *)"owner", (char *)"256",       (char *)"--",
                    (char *)whole,   (char *)path,        NULL};
    pid_t pid;
    int status = 0;
    assert_int_equal(posix_spawnp(&pid, "qpdf", NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    check_refused(f, path, "qpdf --decrypt");
}

static void an_empty_file_is_refused(void **state)
{
    folder *f = *state;
    check_refused(f, put(f, "zero.pdf", "", 0), "empty");
    check_refused(f, put(f, "zero.txt", "", 0), "empty");
}

static void a_folder_without_judgments_is_refused(void **state)
{
    folder *f = *state;
    check_refused(f, f->path, ".txt) in this folder: name the folder");
}

static void a_text_of_200_megabytes_is_refused_unread(void **state)
{
    folder *f = *state;
    const char *path = put(f, "long.txt", "Lima.\n", 6);
    assert_int_equal(truncate(path, 200 * 1000 * 1000), 0);
    check_refused(f, path, "above the limit of 64 MiB");
}

static void a_file_that_is_not_there(void **state)
{
    folder *f = *state;
    check_refused(f, hu_path_join(f->arena, f->path, "none.pdf"), "No such file");
}

static void latin_1_is_read(void **state)
{
    folder *f = *state;
    const char text[] = "SENTENCIA\n\nPuno, dos de mayo de dos mil veinte\n\nSe\361al\363 el fiscal.\n";
    check_run run = CHECK_HUELLA(f->arena, "read", "--text", put(f, "latin.txt", text, sizeof text - 1));
    assert_int_equal(run.status, 0);
    check_contains(run.out, "Señaló el fiscal.");
}

static void the_same_bytes_on_any_number_of_threads(void **state)
{
    folder *f = *state;
    const char *judgments = check_source(f->arena, "tests/reading/judgments");
    check_run one = CHECK_HUELLA(f->arena, "read", "--threads", "1", judgments);
    check_run seven = CHECK_HUELLA(f->arena, "read", "--threads", "7", judgments);
    assert_int_equal(one.status, 0);
    assert_string_equal(one.out, seven.out);
}

static void text_is_what_offsets_count_in(void **state)
{
    folder *f = *state;
    const char *text = "Puno, dos de mayo de dos mil veinte\n";
    check_run run = CHECK_HUELLA(f->arena, "read", "--text", put(f, "a.txt", text, strlen(text)));
    assert_int_equal(run.status, 0);
    check_contains(run.out, "Puno, dos de mayo de dos mil veinte");
}

/* The page marks what values rest on, and shows markup that stands in a judgment without running it. */
static void a_judgment_becomes_a_page(void **state)
{
    folder *f = *state;
    const char *text = "CORTE SUPERIOR DE JUSTICIA DE PUNO\n\nSENTENCIA\n\nPuno, dos de mayo de dos mil veinte\n\n"
                       "VISTOS: <script>alert(1)</script> & otros.\n";
    const char *path = put(f, "a.txt", text, strlen(text));
    check_run run = CHECK_HUELLA(f->arena, "read", "--html", path);
    assert_int_equal(run.status, 0);
    check_contains(run.out, "<mark class=\"decision\" title=\"decision.date\">dos de mayo de dos mil veinte</mark>");
    check_contains(run.out, "&lt;script&gt;alert(1)");
    assert_null(strstr(run.out, "<script"));
    check_run two = CHECK_HUELLA(f->arena, "read", "--html", path, path);
    assert_int_equal(two.status, 2);
    check_contains(two.err, "one judgment");
}

/* Which passage and rule gave a value, and what was set aside. */
static void a_value_is_explained(void **state)
{
    folder *f = *state;
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/reading/judgments/01-colegiado-condena.txt", getenv("HUELLA_SOURCE"));
    check_run run = CHECK_HUELLA(f->arena, "read", path, "--explain", "practices.reparation_awarded");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "practices.reparation_awarded = \"present\"");
    check_contains(run.out, "operative: ");
    const char *aside = strstr(run.out, "not taken:");
    assert_non_null(aside);
    check_contains(aside, "not in a part where the rule holds");
    check_contains(aside, "facts: ");
    assert_null(strstr(aside, "practice.gesell")); /* rules of other practices are not told */
    run = CHECK_HUELLA(f->arena, "read", path, "--explain", "decision.carpeta_fiscal");
    check_contains(run.out, "decision.carpeta_fiscal: not found");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_broken_file_is_named_and_the_others_are_read),
        IN_FOLDER(a_truncated_pdf_is_refused),
        IN_FOLDER(an_encrypted_pdf_is_refused),
        IN_FOLDER(an_empty_file_is_refused),
        IN_FOLDER(a_folder_without_judgments_is_refused),
        IN_FOLDER(a_text_of_200_megabytes_is_refused_unread),
        IN_FOLDER(a_file_that_is_not_there),
        IN_FOLDER(latin_1_is_read),
        IN_FOLDER(the_same_bytes_on_any_number_of_threads),
        IN_FOLDER(text_is_what_offsets_count_in),
        IN_FOLDER(a_judgment_becomes_a_page),
        IN_FOLDER(a_value_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
