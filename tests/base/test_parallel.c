#include "check.h"
#include "huella/base/parallel.h"
#include "huella/base/random.h"

#include <pthread.h>
#include <stdatomic.h>

enum { COUNT = 5000 };

static hu_error *draw(void *context, size_t index)
{
    hu_random random = hu_random_start(9, index);
    ((double *)context)[index] += hu_random_normal(&random);
    return NULL;
}

static void each_index_runs_once_on_any_number_of_threads(void **state)
{
    (void)state;
    static double alone[COUNT], many[COUNT];
    CHECK_OK(hu_parallel(COUNT, 1, draw, alone));
    for (int threads = 0; threads <= 8; threads++) {
        memset(many, 0, sizeof many);
        CHECK_OK(hu_parallel(COUNT, threads, draw, many));
        assert_memory_equal(alone, many, sizeof many);
    }
    CHECK_OK(hu_parallel(0, 4, draw, NULL));
    CHECK_OK(hu_parallel(2, 5000, draw, many));
}

typedef struct failing {
    atomic_int began[COUNT];
    size_t first;
} failing;

/* From `first` on every third task fails; later ones are quick and earlier ones slow, so that late errors come first.
 */
static hu_error *fail_late(void *context, size_t index)
{
    failing *f = context;
    atomic_fetch_add(&f->began[index], 1);
    if (index < f->first + 10)
        usleep(50);
    return index >= f->first && (index - f->first) % 3 == 0 ? hu_fail(HU_LIMIT, "task %zu", index) : NULL;
}

static void the_first_error_by_index_is_returned(void **state)
{
    (void)state;
    static failing f;
    static const size_t firsts[] = {0, 1, 2, 17, 300, 301, 302, 303, 304, 305, 4999};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        memset(&f, 0, sizeof f);
        f.first = firsts[i];
        char expected[32];
        snprintf(expected, sizeof expected, "task %zu", f.first);
        hu_error *error = hu_parallel(COUNT, 8, fail_late, &f);
        assert_non_null(error);
        assert_string_equal(error->message, expected);
        hu_error_free(error);
        for (size_t j = 0; j <= f.first; j++)
            assert_int_equal(f.began[j], 1);
        if (f.first < 1000)
            assert_int_equal(f.began[COUNT - 1], 0); /* what had not begun was skipped */
    }
}

typedef struct inner_work {
    pthread_t thread;
    double *results;
} inner_work;

static hu_error *draw_inside(void *context, size_t index)
{
    const inner_work *work = context;
    if (!pthread_equal(work->thread, pthread_self()))
        return hu_fail(HU_BUG, "task %zu left its thread", index);
    return draw(work->results, index);
}

static hu_error *nested(void *context, size_t index)
{
    inner_work work = {.thread = pthread_self(), .results = (double *)context + 100 * index};
    return hu_parallel(100, 4, draw_inside, &work);
}

/* All processors are busy already, so work inside a task stays on its thread; work after it spreads again. */
static void work_inside_work_is_done(void **state)
{
    (void)state;
    static double inner[2000];
    for (int threads = 1; threads <= 4; threads += 3) {
        memset(inner, 0, sizeof inner);
        CHECK_OK(hu_parallel(20, threads, nested, inner));
        for (size_t i = 0; i < 2000; i++)
            assert_true(inner[i] == inner[i % 100] && inner[i] != 0);
    }
}

static void there_is_at_least_one_processor(void **state)
{
    (void)state;
    assert_true(hu_threads_default() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_index_runs_once_on_any_number_of_threads),
        cmocka_unit_test(the_first_error_by_index_is_returned),
        cmocka_unit_test(work_inside_work_is_done),
        cmocka_unit_test(there_is_at_least_one_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
