#include "check.h"
#include "huella/base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Each test works in a folder of its own, which is removed behind it. */
static int enter_folder(void **state)
{
    char *folder = strdup("/tmp/huella-test-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    free(*state);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void write_text(const char *path, const char *text)
{
    CHECK_OK(hu_write_file(path, text, strlen(text)));
}

static void assert_holds(const char *path, const char *text)
{
    hu_file file;
    CHECK_OK(hu_file_open(path, 0, &file));
    assert_int_equal(file.length, strlen(text));
    if (file.length)
        assert_memory_equal(file.data, text, file.length);
    hu_file_close(&file);
    hu_file_close(&file);
}

static size_t entries_here(void)
{
    DIR *folder = opendir(".");
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    write_text("empty", "");
    assert_holds("empty", "");
    write_text("small", "fallo\n");
    assert_holds("small", "fallo\n");
    char *large = malloc(1000001); /* large enough to be mapped */
    for (size_t i = 0; i < 1000000; i++)
        large[i] = (char)('a' + i % 23);
    large[1000000] = '\0';
    write_text("large", large);
    assert_holds("large", large);
    free(large);
    assert_int_equal(entries_here(), 3);
}

/* Pages that were let go of come back as they were, whatever part is named. */
static void a_file_let_go_of_is_still_there(void **state)
{
    (void)state;
    enum { LENGTH = 1000003 };
    char *bytes = hu_xcalloc(LENGTH, 1);
    for (size_t i = 0; i < LENGTH; i++)
        bytes[i] = (char)(i * 31 % 127);
    CHECK_OK(hu_write_file("large", bytes, LENGTH));
    hu_file file;
    CHECK_OK(hu_file_open("large", 0, &file));
    assert_non_null(file.mapping);
    assert_memory_equal(file.data, bytes, LENGTH);
    hu_file_let_go(&file, file.data + 5000, file.data + 500000);
    hu_file_let_go(&file, file.data, file.data);
    hu_file_let_go(&file, file.data, file.data + LENGTH);
    assert_memory_equal(file.data, bytes, LENGTH);
    hu_file_close(&file);
    CHECK_OK(hu_write_file("small", bytes, 100)); /* read, not mapped: nothing to let go of */
    CHECK_OK(hu_file_open("small", 0, &file));
    hu_file_let_go(&file, file.data, file.data + 100);
    assert_memory_equal(file.data, bytes, 100);
    hu_file_close(&file);
    free(bytes);
}

static void limits_hold(void **state)
{
    (void)state;
    hu_file file;
    write_text("ten", "0123456789");
    CHECK_OK(hu_file_open("ten", 10, &file));
    hu_file_close(&file);
    CHECK_FAILS(hu_file_open("ten", 9, &file), HU_LIMIT, "ten: more than 9 bytes");
    CHECK_FAILS(hu_file_open("/dev/zero", 100000, &file), HU_LIMIT, "more than 100000 bytes");
}

static void what_cannot_be_read_says_why(void **state)
{
    (void)state;
    hu_file file;
    CHECK_FAILS(hu_file_open("absent.csv", 0, &file), HU_NOT_FOUND, "opening absent.csv: No such file");
    CHECK_FAILS(hu_file_open("/tmp", 0, &file), HU_NOT_FOUND, "/tmp: is a folder");
    assert_null(file.data);
    CHECK_FAILS(hu_write_file("/tmp", "x", 1), HU_NOT_FOUND, "is a folder");
    CHECK_FAILS(hu_write_file("absent/x", "x", 1), HU_NOT_FOUND, "writing absent/x");
    CHECK_FAILS(hu_write_file("/dev/full", "x", 1), HU_IO, "No space left");
}

static void pipes_are_read_to_the_end(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "abc", 3), 3);
    close(ends[1]);
    char path[32];
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_holds(path, "abc");
    close(ends[0]);
}

static void a_cancelled_file_never_was(void **state)
{
    (void)state;
    write_text("kept", "before");
    hu_write write;
    CHECK_OK(hu_write_start("kept", &write));
    fputs("after", write.file);
    fflush(write.file);
    assert_holds("kept", "before");
    hu_write_cancel(&write);
    hu_write_cancel(&write);
    assert_holds("kept", "before");
    assert_int_equal(entries_here(), 1);
    CHECK_OK(hu_write_start("kept", &write));
    fputs("after", write.file);
    CHECK_OK(hu_write_commit(&write));
    hu_write_cancel(&write);
    assert_holds("kept", "after");
    assert_int_equal(entries_here(), 1);
}

/* The disk is full: what stood there stays, and nothing half-written lies beside it. */
static void a_failed_write_leaves_what_was(void **state)
{
    (void)state;
    write_text("kept", "before");
    hu_write write;
    CHECK_OK(hu_write_start("kept", &write));
    fputs("after", write.file);
    int full = open("/dev/full", O_WRONLY);
    assert_true(dup2(full, fileno(write.file)) >= 0);
    close(full);
    CHECK_FAILS(hu_write_commit(&write), HU_IO, "kept: No space left");
    assert_holds("kept", "before");
    assert_int_equal(entries_here(), 1);
}

