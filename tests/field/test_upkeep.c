/* What an administrator types: the trail verified, keys rotated, copies made while serving and brought back. */

#include "serving.h"

#include "huella/base/file.h"
#include "huella/registry/store.h"

#include <sqlite3.h>

static const char passphrase[] = "cinco palabras que nadie adivina\n";

static void change(const char *uri, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(uri + strlen("sqlite:"), &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static check_run verify(hu_arena *arena, const char *folder)
{
    return CHECK_HUELLA(arena, "audit", "verify", "--study", folder, "--format", "json");
}

static json_t *entries_of(hu_arena *arena, const char *folder)
{
    check_run run = CHECK_HUELLA(arena, "audit", "--study", folder, "--format", "json");
    assert_int_equal(run.status, 0);
    json_error_t error;
    return json_loads(run.out, 0, &error);
}

/* A municipality in which something happened. */
static session started(serving *s)
{
    serving_start(s);
    session officer = serving_sign_in(s, "officer");
    serving_incident(s, &officer, UUID_A, "150116");
    serving_incident(s, &officer, UUID_B, "150116");
    return officer;
}

static void a_trail_that_was_changed_is_found(void **state)
{
    (void)state;
    serving s;
    started(&s);
    hu_field_close(s.field);
    s.field = NULL;
    check_run run = verify(s.arena, s.folder);
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"holds\":true");
    const char *head = hu_strndup(s.arena, strstr(run.out, "\"head\":\"") + 8, 64);
    run = CHECK_HUELLA(s.arena, "audit", "verify", "--study", s.folder, "--head", head, "--format", "table");
    assert_int_equal(run.status, 0);
    json_t *root = entries_of(s.arena, s.folder);
    size_t n = json_array_size(json_object_get(root, "entries"));
    assert_true(n >= 2);
    json_decref(root);
    change(s.uri, "UPDATE audit SET actor = 'nobody' WHERE seq = 2");
    run = verify(s.arena, s.folder);
    assert_int_equal(run.status, 1);
    check_contains(run.out, "\"bad\":2");
    run = CHECK_HUELLA(s.arena, "audit", "verify", "--study", s.folder, "--keys", "/nowhere");
    assert_int_equal(run.status, 3);
    run = CHECK_HUELLA(s.arena, "audit", "prove", "--study", s.folder);
    assert_int_equal(run.status, 2);
    serving_stop(&s);
}

/* A whole trail that is shorter than it was: only the head that was noted tells. */
static void an_old_copy_is_told_by_the_head(void **state)
{
    (void)state;
    serving s;
    started(&s);
    hu_field_close(s.field);
    s.field = NULL;
    const char *old = hu_printf(s.arena, "%s/old", s.folder), *copy = hu_printf(s.arena, "%s/copy.db", s.folder);
    check_run run = CHECK_HUELLA(s.arena, "backup", copy, "--study", s.folder);
    assert_int_equal(run.status, 0);
    run = CHECK_HUELLA(s.arena, "keys", "rotate", "--study", s.folder, "--format", "json"); /* one entry more */
    assert_int_equal(run.status, 0);
    run = verify(s.arena, s.folder);
    assert_int_equal(run.status, 0);
    const char *head = hu_strndup(s.arena, strstr(run.out, "\"head\":\"") + 8, 64);
    run = CHECK_HUELLA(s.arena, "restore", copy, "--study", old);
    assert_int_equal(run.status, 0);
    run = CHECK_HUELLA(s.arena, "audit", "verify", "--study", old, "--keys", s.keys, "--format", "json");
    assert_int_equal(run.status, 0);
    run =
        CHECK_HUELLA(s.arena, "audit", "verify", "--study", old, "--keys", s.keys, "--head", head, "--format", "json");
    assert_int_equal(run.status, 1);
    check_contains(run.out, "no entry has the code");
    serving_stop(&s);
}

static void keys_rotate_when_no_server_holds_them(void **state)
{
    (void)state;
    serving s;
    session officer = started(&s);
    check_run run = CHECK_HUELLA(s.arena, "keys", "rotate", "--study", s.folder);
    assert_int_equal(run.status, 4);
    check_contains(run.err, "end `huella serve`");
    hu_field_close(s.field);
    s.field = NULL;
    run = CHECK_HUELLA(s.arena, "keys", "rotate", "--study", s.folder, "--format", "json");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"rotated\":true");
    run = CHECK_HUELLA(s.arena, "keys", "--study", s.folder, "--format", "json");
    check_contains(run.out, "\"master\":2");
    assert_null(strstr(run.out, "\"master\":1,"));
    assert_int_equal(verify(s.arena, s.folder).status, 0);
    serving_open(&s);
    assert_int_equal(serving_ask(&s, &officer, "GET", "/api/incidents/" UUID_A, NULL).status, 200); /* it opens */
    serving_stop(&s);
}

