/* Sealed records and the trail: what opens, what does not, and what tampering shows. */

#include "check.h"
#include "run.h"

#include "huella/base/file.h"
#include "huella/field/audit.h"
#include "huella/registry/database.h"

#include <sys/stat.h>

static hu_arena *arena;
static const char *folder, *keys;
static hu_store *store;
static hu_vault *vault;

static int set_up(void **state)
{
    (void)state;
    arena = hu_arena_new();
    folder = check_folder(arena);
    keys = hu_printf(arena, "%s/keys", folder);
    CHECK_OK(hu_store_open(hu_printf(arena, "sqlite:%s/huella.db", folder), &store));
    CHECK_OK(hu_vault_open(keys, true, &vault));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hu_vault_close(vault);
    hu_store_close(store);
    check_remove(folder);
    hu_arena_free(arena);
    return 0;
}

static void what_is_sealed_opens_as_it_was(void **state)
{
    (void)state;
    hu_str sealed, again, plain;
    CHECK_OK(hu_vault_seal(vault, store, "record", 1, hu_str_of("what happened"), arena, &sealed));
    CHECK_OK(hu_vault_seal(vault, store, "record", 1, hu_str_of("what happened"), arena, &again));
    assert_false(hu_str_equal(sealed, again)); /* a nonce of its own each time */
    assert_null(memmem(sealed.data, sealed.length, "what", 4));
    CHECK_OK(hu_vault_unseal(vault, store, "record", 1, sealed, arena, &plain));
    assert_true(hu_str_is(plain, "what happened"));
}

/* Neither another record's, nor another version, nor a changed byte. */
static void what_was_moved_or_altered_does_not_open(void **state)
{
    (void)state;
    hu_str one, other, plain;
    CHECK_OK(hu_vault_seal(vault, store, "one", 1, hu_str_of("text"), arena, &one));
    CHECK_OK(hu_vault_seal(vault, store, "other", 1, hu_str_of("text"), arena, &other));
    CHECK_FAILS(hu_vault_unseal(vault, store, "one", 1, other, arena, &plain), HU_STORE, "does not open");
    CHECK_FAILS(hu_vault_unseal(vault, store, "one", 2, one, arena, &plain), HU_STORE, "does not open");
    for (size_t i = 0; i < one.length; i++) {
        char *bytes = hu_strndup(arena, one.data, one.length);
        bytes[i] = (char)(bytes[i] ^ 1);
        CHECK_FAILS(hu_vault_unseal(vault, store, "one", 1, (hu_str){bytes, one.length}, arena, &plain), HU_STORE,
                    "does not open");
    }
    CHECK_FAILS(hu_vault_unseal(vault, store, "one", 1, (hu_str){one.data, 10}, arena, &plain), HU_STORE,
                "does not open");
}

static void a_destroyed_key_erases(void **state)
{
    (void)state;
    hu_str sealed, plain;
    CHECK_OK(hu_vault_seal(vault, store, "record", 1, hu_str_of("text"), arena, &sealed));
    CHECK_OK(hu_vault_shred(store, "record"));
    CHECK_FAILS(hu_vault_unseal(vault, store, "record", 1, sealed, arena, &plain), HU_NOT_FOUND, "erased");
}

/* After a rotation the records open by the new file, and no key is wrapped by the old master any more. */
static void rotation_wraps_every_key_anew(void **state)
{
    (void)state;
    hu_str sealed, plain;
    int64_t count;
    for (int i = 0; i < 2500; i++)
        CHECK_OK(hu_vault_seal(vault, store, hu_printf(arena, "r%d", i), 1, hu_str_of("text"), arena, &sealed));
    CHECK_OK(hu_vault_rotate(keys, store, &count));
    assert_int_equal(count, 2500);
    hu_vault_close(vault);
    CHECK_OK(hu_vault_open(keys, false, &vault));
    CHECK_OK(hu_vault_unseal(vault, store, "r2499", 1, sealed, arena, &plain));
    sqlite3_stmt *row;
    bool found;
    CHECK_OK(hu_db_first(store, &row, &found, "SELECT count(*) FROM vault_keys WHERE master = 1", ""));
    assert_int_equal(sqlite3_column_int64(row, 0), 0);
    hu_db_done(row);
}

static void the_file_of_keys_is_its_owners(void **state)
{
    (void)state;
    struct stat status;
    hu_vault *again;
    assert_int_equal(stat(keys, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(chmod(keys, 0644), 0);
    CHECK_FAILS(hu_vault_open(keys, false, &again), HU_BAD_INPUT, "chmod 600");
    assert_int_equal(chmod(keys, 0600), 0);
    CHECK_OK(hu_write_file(keys, "{}", 2));
    chmod(keys, 0600);
    CHECK_FAILS(hu_vault_open(keys, false, &again), HU_BAD_INPUT, "expected a file of keys");
    unlink(keys);
    CHECK_FAILS(hu_vault_open(keys, false, &again), HU_BAD_INPUT, "is not there");
}

/* ---- the trail ---- */

static void add_entries(int n)
{
    for (int i = 0; i < n; i++)
        CHECK_OK(
            hu_audit_add(vault, store, &(hu_audit_entry){.at = 1000 + i, .actor = "a", .action = "b", .object = "c"}));
}

static hu_audit_check verify(void)
{
    hu_audit_check check;
    CHECK_OK(hu_audit_verify(vault, store, &check));
    return check;
}

static void run(const char *sql)
{
    assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void an_untouched_trail_holds(void **state)
{
    (void)state;
    assert_int_equal(verify().bad, 0);
    add_entries(20);
    assert_int_equal(verify().bad, 0);
    assert_int_equal(verify().entries, 20);
}

/* Each way to falsify the trail shows, at the entry where it was done. */
static void tampering_shows(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        int64_t bad;
    } ways[] = {
        {"UPDATE audit SET actor = 'x' WHERE seq = 7", 7},
        {"UPDATE audit SET at = at + 1 WHERE seq = 1", 1},
        {"UPDATE audit SET detail = '{\"a\":1}' WHERE seq = 20", 20},
        {"UPDATE audit SET action = 'bc', object = '' WHERE seq = 5", 5}, /* the same letters, parted elsewhere */
        {"DELETE FROM audit WHERE seq = 9", 9},
        {"DELETE FROM audit WHERE seq = 1", 1},
        {"DELETE FROM audit WHERE seq = 20", 20},
        {"DELETE FROM audit", 1},
        {"UPDATE audit SET seq = 100 WHERE seq = 4; "
         "UPDATE audit SET seq = 4 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 100",
         4}, /* two change places */
        {"UPDATE audit_head SET seq = 19; DELETE FROM audit WHERE seq = 20", 20},
        {"DELETE FROM audit_head", 21},
    };
    add_entries(20);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        run("BEGIN");
        run(ways[i].sql);
        assert_int_equal(verify().bad, ways[i].bad);
        run("ROLLBACK");
        assert_int_equal(verify().bad, 0);
    }
}

static void another_file_of_keys_verifies_nothing(void **state)
{
    (void)state;
    hu_audit_check check;
    hu_vault *other;
    add_entries(3);
    CHECK_OK(hu_vault_open(hu_printf(arena, "%s/other", folder), true, &other));
    CHECK_OK(hu_audit_verify(other, store, &check));
    assert_int_equal(check.bad, 1);
    hu_vault_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_sealed_opens_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_moved_or_altered_does_not_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_destroyed_key_erases, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rotation_wraps_every_key_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_file_of_keys_is_its_owners, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_untouched_trail_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tampering_shows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_file_of_keys_verifies_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
