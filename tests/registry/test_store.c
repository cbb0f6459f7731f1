/* The store itself: schema versions, transactions, notes, judgments; what is broken, foreign or newer is refused. */

#include "fixture.h"

static void a_fresh_store_has_the_schema_and_reopens(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "fresh.db");
    hu_store *store = fixture_open(arena, path);
    CHECK_OK(hu_store_set_note(store, "stage.read", "ab12"));
    CHECK_OK(hu_store_set_note(store, "stage.read", "cd34"));
    hu_store_close(store);
    assert_int_equal(fixture_number(path, "PRAGMA user_version"), fixture_schema_version());
    assert_true(fixture_is_sound(path));
    store = fixture_open(arena, path);
    const char *value;
    CHECK_OK(hu_store_note(store, "stage.read", arena, &value));
    assert_string_equal(value, "cd34");
    CHECK_OK(hu_store_note(store, "absent", arena, &value));
    assert_null(value);
    CHECK_OK(hu_store_set_note(store, "stagecoach", "stays"));
    CHECK_OK(hu_store_forget_notes(store, "stage."));
    CHECK_OK(hu_store_note(store, "stage.read", arena, &value));
    assert_null(value);
    CHECK_OK(hu_store_note(store, "stagecoach", arena, &value));
    assert_non_null(value);
    hu_store_close(store);
    CHECK_FAILS(hu_store_open_existing(fixture_uri(arena, fixture_path(arena, "absent.db")), &store), HU_NOT_FOUND,
                "no such store");
    assert_false(hu_file_exists(fixture_path(arena, "absent.db")));
    CHECK_OK(hu_store_open_existing(fixture_uri(arena, path), &store));
    hu_store_close(store);
}

static void every_table_is_strict(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "strict.db");
    hu_store_close(fixture_open(arena, path));
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = "
                                          "'table' AND name NOT LIKE 'sqlite_%' AND NOT strict"),
                     0);
}

static void a_newer_store_is_refused_untouched(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "newer.db");
    hu_store_close(fixture_open(arena, path));
    fixture_execute(path, "PRAGMA user_version = 99");
    hu_store *store;
    CHECK_FAILS(hu_store_open(fixture_uri(arena, path), &store), HU_STORE, "written by a newer huella (schema 99");
    assert_null(store);
    assert_int_equal(fixture_number(path, "PRAGMA user_version"), 99);
}

static void what_is_no_store_is_refused_untouched(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_store *store;
    const char *path = fixture_path(arena, "other.db");
    fixture_execute(path, "CREATE TABLE bookmarks (url TEXT)");
    CHECK_FAILS(hu_store_open(fixture_uri(arena, path), &store), HU_STORE, "another program");
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM sqlite_master"), 1);
    path = fixture_path(arena, "text.db");
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 200; i++)
        fputs("case_id,region\n", file);
    fclose(file);
    CHECK_FAILS(hu_store_open(fixture_uri(arena, path), &store), HU_STORE, "not a database");
    CHECK_FAILS(hu_store_open("sqlite:/no/such/folder/huella.db", &store), HU_STORE, "its folder must be there");
    CHECK_FAILS(hu_store_open("huella.db", &store), HU_USAGE, "expected sqlite:FILE");
    CHECK_FAILS(hu_store_open("sqlite:", &store), HU_USAGE, "expected sqlite:FILE");
    CHECK_FAILS(hu_store_open("postgresql://db/study", &store), HU_USAGE, "SQLite only");
}

static void a_judgment_and_its_findings_come_back(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "judgment.db");
    hu_store *store = fixture_open(arena, path);
    bool has;
    CHECK_OK(hu_store_has_judgment(store, fixture_sha(arena, "a.pdf"), "rules-1", &has));
    assert_false(has);
    fixture_judgment(store, arena, "a.pdf", (fixture_finding[]){{"decision.kind", "\"appeal\""}, {0}});
    CHECK_OK(hu_store_has_judgment(store, fixture_sha(arena, "a.pdf"), "rules-1", &has));
    assert_true(has);
    CHECK_OK(hu_store_has_judgment(store, fixture_sha(arena, "a.pdf"), "rules-2", &has));
    assert_false(has);
    hu_store_close(store);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM findings WHERE key = 'decision.kind' AND value = "
                                          "'\"appeal\"' AND quote = 'quote of decision.kind' AND quote_start = 10 AND "
                                          "quote_end = 32 AND page = 1 AND rule = 'test' AND confidence = 0.9"),
                     1);
}

static void a_new_reading_replaces_the_old_one(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "replace.db");
    hu_store *store = fixture_open(arena, path);
    fixture_judgment(store, arena, "a.pdf",
                     (fixture_finding[]){{"decision.kind", "\"appeal\""}, {"decision.court", "\"Sala\""}, {0}});
    fixture_judgment(store, arena, "a.pdf", (fixture_finding[]){{"decision.kind", "\"order\""}, {0}});
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM findings"), 1);
    CHECK_OK(hu_store_put_unreadable(store, "a.pdf", "encrypted"));
    CHECK_OK(hu_store_put_unreadable(store, "a.pdf", "truncated"));
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM judgments"), 0);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM unreadable WHERE reason = 'truncated'"), 1);
    fixture_judgment(store, arena, "a.pdf", (fixture_finding[]){{0}});
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM unreadable"), 0);
    hu_store_close(store);
}

