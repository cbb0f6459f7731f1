/* Files that are broken, hostile or no judgment at all: each a message with the file's name and the remedy. */

#include "corpus_check.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

typedef struct fixture {
    hu_arena *arena;
    hu_corpus *corpus;
    const char *path;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->corpus =
        open_corpus_with(f->arena, (hu_corpus_options){.timeout_seconds = 10, .memory_limit = (size_t)512 << 20});
    f->path = temporary(f->arena, "hostile.pdf");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    remove_temporary(f->path);
    hu_corpus_close(f->corpus);
    hu_arena_free(f->arena);
    free(f);
    return 0;
}

static void draw_sample(const char *path)
{
    drawing d = draw(path);
    draw_text(&d, 80, 100, 12, "El acusado captó a la agraviada mediante una oferta de trabajo en la ciudad.");
    draw_end(&d);
}

/* Any outcome but a crash of this program will do; an error names the file. And the next file can be read. */
static void check_survives(fixture *f)
{
    hu_document *document;
    hu_error *error = hu_document_open(f->corpus, f->path, f->arena, &document);
    if (error && !strstr(error->message, "hostile.pdf"))
        fail_msg("the message does not name the file: %s", error->message);
    hu_error_free(error);
    const char *good = temporary(f->arena, "good.pdf");
    draw_sample(good);
    check_has(open_document(f->corpus, good, f->arena), "El acusado captó");
    remove_temporary(good);
}

static void check_refused(fixture *f, hu_code code, const char *why)
{
    hu_document *document;
    CHECK_FAILS(hu_document_open(f->corpus, f->path, f->arena, &document), code, why);
    check_survives(f);
}

static void an_empty_file_is_refused(void **state)
{
    fixture *f = *state;
    write_bytes(f->path, "", 0);
    check_refused(f, HU_BAD_INPUT, "the file is empty");
}

static void a_folder_is_refused(void **state)
{
    fixture *f = *state;
    hu_document *document;
    hu_error *error = hu_document_open(f->corpus, "/tmp", f->arena, &document);
    assert_non_null(error);
    assert_non_null(strstr(error->message, "/tmp"));
    hu_error_free(error);
}

static void a_missing_file_is_told(void **state)
{
    fixture *f = *state;
    hu_document *document;
    CHECK_FAILS(hu_document_open(f->corpus, "no/such.pdf", f->arena, &document), HU_NOT_FOUND, "no/such.pdf");
}

static void random_bytes_are_no_pdf(void **state)
{
    fixture *f = *state;
    char bytes[5000] = "%PDF-1.7\n";
    uint32_t x = 12345;
    for (size_t i = 9; i < sizeof bytes; i++) {
        x = x * 1664525 + 1013904223;
        bytes[i] = (char)(x >> 24);
    }
    write_bytes(f->path, bytes, sizeof bytes);
    check_refused(f, HU_BAD_INPUT, "not a readable PDF");
    write_bytes(f->path, bytes, 9);
    check_refused(f, HU_BAD_INPUT, "not a readable PDF");
}

static void other_binary_files_are_told_apart(void **state)
{
    fixture *f = *state;
    write_bytes(f->path, "PK\003\004\0\0\0\0\0\0binary", 16);
    check_refused(f, HU_BAD_INPUT, "the document is damaged or cut off");
    write_bytes(f->path, "\177ELF\2\1\1\0\0\0\0\0binary", 18);
    check_refused(f, HU_BAD_INPUT, "nor plain text");
}

static void truncated_at_any_length_never_crashes(void **state)
{
    fixture *f = *state;
    draw_sample(f->path);
    FILE *file = fopen(f->path, "rb");
    static char bytes[100000];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t n = 16; n < length; n += length / 12) {
        write_bytes(f->path, bytes, n);
        check_survives(f);
    }
    for (size_t n = 16; n < length; n += length / 12) { /* and with a byte turned */
        bytes[n] ^= 0x55;
        write_bytes(f->path, bytes, length);
        check_survives(f);
        bytes[n] ^= 0x55;
    }
}