static void alter(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    fseek(file, at, at < 0 ? SEEK_END : SEEK_SET);
    int byte = fgetc(file);
    fseek(file, -1, SEEK_CUR);
    fputc(byte ^ 1, file);
    fclose(file);
}

static void a_backup_comes_back_whole_or_not_at_all(void **state)
{
    (void)state;
    serving s;
    started(&s);
    hu_arena *arena = s.arena;
    const char *pass = hu_printf(arena, "%s/pass", s.folder), *copy = hu_printf(arena, "%s/copy", s.folder),
               *back = hu_printf(arena, "%s/back", s.folder), *wrong = hu_printf(arena, "%s/wrong", s.folder);
    CHECK_OK(hu_write_file(pass, passphrase, strlen(passphrase)));
    CHECK_OK(hu_write_file(wrong, "otras palabras, no las mismas\n", 30));
    check_run run = CHECK_HUELLA(arena, "backup", copy, "--with-keys", "--study", s.folder);
    assert_int_equal(run.status, 2);
    run = CHECK_HUELLA(arena, "backup", copy, "--passphrase-file", pass, "--with-keys", "--study", s.folder);
    if (run.status) /* while the server runs */
        fail_msg("backup: %s", run.err);
    run = CHECK_HUELLA(arena, "backup", copy, "--passphrase-file", pass, "--study", s.folder);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "nothing is written over");
    hu_file file;
    CHECK_OK(hu_file_open(copy, 0, &file));
    assert_null(memmem(file.data, file.length, "SQLite", 6));
    size_t length = file.length;
    hu_file_close(&file);
    run = CHECK_HUELLA(arena, "restore", copy, "--study", back, "--passphrase-file", wrong);
    assert_int_equal(run.status, 3);
    run = CHECK_HUELLA(arena, "restore", copy, "--study", back);
    assert_int_equal(run.status, 2);
    const long places[] = {20, 60, (long)length / 2, -1};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        alter(copy, places[i]);
        run = CHECK_HUELLA(arena, "restore", copy, "--study", back, "--passphrase-file", pass);
        assert_int_equal(run.status, 3);
        assert_false(hu_file_exists(hu_printf(arena, "%s/huella.db", back)));
        assert_false(hu_file_exists(hu_printf(arena, "%s/huella.db.part", back)));
        alter(copy, places[i]);
    }
    run = CHECK_HUELLA(arena, "restore", copy, "--study", back, "--passphrase-file", pass);
    if (run.status)
        fail_msg("restore: %s", run.err);
    assert_int_equal(verify(arena, back).status, 0);
    run = CHECK_HUELLA(arena, "restore", copy, "--study", back, "--passphrase-file", pass);
    assert_int_equal(run.status, 3);
    assert_int_equal(truncate(copy, (off_t)length - 1), 0);
    run = CHECK_HUELLA(arena, "restore", copy, "--study", hu_printf(arena, "%s/cut", s.folder), "--passphrase-file",
                       pass);
    assert_int_equal(run.status, 3);
    serving_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trail_that_was_changed_is_found),
        cmocka_unit_test(an_old_copy_is_told_by_the_head),
        cmocka_unit_test(keys_rotate_when_no_server_holds_them),
        cmocka_unit_test(a_backup_comes_back_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