static void a_judgment_is_stored_whole_or_not_at_all(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "whole.db");
    hu_store *store = fixture_open(arena, path);
    hu_stored_finding findings[] = {
        {.key = "decision.kind", .json = "\"appeal\"", .confidence = 1},
        {.key = "decision.kind", .json = "\"order\"", .confidence = 1}, /* stands twice: the store refuses */
    };
    hu_stored_judgment judgment = {.document = "a.pdf",
                                   .sha256 = fixture_sha(arena, "a.pdf"),
                                   .reader = "r",
                                   .text = "text",
                                   .json = "{}",
                                   .findings = findings,
                                   .n_findings = 2};
    CHECK_FAILS(hu_store_put_judgment(store, &judgment), HU_STORE, "a.pdf: decision.kind");
    findings[1] = (hu_stored_finding){.key = "decision.court", .json = "\"\xc3\"", .confidence = 1};
    CHECK_FAILS(hu_store_put_judgment(store, &judgment), HU_BAD_INPUT, "a.pdf: decision.court: the text is not valid");
    findings[1] = (hu_stored_finding){.key = "decision.court", .json = "\"x\"", .confidence = 1.5};
    CHECK_FAILS(hu_store_put_judgment(store, &judgment), HU_STORE, "confidence");
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM judgments"), 0);
    judgment.n_findings = 1;
    CHECK_OK(hu_store_put_judgment(store, &judgment));
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM judgments"), 1);
    hu_store_close(store);
}

static void a_transaction_is_kept_or_undone_whole(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "transaction.db");
    hu_store *store = fixture_open(arena, path);
    CHECK_OK(hu_store_begin(store));
    fixture_judgment(store, arena, "a.pdf", (fixture_finding[]){{0}});
    CHECK_OK(hu_store_set_note(store, "n", "1"));
    hu_store_rollback(store);
    assert_int_equal(fixture_number(path, "SELECT (SELECT count(*) FROM judgments) + (SELECT count(*) FROM notes)"), 0);
    CHECK_OK(hu_store_begin(store));
    CHECK_FAILS(hu_store_begin(store), HU_BUG, "within a transaction");
    fixture_judgment(store, arena, "a.pdf", (fixture_finding[]){{0}});
    hu_stored_judgment broken = {.document = "b.pdf", .sha256 = "short", .reader = "r", .text = "", .json = "{}"};
    CHECK_FAILS(hu_store_put_judgment(store, &broken), HU_STORE, "b.pdf"); /* undone alone */
    CHECK_OK(hu_store_commit(store));
    CHECK_FAILS(hu_store_commit(store), HU_BUG, "never begun");
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM judgments"), 1);
    CHECK_OK(hu_store_begin(store));
    CHECK_OK(hu_store_set_note(store, "n", "1"));
    hu_store_close(store); /* undoes what was not committed */
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM notes"), 0);
}

/* docs/schema.md is what scripts/schema-doc makes now, and names every column with its type. */
static void the_documentation_is_current(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *documented = check_source(arena, "docs/schema.md");
    const char *command =
        hu_printf(arena, "'%s' | cmp -s - '%s'", check_source(arena, "scripts/schema-doc"), documented);
    if (system(command) != 0)
        fail_msg("docs/schema.md is not current: scripts/schema-doc > docs/schema.md");
    const char *path = fixture_path(arena, "documented.db");
    hu_store *store = fixture_open(arena, path);
    hu_store_close(store);
    hu_file file;
    CHECK_OK(hu_file_open(documented, 0, &file));
    const char *text = hu_strndup(arena, file.data, file.length);
    hu_file_close(&file);
    sqlite3 *db;
    sqlite3_stmt *columns;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_prepare_v2(db,
                       "SELECT '## ' || t.name || char(10), '| `' || c.name || '` | ' || lower(c.type) || ' |' "
                       "FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
                       -1, &columns, NULL);
    size_t n = 0;
    for (; sqlite3_step(columns) == SQLITE_ROW; n++) {
        const char *section = strstr(text, (const char *)sqlite3_column_text(columns, 0));
        assert_non_null(section);
        const char *next = strstr(section + 3, "\n## ");
        const char *row = strstr(section, (const char *)sqlite3_column_text(columns, 1));
        if (!row || (next && row > next))
            fail_msg("%s lacks %s", (const char *)sqlite3_column_text(columns, 0),
                     (const char *)sqlite3_column_text(columns, 1));
    }
    assert_true(n > 60);
    sqlite3_finalize(columns);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_store_has_the_schema_and_reopens),
        cmocka_unit_test(every_table_is_strict),
        cmocka_unit_test(the_documentation_is_current),
        cmocka_unit_test(a_newer_store_is_refused_untouched),
        cmocka_unit_test(what_is_no_store_is_refused_untouched),
        cmocka_unit_test(a_judgment_and_its_findings_come_back),
        cmocka_unit_test(a_new_reading_replaces_the_old_one),
        cmocka_unit_test(a_judgment_is_stored_whole_or_not_at_all),
        cmocka_unit_test(a_transaction_is_kept_or_undone_whole),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