static void an_encrypted_file_asks_for_its_password(void **state)
{
    fixture *f = *state;
    const char *plain = temporary(f->arena, "plain.pdf");
    draw_sample(plain);
    const char *command = hu_printf(f->arena, "qpdf --encrypt secret owner 256 -- %s %s 2>/dev/null", plain, f->path);
    int status = system(command);
    remove_temporary(plain);
    if (status != 0)
        skip(); /* no qpdf here */
    check_refused(f, HU_BAD_INPUT, "encrypted");
}

static void a_long_text_is_refused_before_it_is_read(void **state)
{
    fixture *f = *state;
    write_bytes(f->path, "Texto\n", 6);
    assert_int_equal(truncate(f->path, (off_t)200 << 20), 0); /* a hole: takes no room */
    check_refused(f, HU_LIMIT, "above the limit of 64 MiB");
}

/* Objects of a PDF without a table of references: Poppler mends that. */
static void write_pdf(const char *path, const char *objects)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fprintf(file, "%%PDF-1.4\n%s\ntrailer<</Root 1 0 R>>\n%%%%EOF\n", objects);
    fclose(file);
}

static void page_trees_that_loop_or_lie_are_survived(void **state)
{
    fixture *f = *state;
    write_pdf(f->path, "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                       "2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2147483647>>endobj");
    check_survives(f);
    write_pdf(f->path,
              "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
              "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 20000>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj");
    check_survives(f);
    HU_BUF(deep);
    hu_buf_add_text(&deep, "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
    for (int i = 2; i < 20000; i++)
        hu_buf_printf(&deep, "%d 0 obj<</Type/Pages/Kids[%d 0 R]/Count 1>>endobj\n", i, i + 1);
    write_pdf(f->path, deep.data);
    check_survives(f);
    HU_BUF(nested);
    hu_buf_add_text(&nested, "1 0 obj");
    for (int i = 0; i < 100000; i++)
        hu_buf_add_text(&nested, "[");
    write_pdf(f->path, nested.data);
    check_survives(f);
}

static void too_many_pages_are_refused(void **state)
{
    fixture *f = *state;
    HU_BUF(objects);
    hu_buf_add_text(&objects, "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 10001/Kids[");
    for (int i = 0; i < 10001; i++)
        hu_buf_printf(&objects, "%d 0 R ", i + 3);
    hu_buf_add_text(&objects, "]>>endobj\n");
    for (int i = 0; i < 10001; i++)
        hu_buf_printf(&objects, "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n", i + 3);
    write_pdf(f->path, objects.data);
    check_refused(f, HU_LIMIT, "more than 10000 pages");
}

/* 96 bytes that run lengths blow up to more than 32^7 bytes: the pair 81 81 stands for 128 bytes 81. */
static void a_decompression_bomb_is_survived(void **state)
{
    fixture *f = *state;
    HU_BUF(objects);
    hu_buf_add_text(&objects,
                    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n"
                    "4 0 obj<</Length 96/Filter[/RunLengthDecode/RunLengthDecode/RunLengthDecode/RunLengthDecode"
                    "/RunLengthDecode/RunLengthDecode/RunLengthDecode]>>stream\n");
    for (int i = 0; i < 96; i++)
        hu_buf_add_char(&objects, (char)0x81);
    hu_buf_add_text(&objects, "\nendstream endobj");
    write_pdf(f->path, objects.data);
    hu_corpus *hasty = open_corpus_with(f->arena, (hu_corpus_options){.timeout_seconds = 1});
    hu_document *document;
    CHECK_FAILS(hu_document_open(hasty, f->path, f->arena, &document), HU_LIMIT, "took more than 1 s");
    hu_corpus_close(hasty);
}

static void a_huge_image_costs_nothing(void **state)
{
    fixture *f = *state;
    write_pdf(f->path,
              "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
              "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>"
              ">>>>endobj\n4 0 obj<</Length 5>>stream\n/I Do\nendstream endobj\n"
              "5 0 obj<</Type/XObject/Subtype/Image/Width 2000000000/Height 2000000000/BitsPerComponent 8"
              "/ColorSpace/DeviceRGB/Length 3>>stream\nabc\nendstream endobj");
    check_refused(f, HU_BAD_INPUT, "no text could be recognised");
}

/* --- the worker ------------------------------------------------------------------------------------------------- */

static void check_bad_worker(fixture *f, const char *script, hu_code code, const char *why)
{
    const char *worker = temporary(f->arena, "worker");
    write_bytes(worker, script, strlen(script));
    chmod(worker, 0700);
    hu_corpus *corpus = open_corpus_with(f->arena, (hu_corpus_options){.worker = worker, .timeout_seconds = 1});
    draw_sample(f->path);
    hu_document *document;
    CHECK_FAILS(hu_document_open(corpus, f->path, f->arena, &document), code, why);
    hu_corpus_close(corpus);
    remove_temporary(worker);
}

static void a_worker_that_misbehaves_is_told(void **state)
{
    fixture *f = *state;
    check_bad_worker(f, "#!/bin/sh\nexit 0\n", HU_IO, "does not answer");
    check_bad_worker(f, "#!/bin/sh\nexec sleep 60\n", HU_LIMIT, "took more than 1 s");
    hu_corpus *corpus = open_corpus_with(f->arena, (hu_corpus_options){.worker = "/no/such/worker"});
    hu_document *document;
    CHECK_FAILS(hu_document_open(corpus, f->path, f->arena, &document), HU_IO, "/no/such/worker");
    hu_corpus_close(corpus);
}

/* The children of this process, by /proc. */
static void kill_children(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    if (!file)
        skip();
    char line[256];
    const char *list = fgets(line, sizeof line, file) ? line : "";
    int n = 0;
    for (char *rest;; list = rest, n++) {
        pid_t child = (pid_t)strtol(list, &rest, 10);
        if (rest == list)
            break;
        kill(child, SIGKILL);
    }
    fclose(file);
    assert_true(n > 0);
}

static void a_worker_that_dies_is_replaced(void **state)
{
    fixture *f = *state;
    draw_sample(f->path);
    check_has(open_document(f->corpus, f->path, f->arena), "El acusado captó");
    kill_children();
    check_has(open_document(f->corpus, f->path, f->arena), "El acusado captó");
}

typedef struct reading {
    fixture *f;
    char *text;
} reading;

static void *read_many(void *context)
{
    reading *r = context;
    for (int i = 0; i < 10; i++) {
        HU_SCRATCH(arena);
        hu_document *document;
        hu_error *error = hu_document_open(r->f->corpus, r->f->path, arena, &document);
        free(r->text);
        r->text = strdup(error ? error->message : document->text);
        hu_error_free(error);
    }
    return NULL;
}

static void threads_read_the_same(void **state)
{
    fixture *f = *state;
    draw_sample(f->path);
    pthread_t threads[4];
    reading readings[4] = {0};
    for (int i = 0; i < 4; i++) {
        readings[i].f = f;
        assert_int_equal(pthread_create(&threads[i], NULL, read_many, &readings[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_string_equal(readings[i].text,
                            "El acusado captó a la agraviada mediante una oferta de trabajo en la ciudad.");
        free(readings[i].text);
    }
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(an_empty_file_is_refused),
        ROW(a_folder_is_refused),
        ROW(a_missing_file_is_told),
        ROW(random_bytes_are_no_pdf),
        ROW(other_binary_files_are_told_apart),
        ROW(truncated_at_any_length_never_crashes),
        ROW(an_encrypted_file_asks_for_its_password),
        ROW(a_long_text_is_refused_before_it_is_read),
        ROW(page_trees_that_loop_or_lie_are_survived),
        ROW(too_many_pages_are_refused),
        ROW(a_decompression_bomb_is_survived),
        ROW(a_huge_image_costs_nothing),
        ROW(a_worker_that_misbehaves_is_told),
        ROW(a_worker_that_dies_is_replaced),
        ROW(threads_read_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, forget_fonts);
}