static void permissions_and_links_are_kept(void **state)
{
    (void)state;
    write_text("target", "1");
    assert_int_equal(chmod("target", 0600), 0);
    assert_int_equal(symlink("target", "link"), 0);
    write_text("link", "2");
    assert_holds("target", "2");
    struct stat about;
    assert_int_equal(lstat("link", &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(stat("target", &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    mode_t mask = umask(022);
    write_text("new", "3");
    umask(mask);
    assert_int_equal(stat("new", &about), 0);
    assert_int_equal(about.st_mode & 0777, 0644);
}

/* FIPS 180-4's examples, and the empty message. */
static void hashes_are_those_published(void **state)
{
    (void)state;
    char hex[65];
    hu_sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hu_sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    hu_sha256_hex(text, strlen(text), hex);
    assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    CHECK_OK(hu_make_folder("a/b//c/"));
    CHECK_OK(hu_make_folder("a/b"));
    CHECK_OK(hu_make_folder("/tmp"));
    assert_true(hu_is_folder("a/b/c"));
    assert_false(hu_file_exists("a"));
    write_text("a/file", "");
    assert_true(hu_file_exists("a/file"));
    assert_false(hu_is_folder("a/file"));
    CHECK_FAILS(hu_make_folder("a/file/d"), HU_IO, "a/file: File exists");
    CHECK_FAILS(hu_make_folder(""), HU_BAD_INPUT, "expected");
}

static void files_are_listed_in_order(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    char **paths;
    size_t count;
    CHECK_OK(hu_make_folder("in/b/deep"));
    CHECK_OK(hu_make_folder("in/.git"));
    static const char *const made[] = {"in/b/deep/2.pdf", "in/b/1.PDF",    "in/c.pdf", "in/a.txt",
                                       "in/.hidden.pdf",  "in/.git/x.pdf", "in/pdf"};
    for (size_t i = 0; i < 7; i++)
        write_text(made[i], "x");
    assert_int_equal(symlink("..", "in/b/loop"), 0);     /* a loop of links must end */
    assert_int_equal(symlink("absent", "in/broken"), 0); /* none of the endings: nobody asked for it */
    CHECK_OK(hu_list_files("in", (const char *const[]){".pdf", ".docx", NULL}, arena, &paths, &count));
    assert_int_equal(count, 3);
    assert_string_equal(paths[0], "in/b/1.PDF");
    assert_string_equal(paths[1], "in/b/deep/2.pdf");
    assert_string_equal(paths[2], "in/c.pdf");
    assert_int_equal(unlink("in/broken"), 0);
    CHECK_OK(hu_list_files("in", NULL, arena, &paths, &count));
    assert_int_equal(count, 5);
    CHECK_OK(hu_list_files("in/a.txt", (const char *const[]){".pdf", NULL}, arena, &paths, &count));
    assert_int_equal(count, 1);
    assert_string_equal(paths[0], "in/a.txt");
    CHECK_FAILS(hu_list_files("absent", NULL, arena, &paths, &count), HU_NOT_FOUND, "absent");
    assert_int_equal(symlink("absent", "in/broken.pdf"), 0);
    CHECK_FAILS(hu_list_files("in", NULL, arena, &paths, &count), HU_NOT_FOUND, "in/broken.pdf: is a link");
}

static void many_files_are_all_listed(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    CHECK_OK(hu_make_folder("many"));
    for (int i = 0; i < 300; i++)
        close(open(hu_printf(arena, "many/%04d.pdf", (i * 7) % 300), O_CREAT | O_WRONLY, 0600));
    char **paths;
    size_t count;
    CHECK_OK(hu_list_files("many", NULL, arena, &paths, &count));
    assert_int_equal(count, 300);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(paths[i], hu_printf(arena, "many/%04zu.pdf", i));
}

static void paths_are_joined(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    assert_string_equal(hu_path_join(arena, "a", "b"), "a/b");
    assert_string_equal(hu_path_join(arena, "a/", "b"), "a/b");
    assert_string_equal(hu_path_join(arena, "", "b"), "b");
    assert_string_equal(hu_path_join(arena, "a", "/b"), "/b");
    assert_string_equal(hu_path_name("a/b.c"), "b.c");
    assert_string_equal(hu_path_name("b.c"), "b.c");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_was_written_is_read),
        IN_FOLDER(a_file_let_go_of_is_still_there),
        IN_FOLDER(limits_hold),
        IN_FOLDER(what_cannot_be_read_says_why),
        IN_FOLDER(pipes_are_read_to_the_end),
        IN_FOLDER(a_cancelled_file_never_was),
        IN_FOLDER(a_failed_write_leaves_what_was),
        IN_FOLDER(permissions_and_links_are_kept),
        cmocka_unit_test(hashes_are_those_published),
        IN_FOLDER(folders_are_made_with_their_parents),
        IN_FOLDER(files_are_listed_in_order),
        IN_FOLDER(many_files_are_all_listed),
        cmocka_unit_test(paths_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
