/* Locks: what counts as the plan, what changed, who may have changed the lock itself. */

#include "check.h"

#include "huella/design/lock.h"

static void fields_of(const char *text, hu_arena *arena, hu_plan_field **fields, size_t *n)
{
    char name[] = "/tmp/huella-test-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    CHECK_OK(hu_plan_fields(name, arena, fields, n));
    unlink(name);
}

static const char plan[] = "title: T\nsources: {cases: a.csv}\nlevel: 0.95\ncohorts: {exclude: [Lima, Callao]}\n"
                           "estimators:\n  - name: main\n    method: twfe\n  - name: other\n    draws: 99\n";

static hu_lock lock_of(const char *text, const char *time, const char *reason, hu_arena *arena)
{
    hu_lock lock = {.time = time, .version = "1", .reason = reason};
    char *hash = HU_NEW_ARRAY(arena, char, 65);
    fields_of(text, arena, &lock.fields, &lock.n);
    hu_plan_hash(lock.fields, lock.n, hash);
    lock.hash = hash;
    return lock;
}

static void only_what_is_estimated_counts(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_lock a = lock_of(plan, "t", NULL, arena);
    hu_lock b = lock_of("# a comment\nestimators:\n  - method: twfe\n    name: main\n  - {name: other, draws: 99}\n"
                        "cohorts:\n  exclude:\n    - Lima\n    - Callao\nlevel: 0.95\ntitle: Another\n"
                        "sources: {cases: moved.csv}\n",
                        "t", NULL, arena);
    assert_int_equal(a.n, 6);
    assert_string_equal(a.hash, b.hash);
    assert_string_equal(a.fields[1].key, "estimators[main].method");
    hu_lock c = lock_of("level: 0.9\n", "t", NULL, arena);
    assert_string_not_equal(a.hash, c.hash);
}

static void changes_show_before_and_after(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_locks locks = {0};
    hu_lock first = lock_of(plan, "2026-01-01T00:00:00Z", NULL, arena);
    hu_locks_add(&locks, &first, arena);
    hu_plan_field *now;
    hu_deviation *d;
    size_t n, n_deviations;
    fields_of(plan, arena, &now, &n);
    hu_lock_deviations(&locks, now, n, arena, &d, &n_deviations);
    assert_int_equal(n_deviations, 0);
    static const char changed[] =
        "level: 0.9\ncohorts: {exclude: [Lima]}\nestimators:\n  - name: main\n    method: twfe\n"
        "seed: 4\n";
    fields_of(changed, arena, &now, &n);
    hu_lock_deviations(&locks, now, n, arena, &d, &n_deviations);
    assert_int_equal(n_deviations, 5);
    assert_string_equal(d[0].field, "cohorts.exclude");
    assert_string_equal(d[0].before, "[Lima, Callao]");
    assert_string_equal(d[0].after, "[Lima]");
    assert_string_equal(d[1].field, "estimators[other].draws");
    assert_null(d[1].after);
    assert_string_equal(d[3].field, "level");
    assert_string_equal(d[4].field, "seed");
    assert_null(d[4].before);
    assert_null(d[3].amended);
    /* An amendment is compared with the first lock all the same, and tells why. */
    hu_lock second = lock_of(changed, "2026-02-01T00:00:00Z", "a referee asked", arena);
    hu_locks_add(&locks, &second, arena);
    hu_lock_deviations(&locks, now, n, arena, &d, &n_deviations);
    assert_int_equal(n_deviations, 5);
    assert_string_equal(d[3].reason, "a referee asked");
    assert_string_equal(d[3].amended, "2026-02-01T00:00:00Z");
    fields_of("level: 0.8\n", arena, &now, &n);
    hu_lock_deviations(&locks, now, n, arena, &d, &n_deviations);
    for (size_t i = 0; i < n_deviations; i++)
        if (strcmp(d[i].field, "level") == 0)
            assert_null(d[i].amended); /* not what was amended to */
}

static void a_lock_reads_back_and_cannot_be_changed(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(text);
    HU_BUF(again);
    hu_locks locks = {0}, back;
    hu_lock first = lock_of(plan, "2026-01-01T00:00:00Z", NULL, arena);
    first.after_results = true;
    hu_locks_add(&locks, &first, arena);
    hu_locks_write(&locks, &text);
    CHECK_OK(hu_locks_parse(text.data, arena, &back));
    hu_locks_write(&back, &again);
    assert_string_equal(text.data, again.data);
    assert_true(back.items[0].after_results);
    char *at = strstr(text.data, "0.95");
    assert_non_null(at);
    at[3] = '0';
    CHECK_FAILS(hu_locks_parse(text.data, arena, &back), HU_BAD_INPUT, "other hands");
    CHECK_OK(hu_locks_parse("", arena, &back));
    assert_int_equal(back.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_estimated_counts),
        cmocka_unit_test(changes_show_before_and_after),
        cmocka_unit_test(a_lock_reads_back_and_cannot_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
